"""Conditions in the words of the language, for people who wonder why they weren't met."""

from __future__ import annotations

from collections.abc import Callable

from scenegen.records import (
    AllOf,
    AnyOf,
    ConcreteScenario,
    Condition,
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

KMH = 3.6
LONGER_S = 1e5
"""What waits for somebody who isn't there waits for a time beyond this."""


def told(condition: Condition, concrete: ConcreteScenario) -> str:
    """Return such as ``distance 4 m to ego`` or ``ends cut_in of moto``."""
    named = {actor.instance_id: actor.name for actor in concrete.actors}

    def name(instance_id: int | None) -> str:
        return "itself" if instance_id is None else named[instance_id]

    text = _told(condition, name)
    return f"{text}, {condition.delay_s:.3g} s after that" if condition.delay_s else text


def _told(  # noqa: PLR0911 - one for each kind
    condition: Condition, name: Callable[[int | None], str]
) -> str:
    match condition:
        case Trigger():
            return _plain(condition, name)
        case OnSignal():
            states = " or ".join(SignalState(state).name.lower() for state in condition.states)
            return f"signal {condition.group} {states}"
        case OnAction():
            word = "ends" if condition.phase == "ends" else "does"
            return f"{word} {condition.does} of {name(condition.actor)}"
        case OnSpeed():
            bound = "below" if condition.at_least_mps is None else "above"
            speed = condition.at_most_mps if bound == "below" else condition.at_least_mps
            return f"speed of {name(condition.actor)} {bound} {(speed or 0.0) * KMH:.3g} km/h"
        case OnPlace():
            return f"{name(condition.actor)} past its place (at_s)"
        case OnAhead():
            return f"ahead_of {name(condition.actor)} by {condition.by_m:.3g} m"
        case OnHeadway():
            return f"headway {condition.time_s:.3g} s to {name(condition.actor)}"
        case OnGapAhead():
            return f"gap_ahead {condition.by_m:.3g} m to {name(condition.actor)}"
        case OnRoom():
            return f"room of {condition.time_s:.3g} s in the other lane"
        case AllOf():
            return " and ".join(_told(part, name) for part in condition.conditions)
        case AnyOf():
            return " or ".join(_told(part, name) for part in condition.conditions)


def _plain(trigger: Trigger, name: Callable[[int | None], str]) -> str:
    """Return a plain condition; the value of a time to collision or gap is in s."""
    if trigger.kind == "start":
        return "the end of what comes before"
    if trigger.kind == "time":
        late = trigger.value > LONGER_S
        return "somebody who isn't there" if late else f"time {trigger.value:.3g} s"
    if trigger.kind == "distance":
        return f"distance {trigger.value:.3g} m to {name(trigger.actor)}"
    word = "ttc" if trigger.kind == "ttc" else "gap"
    return f"{word} {trigger.value:.3g} s to {name(trigger.actor)}"
