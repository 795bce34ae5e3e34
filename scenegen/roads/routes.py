"""Ways over several lanes: what leads into what, routes, and centre lines along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from heapq import heappop, heappush
from itertools import pairwise
from typing import Literal

import numpy as np

from scenegen.errors import InputError
from scenegen.geometry import wrap_angle
from scenegen.records import Lane, RoadNetwork
from scenegen.records.base import F64
from scenegen.roads.paths import lane_length, lane_point, project_to_lane

Turn = Literal["left", "straight", "right"]
JOIN_M = 0.6
"""Lanes lead into each other when one begins this near to the other's line, or ends so."""
JOIN_RAD = 0.35
TURN_RAD = 0.5
"""A lane that turns by more than this is a left or a right turn."""
ONWARD_M = 1200.0
"""How far drivers who follow their lane are taken through junctions."""
_JOIN_RISE_M = 1.5


def transition(a: Lane, b: Lane) -> tuple[float, float] | None:
    """Return the stations at which one lane is left for another; None if they don't join.

    Either the second begins on the first, at its end or on the way, or the first ends on the
    second. Lanes that begin together, or end together, don't lead into each other.
    """
    end, start = lane_length(a), 0.0
    s, _ = project_to_lane(a, b.centre[0, :2])
    if float(s) > JOIN_M and _meet(a, float(s), b, start):
        return float(s), start
    s, _ = project_to_lane(b, a.centre[-1, :2])
    if float(s) < lane_length(b) - JOIN_M and _meet(a, end, b, float(s)):
        return end, float(s)
    return None


def _meet(a: Lane, s_a: float, b: Lane, s_b: float) -> bool:
    p, heading = lane_point(a, s_a)
    q, other = lane_point(b, s_b)
    near = float(np.hypot(*(p - q)[:2])) < JOIN_M and abs(float(p[2] - q[2])) < _JOIN_RISE_M
    return near and abs(float(wrap_angle(heading - other))) < JOIN_RAD


def turn_of(lane: Lane) -> float:
    """Return by how much a lane turns from its start to its end, in rad; positive to the left."""
    step = np.diff(lane.centre[:, :2], axis=0)
    heading = np.unwrap(np.arctan2(step[:, 1], step[:, 0]))
    return float(heading[-1] - heading[0])


def onward(network: RoadNetwork, lane: Lane, length_m: float = ONWARD_M) -> Lane:
    """Return a lane with those that follow it, at every fork the one that turns least.

    Parameters
    ----------
    length_m : float
        How long it may get by going on. A lane without successors comes back as it is.
    """
    ids = [lane.id]
    total = lane_length(lane)
    while total < length_m:
        at = network.lanes[ids[-1]]
        ahead = [
            network.lanes[name]
            for name in at.successors
            if (where := transition(at, network.lanes[name])) is not None
            and where[0] > lane_length(at) - JOIN_M
        ]
        if not ahead:
            break
        best = min(ahead, key=lambda other: (abs(turn_of(other)), other.id))
        ids.append(best.id)
        total += lane_length(best)
    return along(network, ids) if len(ids) > 1 else lane


def along(network: RoadNetwork, ids: Sequence[str]) -> Lane:
    """Return the lanes of a route as one: called as the first, as wide, and without successors.

    Raises
    ------
    InputError
        A lane of the route doesn't lead into the next one.
    """
    lanes = [network.lane(name) for name in ids]
    start = 0.0
    parts: list[F64] = []
    for a, b in pairwise(lanes):
        where = transition(a, b)
        if where is None or where[0] <= start:
            raise InputError(
                f"lane {a.id} doesn't lead into {b.id}, but into"
                f" {', '.join(a.successors) or 'none'}"
            )
        parts.append(_piece(a, start, where[0]))
        start = where[1]
    parts.append(_piece(lanes[-1], start, lane_length(lanes[-1])))
    centre = parts[0]
    for part in parts[1:]:
        apart = np.hypot(*(part[0] - centre[-1])[:2])
        centre = np.concatenate([centre, part[1:] if apart < JOIN_M else part])
    return replace(lanes[0], centre=centre, successors=())


