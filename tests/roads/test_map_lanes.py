"""Lanes of road maps: names, where they lie, what they lead into, and routes over them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scenegen.errors import InputError
from scenegen.records import RoadSpec, SignalPlan
from scenegen.records.road_map import Arc, Line
from scenegen.roads import along, build_network, height_at, lane_length, onward, roadsides, route
from scenegen.roads.layouts import map_of
from scenegen.roads.map.network import map_lane, map_lanes
from scenegen.roads.routes import turn_of
from tests.roads.maps import LANE_M, spec_of, street

T = RoadSpec(kind="t_junction", sidewalk_m=2.0, zebra=True, length_m=200, signals=SignalPlan())
ROUNDABOUT = RoadSpec(kind="roundabout", sidewalk_m=2.0)


def test_imported_lanes_are_named_after_road_section_and_number() -> None:
    network = build_network(spec_of(street(Line())))
    assert list(network.lanes) == ["1_0_-2", "1_0_-1", "1_0_1", "1_0_2"]
    right, left = network.lane("1_0_-1"), network.lane("1_0_1")
    assert (right.direction, left.direction) == (1, -1)
    assert np.allclose(
        right.centre[0, :2], left.centre[-1, :2] + LANE_M * np.array([np.sin(0.3), -np.cos(0.3)])
    )


def test_lanes_of_a_left_hand_country_run_the_other_way() -> None:
    road = street(Line()).model_copy(update={"rule": "left"})
    network = build_network(spec_of(road))
    assert network.lane("1_0_1").direction == 1


def test_composed_lanes_run_through_the_junction() -> None:
    network = build_network(T)
    assert lane_length(network.lane("forward_0")) == pytest.approx(200.0)
    assert lane_length(network.lane("backward_0")) == pytest.approx(200.0)
    assert {"side_forward_0", "side_backward_0", "sidewalk_right", "sidewalk_right_far"} <= {
        *network.lanes
    }


@pytest.mark.parametrize("spec", [T, ROUNDABOUT, spec_of(street(Arc(curvature_1pm=0.03)))])
def test_lanes_and_lines_lie_on_the_mesh(spec: RoadSpec) -> None:
    network = build_network(spec)
    for lane in network.lanes.values():
        assert np.abs(height_at(network, lane.centre[:, :2]) - lane.centre[:, 2]).max() < 1e-9
        assert np.linalg.norm(np.diff(lane.centre, axis=0), axis=1).max() < 2.0
    corners = [s for s in network.surfaces if s.semantic == "lane marking"]
    painted = np.concatenate([s.vertices[s.faces] for s in corners]).astype(np.float64)[..., :2]
    for line in network.lines:
        if line.type == "solid":
            assert _within(painted, line.points[1:-1, :2]).all(), line.id


def _within(triangles: np.ndarray, points: np.ndarray) -> np.ndarray:
    a, b, c = (triangles[None, :, k] for k in range(3))
    p = points[:, None]

    def side(q: np.ndarray, r: np.ndarray) -> np.ndarray:
        return (r - q)[..., 0] * (p - q)[..., 1] - (r - q)[..., 1] * (p - q)[..., 0]

    inside = (side(a, b) >= -1e-6) & (side(b, c) >= -1e-6) & (side(c, a) >= -1e-6)
    return np.asarray(inside.any(axis=1))


@pytest.mark.parametrize("spec", [T, ROUNDABOUT, spec_of(street(Arc(curvature_1pm=0.03)))])
def test_lanes_without_the_mesh_are_the_same(spec: RoadSpec) -> None:
    built, alone = build_network(spec).lanes, map_lanes(spec)
    assert list(built) == list(alone)
    for name, lane in built.items():
        assert alone[name].successors == lane.successors
        assert np.abs(alone[name].centre[:, :2] - lane.centre[:, :2]).max() == 0.0
        if lane.kind == "driving":
            assert np.abs(alone[name].centre - lane.centre).max() < 1e-6


ALONE = {
    "t": T,
    "two lanes around": RoadSpec(
        kind="roundabout", lanes_forward=2, lanes_backward=2, inscribed_diameter_m=50, zebra=True
    ),
    "hills": RoadSpec(kind="rural", length_m=800, surroundings="rural"),
    "works": RoadSpec(
        kind="work_zone", length_m=460, lanes_forward=3, lanes_backward=0, closed_lanes=1
    ),
    "bays": RoadSpec(kind="parking_street", sidewalk_m=2.0),
    "railway": RoadSpec(kind="level_crossing", tracks=2, shoulder_m=0.5),
}


@pytest.mark.parametrize("spec", ALONE.values(), ids=list(ALONE))
def test_one_lane_by_itself_is_that_of_all_lanes(spec: RoadSpec) -> None:
    for name, lane in map_lanes(spec).items():
        alone = map_lane(spec, name)
        assert alone is not None
        assert alone.centre.tobytes() == lane.centre.tobytes()
        assert replace(alone, centre=lane.centre, successors=lane.successors) == lane
    for name in ("forward_9", "arm_0_forward_0", "arm_9_forward_0"):
        assert map_lane(spec, name) is None


def test_strips_beyond_a_railway_are_called_far() -> None:
    spec = RoadSpec(kind="level_crossing", length_m=200.0, parking_m=2.5, sidewalk_m=2.0)
    lanes = build_network(spec).lanes
    strips = sorted(name for name in lanes if name.startswith("parking"))
    assert strips == ["parking_left", "parking_left_far", "parking_right", "parking_right_far"]
    for side in ("left", "right"):
        near, far = lanes[f"parking_{side}"].centre, lanes[f"parking_{side}_far"].centre
        assert near[:, 0].max() < 100.0 < far[:, 0].min()
        assert np.array_equal(map_lane(spec, f"parking_{side}_far").centre, far)


def test_lanes_of_a_ring_lead_on_and_out() -> None:
    """Each lane around goes on, and out into its own lane of the exit; entries keep to theirs."""
    lanes = map_lanes(ALONE["two lanes around"])
    for k in (0, 1):
        onward = {f"ring_past_2_forward_{k}", f"to_arm_2_forward_{k}"}
        assert {*lanes[f"ring_1_forward_{k}"].successors} == onward
        assert lanes[f"from_arm_1_forward_{k}"].successors == (f"ring_1_forward_{k}",)
        assert lanes[f"forward_{k}"].successors == (f"from_main_forward_{k}",)


def test_each_lane_into_a_ring_has_a_line_and_arrows() -> None:
    spec = ALONE["two lanes around"]
    network = build_network(spec)
    entries = [line for line in network.yields if line.kind == "give_way"]
    out = [line for line in network.yields if line.kind == "turn"]
    assert len(entries) == 2 * spec.arms
    assert {name for line in out for name in line.lanes} == {
        "to_main_forward_0",
        *(f"to_arm_{k}_forward_0" for k in range(1, spec.arms)),
    }
    arrows = [thing for road in map_of(spec).roads for thing in road.objects if "arrow" in thing.id]
    assert len(arrows) == 4 * spec.arms
    assert {arrow.name for arrow in arrows} == {"straight left", "straight right"}


def test_successors_fork_and_merge_on_the_way() -> None:
    network = build_network(T)
    assert network.lane("forward_0").successors == ("main_to_side_forward_0",)
    assert network.lane("main_to_side_forward_0").successors == ("side_forward_0",)
    assert network.lane("side_to_far_forward_0").successors == ("forward_0",)


def test_routes_by_turns_and_to_a_lane() -> None:
    network = build_network(T)
    right = ("forward_0", "main_to_side_forward_0", "side_forward_0")
    assert route(network, "forward_0", to_lane="side_forward_0") == right
    assert route(network, "forward_0", turns=["right"]) == right[:2]
    assert route(network, "forward_0", turns=["straight"]) == ("forward_0",)
    assert route(network, "side_backward_0", turns=["left"])[-1] == "side_to_main_forward_0"
    with pytest.raises(InputError, match="nothing leads left"):
        route(network, "forward_0", turns=["left"])
    with pytest.raises(InputError, match="no fork from side_to_main_forward_0 on"):
        route(network, "side_to_main_forward_0", turns=["left"])
    with pytest.raises(InputError, match="no way leads"):
        route(network, "side_forward_0", to_lane="forward_0")


def test_a_line_along_a_route_turns_smoothly() -> None:
    network = build_network(T)
    way = along(network, ["forward_0", "main_to_side_forward_0", "side_forward_0"])
    steps = np.diff(way.centre[:, :2], axis=0)
    heading = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    assert np.abs(np.diff(heading)).max() < 0.2
    assert turn_of(way) == pytest.approx(-np.pi / 2, abs=0.02)
    assert np.linalg.norm(steps, axis=1).max() < 2.05
    with pytest.raises(InputError, match="doesn't lead into"):
        along(network, ["forward_0", "side_forward_0"])


def test_drivers_go_on_into_the_ring() -> None:
    network = build_network(ROUNDABOUT)
    way = onward(network, network.lane("forward_0"))
    assert lane_length(way) > lane_length(network.lane("forward_0")) + 60.0
    ends = network.lane("arm_1_forward_0")
    assert onward(network, ends) is ends


def test_signals_stand_clear_and_stop_their_lanes() -> None:
    network = build_network(T)
    heads = {head.id: head for head in network.signals}
    assert {head.group for head in heads.values()} == {"major", "minor"}
    near = heads["main_near"]
    assert near.lanes == ("forward_0",)
    assert near.foot_m[2] == pytest.approx(0.12, abs=1e-6)
    assert abs(near.yaw_rad) == pytest.approx(np.pi)
    assert heads["side_near"].group == "minor"
    stop = next(line for line in network.lines if line.id == "stop_main")
    assert np.allclose(near.stop_point_m, stop.points.mean(axis=0), atol=1e-6)


def test_scenery_has_a_side_for_every_road() -> None:
    names = {side.name for side in roadsides(build_network(T))}
    assert names == {"right", "left", "side_right", "side_left"}
