"""What starts a manoeuvre, as OpenSCENARIO's triggers.

A trigger holds if one of its groups does, a group if all of its conditions do; so sums of
conditions are written out as alternatives of lists.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from xml.etree import ElementTree as ET

from scenegen.interchange.openscenario.signals import state_name
from scenegen.records import RoadNetwork, SignalState, Trigger
from scenegen.records.triggers import (
    AllOf,
    AnyOf,
    Condition,
    OnAction,
    OnAhead,
    OnGapAhead,
    OnHeadway,
    OnPlace,
    OnRoom,
    OnSignal,
    OnSpeed,
)
from scenegen.roads.opendrive.xml import add, number

ABREAST_M = 1.0
"""How near to a line one has to be along one's way: more than is driven in a step."""
NEVER_S = 1e6

Literal = Callable[[ET.Element, str], None]
"""Adds one condition of a name to a group."""
Groups = list[list[Literal]]
"""Alternatives, each a list of conditions that hold at once."""


@dataclass(frozen=True)
class Cast:
    """Whom and what conditions may speak of.

    Attributes
    ----------
    names : mapping of int to str
        Of entities, by instance id.
    events : mapping of (int, str) to (str, str)
        First and last event of what an actor does, by its id and the language's word.
    """

    network: RoadNetwork
    names: Mapping[int, str]
    events: Mapping[tuple[int, str], tuple[str, str]]


def add_trigger(parent: ET.Element, tag: str, name: str, groups: Groups) -> None:
    """Add a trigger; its conditions are called ``name_0``, ``name_1``, …"""
    trigger = add(parent, tag)
    count = 0
    for group in groups:
        element = add(trigger, "ConditionGroup")
        for literal in group:
            literal(element, f"{name}_{count}")
            count += 1


def both(one: Groups, other: Groups) -> Groups:
    """Return the groups of two triggers that hold at once."""
    return [[*a, *b] for a, b in product(one, other)]


def from_time(time_s: float, delay_s: float = 0.0) -> Groups:
    """Return what holds from a time on."""

    def literal(group: ET.Element, name: str) -> None:
        value = add(_condition(group, name, delay_s), "ByValueCondition")
        add(value, "SimulationTimeCondition", value=number(time_s), rule="greaterOrEqual")

    return [[literal]]


def event_state(event: str, states: Sequence[str], delay_s: float = 0.0) -> Groups:
    """Return what holds while an event is in one of some states."""

    def literal(state: str) -> Literal:
        def write(group: ET.Element, name: str) -> None:
            add(
                add(_condition(group, name, delay_s), "ByValueCondition"),
                "StoryboardElementStateCondition",
                storyboardElementRef=event,
                storyboardElementType="event",
                state=state,
            )

        return write

    return [[literal(state)] for state in states]


def groups_of(  # noqa: PLR0911 - one for each kind of condition
    condition: Condition, own: int, cast: Cast, delay_s: float = 0.0
) -> Groups:
    """Return the groups of a condition that an actor waits for.

    Parameters
    ----------
    own : int
        Instance id of the actor.
    delay_s : float
        Of what the condition is part of.
    """
    delay = delay_s + condition.delay_s
    match condition:
        case AllOf(conditions=parts):
            result: Groups = [[]]
            for part in parts:
                result = both(result, groups_of(part, own, cast, delay))
            return result
        case AnyOf(conditions=parts):
            return [group for part in parts for group in groups_of(part, own, cast, delay)]
        case OnSignal():
            return _signal(condition, cast, delay)
        case OnAction(actor=actor, does=does):
            first, last = cast.events[actor, does]
            if condition.phase == "starts":
                return event_state(first, ("runningState", "completeState"), delay)
            return event_state(last, ("completeState",), delay)
        case OnSpeed():
            return [_speed(condition, cast.names[condition.actor or own], delay)]
        case OnPlace():
            return [_place(condition, cast.names[condition.actor or own], delay)]
        case OnAhead():
            name = f"scenegen.ahead_of.{cast.names[condition.actor]}"
            return [[_own_value(name, condition.by_m, delay)]]
        case OnHeadway() | OnGapAhead():
            return [[_ahead(condition, cast.names[own], cast, delay)]]
        case OnRoom():
            return [[_own_value("scenegen.room_s", condition.time_s, delay)]]
        case Trigger():
            return _plain(condition, own, cast, delay)


