"""Lanes counted from the ego's on roads whose lanes are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.annotate.lane_places import LanePlaces
from scenegen.records import RoadSpec
from scenegen.roads import build_network, lane_length, lane_point

STRAIGHT = build_network(RoadSpec(kind="straight", length_m=300, lanes_forward=3, lanes_backward=2))
BEND = build_network(
    RoadSpec(kind="curve", length_m=300, radius_m=120, lanes_forward=3, lanes_backward=2)
)
NAMES = ("backward_1", "backward_0", "forward_0", "forward_1", "forward_2")
"""From left to right, seen by who drives forward."""


@pytest.mark.parametrize("network", [STRAIGHT, BEND], ids=["straight", "bend"])
@given(
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.floats(0.05, 0.95),
    st.floats(-0.45, 0.45),
    st.floats(-3.1, 3.1),
)
def test_lanes_are_counted_to_the_left(network, ego, name, part, aside, yaw) -> None:
    """Whatever the lane, the place along and across it, and which way the body points."""
    lane = network.lanes[name]
    point, _ = lane_point(lane, part * lane_length(lane), aside * lane.width_m)
    (found,) = LanePlaces(network).beside(network.lanes[ego], point[None], np.array([yaw]))
    assert found is not None
    assert found.id == name
    forward = ego.startswith("forward")
    expected = NAMES.index(ego) - NAMES.index(name)
    assert found.index == (expected if forward else -expected)
    assert found.same_way == (ego.split("_")[0] == name.split("_")[0])


def test_off_the_road_there_is_no_lane() -> None:
    points = np.array([[100.0, 40.0, 0.0], [100.0, 0.0, 8.0]])  # in the field, and on a bridge
    assert LanePlaces(STRAIGHT).beside(STRAIGHT.lanes["forward_0"], points, np.zeros(2)) == [
        None,
        None,
    ]


def test_lanes_of_a_crossing_road_are_not_counted() -> None:
    network = build_network(RoadSpec(kind="crossing", length_m=200))
    lane = network.lanes["cross_forward_0"]
    point, yaw = lane_point(lane, 5.0)
    (found,) = LanePlaces(network).beside(network.lanes["forward_0"], point[None], np.array([yaw]))
    assert found is not None
    assert (found.id, found.index, found.same_way) == ("cross_forward_0", None, None)


def test_a_lane_goes_on_behind_a_junction() -> None:
    """Those ahead in the lane that the ego's leads into are in the ego's lane."""
    network = build_network(RoadSpec(kind="t_junction", length_m=260))
    for lane in network.lanes.values():
        for name in lane.successors:
            after = network.lanes[name]
            point, yaw = lane_point(after, 0.5 * lane_length(after))
            places = LanePlaces(network).beside(lane, point[None], np.array([yaw]))
            if len(lane.successors) == 1 and places[0] and places[0].id == name:
                assert places[0].index == 0
