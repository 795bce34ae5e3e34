"""What happens in a run that a picture may show: behaviours, sight, and what decides monitors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenegen.monitor import beginnings, first_sights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scenegen.monitor import Verdict
    from scenegen.records import ConcreteScenario, Trajectory
    from scenegen.records.holds import Holds

QUIET = frozenset({"follow_lane", "cruise", "stand", "indicate", "walk_along", "use_phone"})
"""What is nothing to see when it begins or ends."""
_OF_A_ROW = re.compile(r"_\d+$")


@dataclass(frozen=True)
class Event:
    """Something that happens at a row of the trajectory."""

    row: int
    why: str


def decided(verdicts: Iterable[Verdict]) -> tuple[Event, ...]:
    """Return what decides each monitor, broken ones first."""
    known = sorted(verdicts, key=lambda one: one.holds)
    return tuple(
        Event(one.row, f"{one.name} {'holds' if one.holds else 'BROKEN'}")
        for one in known
        if one.row is not None
    )


def sights(concrete: ConcreteScenario, trajectory: Trajectory, camera: str) -> tuple[Event, ...]:
    """Return who comes from behind something into a camera's sight, in order of time."""
    found = first_sights(concrete, trajectory, camera)
    events = (Event(row, f"{name} comes in sight") for name, row in found)
    return tuple(sorted(events, key=lambda event: event.row))


def turns(concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds) -> tuple[Event, ...]:
    """Return where behaviours begin after the start, and where they end, in order of time.

    Of a row, whose bodies do the same, each word's first begin and end.
    """
    begun = [
        Event(one.row, f"begin({of_its_row(one.actor, concrete)}.{one.does})")
        for one in beginnings(concrete, trajectory)
        if one.row and one.does not in QUIET
    ]
    names = {actor.instance_id: of_its_row(actor.name, concrete) for actor in concrete.actors}
    ended = [
        Event(one.row, f"end({names[one.actor]}.{one.does})")
        for one in holds.ended
        if one.row and one.does not in QUIET
    ]
    return tuple(_first_of_each(sorted([*begun, *ended], key=lambda event: event.row)))


def of_its_row(name: str, concrete: ConcreteScenario) -> str:
    """Return an actor's name; of the bodies of a row, that of the first."""
    row = _OF_A_ROW.sub("", name)
    return f"{row}_0" if any(a.name == f"{row}_0" for a in concrete.actors) else name


def _first_of_each(events: Sequence[Event]) -> Iterator[Event]:
    told = set()
    for event in events:
        if event.why not in told:
            told.add(event.why)
            yield event
