"""Where those who come to a junction wait for others: at signs, before left turns, without signs.

Time gaps are the base critical headways of the Highway Capacity Manual (TRB 2010): 6.5 s from
minor roads of two lanes (exhibit 19-10: 6.2 s to 7.1 s by turn), 4.1 s for turns across oncoming
traffic (same), 4.5 s at entries of roundabouts (chapter 21: 4.1 s to 5.2 s). Who leaves the inner
lane of a roundabout turns across the outer one, and takes the gaps of other turns. The manual
has none for junctions without signs, where those from the right go first, from the left where one
drives on the left (Vienna Convention on Road Traffic, article 18).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scenegen.geometry import wrap_angle
from scenegen.records import Lane, YieldLine
from scenegen.records.base import Vec3
from scenegen.records.road_map import MapRoad, RoadMap
from scenegen.roads.map.objects import Placed
from scenegen.roads.map.signals import Heights, stop_point
from scenegen.roads.paths import lane_length, lane_point, project_to_lane
from scenegen.roads.reference_line import frames
from scenegen.roads.right_of_way import MINOR_S, UNSIGNED_S, comes_from
from scenegen.roads.routes import TURN_RAD, turn_of

TURN_S, RING_S = 4.1, 4.5
_RULES = ("give_way", "stop", "traffic_light")
Mouth = tuple[Vec3, float]
"""Where a lane enters a junction, and its heading there."""
WITHIN_M = 4.0
"""How far into a junction those who turn left drive before they wait."""
LEAVING_M = 0.5
"""The same of those who leave a roundabout's inner lane: they stay in it."""


def yield_lines(
    plan: RoadMap,
    things: Sequence[Placed],
    ids: Mapping[tuple[str, int, int], str],
    lanes: Mapping[str, Lane],
    height: Heights,
) -> tuple[YieldLine, ...]:
    """Return the lines of a map at which one waits for others.

    Parameters
    ----------
    ids : mapping
        Lanes' ids by road, section and number.
    """
    found = []
    yielding: set[str] = set()
    for road in plan.roads:
        for signal in road.signals:
            if signal.kind not in ("give_way", "stop"):
                continue
            yielding.add(road.id)
            point = stop_point(road, signal, things, height)
            heading = float(frames(road, signal.s_m).heading_rad)
            found.append(
                YieldLine(
                    signal.name or f"yield_{road.id}_{signal.id}",
                    "stop" if signal.kind == "stop" else "give_way",
                    point,
                    heading + (np.pi if signal.orientation == "-" else 0.0),
                    RING_S if road.junction is not None else MINOR_S,
                )
            )
    return (
        *found,
        *_left_turns(plan, ids, lanes, yielding),
        *_leaving(plan, ids, lanes),
        *_unsigned(plan, ids, lanes),
    )


def _unsigned(
    plan: RoadMap, ids: Mapping[tuple[str, int, int], str], lanes: Mapping[str, Lane]
) -> list[YieldLine]:
    """Return where those wait who come to junctions without signs and lights."""
    roads = {road.id: road for road in plan.roads}
    found = []
    for junction in plan.junctions:
        used = {c.incoming for c in junction.connections} | {
            c.connecting for c in junction.connections
        }
        if any(signal.kind in _RULES for name in used for signal in roads[name].signals):
            continue
        mouths: dict[tuple[str, int], Mouth] = {}
        for connection in junction.connections:
            way = roads[connection.connecting]
            for number, onto in connection.lanes:
                lane = lanes.get(ids.get((way.id, 0, onto), ""))
                if lane is not None and lane.kind == "driving":
                    end = 0.0 if connection.contact == "start" else way.length_m
                    mouths.setdefault((connection.incoming, number), _mouth(way, end, lane))
        sides = {key: roads[key[0]].rule for key in mouths}
        found += [
            YieldLine(f"side_{name}_{number}", "side", point, heading, UNSIGNED_S, first=first)
            for (name, number), (point, heading) in mouths.items()
            for first in [sides[name, number]]
            if any(comes_from(first, heading, other) for _, other in mouths.values())
        ]
    return found


def _mouth(way: MapRoad, s_m: float, lane: Lane) -> Mouth:
    """Return where a lane leads onto a way through a junction, and the heading there."""
    line = frames(way, s_m)
    s, _ = project_to_lane(lane, line.xy_m)
    (x, y, z), heading = lane_point(lane, float(s))
    return (float(x), float(y), float(z)), heading


def _left_turns(
    plan: RoadMap,
    ids: Mapping[tuple[str, int, int], str],
    lanes: Mapping[str, Lane],
    yielding: set[str],
) -> list[YieldLine]:
    """Return where those wait who turn left from a road that also leads straight on."""
    roads = {road.id: road for road in plan.roads}
    found = []
    for junction in plan.junctions:
        for connection in junction.connections:
            way = roads[connection.connecting]
            others = [
                roads[c.connecting]
                for c in junction.connections
                if c.incoming == connection.incoming and c.connecting != way.id
            ]
            straight = any(abs(_turn(other)) < TURN_RAD for other in others)
            if connection.incoming in yielding or not straight or _turn(way) < TURN_RAD:
                continue
            for _, number in connection.lanes:
                name = ids.get((way.id, 0, number))
                if name is None or turn_of(lanes[name]) < TURN_RAD:
                    continue
                s = min(WITHIN_M, 0.25 * lane_length(lanes[name]))
                found.append(_before_turn(lanes[name], s, TURN_S))
    return found


def _leaving(
    plan: RoadMap, ids: Mapping[tuple[str, int, int], str], lanes: Mapping[str, Lane]
) -> list[YieldLine]:
    """Return where those wait who leave a roundabout from an inner lane, across an outer one."""
    roads = {road.id: road for road in plan.roads}
    found = []
    for junction in plan.junctions:
        for connection in junction.connections:
            way = roads[connection.connecting]
            farthest = max(
                (
                    abs(lane)
                    for other in junction.connections
                    for lane, _ in other.lanes
                    if other.incoming == connection.incoming
                    and _turn(roads[other.connecting]) > TURN_RAD
                ),
                default=0,
            )
            if _turn(way) > -TURN_RAD:
                continue
            for lane, number in connection.lanes:
                name = ids.get((way.id, 0, number))
                if name is not None and abs(lane) < farthest:
                    found.append(_before_turn(lanes[name], LEAVING_M, TURN_S))
    return found


def _before_turn(lane: Lane, s_m: float, gap_s: float) -> YieldLine:
    (x, y, z), heading = lane_point(lane, s_m)
    at = (float(x), float(y), float(z))
    return YieldLine(f"turn_{lane.id}", "turn", at, heading, gap_s, (lane.id,))


def _turn(road: MapRoad) -> float:
    """Return by how much a way through a junction turns to the left, from its first end on."""
    ends = frames(road, np.array([0.0, road.length_m])).heading_rad
    return float(wrap_angle(ends[1] - ends[0]))
