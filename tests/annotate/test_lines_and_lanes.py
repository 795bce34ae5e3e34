"""Lines beside the ego, pixels on lines, and lanes as regions, where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from scenegen import assets, roads
from scenegen.annotate.beside import ego_indices
from scenegen.annotate.joints import adjoining
from scenegen.annotate.pixels.drivable import regions
from scenegen.annotate.pixels.lines import nearest_line
from scenegen.annotate.pixels.zones import Zones
from scenegen.geometry import pose, quaternion_from_yaw, wrap_angle
from scenegen.records import Drivable, LaneLine, RoadSpec

COORDINATES = st.floats(-12, 12)
POINTS = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=40)


def along(y: float, kind: str = "solid", ends: tuple[float, float] = (-20, 20)) -> LaneLine:
    points = np.array([[x, y, 0.0] for x in np.linspace(*ends, 5)])
    return LaneLine(f"{kind} {y}", kind, "white", 0.2, points)


def told(lines: list[LaneLine], yaw: float = 0.0) -> list[int | None]:
    ego = pose((1.0, 0.0, 0.0), quaternion_from_yaw(yaw))
    return ego_indices([(line, line.points) for line in lines], ego)


def test_lines_count_from_the_ego_outward() -> None:
    lines = [along(y) for y in (5.4, -1.8, 1.8, -5.4, -9.0)]
    assert told(lines) == [2, -1, 1, -2, -3]
    assert told(lines, np.pi) == [-2, 1, -1, 2, 3]


def test_double_lines_have_one_number() -> None:
    assert told([along(y) for y in (1.8, 2.0, 5.4)]) == [1, 1, 2]


def test_what_does_not_pass_the_ego_has_none() -> None:
    ahead, stop = along(1.8, ends=(5, 20)), along(1.8, "stop")
    across = LaneLine("x", "solid", "white", 0.2, np.array([[1.2, -9.0, 0], [0.8, 9.0, 0]]))
    above = LaneLine("up", "solid", "white", 0.2, along(1.8).points + np.array([0, 0, 6]))
    assert told([ahead, stop, across, above, along(3.0)]) == [None, None, None, None, 1]


def test_points_lie_on_the_line_that_they_lie_deepest_in() -> None:
    lines = [along(0.0), along(0.15), along(5.0)]
    points = np.array(
        [[0, 0, 0], [0, 0.12, 0], [0, -0.12, 0], [0, -0.2, 0], [3, 5.1, 0.1], [3, 5.0, 4.0]]
    )
    assert nearest_line(lines, points).tolist() == [0, 1, 0, -1, 2, -1]


@given(POINTS, st.integers(0, 2**32 - 1))
def test_zones_are_what_each_point_itself_gives(
    points: list[tuple[float, float]], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    shapes = [
        (value, shapely.Point(*rng.uniform(-8, 8, 2)).buffer(float(rng.uniform(0.1, 6)), 5))
        for value in (1, 2, 3)
    ]
    zones, xy = Zones(shapes, 9), np.array(points)
    expected = [
        next((value for value, shape in shapes if shape.intersects(shapely.Point(p))), 9)
        for p in points
    ]
    assert zones.values(xy).tolist() == expected
    assert zones.values(xy).tolist() == expected  # from the grid this time


def test_no_region_at_all() -> None:
    assert Zones([], 5).values(np.array([[0.0, 0.0], [3.0, -2.0]])).tolist() == [5, 5]


@pytest.mark.parametrize("own", ["forward_0", "forward_1", "backward_0", None])
def test_lanes_of_a_straight_road(own: str | None) -> None:
    spec = RoadSpec(kind="straight", length_m=200, lanes_forward=2, lanes_backward=1)
    network = roads.build_network(spec)
    lane = None if own is None else network.lane(own)
    zones = Zones(regions(network, lane, 0.0), Drivable.OTHER)
    middles = {
        name: roads.lane_point(network.lane(name), 90.0)[0][:2]
        for name in ("forward_0", "forward_1", "backward_0")
    }
    found = dict(zip(middles, zones.values(np.array(list(middles.values()))), strict=True))
    for name, value in found.items():
        if name == own:
            assert value == Drivable.EGO
        elif name[:3] == (own or "forward_0")[:3]:
            assert value == Drivable.SAME
        else:
            assert value == Drivable.ONCOMING


@pytest.mark.parametrize("width", [3.0, 3.144, 3.3])
def test_a_straight_lane_is_beside_a_turning_one_until_that_has_turned(width: float) -> None:
    """Kinds change where the ego's way beside has turned by 45 degrees, within a piece's length."""
    spec = RoadSpec(kind="t_junction", length_m=300, side="left", lane_width_m=width)
    network = roads.build_network(spec)
    own, straight = network.lane("main_to_side_forward_0"), network.lane("forward_0")
    way = roads.onward(network, own, 400.0)
    assert way is not None
    stations = np.arange(120.0, 250.0, 0.05)
    middles, headings = roads.lane_points(straight, stations)
    along, aside = roads.project_to_lane(way, middles[:, :2])
    turn = np.abs(wrap_angle(headings - roads.lane_points(way, along)[1]))
    found = Zones(regions(network, own, 0.0), Drivable.OTHER).values(middles[:, :2])
    free = np.abs(aside) > 0.5 * way.width_m + 0.01
    wrong = free & ((found == Drivable.SAME) != (turn <= 0.25 * np.pi))
    assert 0.05 * wrong.sum() <= 0.3
    assert (found[free] == Drivable.SAME).any()
    assert (found[free] == Drivable.CROSSING).any()


def test_parts_that_meet_in_a_joint() -> None:
    asset = assets.get("person.adult", 0)
    names = [part.name for part in asset.parts]
    meet = {joint: {names[k] for k in parts} for joint, parts in adjoining(asset).items()}
    assert {"shin_left", "thigh_left"} == meet["knee_left"]
    assert {"upper_arm_right", "torso"} <= meet["shoulder_right"]
    assert meet["neck"] >= {"head", "torso"}
    assert "head" in meet["head"]
    assert meet["wrist_left"] >= {"forearm_left"}
    assert "thigh_left" not in meet["wrist_left"]
