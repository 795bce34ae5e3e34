"""Signals of a road map: heads on posts beside the carriageway, and who obeys them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenegen.records import Lane, SignalHead
from scenegen.records.base import F64
from scenegen.records.road_map import MapRoad, MapSignal, SignalReference
from scenegen.roads import lane_borders
from scenegen.roads.crossing import HEAD_HEIGHT_M, POST_INSET_M, WALK_HEAD_M
from scenegen.roads.map.lanes import direction_of
from scenegen.roads.map.objects import Placed
from scenegen.roads.map.zones import is_driven
from scenegen.roads.reference_line import frames, place

STOP_REACH_M = 20.0
"""Distance from a signal at which its stop line is looked for."""
_STEP_M, _FARTHEST_M = 0.25, 12.0
Distance = Callable[[F64], F64]
Heights = Callable[[F64], F64]
Group = Literal["major", "minor"]
Rule = MapSignal | SignalReference

_HEIGHTS_M = {
    "traffic_light": HEAD_HEIGHT_M,
    "walk_light": WALK_HEAD_M,
    "level_crossing": 2.0,
}
_KINDS: dict[str, Literal["vehicle", "walk", "level_crossing"]] = {
    "traffic_light": "vehicle",
    "walk_light": "walk",
    "level_crossing": "level_crossing",
}


def heads_of(
    roads: Sequence[MapRoad],
    things: Sequence[Placed],
    ids: Mapping[tuple[str, int, int], str],
    lanes: Mapping[str, Lane],
    beyond: Distance,
    height: Heights,
) -> tuple[SignalHead, ...]:
    """Return the traffic lights of a map.

    Parameters
    ----------
    things : sequence of Placed
        Objects, stop lines among them.
    ids : mapping
        Lanes' ids by road, section and number.
    beyond : callable
        Distances (N,) of points (N, 2) outward from the carriageway.
    height : callable
    """
    found = []
    axis: dict[str, float] = {}
    for road in roads:
        for signal in road.signals:
            if signal.kind not in ("traffic_light", "walk_light", "level_crossing"):
                continue
            heading = float(frames(road, signal.s_m).heading_rad)
            group = _group(road, signal, heading, axis)
            foot = _foot(road, signal, beyond)
            x, y, z = float(foot[0]), float(foot[1]), float(height(foot[None])[0])
            against = np.pi if signal.orientation != "-" else 0.0
            yaw = heading + against + signal.heading_rad
            walk = signal.kind == "walk_light"
            obeying: tuple[str, ...] = ()
            for other, rule in () if walk else _heeded(roads, road, signal):
                obeying += _lanes(other, rule, ids, lanes)
            stop = (x, y, z) if walk else stop_point(road, signal, things, height)
            found.append(
                SignalHead(
                    signal.name or f"signal_{road.id}_{signal.id}",
                    group,
                    (x, y, z + _HEIGHTS_M[signal.kind]),
                    (x, y, z),
                    float(np.arctan2(np.sin(yaw), np.cos(yaw))),
                    tuple(dict.fromkeys(obeying)),
                    stop,
                    _KINDS[signal.kind],
                )
            )
    return tuple(found)


@dataclass(frozen=True)
class MapSign:
    """A sign that a map has: what it says, where it stands, and which way it faces.

    Attributes
    ----------
    value : float or None
        Of a speed limit in m/s.
    """

    kind: Literal["stop", "give_way", "speed_limit"]
    foot_m: tuple[float, float]
    yaw_rad: float
    value: float | None = None


def signs_of(roads: Sequence[MapRoad], beyond: Distance) -> tuple[MapSign, ...]:
    """Return the signs of a map, each moved beside the carriageway if it would stand on it."""
    found = []
    for road in roads:
        for signal in road.signals:
            if signal.kind in ("stop", "give_way", "speed_limit"):
                x, y = _foot(road, signal, beyond).tolist()
                heading = float(frames(road, signal.s_m).heading_rad) + signal.heading_rad
                yaw = heading + (np.pi if signal.orientation != "-" else 0.0)
                yaw = float(np.arctan2(np.sin(yaw), np.cos(yaw)))
                found.append(MapSign(signal.kind, (x, y), yaw, signal.value))
    return tuple(found)


def _group(road: MapRoad, signal: MapSignal, heading: float, axis: dict[str, float]) -> Group:
    """Return which of the two alternating groups a signal is of.

    One that isn't named so belongs to the first signal's if the roads of both lead the same
    way or against each other, and else to the other.
    """
    named: dict[str, Group] = {"major": "major", "minor": "minor"}
    if signal.group in named:
        return named[signal.group]
    links = [
        link.id for link in (road.successor, road.predecessor) if link and link.kind == "junction"
    ]
    junction = road.junction or (links[0] if links else road.id)
    first = axis.setdefault(junction, heading)
    return "major" if abs(np.cos(heading - first)) > np.sqrt(0.5) else "minor"


def _foot(road: MapRoad, signal: MapSignal, beyond: Distance) -> F64:
    """Return where a post stands: at the signal's place, or beside the carriageway from there."""
    side = np.sign(signal.t_m) or (-1.0 if signal.orientation == "+" else 1.0)
    offsets = signal.t_m + side * np.arange(0.0, _FARTHEST_M, _STEP_M)
    points = place(road, np.full_like(offsets, signal.s_m), offsets)
    clear = np.flatnonzero(beyond(points) >= POST_INSET_M - 1e-6)
    return np.asarray(points[clear[0] if len(clear) else 0])


