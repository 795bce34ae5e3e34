"""Procedural roads as maps: their lanes, paint and signals lie where the network has them."""

from itertools import pairwise

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from scipy.spatial import cKDTree

from scenegen.errors import InputError
from scenegen.records import LaneLine, RoadSpec, SignalPlan
from scenegen.records.base import F64
from scenegen.records.road_map import Arc, MapRoad, RoadMap
from scenegen.roads import build_network
from scenegen.roads.as_map import road_map_of
from scenegen.roads.lane_borders import borders, lane_points, section_range, surface_height
from scenegen.roads.opendrive import parse_opendrive, write_opendrive
from scenegen.roads.reference_line import frames, place

SPECS = {
    "street": RoadSpec(kind="straight", lanes_forward=2, parking_m=2.2, sidewalk_m=2.5, zebra=True),
    "yellow": RoadSpec(kind="straight", sidewalk_m=2, verge_m=0, kerb_lines="double"),
    "motorway": RoadSpec(
        kind="curve",
        radius_m=-600,
        arc_rad=0.3,
        lanes_forward=3,
        lanes_backward=0,
        shoulder_m=2.5,
        surroundings="motorway",
    ),
    "curve": RoadSpec(kind="curve", radius_m=80, shoulder_m=0.75),
    "hill": RoadSpec(kind="hill", crest_m=6, crest_length_m=120, surroundings="rural"),
    "crossing": RoadSpec(
        kind="crossing",
        lanes_forward=2,
        lanes_backward=1,
        sidewalk_m=2.5,
        parking_m=2,
        zebra=True,
        signals=SignalPlan(),
    ),
    "unsignalled": RoadSpec(kind="crossing", length_m=500, shoulder_m=1.5),
    "one_way": RoadSpec(kind="crossing", lanes_backward=0, sidewalk_m=1.5, signals=SignalPlan()),
}
_KINDS = {
    "driving": {"driving"},
    "shoulder": {"shoulder"},
    "parking": {"parking"},
    "sidewalk": {"sidewalk"},
    "verge": {"none"},
}


@pytest.fixture(params=SPECS)
def spec(request: pytest.FixtureRequest) -> RoadSpec:
    return SPECS[str(request.param)]


def _lines_of(road_map: RoadMap, kinds: set[str]) -> F64:
    """Return points (N, 3) on the middles of all lanes of some types, 0.05 m apart."""
    found = []
    for road in road_map.roads:
        for k, section in enumerate(road.sections):
            s0, s1 = section_range(road, k)
            s = np.linspace(s0, s1, int((s1 - s0) / 0.05) + 2)
            for lane in section.lanes:
                if lane.id and lane.type in kinds:
                    found.append(lane_points(road, k, lane.id, s))
    return np.concatenate(found)


def _distance(points: F64, line: F64) -> F64:
    """Return distances (N,) of points (N, 3) from a polyline's segments (M, 3)."""
    a, b = line[:-1], line[1:]
    along = b - a
    share = np.einsum("nmk,mk->nm", points[:, None] - a, along) / np.maximum(
        np.einsum("mk,mk->m", along, along), 1e-12
    )
    foot = a + np.clip(share, 0, 1)[..., None] * along
    return np.linalg.norm(points[:, None] - foot, axis=-1).min(axis=1)


def _on_arms(points: F64, road_map: RoadMap) -> F64:
    """Return the points abreast of a road that is no way through a junction."""
    keep = np.zeros(len(points), dtype=bool)
    for road in road_map.roads:
        if road.junction is None:
            at = frames(road, 0.0)
            s = (points[:, :2] - at.xy_m) @ at.ahead
            t = (points[:, :2] - at.xy_m) @ at.left
            keep |= (s >= 0) & (s <= road.length_m) & (np.abs(t) < 30)
    return points[keep]


def test_lanes_lie_where_the_network_has_them(spec: RoadSpec) -> None:
    network, road_map = build_network(spec), road_map_of(spec)
    checked = 0
    for lane in network.lanes.values():
        if lane.kind == "crosswalk":
            continue
        points = lane.centre
        if spec.kind == "crossing" and lane.kind != "driving":
            points = _on_arms(points, road_map)
        known = _lines_of(road_map, _KINDS[lane.kind])
        # Within 1 cm across; up to 3 cm along, half of what lies between two samples.
        nearest = cKDTree(known).query(points)[0]
        assert nearest.max() < np.hypot(0.03, 0.01), lane.id
        checked += len(points)
    assert checked > 300