def _piece(lane: Lane, s0: float, s1: float) -> F64:
    """Return a lane's centre line (K, 3) between two stations."""
    s = lane.stations_m
    inner = lane.centre[(s > s0 + 1e-3) & (s < s1 - 1e-3)]
    return np.concatenate([lane_point(lane, s0)[0][None], inner, lane_point(lane, s1)[0][None]])


def route(
    network: RoadNetwork,
    from_lane: str,
    *,
    turns: Sequence[Turn] = (),
    to_lane: str | None = None,
    from_s_m: float = 0.0,
) -> tuple[str, ...]:
    """Return the lanes of a way through a network.

    Parameters
    ----------
    from_lane : str
    turns : sequence of str
        What to do at one fork after the other; after the last one, and where there is nothing
        to choose, the way that turns least is taken.
    to_lane : str, optional
        Where to go by the shortest way instead.
    from_s_m : float
        Station in the first lane from which on it may be left.

    Raises
    ------
    InputError
        There is no such lane, no way there, or no such turn; the message says what there is.
    """
    for name in (from_lane, *([to_lane] if to_lane else [])):
        if name not in network.lanes:
            raise InputError(f"no lane {name!r}; there are {', '.join(sorted(network.lanes))}")
    if to_lane is not None:
        return _shortest(network, from_lane, to_lane, from_s_m)
    ids, start = [from_lane], from_s_m
    left = list(turns)
    while left:
        ways = _ways(network, ids[-1], start)
        if len({kind for kind, _, _ in ways}) > 1:
            wanted = left.pop(0)
            ways = [way for way in ways if way[0] == wanted]
            if not ways:
                raise InputError(f"nothing leads {wanted} from lane {ids[-1]}")
        if not ways:
            none = f"; there is no fork from {from_lane} on: leave that out"
            hint = none if len(left) == len(turns) and from_lane != ids[-1] else ""
            raise InputError(f"lane {ids[-1]} ends before a {left[0]} turn{hint}")
        _, name, start = ways[0]
        if name != ids[-1]:
            ids.append(name)
    return tuple(ids)


def _ways(network: RoadNetwork, name: str, start_m: float) -> list[tuple[Turn, str, float]]:
    """Return what one can do at the first fork of a lane from a station on.

    Each is a turn, a lane and the station in it; going on in the same lane is one, too.
    """
    lane = network.lanes[name]
    exits = []
    for other in lane.successors:
        where = transition(lane, network.lanes[other])
        if where is not None and where[0] > start_m + 1e-6:
            exits.append((where, network.lanes[other]))
    if not exits:
        return []
    first = min(where[0] for where, _ in exits)
    here = [(where, other) for where, other in exits if where[0] < first + JOIN_M]
    ways: list[tuple[Turn, str, float]] = [
        (_kind(other), other.id, where[1])
        for where, other in sorted(here, key=lambda item: (abs(turn_of(item[1])), item[1].id))
    ]
    if first < lane_length(lane) - JOIN_M:
        ways.insert(0, ("straight", name, first))
    return ways


def _kind(lane: Lane) -> Turn:
    turn = turn_of(lane)
    if abs(turn) < TURN_RAD:
        return "straight"
    return "left" if turn > 0 else "right"


def _shortest(network: RoadNetwork, start: str, goal: str, from_s_m: float) -> tuple[str, ...]:
    queue: list[tuple[float, tuple[str, ...], float]] = [(0.0, (start,), from_s_m)]
    seen: set[tuple[str, float]] = set()
    while queue:
        done, ids, at = heappop(queue)
        if ids[-1] == goal:
            return ids
        if (ids[-1], at) in seen:
            continue
        seen.add((ids[-1], at))
        lane = network.lanes[ids[-1]]
        for name in lane.successors:
            where = transition(lane, network.lanes[name])
            if where is not None and where[0] > at:
                heappush(queue, (done + where[0] - at, (*ids, name), where[1]))
    raise InputError(f"no way leads from lane {start} to {goal}")
