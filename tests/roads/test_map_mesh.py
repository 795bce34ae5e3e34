"""The ground of road maps: whole, as large and as high as it should be, the same every time."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from scenegen.errors import InputError
from scenegen.records import RoadNetwork, RoadSpec, SignalPlan
from scenegen.records.road_map import (
    Arc,
    Cubic,
    Geometry,
    LaneSection,
    Line,
    MapLane,
    MapObject,
    MapRoad,
    RoadMap,
    Spiral,
)
from scenegen.roads import beyond_carriageway, build_network, height_at, normal_at
from scenegen.roads.layouts import map_of
from scenegen.roads.map.network import map_shape
from tests.roads.maps import LANE_M, WALK_M, lane, spec_of, street, tilted
from tests.roads.test_mesh import assert_heights, assert_upward, assert_watertight, triangles

LAYOUTS = {
    "t with signals": RoadSpec(
        kind="t_junction", sidewalk_m=2.5, zebra=True, signals=SignalPlan(), parking_m=2.2
    ),
    "skew t": RoadSpec(kind="t_junction", arm_rad=1.2, side="left", surroundings="rural"),
    "roundabout": RoadSpec(kind="roundabout", sidewalk_m=2.0, zebra=True),
    "roundabout of two lanes": RoadSpec(
        kind="roundabout", lanes_forward=2, lanes_backward=2, inscribed_diameter_m=50, length_m=240
    ),
    "hills": RoadSpec(kind="rural", length_m=800, surroundings="rural"),
    "ramps": RoadSpec(
        kind="motorway", length_m=900, lanes_forward=2, lanes_backward=0, surroundings="motorway"
    ),
    "works": RoadSpec(kind="work_zone", shoulder_m=0.5, lane_width_m=3.5),
}
ALL_ROUND = 0.04, -0.025


def area(network: RoadNetwork, *semantics: str, within: float = np.inf) -> float:
    corners = np.concatenate([triangles(network, name) for name in semantics]).astype(np.float64)
    middle = corners.mean(axis=1)[:, :2]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    plane = 0.5 * np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    return float(plane[np.linalg.norm(middle, axis=1) < within].sum())


def closed(road: MapRoad) -> MapRoad:
    """Return a road that isn't drawn on beyond its ends: it is linked to nothing that exists."""
    from scenegen.records.road_map import RoadLink

    link = RoadLink(kind="road", id="none")
    return road.model_copy(update={"predecessor": link, "successor": link})


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_composed_maps_are_watertight(name: str) -> None:
    network = build_network(LAYOUTS[name])
    assert_watertight(network)
    assert_upward(network)
    assert_heights(network, 0)
    for surface in network.surfaces:
        assert np.allclose(np.linalg.norm(surface.normals, axis=1), 1, atol=1e-4)


@pytest.mark.parametrize(
    "shape", [Line(), Arc(curvature_1pm=0.02), Spiral(start_1pm=-0.02, end_1pm=0.03)]
)
def test_areas_are_those_of_the_strips(shape: Line | Arc | Spiral) -> None:
    """A strip about a reference line has its length times its width, bent or not."""
    road = closed(street(shape, middle="solid"))
    network = build_network(spec_of(road))
    paint = area(network, "lane marking")
    assert paint == pytest.approx(120.0 * 0.2, rel=0.01)
    assert area(network, "road") + paint == pytest.approx(120.0 * 2 * LANE_M, rel=1e-3)
    # A town's verges, 2 m wide all around, are paved and of the class of sidewalks.
    setts = 2 * 2.0 * (120.0 + 2 * LANE_M + 2 * WALK_M) + np.pi * 2.0**2
    assert area(network, "sidewalk") - 120.0 * 2 * WALK_M == pytest.approx(setts, rel=0.01)


def test_islands_and_crossings_have_their_size() -> None:
    island = MapObject(id="9", kind="island", s_m=60, t_m=0, length_m=6, width_m=2)
    crossing = MapObject(id="walk", kind="crosswalk", s_m=30, t_m=0, length_m=4, width_m=6.5)
    stop = MapObject(id="stop", kind="stop_line", s_m=20, t_m=-1.6, length_m=0.5, width_m=3.2)
    bare = closed(street(Line(), middle="none"))
    plain = build_network(spec_of(bare))
    full = build_network(spec_of(bare.model_copy(update={"objects": (island, crossing, stop)})))
    assert_watertight(full)
    assert area(plain, "road") - area(full, "road", "lane marking") == pytest.approx(12.0, rel=1e-2)
    bars = 7 * min(0.5, (6.5 - 0.06) / 13) * 4
    assert area(full, "lane marking") == pytest.approx(bars + 1.6, rel=0.01)
    assert {line.type for line in full.lines} == {"stop", "zebra"}
    assert float(height_at(full, full.lanes["walk"].centre[4, :2])) == 0.0
    at = bare.geometries[0]
    spot = np.array([at.x_m, at.y_m]) + 60 * np.array([np.cos(0.3), np.sin(0.3)])
    assert float(height_at(full, spot)) == pytest.approx(0.12, abs=1e-6)


