"""When bodies begin what they do."""

from __future__ import annotations

from math import pi

from scenegen.errors import ScenarioError
from scenegen.records import (
    AllOf,
    AnyOf,
    Condition,
    Lane,
    OnAction,
    OnAhead,
    OnGapAhead,
    OnHeadway,
    OnPlace,
    OnRoom,
    OnSignal,
    OnSpeed,
    SignalState,
    Trigger,
)
from scenegen.roads import lane_length, lane_point
from scenegen.sample.paths import path_beside
from scenegen.sample.placed import Placed
from scenegen.sample.placement import Stage
from scenegen.sample.ranges import shown
from scenegen.scenario.triggers import When
from scenegen.scenario.values import Value

NEVER = Trigger(kind="time", value=1e6)
"""Longer than any scene lasts: what waits for somebody who isn't there."""

BESIDE_M = 2.0
"""How far beside its lane something still passes a place of it."""

STATES = {
    "red": (SignalState.RED,),
    "red_amber": (SignalState.RED_AMBER,),
    "amber": (SignalState.AMBER,),
    "green": (SignalState.GREEN,),
    "flashing": (SignalState.FLASHING_AMBER_ON, SignalState.FLASHING_AMBER_OFF),
    "off": (SignalState.OFF,),
}


def condition_of(when: When, body: Placed, stage: Stage, speed_mps: float = 0.0) -> Condition:
    """Return the condition; names of actors become instance ids.

    Parameters
    ----------
    speed_mps : float
        What the body drives at by then, for the room that it needs.

    Raises
    ------
    ScenarioError
        A value makes no sense here, with its place.
    """
    found = _undelayed(when, body, stage, speed_mps)
    if when.delay is None:
        return found
    delay = stage.values.number(when.delay)
    if delay < 0:
        raise ScenarioError(
            f"{when.delay.name!r} comes to {delay:g} s; it is not below 0", when.delay.place
        )
    return found.model_copy(update={"delay_s": delay})


def _undelayed(  # noqa: PLR0911 - one for each kind
    when: When, body: Placed, stage: Stage, speed_mps: float
) -> Condition:
    values = stage.values
    match when.kind:
        case "start":
            return Trigger()
        case "time":
            return Trigger(kind="time", value=_from_zero(when, "time", stage))
        case "distance" | "ttc" | "gap" as kind:
            other = _id_of(when.to, stage)
            value = _from_zero(when, kind, stage)
            name = "gap_s" if kind == "gap" else kind
            return NEVER if other is None else Trigger(kind=name, value=value, actor=other)
        case "signal":
            return _on_signal(when, stage)
        case "does" | "ends":
            return _on_action(when, body, stage)
        case "speed":
            return _on_speed(when, stage)
        case "at_s":
            return _on_place(when, body, stage)
        case "ahead_of":
            other = _id_of(when.ahead_of or "", stage)
            by = values.number(when.by)
            return NEVER if other is None else OnAhead(actor=other, by_m=by)
        case "headway":
            other = _id_of(when.to, stage)
            time = _from_zero(when, "headway", stage)
            return NEVER if other is None else OnHeadway(actor=other, time_s=time)
        case "gap_ahead":
            other = _id_of(when.to, stage)
            by = _from_zero(when, "gap_ahead", stage)
            return NEVER if other is None else OnGapAhead(actor=other, by_m=by)
        case "room":
            assert when.lane is not None
            lane = stage.lane(when.lane)
            return room_in(lane, body, positive(when, "room", stage), speed_mps)
    parts = tuple(
        condition_of(part, body, stage, speed_mps) for part in (when.all or when.any or ())
    )
    return AllOf(conditions=parts) if when.kind == "all" else AnyOf(conditions=parts)


def room_in(lane: Lane, body: Placed, time_s: float, speed_mps: float) -> OnRoom:
    """Return the condition that nobody in a lane would be met within so long."""
    path = path_beside(lane, body.position_m, body.yaw_rad)
    return OnRoom(path=path, half_m=0.5 * lane.width_m, time_s=time_s, speed_mps=speed_mps)