def _plain(trigger: Trigger, own: int, cast: Cast, delay_s: float) -> Groups:
    if trigger.kind in {"start", "time"}:
        return from_time(trigger.value, delay_s)
    assert trigger.actor is not None
    me, other = cast.names[own], cast.names[trigger.actor]
    limit = {"freespace": "false", "value": number(trigger.value), "rule": "lessOrEqual"}
    apart = {"relativeDistanceType": "euclidianDistance", "coordinateSystem": "entity"}
    along = {"relativeDistanceType": "longitudinal", "coordinateSystem": "entity"}

    def literal(group: ET.Element, name: str) -> None:
        if trigger.kind == "distance":
            entity = _by_entity(group, name, me, delay_s)
            add(entity, "RelativeDistanceCondition", entityRef=other, **apart, **limit)
        elif trigger.kind == "ttc":
            entity = _by_entity(group, name, me, delay_s)
            collision = add(entity, "TimeToCollisionCondition", **apart, **limit)
            add(add(collision, "TimeToCollisionConditionTarget"), "EntityRef", entityRef=other)
        else:
            # The other one's headway to this actor: when it will be abreast.
            entity = _by_entity(group, name, other, delay_s)
            add(entity, "TimeHeadwayCondition", entityRef=me, **along, **limit)

    return [[literal]]


def _signal(condition: OnSignal, cast: Cast, delay_s: float) -> Groups:
    heads = [
        head.id
        for head in cast.network.signals
        if head.group == condition.group and head.kind != "walk"
    ]
    if not heads:
        return from_time(NEVER_S)

    def literal(state: str) -> Literal:
        def write(group: ET.Element, name: str) -> None:
            value = add(_condition(group, name, delay_s), "ByValueCondition")
            add(value, "TrafficSignalCondition", name=heads[0], state=state)

        return write

    states = dict.fromkeys(state_name(SignalState(state)) for state in condition.states)
    return [[literal(state)] for state in states]


def _speed(condition: OnSpeed, entity: str, delay_s: float) -> list[Literal]:
    def literal(rule: str, value: float) -> Literal:
        def write(group: ET.Element, name: str) -> None:
            where = _by_entity(group, name, entity, delay_s)
            add(where, "SpeedCondition", value=number(value), rule=rule)

        return write

    limits = [
        ("greaterOrEqual", condition.at_least_mps),
        ("lessOrEqual", condition.at_most_mps),
    ]
    return [literal(rule, value) for rule, value in limits if value is not None]


def _place(condition: OnPlace, entity: str, delay_s: float) -> list[Literal]:
    """Return "abreast of the line's middle, no farther aside than the line reaches"."""

    def literal(way: str, value: float) -> Literal:
        def write(group: ET.Element, name: str) -> None:
            distance = add(
                _by_entity(group, name, entity, delay_s),
                "DistanceCondition",
                coordinateSystem="entity",
                relativeDistanceType=way,
                freespace="false",
                value=number(value),
                rule="lessOrEqual",
            )
            x, y = condition.point_m
            position = add(distance, "Position")
            heading = number(math.remainder(condition.yaw_rad, math.tau))
            add(position, "WorldPosition", x=number(x), y=number(y), h=heading)

        return write

    return [literal("longitudinal", ABREAST_M), literal("lateral", condition.half_m)]


def _ahead(condition: OnHeadway | OnGapAhead, entity: str, cast: Cast, delay_s: float) -> Literal:
    """Return a condition on the free way; OpenSCENARIO doesn't say whether it is ahead."""
    if isinstance(condition, OnHeadway):
        word, value = "TimeHeadwayCondition", condition.time_s
    else:
        word, value = "RelativeDistanceCondition", condition.by_m

    def write(group: ET.Element, name: str) -> None:
        add(
            _by_entity(group, name, entity, delay_s),
            word,
            entityRef=cast.names[condition.actor],
            relativeDistanceType="longitudinal",
            coordinateSystem="entity",
            freespace="true",
            value=number(value),
            rule="lessOrEqual",
        )

    return write


def _own_value(what: str, value: float, delay_s: float) -> Literal:
    """Return a condition that OpenSCENARIO has no word for: a value of that name is so large."""

    def write(group: ET.Element, name: str) -> None:
        by_value = add(_condition(group, name, delay_s), "ByValueCondition")
        add(
            by_value,
            "UserDefinedValueCondition",
            name=what,
            value=number(value),
            rule="greaterOrEqual",
        )

    return write


def _condition(parent: ET.Element, name: str, delay_s: float) -> ET.Element:
    return add(parent, "Condition", name=name, delay=number(delay_s), conditionEdge="none")


def _by_entity(group: ET.Element, name: str, entity: str, delay_s: float) -> ET.Element:
    by_entity = add(_condition(group, name, delay_s), "ByEntityCondition")
    entities = add(by_entity, "TriggeringEntities", triggeringEntitiesRule="any")
    add(entities, "EntityRef", entityRef=entity)
    return add(by_entity, "EntityCondition")
