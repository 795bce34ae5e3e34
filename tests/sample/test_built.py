"""What belongs to a kind of road stands where it has to, and never in anybody's way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from scenegen.assets import get, posed_bounds
from scenegen.geometry import boxes_of, yaw_of
from scenegen.records import MAX_JOINTS, Actor, ConcreteScenario, Prop, RoadSpec
from scenegen.roads import build_network, project_to_lane
from scenegen.roads.layouts.tunnel import tube_of
from scenegen.roads.layouts.work_zone import zone_of
from scenegen.sample import draw
from scenegen.scenario import parse_scenario

SCENE = """
scenario: built
description: A road.
odd: [day]
duration: 1 s
road: {road}
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 5 m}}, speed: 20 km/h}}
"""


def scene(road: str) -> ConcreteScenario:
    return draw(parse_scenario(SCENE.format(road=road), "built.yaml"), 0, 0)


def found(concrete: ConcreteScenario, asset_id: str) -> list[Prop]:
    return [prop for prop in concrete.props if prop.asset_id == asset_id]


def arms(concrete: ConcreteScenario) -> list[Actor]:
    return [actor for actor in concrete.actors if actor.asset_id == "prop.crossing_barrier"]


def corners(prop: Prop) -> np.ndarray:
    bounds = get(prop.asset_id, prop.variant, prop.size_m).bounds_m
    return boxes_of(bounds, *np.array(prop.position_m), yaw_of(prop.quaternion_wxyz)).base.corners()


def nearest(spec: RoadSpec, points: np.ndarray) -> float:
    """Return how near points (N, 2) come to the middle of any driving lane of the main road."""
    away = []
    for lane in build_network(spec).lanes.values():
        if lane.kind == "driving" and not lane.id.startswith("rail"):
            s, aside = project_to_lane(lane, points)
            on = (s > 0.0) & (s < lane.stations_m[-1])
            away.append(np.abs(aside[on]).min(initial=np.inf))
    return float(min(away))


@pytest.mark.parametrize(
    "road",
    [
        "{kind: work_zone, shoulder: 0.5 m, lane_width: 3.5 m}",
        "{kind: work_zone, length: 500 m, lanes_forward: 3, lanes_backward: 0, closed_lanes: 1}",
        "{kind: work_zone, length: 500 m, lanes_forward: 2, lanes_backward: 0, closed_lanes: 1,"
        " side: left}",
        "{kind: work_zone, length: 520 m, lanes_forward: 2, lanes_backward: 0, closed_lanes: 1,"
        " shoulder: 2.5 m, lane_width: 3.5 m, works_lane: 3 m, surroundings: motorway}",
    ],
)
def test_a_site_is_closed_off_and_its_lanes_are_free(road: str) -> None:
    concrete = scene(road)
    beacons = found(concrete, "prop.beacon")
    assert len(beacons) >= 8
    assert found(concrete, "prop.sign_warning")
    zone = zone_of(concrete.road)
    along = [b for b in beacons if zone.start_s_m <= b.position_m[0] < zone.end_s_m]
    assert len(along) >= 0.99 * (zone.end_s_m - zone.start_s_m) / 10.0
    wide = "closed_lanes" in road
    assert bool(found(concrete, "prop.works_barrier")) == wide
    points = np.concatenate([corners(beacon) for beacon in beacons])
    # A car of 1.9 m in the middle of its lane passes all of them; tapering lanes end before.
    tapering = [p for p in points if _in_ending_lane(concrete.road, p)]
    kept = np.array([p for p in points if not _in_ending_lane(concrete.road, p)])
    assert len(tapering) < len(points)
    assert nearest(concrete.road, kept) > 1.0


def _in_ending_lane(spec: RoadSpec, point: np.ndarray) -> bool:
    """Say whether a point is abreast of a lane that is about to end or has just begun."""
    lanes = build_network(spec).lanes.values()
    ending = [
        one for one in lanes if one.kind == "driving" and one.stations_m[-1] < 0.9 * spec.length_m
    ]
    for lane in ending:
        s, aside = project_to_lane(lane, point)
        if abs(float(aside)) < 2.5 and 0.0 < float(s) < lane.stations_m[-1]:
            return True
    return False


@pytest.mark.parametrize("barriers", ["none", "open"])
def test_a_railway_has_its_track_and_leaves_the_road_free(barriers: str) -> None:
    concrete = scene(f"{{kind: level_crossing, tracks: 2, barriers: {barriers}}}")
    assert len(found(concrete, "prop.andrews_cross")) == 2
    assert len(arms(concrete)) == (0 if barriers == "none" else 2)
    assert found(concrete, "prop.tram_rails")
    assert found(concrete, "prop.railway_track")
    posts = found(concrete, "prop.andrews_cross")
    assert nearest(concrete.road, np.concatenate([corners(post) for post in posts])) > 1.9


@pytest.mark.parametrize("surroundings", ["rural", "forest", "suburban", "urban"])
@pytest.mark.parametrize("tracks", [1, 2])
def test_nothing_stands_where_trains_pass(surroundings: str, tracks: int) -> None:
    """A tram is 2.5 m wide; posts along the railway would stop it."""
    keys = f"tracks: {tracks}, surroundings: {surroundings}, shoulder: 0.5 m, arm_length: 320 m"
    concrete = scene(f"{{kind: level_crossing, {keys}}}")
    rails = ("prop.tram_rails", "prop.railway_track")
    standing = [prop for prop in concrete.props if prop.asset_id not in rails]
    feet = np.array([prop.position_m[:2] for prop in standing])
    for lane in build_network(concrete.road).lanes.values():
        if lane.id.startswith("rail_"):
            s, aside = project_to_lane(lane, feet)
            beside = (s > 0.0) & (s < lane.stations_m[-1])
            assert np.abs(aside[beside]).min() > 2.0


def test_closed_barriers_reach_over_those_who_come() -> None:
    concrete = scene("{kind: level_crossing, barriers: closed, signals: {mode: closed}}")
    assert [actor.name for actor in arms(concrete)] == ["barrier_forward", "barrier_backward"]
    assert [actor.instance_id for actor in arms(concrete)] == [2, 3]
    for arm in arms(concrete):
        bounds = posed_bounds(get(arm.asset_id, arm.variant), np.zeros((1, MAX_JOINTS)))
        yaw = float(yaw_of(np.array(arm.quaternion_wxyz)))
        edge = boxes_of(bounds, *np.array(arm.position_m), np.array(yaw)).base.corners()
        assert nearest(concrete.road, edge) < 2.0
        spans = np.sort(edge[:, 1])
        assert spans[0] * spans[-1] > 0 or min(abs(spans[0]), abs(spans[-1])) < 0.5
    assert not found(concrete, "prop.andrews_cross")


def test_a_tunnel_is_closed_over_its_length_and_lit() -> None:
    concrete = scene("{kind: tunnel, tunnel: 90 m}")
    tube = tube_of(concrete.road)
    pieces = sorted(found(concrete, "prop.tunnel"), key=lambda prop: prop.position_m[0])
    edges = [
        (prop.position_m[0] - 0.5 * prop.size_m[0], prop.position_m[0] + 0.5 * prop.size_m[0])
        for prop in pieces
        if prop.size_m is not None
    ]
    assert edges[0][0] == pytest.approx(tube.start_m, abs=0.01)
    assert edges[-1][1] == pytest.approx(tube.end_m, abs=0.01)
    for (_, a), (b, _) in pairwise(edges):
        assert a == pytest.approx(b, abs=0.01)
    assert len(found(concrete, "prop.tunnel_portal")) == 2
    assert all(lamp.lamps for lamp in found(concrete, "prop.tunnel_lamp"))