def test_no_lane_is_added(spec: RoadSpec) -> None:
    network, road_map = build_network(spec), road_map_of(spec)
    driving = [lane for lane in network.lanes.values() if lane.kind == "driving"]
    for road in road_map.roads:
        if road.junction is not None and _turns(road):
            continue  # those who turn have no lanes of their own in the network
        for k, section in enumerate(road.sections):
            s = np.linspace(*section_range(road, k), 40)
            for lane in section.lanes:
                if lane.type == "driving":
                    points = lane_points(road, k, lane.id, s)
                    offs = np.min([_distance(points, other.centre) for other in driving], axis=0)
                    assert offs.max() < 0.01


def _turns(road: MapRoad) -> bool:
    return any(isinstance(geometry.shape, Arc) for geometry in road.geometries)


def _painted(road: MapRoad) -> list[tuple[str, str, float, float, F64]]:
    """Return type, color, width, offset and points of every mark of a road."""
    found = []
    for k, section in enumerate(road.sections):
        s0, s1 = section_range(road, k)
        for lane in section.lanes:
            starts = [s0 + mark.s_m for mark in lane.marks]
            spans = pairwise([*starts, s1]) if starts else ()
            for mark, (a, b) in zip(lane.marks, spans, strict=True):
                kinds = mark.type.split()
                shifts = (0.0,) if len(kinds) == 1 else (mark.width_m, -mark.width_m)
                for kind, shift in zip(kinds, shifts, strict=True):
                    s = np.linspace(a, b, 50)
                    t = borders(road, k, s)[lane.id] + mark.offset_m + shift
                    points = np.column_stack([place(road, s, t), surface_height(road, s, t)])
                    if kind != "none":
                        found.append((kind, mark.color, mark.width_m, mark.offset_m, points))
    return found


def test_painted_lines_lie_where_the_network_has_them(spec: RoadSpec) -> None:
    network, road_map = build_network(spec), road_map_of(spec)
    along = [line for line in network.lines if line.type in ("solid", "broken")]
    painted = [mark for road in road_map.roads for mark in _painted(road)]
    assert bool(painted) == bool(along)
    seen: set[str] = set()
    for kind, color, width, _, points in painted:
        close = [
            line
            for line in along
            if (line.type, line.color, line.width_m) == (kind, color, width)
            and _distance(points[:, [0, 1]] @ np.eye(2, 3), line.points * [1, 1, 0]).max() < 0.01
        ]
        assert close, (kind, points[0])
        seen |= {line.id for line in close}
    inside = {line.id for line in along if _touches(line, road_map)}
    assert inside == seen


def _touches(line: LaneLine, road_map: RoadMap) -> bool:
    """Return whether some of a line lies along the map's roads."""
    for road in road_map.roads:
        if road.junction is None:
            s0, s1 = 0.0, road.length_m
            middle = frames(road, np.linspace(s0 + 0.05, s1 - 0.05, 400)).xy_m
            flat = line.points * [1, 1, 0]
            if _distance(middle @ np.eye(2, 3), flat).min() < 14:
                at = frames(road, 0.0)
                s = (line.points[:, :2] - at.xy_m) @ at.ahead
                if len(road.geometries) > 1 or (s.max() > s0 + 0.01 and s.min() < s1 - 0.01):
                    return True
    return False


def test_stop_lines_and_crossings_are_objects(spec: RoadSpec) -> None:
    network, road_map = build_network(spec), road_map_of(spec)
    things = {thing.id: (road, thing) for road in road_map.roads for thing in road.objects}
    lines = {line.id: line for line in network.lines if line.type in ("stop", "zebra")}
    assert set(things) == set(lines)
    for name, line in lines.items():
        road, thing = things[name]
        assert thing.kind == {"stop": "stop_line", "zebra": "crosswalk"}[line.type]
        half = 0.5 * thing.width_m
        ends = place(road, [thing.s_m, thing.s_m], [thing.t_m - half, thing.t_m + half])
        apart = np.abs(ends - line.points[[0, -1], :2]).max()
        swapped = np.abs(ends[::-1] - line.points[[0, -1], :2]).max()
        assert min(apart, swapped) < 0.01


