"""Lanes: ids, directions, borders, and positions along them."""

from itertools import pairwise

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from scenegen.errors import InputError
from scenegen.records import RoadSpec, SignalPlan
from scenegen.roads import (
    beyond_carriageway,
    build_network,
    height_at,
    lane_length,
    lane_point,
    left_of,
    path_along,
    project_to_lane,
    right_of,
    roadsides,
)


def test_ids_of_a_street(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(RoadSpec(kind="straight", lanes_forward=2, parking_m=2, sidewalk_m=2))
    assert list(network.lanes) == [
        "verge_right",
        "sidewalk_right",
        "parking_right",
        "forward_1",
        "forward_0",
        "backward_0",
        "parking_left",
        "sidewalk_left",
        "verge_left",
    ]


def test_traffic_keeps_right(spec: RoadSpec) -> None:
    network = build_network(spec)
    forward = network.lane("forward_0").centre
    assert forward[0, 0] == pytest.approx(0)
    assert forward[0, 1] < 0
    assert forward[1, 0] > forward[0, 0]
    if "backward_0" in network.lanes:
        backward = network.lane("backward_0").centre
        assert backward[-1, 0] == pytest.approx(0)
        assert backward[-1, 1] > 0
        assert network.lane("backward_0").direction == -1


def test_points_are_dense_and_on_the_surface(spec: RoadSpec) -> None:
    network = build_network(spec)
    for lane in network.lanes.values():
        steps = np.linalg.norm(np.diff(lane.centre[:, :2], axis=0), axis=1)
        assert steps.max() <= 2.2 if spec.kind == "curve" else steps.max() <= 2.0
        assert np.abs(height_at(network, lane.centre[:, :2]) - lane.centre[:, 2]).max() < 1e-9


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_neighbours_share_borders(
    data: st.DataObject, any_road: st.SearchStrategy[RoadSpec]
) -> None:
    network = build_network(data.draw(any_road))
    kinds = ("driving", "shoulder", "parking", "sidewalk")
    row = [
        lane
        for lane in network.lanes.values()
        if lane.kind in kinds and not lane.id.startswith("cross_") and "far" not in lane.id
    ]
    start = 3.0  # near the beginning every kind of road is straight
    for a, b in pairwise(row):
        y = []
        for lane in (a, b):
            s = start if lane.direction > 0 else lane_length(lane) - start
            y.append(lane_point(lane, s)[0][1])
        gap = y[1] - y[0] - 0.5 * (a.width_m + b.width_m)
        kerb = 0.15 if "sidewalk" in (a.kind, b.kind) else 0.0
        assert gap == pytest.approx(kerb, abs=1e-6)


def test_left_and_right_of() -> None:
    network = build_network(
        RoadSpec(kind="curve", lanes_forward=2, parking_m=2, sidewalk_m=2, length_m=300)
    )
    lane = network.lane("forward_0")
    assert left_of(network, lane) is network.lane("backward_0")
    assert right_of(network, lane) is network.lane("forward_1")
    assert right_of(network, network.lane("forward_1")) is network.lane("parking_right")
    assert right_of(network, network.lane("parking_right")) is network.lane("sidewalk_right")
    backward = network.lane("backward_0")
    assert left_of(network, backward) is lane
    assert right_of(network, backward) is network.lane("parking_left")
    assert right_of(network, network.lane("verge_right")) is None


def test_lane_point_goes_along_and_aside(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(kinds["street"])
    position, yaw = lane_point(network.lane("forward_0"), 42.0, 0.5)
    assert position == pytest.approx([42.0, -1.625 + 0.5, 0.0])
    assert yaw == 0
    position, yaw = lane_point(network.lane("backward_0"), 10.0, 0.5)
    assert position == pytest.approx([290.0, 1.625 - 0.5, 0.0])
    assert abs(yaw) == pytest.approx(np.pi)


@given(s=st.floats(1, 200), lateral=st.floats(-3, 3))
def test_projection_inverts_lane_point(s: float, lateral: float) -> None:
    lane = build_network(RoadSpec(kind="curve", radius_m=-100)).lane("forward_0")
    position, _ = lane_point(lane, s, lateral)
    back_s, back_lateral = project_to_lane(lane, position[:2])
    # Beside the joint of two chords either one may be the nearest.
    assert float(back_s) == pytest.approx(s, abs=0.1)
    assert float(back_lateral) == pytest.approx(lateral, abs=2e-3)


def test_paths_run_either_way(kinds: dict[str, RoadSpec]) -> None:
    lane = build_network(kinds["left"]).lane("forward_0")
    there = np.array(path_along(lane, 10, 200, 2.0))
    back = np.array(path_along(lane, 200, 10, 2.0))
    assert np.allclose(there, back[::-1])
    assert np.hypot(*np.diff(there, axis=0).T).max() <= 2.0 + 1e-6


def test_arc_length_and_turn() -> None:
    spec = RoadSpec(kind="curve", radius_m=100, arc_rad=0.8, length_m=300)
    lane = build_network(spec).lane("forward_0")
    # Right-hand lane of a left bend: its arc is longer by its offset times the turn.
    assert lane_length(lane) == pytest.approx(300 + 1.625 * 0.8, abs=0.02)
    assert lane_point(lane, lane_length(lane) - 1)[1] == pytest.approx(0.8, abs=1e-9)


def test_signals_stand_beside_their_stop_lines(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(kinds["signals"])
    heads = [head for head in network.signals if head.kind == "vehicle"]
    assert len(heads) == 8
    for head in heads:
        foot, position = np.array(head.foot_m), np.array(head.position_m)
        assert position - foot == pytest.approx([0, 0, 2.9])
        assert float(height_at(network, foot[:2])) == pytest.approx(foot[2])
        assert float(beyond_carriageway(network, foot[:2])) > 0.15
        shine = np.array([np.cos(head.yaw_rad), np.sin(head.yaw_rad)])
        for lane_id in head.lanes:
            lane = network.lane(lane_id)
            s, lateral = project_to_lane(lane, np.array(head.stop_point_m)[:2])
            _, yaw = lane_point(lane, float(s))
            assert shine @ [np.cos(yaw), np.sin(yaw)] == pytest.approx(-1)
            assert abs(lateral) < lane.width_m * len(head.lanes) / 2
            at, aside = project_to_lane(lane, foot[:2])
            assert aside < -0.5 * lane.width_m, "stands on the right"
            if head.id.endswith("near"):
                assert 0 < at - s < 2.0
            else:
                assert 10 < at - s < 60
        assert ("cross_" in head.lanes[0]) == (head.group == "minor")


def test_walkers_signals_shine_across_the_road_at_both_ends(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(kinds["signals"])
    heads = [head for head in network.signals if head.kind == "walk"]
    walks = {k: lane for k, lane in network.lanes.items() if lane.kind == "crosswalk"}
    assert len(heads) == 2 * len(walks) == 8
    for head in heads:
        foot = np.array(head.foot_m)
        assert float(beyond_carriageway(network, foot[:2])) > 0.5
        walk = walks["cross" + head.id.rsplit("_", 1)[0]]
        s, aside = project_to_lane(walk, foot[:2])
        assert 0.5 * walk.width_m < abs(aside) < 0.5 * walk.width_m + 0.5
        ahead = foot[:2] + 3.0 * np.array([np.cos(head.yaw_rad), np.sin(head.yaw_rad)])
        middle = 0.5 * lane_length(walk)
        further = project_to_lane(walk, ahead)[0]
        assert abs(further - middle) == pytest.approx(abs(s - middle) - 3.0, abs=0.1)
        assert head.lanes == ()
        assert head.group == ("major" if "st_" in head.id else "minor")


def test_unsignalled_crossing_has_no_heads(kinds: dict[str, RoadSpec]) -> None:
    assert build_network(kinds["country crossing"]).signals == ()


def test_crosswalks_lead_from_sidewalk_to_sidewalk(kinds: dict[str, RoadSpec]) -> None:
    network = build_network(kinds["signals"])
    walks = [lane for lane in network.lanes.values() if lane.kind == "crosswalk"]
    assert sorted(lane.id for lane in walks) == [
        f"crosswalk_{arm}" for arm in ("east", "north", "south", "west")
    ]
    for lane in walks:
        z = lane.centre[[0, -1], 2]
        assert z == pytest.approx([0.12, 0.12])
        assert beyond_carriageway(network, lane.centre[:, :2]).min() < -5


def test_roadsides_face_the_road(spec: RoadSpec) -> None:
    network = build_network(spec)
    for side in roadsides(network):
        s = side.runs[0][0] + 5.0
        here = np.array(side.place(s, 1.0))
        inward = np.array([np.cos(side.inward(s)), np.sin(side.inward(s))])
        d = beyond_carriageway(network, np.array([here, here + 0.5 * inward]))
        assert d == pytest.approx([1.0, 0.5], abs=1e-6)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "curve", "radius_m": 8.0, "arc_rad": 0.5}, "radius_m is 8"),
        ({"kind": "curve", "radius_m": 300.0, "arc_rad": 1.2}, "length_m is 300"),
        ({"kind": "hill", "crest_length_m": 400.0}, "crest_length_m is 400"),
    ],
)
def test_roads_that_do_not_fit_are_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        build_network(RoadSpec(**fields, signals=SignalPlan()))
