"""When the behaviours of a run began, and which never did, since their condition was never met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records import Actor, ConcreteScenario, Condition, Trajectory


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