def test_maps_on_a_tilted_plane_lie_on_it() -> None:
    """Elevation and superelevation of all roads agree here, so blending them changes nothing."""
    slope = np.array(ALL_ROUND)
    flat = map_of(RoadSpec(kind="t_junction", sidewalk_m=2.0, length_m=200))
    plan = RoadMap(roads=tuple(tilted(road, slope) for road in flat.roads))
    network = build_network(RoadSpec(kind="opendrive", map=plan))
    assert_watertight(network)
    assert_upward(network)
    road = triangles(network, "road").reshape(-1, 3).astype(np.float64)
    near = (np.abs(road[:, 0] - 100) < 90) & (np.abs(road[:, 1]) < 80)
    assert np.abs(road[near, 2] - road[near, :2] @ slope).max() < 0.01
    points = np.random.default_rng(1).uniform([20, -3], [180, 3], (200, 2))
    expected = np.array([-slope[0], -slope[1], 1]) / np.linalg.norm([*slope, 1])
    assert np.abs(normal_at(network, points) @ expected - 1).max() < 1e-4
    assert not network.flat


def test_heights_have_no_steps_in_a_junction_of_roads_that_disagree() -> None:
    """The side road meets the main road's slope with none of its own: it is blended."""
    flat = map_of(RoadSpec(kind="t_junction", length_m=200))
    roads = [
        tilted(road, np.array([0.05, 0.0])) if road.id in ("1", "2", "11") else road
        for road in flat.roads
    ]
    z = 0.05 * 100.0
    roads = [
        road if road.elevation else road.model_copy(update={"elevation": (Cubic(a=z),)})
        for road in roads
    ]
    network = build_network(RoadSpec(kind="opendrive", map=RoadMap(roads=tuple(roads))))
    assert_watertight(network)
    line = np.column_stack([np.full(4001, 101.0), np.linspace(-40, 1.0, 4001)])
    assert np.abs(np.diff(height_at(network, line))).max() < 0.01
    across = np.column_stack([np.linspace(80, 120, 4001), np.full(4001, -2.0)])
    assert np.abs(np.diff(height_at(network, across))).max() < 0.01


def test_kerbs_and_the_way_to_the_carriageway() -> None:
    network = build_network(spec_of(street(Line())))
    left = np.array([-np.sin(0.3), np.cos(0.3)])
    start = np.array([10, 20]) + 60 * np.array([np.cos(0.3), np.sin(0.3)])
    t = np.array([0.0, LANE_M - 0.01, LANE_M + 0.01, LANE_M + 0.1, LANE_M + 1, LANE_M + 300])
    z = height_at(network, start + t[:, None] * left)
    assert z == pytest.approx([0, 0, 0.06, 0.12, 0.12, -0.04 * 2.0], abs=0.012)
    beyond = beyond_carriageway(network, start + t[:, None] * left)
    assert beyond == pytest.approx(t - LANE_M, abs=2e-3)


def test_narrow_gaps_between_roads_are_closed() -> None:
    first = closed(street(Line(), length=60))
    at = first.geometries[0]
    gap = 60.04
    x, y = at.x_m + gap * np.cos(0.3), at.y_m + gap * np.sin(0.3)
    second = first.model_copy(
        update={"id": "2", "geometries": (at.model_copy(update={"x_m": x, "y_m": y}),)}
    )
    network = build_network(spec_of(first, second))
    assert_watertight(network)
    middle = np.array([at.x_m, at.y_m]) + 60.02 * np.array([np.cos(0.3), np.sin(0.3)])
    assert float(beyond_carriageway(network, middle)) < -1.0
    assert float(height_at(network, middle)) == 0.0


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    bend=st.floats(-0.06, 0.06),
    widths=st.lists(st.floats(1.0, 4.0), min_size=1, max_size=3),
    kinds=st.lists(
        st.sampled_from(["driving", "parking", "sidewalk", "median", "none", "biking"]),
        min_size=3,
        max_size=3,
    ),
    rise=st.floats(-0.05, 0.05),
    roll=st.floats(-0.06, 0.06),
    taper=st.floats(-0.03, 0.0),
)
def test_any_road_is_watertight(
    bend: float, widths: list[float], kinds: list[str], rise: float, roll: float, taper: float
) -> None:
    numbers = range(1, len(widths) + 1)
    right = [lane(-n, k, w, "broken") for n, k, w in zip(numbers, kinds, widths, strict=False)]
    left = MapLane(id=1, widths=(Cubic(a=3.5, b=taper),))
    section = LaneSection(s_m=0, lanes=(left, MapLane(id=0), lane(-1), *right[1:]))
    geometry = Geometry(
        s_m=0, x_m=-3, y_m=7, heading_rad=1.1, length_m=40, shape=Arc(curvature_1pm=bend)
    )
    road = MapRoad(
        id="1",
        length_m=40,
        geometries=(geometry,),
        sections=(section,),
        elevation=(Cubic(b=rise, c=-rise / 80),),
        superelevation=(Cubic(a=roll),),
    )
    network = map_shape.__wrapped__(spec_of(road, surroundings="rural")).network
    assert_watertight(network)
    assert_upward(network)


def test_bytes_do_not_depend_on_the_cache() -> None:
    spec = LAYOUTS["roundabout"]
    first = map_shape.__wrapped__(spec).network
    second = map_shape.__wrapped__(RoadSpec.model_validate_json(spec.model_dump_json())).network
    for a, b in zip(first.surfaces, second.surfaces, strict=True):
        assert a.vertices.tobytes() == b.vertices.tobytes()
        assert a.faces.tobytes() == b.faces.tobytes()


def test_a_map_is_needed() -> None:
    with pytest.raises(InputError, match="needs a map"):
        build_network(RoadSpec(kind="opendrive"))