def _heeded(
    roads: Sequence[MapRoad], road: MapRoad, signal: MapSignal
) -> Iterator[tuple[MapRoad, Rule]]:
    """Yield where a signal holds: where it stands, and on roads that refer to it."""
    yield road, signal
    for other in roads:
        for reference in other.signal_references:
            if reference.id == signal.id:
                yield other, reference


def _governed(road: MapRoad, signal: Rule) -> tuple[int, list[int]]:
    """Return the section that a signal stands beside, and the ids of the lanes it is for."""
    section = int(lane_borders.section_index(road, min(max(signal.s_m, 0.0), road.length_m)))
    wanted = {"+": (1,), "-": (-1,), "none": (1, -1)}[signal.orientation]
    numbers = [
        lane.id
        for lane in road.sections[section].lanes
        if lane.id != 0 and direction_of(road, lane.id) in wanted
    ]
    if signal.lanes is not None:
        low, high = sorted(signal.lanes)
        numbers = [number for number in numbers if low <= number <= high]
    return section, numbers


def _lanes(
    road: MapRoad,
    signal: Rule,
    ids: Mapping[tuple[str, int, int], str],
    lanes: Mapping[str, Lane],
) -> tuple[str, ...]:
    section, numbers = _governed(road, signal)
    names = [ids[key] for n in numbers if (key := (road.id, section, n)) in ids]
    driving = [name for name in names if lanes[name].kind == "driving"]
    if road.junction is not None:
        # Who waits before a way through a junction is still on the lane that leads to it.
        own = set(driving)
        driving += [lane.id for lane in lanes.values() if own & {*lane.successors}]
    return tuple(dict.fromkeys(driving))


def stop_point(
    road: MapRoad, signal: MapSignal, things: Sequence[Placed], height: Heights
) -> tuple[float, float, float]:
    """Return the middle of the stop line that belongs to a signal; abreast of it if none does."""
    section, numbers = _governed(road, signal)
    s = min(max(signal.s_m, 0.0), road.length_m)
    at = np.array([s])
    types = {n: lane_borders.lane_of(road.sections[section], n).type for n in numbers}
    driven = [n for n in numbers if types[n] == "driving"] or [
        n for n in numbers if is_driven(types[n])
    ]
    borders = [lane_borders.lane_span(road, section, n, at) for n in driven]
    if not borders:
        borders = [(at * 0.0, at * 0.0)]
    low, high = float(np.min(borders)), float(np.max(borders))
    t = 0.5 * (low + high)
    lines = [
        thing.object
        for thing in things
        if thing.object.kind == "stop_line"
        and thing.road.id == road.id
        and abs(thing.object.s_m - s) < STOP_REACH_M
        and low < thing.object.t_m < high
    ]
    if lines:
        s = min((abs(line.s_m - s), line.s_m) for line in lines)[1]
    point = place(road, s, t)
    return (float(point[0]), float(point[1]), float(height(point[None])[0]))
