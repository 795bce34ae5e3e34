"""When the behaviours of a run began, how often, and which never did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import Actor, ConcreteScenario, Trajectory
from scenegen.records.triggers import AllOf, AnyOf, Condition, OnAction


@dataclass(frozen=True)
class Beginning:
    """An entry of an actor's behaviour.

    Attributes
    ----------
    actor, does : str
        Who, and its word in the language; of what runs in `parallel`, the word of the first.
    row : int or None
        Row of the trajectory in which it began; None if it never did.
    trigger : Condition
        What starts it.
    follows : str
        The word of the entry before it, once which has begun its trigger counts; "" for none.
    """

    actor: str
    does: str
    row: int | None
    trigger: Condition
    follows: str = ""

    def __str__(self) -> str:
        return f"{self.actor}.{self.does}"


def beginnings(concrete: ConcreteScenario, trajectory: Trajectory) -> tuple[Beginning, ...]:
    """Return when every entry of every actor's behaviour began first.

    An entry that the next one overtook within a control step began with that one.

    Parameters
    ----------
    concrete : ConcreteScenario
    trajectory : Trajectory
        Of that scene, whose `manoeuvre` counts as `Actor.manoeuvres` does.

    Returns
    -------
    tuple of Beginning
        By actor, in the order of their behaviour, what interrupts it last.
    """
    return tuple(
        beginning
        for k, actor in enumerate(concrete.actors)
        for beginning in _of(actor, trajectory.manoeuvre[:, k])
    )


def never_begun(concrete: ConcreteScenario, trajectory: Trajectory) -> tuple[str, ...]:
    """Return ``first: dart_out`` for every entry of an actor's behaviour that never began."""
    found = beginnings(concrete, trajectory)
    return tuple(f"{one.actor}: {one.does}" for one in found if one.row is None)


def times_begun(concrete: ConcreteScenario, trajectory: Trajectory) -> dict[tuple[str, str], int]:
    """Return how often the words of actors' behaviours began, by actor and word.

    An interrupt begins whenever it takes over; what goes on after it doesn't begin anew.
    """
    return {
        (actor.name, word): times
        for k, actor in enumerate(concrete.actors)
        for word, times in _times(actor, trajectory.manoeuvre[:, k]).items()
    }


def begun_again(concrete: ConcreteScenario, trajectory: Trajectory) -> tuple[tuple[str, str], ...]:
    """Return actor and word of what began more than once though somebody waits for it.

    A condition that asks when an actor does or ends something means the first time.
    """
    names = {actor.instance_id: actor.name for actor in concrete.actors}
    asked = {
        (names[condition.actor], condition.does)
        for actor in concrete.actors
        for outer in _conditions(actor)
        for condition in _leaves(outer)
        if isinstance(condition, OnAction)
    }
    return tuple(
        (who, word)
        for (who, word), times in times_begun(concrete, trajectory).items()
        if times > 1 and (who, word) in asked
    )


def _conditions(actor: Actor) -> Iterator[Condition]:
    """Yield what starts an actor's manoeuvres and interrupts, and ends these."""
    yield from (manoeuvre.trigger for manoeuvre in actor.manoeuvres)
    for interrupt in actor.interrupts:
        yield interrupt.trigger
        if interrupt.until is not None:
            yield interrupt.until


def _leaves(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllOf | AnyOf):
        for inner in condition.conditions:
            yield from _leaves(inner)
    else:
        yield condition


def _times(actor: Actor, running: npt.NDArray[np.int16]) -> Counter[str]:
    """Return how often each word of an actor began, whose manoeuvres ran one after the other."""
    count, manoeuvres = len(actor.behaviour), actor.manoeuvres
    entries = [(one.entry, one.does) for one in manoeuvres]
    last = int(np.where(running < count, running, -1).max(initial=-1))
    times = Counter(does for _, does in dict.fromkeys(entries[: last + 1]))
    before: tuple[int, str] | None = None
    for number in running[np.insert(np.diff(running) != 0, 0, True)].tolist():
        entry = entries[number] if number >= 0 else None
        if number >= count and entry is not None and entry != before:
            times[entry[1]] += 1
        before = entry
    return times


def _of(actor: Actor, running: np.ndarray[tuple[int], np.dtype[np.int16]]) -> list[Beginning]:
    """Return the beginnings of one actor, whose manoeuvres ran one after the other (T,)."""
    count = len(actor.behaviour)
    own = np.where(running < count, running, -1)
    rows: dict[tuple[int, str], int | None] = {}
    first: dict[tuple[int, str], int] = {}
    for number, manoeuvre in enumerate(actor.manoeuvres):
        met = own >= number if number < count else running == number
        row = int(np.argmax(met)) if met.any() else None
        entry = (manoeuvre.entry, manoeuvre.does)
        before = rows.get(entry)
        rows[entry] = row if before is None else before
        first.setdefault(entry, number)
    found = []
    for entry, row in rows.items():
        number, does = first[entry], entry[1]
        follows = actor.behaviour[number - 1].does if 0 < number < count else ""
        trigger = _trigger(actor, number)
        if does:
            found.append(Beginning(actor.name, does, row, trigger, follows))
    return found


def _trigger(actor: Actor, number: int) -> Condition:
    """Return what starts a manoeuvre; of the first of an interrupt, what interrupts."""
    at = len(actor.behaviour)
    for interrupt in actor.interrupts:
        if number == at:
            return interrupt.trigger
        at += len(interrupt.manoeuvres)
    return actor.manoeuvres[number].trigger
