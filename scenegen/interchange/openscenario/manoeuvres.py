"""What everybody is to do and when: events that follow one another, beside and over others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree import ElementTree as ET

import numpy as np

from scenegen.interchange.openscenario.actions import Doer, add_action, add_command
from scenegen.interchange.openscenario.conditions import (
    Cast,
    Groups,
    add_trigger,
    both,
    event_state,
    groups_of,
)
from scenegen.records import Actor, Manoeuvre, RoadNetwork, Trigger
from scenegen.records.base import Vec2
from scenegen.records.behaviour import Interrupt
from scenegen.records.triggers import Condition
from scenegen.roads.opendrive.xml import add

_BEGUN = ("runningState", "completeState")


def add_manoeuvres(
    act: ET.Element,
    actors: tuple[Actor, ...],
    network: RoadNetwork,
    height: Callable[[Vec2], float],
) -> None:
    """Add every actor's behaviour and interrupts."""
    names = {actor.instance_id: actor.name for actor in actors}
    cast = Cast(network, names, _events(actors))
    for actor in actors:
        if actor.manoeuvres:
            _Writer(actor, cast, Doer(actor.name, names, height)).write(act)


def maneuver_group(act: ET.Element, actor: Actor) -> ET.Element:
    """Add the group of an actor's maneuvers."""
    group = add(act, "ManeuverGroup", name=f"{actor.name}_group", maximumExecutionCount="1")
    actors = add(group, "Actors", selectTriggeringEntities="false")
    add(actors, "EntityRef", entityRef=actor.name)
    return group


def add_event(maneuver: ET.Element, name: str, priority: str = "override") -> ET.Element:
    """Add an event that happens once."""
    return add(maneuver, "Event", name=name, priority=priority, maximumExecutionCount="1")


def _event_name(actor: Actor, index: int) -> str:
    """Return the name of the event of one of an actor's manoeuvres."""
    return f"{actor.name}_{index}_{actor.manoeuvres[index].action.kind}"


def _events(actors: tuple[Actor, ...]) -> dict[tuple[int, str], tuple[str, str]]:
    """Return the first and the last event of what each actor does, by the language's word."""
    found: dict[tuple[int, str], tuple[str, str]] = {}
    for actor in actors:
        for index, manoeuvre in enumerate(actor.manoeuvres):
            event = _event_name(actor, index)
            done = [(manoeuvre.does, event)]
            done += [(b.does, f"{event}_beside_{k}") for k, b in enumerate(manoeuvre.alongside)]
            for word, name in done:
                key = (actor.instance_id, word)
                first, last = found.get(key, (name, name))
                # Several in a row may be one thing; what comes again later is another.
                follows = index > 0 and last == _event_name(actor, index - 1)
                found[key] = (first, name if follows or first == name else last)
    return found


class _Writer:
    """Writes what one actor does."""

    def __init__(self, actor: Actor, cast: Cast, doer: Doer) -> None:
        self.actor, self.cast, self.doer = actor, cast, doer
        self.speed_mps = float(np.linalg.norm(actor.velocity_mps))

    def write(self, act: ET.Element) -> None:
        group = maneuver_group(act, self.actor)
        index = 0
        if self.actor.behaviour:
            maneuver = add(group, "Maneuver", name=f"{self.actor.name}_behaviour")
            index = self._line(maneuver, self.actor.behaviour, 0, None)
        for number_of, interrupt in enumerate(self.actor.interrupts):
            name = f"{self.actor.name}_interrupt_{number_of}"
            maneuver = add(group, "Maneuver", name=name)
            before = self._groups(interrupt.trigger)
            after = self._line(maneuver, interrupt.manoeuvres, index, before)
            self._back(maneuver, name, interrupt, _event_name(self.actor, after - 1))
            index = after

    def _groups(self, condition: Condition) -> Groups:
        return groups_of(condition, self.actor.instance_id, self.cast)

    def _line(
        self,
        maneuver: ET.Element,
        manoeuvres: Sequence[Manoeuvre],
        index: int,
        opening: Groups | None,
    ) -> int:
        """Add manoeuvres that follow one another; return the number of the one after them.

        Parameters
        ----------
        opening : Groups or None
            What the first of them waits for besides its own condition.
        """
        before: str | None = None
        for manoeuvre in manoeuvres:
            name = _event_name(self.actor, index)
            event = add_event(maneuver, name)
            self.speed_mps = add_action(event, name, manoeuvre.action, self.speed_mps, self.doer)
            start = self._start(manoeuvre.trigger, before, opening)
            add_trigger(event, "StartTrigger", name, start)
            for count, beside in enumerate(manoeuvre.alongside):
                own = f"{name}_beside_{count}"
                parallel = add_event(maneuver, own, "parallel")
                add_action(parallel, own, beside.action, self.speed_mps, self.doer)
                meanwhile = event_state(name, ("runningState",))
                groups = both(meanwhile, self._groups(beside.trigger))
                add_trigger(parallel, "StartTrigger", own, groups)
            before = name
            index += 1
        return index

    def _start(self, condition: Condition, before: str | None, opening: Groups | None) -> Groups:
        at_once = isinstance(condition, Trigger) and condition.kind == "start"
        if before is not None:
            # One after the other, whenever the later one's condition is met.
            if at_once:
                return event_state(before, ("completeState",), condition.delay_s)
            return both(event_state(before, _BEGUN), self._groups(condition))
        if opening is None:
            return self._groups(condition)
        return opening if at_once else both(opening, self._groups(condition))

    def _back(self, maneuver: ET.Element, name: str, interrupt: Interrupt, last: str) -> None:
        """Add the end of an interrupt; that the behaviour goes on then is a custom command."""
        until = interrupt.until
        groups = event_state(last, ("completeState",)) if until is None else self._groups(until)
        event = add_event(maneuver, f"{name}_end")
        back = f"{self.actor.name}_behaviour" if interrupt.gives_back else ""
        add_command(event, f"{name}_back", "resume", back)
        add_trigger(event, "StartTrigger", f"{name}_end", groups)
