"""Paint has the area that the rules say, and the labelled lines lie upon it."""

import numpy as np
import pytest

from scenegen.records import RoadNetwork, RoadSpec
from scenegen.roads import build_network
from scenegen.roads.outlines import Outlines, arrow, bicycle


def paint(network: RoadNetwork, *colors: str) -> np.ndarray:
    wanted = colors or ("road paint", "yellow road paint")
    found = [s for s in network.surfaces if s.material.name in wanted]
    assert all(s.semantic == "lane marking" for s in found)
    return np.concatenate([s.vertices[s.faces] for s in found]).astype(np.float64)


def area(triangles: np.ndarray) -> float:
    a, b, c = (triangles[:, k, :2] for k in range(3))
    u, v = b - a, c - a
    return float(0.5 * np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]).sum())


def covered(triangles: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Say which points (N, 2) lie within any triangle."""
    x, y = points[:, :1], points[:, 1:]
    a, b, c = (triangles[:, k, :2].T for k in range(3))
    inside = [
        (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]) >= -1e-4
        for p, q in ((a, b), (b, c), (c, a))
    ]
    return np.asarray(np.logical_and.reduce(inside).any(axis=1))


def test_area_of_dashes_on_a_plain_road() -> None:
    spec = RoadSpec(kind="straight", length_m=500, sidewalk_m=2.0)
    # 1300 m of road, a dash of 3 m in every 9 m, no edge lines beside a kerb.
    dashes = int(1300 / 9)
    assert area(paint(build_network(spec))) == pytest.approx(0.12 * 3 * dashes, rel=0.01)


def test_area_of_a_motorway() -> None:
    spec = RoadSpec(
        kind="straight",
        length_m=1000,
        surroundings="motorway",
        lanes_forward=3,
        lanes_backward=0,
        shoulder_m=2.5,
    )
    edges = 2 * 0.30 * 1800
    dashes = 2 * 0.15 * 6 * (1800 // 18)
    assert area(paint(build_network(spec))) == pytest.approx(edges + dashes, rel=0.01)


def test_area_of_zebra() -> None:
    # 6.5 m between kerbs, less 3 cm at each, hold 13 stripes, seven of them white, 3.5 m long.
    spec = RoadSpec(kind="straight", length_m=200, sidewalk_m=2.0, zebra=True)
    triangles = paint(build_network(spec))
    near = np.abs(triangles[..., 0].mean(axis=1) - 100) < 1.8
    assert area(triangles[near]) == pytest.approx(7 * 6.44 / 13 * 3.5, rel=1e-4)


def test_stop_lines_of_a_signalled_crossing(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(kinds["signals"])
    stops = [line for line in network.lines if line.type == "stop"]
    assert len(stops) == 4
    for line in stops:
        lanes = 2 if line.id in ("stop_west", "stop_south") else 1
        width = np.hypot(*(line.points[-1] - line.points[0])[:2])
        assert width == pytest.approx(lanes * 3.25, abs=0.02)


def test_paint_faces_never_overlap(spec: RoadSpec) -> None:
    triangles = paint(build_network(spec))
    middles = triangles.mean(axis=1)[:, :2]
    sample = middles[:: max(1, len(middles) // 60)]
    for point in sample:
        a, b, c = (triangles[:, k, :2] - point for k in range(3))
        cross = [p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0] for p, q in ((a, b), (b, c), (c, a))]
        assert (np.minimum.reduce(cross) > 1e-6).sum() == 1


def test_solid_and_stop_lines_lie_on_paint(spec: RoadSpec) -> None:
    network = build_network(spec)
    triangles = paint(network)
    for line in network.lines:
        if line.type in ("solid", "stop"):
            # Rounding to float32 moves the ends by microns.
            points = line.points[1:-1, :2] if len(line.points) > 2 else line.points[:1, :2]
            assert covered(triangles, points[:: max(1, len(points) // 40)]).all(), line.id


def test_broken_lines_are_painted_for_their_share(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(kinds["motorway"])
    triangles = paint(network)
    line = next(item for item in network.lines if item.type == "broken")
    x = np.linspace(0, 792, 4000)
    points = np.column_stack([x, np.full_like(x, line.points[0, 1])])
    assert covered(triangles, points).mean() == pytest.approx(6 / 18, abs=0.02)


def test_a_crest_has_a_solid_centre_line(kinds: dict[str, RoadSpec]) -> None:
    lines = {line.id: line for line in build_network(kinds["hill"]).lines}
    solid = lines["centre_1"]
    assert solid.type == "solid"
    assert solid.points[0, 0] <= 71
    assert solid.points[-1, 0] >= 229
    assert lines["centre_0"].type == lines["centre_2"].type == "broken"


def test_yellow_lines_run_along_kerbs_up_to_the_crossing(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(kinds["no stopping"])
    yellow = [line for line in network.lines if line.color == "yellow"]
    triangles = paint(network, "yellow road paint")
    # Two roads of two arms and two kerbs, two lines each.
    assert len(yellow) == 16
    length = sum(float(np.hypot(*np.diff(line.points[:, :2], axis=0).T).sum()) for line in yellow)
    assert area(triangles) == pytest.approx(0.1 * length, rel=1e-3)
    outer = next(line for line in yellow if line.id == "kerb_right_0_0")
    assert -outer.points[0, 1] == pytest.approx(3 * 3.25 - 0.25)


def around(
    triangles: np.ndarray, low: tuple[float, float], high: tuple[float, float]
) -> np.ndarray:
    middle = triangles[..., :2].mean(axis=1)
    return triangles[((middle > low) & (middle < high)).all(axis=1)]


def shoelace(outlines: Outlines) -> list[float]:
    areas = []
    for outline in outlines:
        x, y = np.array(outline).T
        areas.append(0.5 * float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()))
    return areas


def test_arrows_before_a_junction_have_their_area_and_point_ahead(
    kinds: dict[str, RoadSpec],
) -> None:
    network = build_network(kinds["no stopping"])
    stop = min(line.points[-1, 0] for line in network.lines if line.id == "divider_forward_1_1")
    first = around(paint(network), (stop - 9.1, -6.3), (stop - 3.9, -3.5))
    assert area(first) == pytest.approx(abs(shoelace(arrow("straight"))[0]), rel=1e-3)
    x = first[..., 0].max()
    assert x == pytest.approx(stop - 4.0, abs=0.01)
    tip = first.reshape(-1, 3)[first[..., 0].argmax()]
    assert tip[1] == pytest.approx(-1.5 * 3.25, abs=0.01)


def test_a_painted_bicycle_has_open_wheels(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(kinds["bays"])
    triangles = around(paint(network), (-18, -4.8), (-15, -3.5))
    outer, inner, *rest = (abs(a) for a in shoelace(bicycle()))
    wheel = bicycle()[1]
    place = np.array([-30 + 12.5, -(3.25 + 0.5 * (1.5 + 0.12))])
    hub = np.array(wheel).mean(axis=0) + place
    assert not covered(triangles, hub[None]).any()
    rim = hub + np.array([0.23 * 1.8 / 1.05, 0.0])
    assert covered(triangles, rim[None]).all()
    assert area(triangles) == pytest.approx(
        2 * (outer - inner) + rest[2] - rest[3] + sum(rest[4:]), rel=1e-3
    )


def test_nobody_parks_on_a_zigzag(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(kinds["bays"])
    zigzag = around(paint(network), (152, -7), (160, -4.9))
    assert 0.12 * 7 < area(zigzag) < 0.12 * 7 * 2.2
    assert len(around(paint(network), (165, -7), (185, -4.9))) >= 2 * 3
