"""A map written by hand: what is read of it, and what is listed as left out."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from scenegen.records.road_map import Arc, Line, MapRoad, ParamPoly3, Spiral
from scenegen.roads.lane_borders import borders
from scenegen.roads.opendrive import Imported, parse_opendrive
from scenegen.roads.reference_line import frames, place
from tests.roads.opendrive.hand import HAND


@pytest.fixture(scope="module")
def imported() -> Imported:
    return parse_opendrive(HAND.encode(), "hand.xodr")


@pytest.fixture(scope="module")
def road(imported: Imported) -> MapRoad:
    return imported.map.roads[0]


def test_geometries_of_every_kind(road: MapRoad) -> None:
    kinds = [type(g.shape) for g in road.geometries]
    assert kinds == [Line, Spiral, Arc, ParamPoly3, ParamPoly3, Line]
    assert road.geometries[1].shape == Spiral(start_1pm=0, end_1pm=0.02)


def test_a_cubic_in_u_is_as_long_as_it_says(road: MapRoad) -> None:
    shape = road.geometries[4].shape
    assert isinstance(shape, ParamPoly3)
    end = shape.u[1]
    length = quad(lambda u: math.hypot(1, 0.02 + 0.008 * u), 0, end)[0]
    assert length == pytest.approx(30, abs=1e-9)
    assert shape.v[1:] == pytest.approx((0.02 * end, 0.004 * end**2, 0))


def test_lengths_speeds_and_links(imported: Imported, road: MapRoad) -> None:
    assert imported.map.name == "hand"
    assert road.speed_mps == pytest.approx(50 / 3.6)
    assert road.successor is not None
    assert (road.successor.kind, road.successor.id) == ("junction", "9")
    _, way, after = imported.map.roads
    assert way.junction == "9"
    assert way.predecessor is not None
    assert way.predecessor.contact == "end"
    assert after.rule == "left"
    junction = imported.map.junctions[0]
    assert junction.connections[0].lanes == ((-1, -1),)


def test_lanes_from_left_to_right_with_widths_or_borders(road: MapRoad) -> None:
    lanes = road.sections[0].lanes
    assert [(lane.id, lane.type) for lane in lanes] == [
        (2, "sidewalk"),
        (1, "driving"),
        (0, "none"),
        (-1, "driving"),
        (-2, "driving"),
    ]
    found = borders(road, 0, np.array([10.0, 50.0]))
    assert found[2] == pytest.approx([6.0, 6.0])
    assert found[-1] - found[0] == pytest.approx([-3.0, -3.0])
    assert found[-2] - found[0] == pytest.approx([-6.5, -7.5])
    assert lanes[0].height_m == (0.12, 0.14)
    assert lanes[3].successor == -1
    assert lanes[4].speed_mps == pytest.approx(30 * 0.44704)


def test_marks_with_their_lines(road: MapRoad) -> None:
    first, second = road.sections[0].lanes[2].marks
    assert (first.type, first.color, first.width_m) == ("solid broken", "yellow", 0.15)
    assert first.dash_m == (3, 9)
    assert first.offset_m == pytest.approx(0)
    assert (second.type, second.s_m, second.width_m, second.color) == ("broken", 60, 0.25, "white")


def test_signals_by_their_codes(road: MapRoad) -> None:
    light, german, american, stop, other = road.signals
    assert (light.kind, light.group, light.lanes, light.z_m) == ("traffic_light", "k", (-2, -1), 3)
    assert (german.kind, german.value) == ("speed_limit", pytest.approx(30 / 3.6))
    assert (american.kind, american.value) == ("speed_limit", pytest.approx(25 * 0.44704))
    assert american.orientation == "-"
    assert american.heading_rad == 0.1
    assert (stop.kind, other.kind, other.name) == ("stop", "other", "way")
    assert [reference.id for reference in road.signal_references] == ["s1"]


def test_objects_with_outlines_and_copies(road: MapRoad) -> None:
    things = {thing.id: thing for thing in road.objects}
    assert list(things) == ["c1", "b1.1", "t1.1", "t1.2", "t1.3", "t1.4", "l1", "u1", "u2"]
    crossing = things["c1"]
    assert crossing.kind == "crosswalk"
    expected = np.array([[-2, 5], [-2, -5], [2, -5], [2, 5]]) * [1, math.cos(0.03)]
    assert np.array(crossing.outline_m) == pytest.approx(expected)
    assert things["t1.3"].t_m == pytest.approx(14)
    assert things["t1.3"].height_m == pytest.approx(8)
    assert (things["t1.3"].kind, things["t1.3"].name) == ("other", "tree")
    assert things["l1"].kind == "stop_line"
    assert (things["u1"].kind, things["u1"].s_m, things["u1"].length_m) == ("tunnel", 120, 40)


def test_a_guard_rail_follows_its_road(road: MapRoad) -> None:
    rail = next(thing for thing in road.objects if thing.id == "b1.1")
    at = frames(road, rail.s_m)
    u, v = np.array(rail.outline_m).T
    xy = place(road, rail.s_m, rail.t_m) + u[:, None] * at.ahead + v[:, None] * at.left
    assert xy[0] == pytest.approx(place(road, 40, 7.9))
    assert xy[len(xy) // 2] == pytest.approx(place(road, 100, 9.1))


def test_what_is_left_out_is_listed(imported: Imported) -> None:
    left = dict(imported.left)
    lane = "OpenDRIVE/road/lanes/laneSection"
    assert left == {
        "OpenDRIVE/header/geoReference": 1,
        "OpenDRIVE/junction/priority": 1,
        f"{lane}/center/lane/roadMark/@color": 1,
        f"{lane}/left/lane/@level": 1,
        f"{lane}/left/lane/height": 1,
        f"{lane}/left/lane/roadMark/@type": 1,
        f"{lane}/right/lane/@type": 1,
        f"{lane}/right/lane/access": 1,
        "OpenDRIVE/road/lateralProfile/crossfall": 1,
        "OpenDRIVE/road/objects/object/@pitch": 1,
        "OpenDRIVE/road/objects/tunnel/@lighting": 1,
        "OpenDRIVE/road/planView/geometry": 1,
        "OpenDRIVE/road/type": 1,
        "OpenDRIVE/road/type/@type": 1,
    }


def test_corners_go_counter_clockwise_whatever_the_file_does(road: MapRoad) -> None:
    corner = '<cornerRoad s="{}" t="{}" dz="0" height="0"/>'
    given = [corner.format(s, t) for s, t in ((28, 4), (28, -6), (32, -6), (32, 4))]
    assert all(text in HAND for text in given)
    turned = HAND
    for k, text in enumerate(given):
        turned = turned.replace(text, f"<!-- {k} -->")
    for k, text in enumerate(given[::-1]):
        turned = turned.replace(f"<!-- {k} -->", text)
    again = parse_opendrive(turned.encode(), "hand.xodr").map.roads[0]
    assert sorted(again.objects[0].outline_m) == sorted(road.objects[0].outline_m)
    (ax, ay), (bx, by), (cx, cy) = again.objects[0].outline_m[:3]
    assert (bx - ax) * (cy - by) - (by - ay) * (cx - bx) > 0
