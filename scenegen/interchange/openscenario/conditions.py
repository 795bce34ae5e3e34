"""What starts a manoeuvre, as OpenSCENARIO's triggers.

A trigger holds if one of its groups does, a group if all of its conditions do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from scenegen.records import Actor, Trigger
from scenegen.roads.opendrive.xml import add, number


@dataclass(frozen=True)
class Waiting:
    """Whose event waits, and for what.

    Attributes
    ----------
    event : str
        Name of the event.
    actor : Actor
    before : str or None
        Name of the actor's event before it.
    names : mapping of int to str
        Of entities, by instance id.
    """

    event: str
    actor: Actor
    before: str | None
    names: Mapping[int, str]


def add_start(event: ET.Element, trigger: Trigger, waiting: Waiting) -> None:
    """Add the trigger of an event."""
    start = add(event, "StartTrigger")
    if waiting.before is None:
        _add(add(start, "ConditionGroup"), trigger, waiting)
    elif trigger.kind == "start":
        group = add(start, "ConditionGroup")
        _state(group, waiting, waiting.before, "completeState")
    else:
        # An actor's manoeuvres follow one another, whenever the later one's own condition is met.
        for state in ("runningState", "completeState"):
            group = add(start, "ConditionGroup")
            _state(group, waiting, waiting.before, state)
            _add(group, trigger, waiting)


def add_time(parent: ET.Element, name: str, time_s: float) -> None:
    """Add a condition that holds from a time on."""
    condition = _condition(parent, name)
    value = add(condition, "ByValueCondition")
    add(value, "SimulationTimeCondition", value=number(time_s), rule="greaterOrEqual")


def _add(group: ET.Element, trigger: Trigger, waiting: Waiting) -> None:
    name = f"{waiting.event}_{trigger.kind}"
    if trigger.kind in {"start", "time"}:
        add_time(group, name, trigger.value)
        return
    assert trigger.actor is not None
    other = waiting.names[trigger.actor]
    if trigger.kind == "distance":
        add(
            _by_entity(group, name, waiting.actor.name),
            "RelativeDistanceCondition",
            entityRef=other,
            relativeDistanceType="euclidianDistance",
            coordinateSystem="entity",
            freespace="false",
            value=number(trigger.value),
            rule="lessOrEqual",
        )
    elif trigger.kind == "ttc":
        collision = add(
            _by_entity(group, name, waiting.actor.name),
            "TimeToCollisionCondition",
            freespace="false",
            relativeDistanceType="euclidianDistance",
            coordinateSystem="entity",
            value=number(trigger.value),
            rule="lessOrEqual",
        )
        add(add(collision, "TimeToCollisionConditionTarget"), "EntityRef", entityRef=other)
    else:
        # The other one's headway to this actor: when it will be abreast.
        add(
            _by_entity(group, name, other),
            "TimeHeadwayCondition",
            entityRef=waiting.actor.name,
            relativeDistanceType="longitudinal",
            coordinateSystem="entity",
            freespace="false",
            value=number(trigger.value),
            rule="lessOrEqual",
        )


def _condition(parent: ET.Element, name: str) -> ET.Element:
    return add(parent, "Condition", name=name, delay="0", conditionEdge="none")


def _by_entity(group: ET.Element, name: str, entity: str) -> ET.Element:
    by_entity = add(_condition(group, name), "ByEntityCondition")
    entities = add(by_entity, "TriggeringEntities", triggeringEntitiesRule="any")
    add(entities, "EntityRef", entityRef=entity)
    return add(by_entity, "EntityCondition")


def _state(group: ET.Element, waiting: Waiting, event: str, state: str) -> None:
    condition = _condition(group, f"{waiting.event}_after")
    add(
        add(condition, "ByValueCondition"),
        "StoryboardElementStateCondition",
        storyboardElementRef=event,
        storyboardElementType="event",
        state=state,
    )