def test_signals_stand_and_shine_as_in_the_network(spec: RoadSpec) -> None:
    network, road_map = build_network(spec), road_map_of(spec)
    found = {signal.id: (road, signal) for road in road_map.roads for signal in road.signals}
    heads = {head.id: head for head in network.signals}
    assert set(found) == set(heads)
    for name, head in heads.items():
        road, signal = found[name]
        assert place(road, signal.s_m, signal.t_m) == pytest.approx(head.foot_m[:2], abs=0.01)
        assert signal.z_m == pytest.approx(head.position_m[2] - head.foot_m[2])
        yaw = float(frames(road, signal.s_m).heading_rad) + signal.heading_rad
        yaw += 0.0 if signal.orientation == "-" else np.pi
        assert np.cos(yaw - head.yaw_rad) == pytest.approx(1)
        assert signal.kind == ("walk_light" if head.kind == "walk" else "traffic_light")


def test_far_signals_are_obeyed_on_the_arm_before_the_junction() -> None:
    road_map = road_map_of(SPECS["crossing"])
    west = next(road for road in road_map.roads if road.name == "west")
    assert [reference.id for reference in west.signal_references] == ["major_forward_far"]
    assert west.signal_references[0].lanes == (-2, -1)
    groups = {signal.group for road in road_map.roads for signal in road.signals}
    assert groups == {"major", "minor", "walk_major", "walk_minor"}


@pytest.mark.parametrize("name", ["crossing", "unsignalled", "one_way"])
def test_ways_through_a_junction_join_lane_to_lane(name: str) -> None:
    road_map = road_map_of(SPECS[name])
    roads = {road.id: road for road in road_map.roads}
    ways = 0
    for connection in road_map.junctions[0].connections:
        way = roads[connection.connecting]
        for end, link in (("start", way.predecessor), ("end", way.successor)):
            assert link is not None
            other = roads[link.id]
            for lane in way.sections[0].lanes[1:]:
                joined = lane.predecessor if end == "start" else lane.successor
                assert joined is not None
                s = 0.0 if end == "start" else way.length_m
                there = 0.0 if link.contact == "start" else other.length_m
                section = 0 if link.contact == "start" else len(other.sections) - 1
                assert lane_points(way, 0, lane.id, s) == pytest.approx(
                    lane_points(other, section, joined, there), abs=1e-6
                )
                ways += 1
    assert ways >= (6 if name == "one_way" else 16)


def test_a_map_is_its_own_map() -> None:
    road_map = road_map_of(SPECS["hill"])
    assert road_map_of(RoadSpec(kind="opendrive", map=road_map)) is road_map


def test_every_road_survives_a_file(spec: RoadSpec) -> None:
    road_map = road_map_of(spec)
    imported = parse_opendrive(write_opendrive(road_map), "road.xodr")
    assert imported.left == ()
    assert len(imported.map.roads) == len(road_map.roads)
    for before, after in zip(road_map.roads, imported.map.roads, strict=True):
        assert after.geometries == before.geometries
        assert after.sections == before.sections or _marks_close(before, after)
        assert (after.signals, after.objects) == (before.signals, before.objects)


def _marks_close(before: MapRoad, after: MapRoad) -> bool:
    """Offsets of double lines are halved and added again, which takes a digit."""
    rounded = [
        [
            lane.model_copy(
                update={
                    "marks": tuple(
                        m.model_copy(update={"offset_m": round(m.offset_m, 9)}) for m in lane.marks
                    )
                }
            )
            for section in road.sections
            for lane in section.lanes
        ]
        for road in (before, after)
    ]
    return rounded[0] == rounded[1]


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_road_becomes_a_map(data: st.DataObject, any_road: st.SearchStrategy[RoadSpec]) -> None:
    spec = data.draw(any_road)
    try:
        network = build_network(spec)
    except InputError:
        return
    road_map = road_map_of(spec)
    imported = parse_opendrive(write_opendrive(road_map), "road.xodr")
    assert imported.left == ()
    lanes = [lane for lane in network.lanes.values() if lane.kind == "driving"]
    known = cKDTree(_lines_of(road_map, {"driving"}))
    for lane in lanes:
        assert known.query(lane.centre)[0].max() < np.hypot(0.03, 0.01)
    marked = sum(len(lane.marks) for r in road_map.roads for s in r.sections for lane in s.lanes)
    assert bool(marked) == any(line.type in ("solid", "broken") for line in network.lines)