def positive(when: When, key: str, stage: Stage) -> float:
    """Return a number of a condition that is above 0."""
    value = getattr(when, key)
    number = stage.values.number(value)
    if not number > 0:
        raise ScenarioError(f"{value.name!r} comes to {number:g}; it is above 0", value.place)
    return number


def _from_zero(when: When, key: str, stage: Stage) -> float:
    """Return a number of a condition that isn't below 0."""
    value = getattr(when, key)
    number = stage.values.number(value)
    if number < 0:
        raise ScenarioError(
            f"{value.name!r} comes to {shown(number, value.expects)}; it is 0 or more, since "
            f"{_WHY[key]}",
            value.place,
        )
    return number


_WHY = {
    "time": "time counts from the start of the scene",
    "distance": "nothing is nearer than 0 m",
    "ttc": "it tells how long a collision is ahead",
    "gap": "it tells how long a meeting is ahead",
    "headway": "it tells how long the way to somebody ahead takes",
    "gap_ahead": "it tells how long the free way to somebody ahead is",
}


def _id_of(name: str, stage: Stage) -> int | None:
    """Return the instance id of an actor, of a row's first; None of an empty row."""
    row = stage.groups.get(name)
    return row[0].instance_id if row else None


def _on_signal(when: When, stage: Stage) -> OnSignal:
    assert when.signal is not None
    group, state = stage.values.text(when.signal.of), stage.values.text(when.signal.state)
    there = {head.group for head in stage.network.signals if head.kind != "walk"}
    if group not in there:
        raise ScenarioError(
            f"this road has no signals {group!r}; a road of 'kind: crossing' with 'signals' has,"
            " and a 'level_crossing' has 'major' ones",
            when.signal.of.place,
        )
    return OnSignal(group=group, states=tuple(int(s) for s in STATES[state]))


def _on_action(when: When, body: Placed, stage: Stage) -> Condition:
    other = body.instance_id if when.actor is None else _id_of(when.actor, stage)
    if other is None:
        return NEVER
    starts = when.does is not None
    verb = (when.does if starts else when.ends) or ""
    return OnAction(actor=other, does=verb, phase="starts" if starts else "ends")


def _on_speed(when: When, stage: Stage) -> Condition:
    assert when.speed is not None
    other = None if when.of is None else _id_of(when.of, stage)
    if when.of is not None and other is None:
        return NEVER
    above, below = when.speed.above, when.speed.below
    values = stage.values
    return OnSpeed(
        actor=other,
        at_least_mps=None if above is None else values.number(above),
        at_most_mps=None if below is None else values.number(below),
    )


def _on_place(when: When, body: Placed, stage: Stage) -> Condition:
    """Return the condition that a body passes a place of its, or of another, lane."""
    other = body
    if when.of is not None:
        row = stage.groups.get(when.of)
        if not row:
            return NEVER
        other = row[0]
    assert when.at_s is not None
    line = line_of(when.at_s, when.lane, other, stage)
    return line.model_copy(update={"actor": None if when.of is None else other.instance_id})


def line_of(at_s: Value, lane_name: Value | None, other: Placed, stage: Stage) -> OnPlace:
    """Return the line across a lane that a body passes, at a place that counts as `place.s`.

    Parameters
    ----------
    lane_name : Value or None
        The body's own lane if not given.

    Raises
    ------
    ScenarioError
        The body starts in no lane, or the lane has no such place.
    """
    lane = other.root.lane if lane_name is None else stage.lane(lane_name)
    if lane is None:
        raise ScenarioError(
            f"{other.name!r} starts in no lane: name the 'lane' whose place this is",
            at_s.place,
        )
    s = stage.values.number(at_s)
    along = s if lane.direction > 0 else lane_length(lane) - s
    length = lane_length(lane)
    if not 0.0 <= along <= length:
        raise ScenarioError(
            f"{at_s.name!r} comes to {s:g} m; lane {lane.id!r} is {length:g} m long",
            at_s.place,
        )
    point, heading = lane_point(lane, along)
    against = other.root.lane is lane and other.root.facing < 0
    x, y, _ = point.tolist()
    return OnPlace(
        point_m=(x, y),
        yaw_rad=heading + (pi if against else 0.0),
        half_m=0.5 * lane.width_m + BESIDE_M,
    )
