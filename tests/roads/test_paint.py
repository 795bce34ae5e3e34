"""Paint has the area that the rules say, and the labelled lines lie upon it."""

import numpy as np
import pytest

from scenegen.records import RoadNetwork, RoadSpec
from scenegen.roads import build_network


def paint(network: RoadNetwork) -> np.ndarray:
    surface = next(s for s in network.surfaces if s.semantic == "lane marking")
    return surface.vertices[surface.faces].astype(np.float64)


def area(triangles: np.ndarray) -> float:
    a, b, c = (triangles[:, k, :2] for k in range(3))
    u, v = b - a, c - a
    return float(0.5 * np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]).sum())


def covered(triangles: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Say which points (N, 2) lie within any triangle."""
    hit = np.zeros(len(points), dtype=bool)
    for a, b, c in triangles[..., :2]:
        edges = ((a, b), (b, c), (c, a))
        inside = [
            (q[0] - p[0]) * (points[:, 1] - p[1]) - (q[1] - p[1]) * (points[:, 0] - p[0]) >= -1e-4
            for p, q in edges
        ]
        hit |= np.logical_and.reduce(inside)
    return hit


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
    # 6.5 m between kerbs hold 13 stripes of 0.5 m, seven of them white, 3.5 m long.
    spec = RoadSpec(kind="straight", length_m=200, sidewalk_m=2.0, zebra=True)
    triangles = paint(build_network(spec))
    near = np.abs(triangles[..., 0].mean(axis=1) - 100) < 1.8
    assert area(triangles[near]) == pytest.approx(7 * 0.5 * 3.5, rel=1e-3)


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
