"""Who was at a place together with another, as it was to be, and who was not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scenegen.records import Actor, ConcreteScenario, Synchronize, Trajectory
from scenegen.records.triggers import OnPlace


@dataclass(frozen=True)
class Meeting:
    """What came of a `Synchronize` that began.

    Attributes
    ----------
    actor, other : str
    own_s, their_s : float or None
        When their middles passed their places after it began; None if they didn't.
    late_s : float or None
        By how much the actor was later than it was to be.
    """

    actor: str
    other: str
    own_s: float | None
    their_s: float | None
    late_s: float | None


def meetings_of(concrete: ConcreteScenario, trajectory: Trajectory) -> tuple[Meeting, ...]:
    """Return the meetings of a run that were begun, by actor and in the order of behaviours."""
    names = {actor.instance_id: actor.name for actor in concrete.actors}
    found = []
    for k, actor in enumerate(concrete.actors):
        for number, action in _asked(actor):
            running = trajectory.manoeuvre[:, k] == number
            if not running.any():
                continue
            begins = int(running.argmax())
            own = _passes(trajectory, actor.instance_id, action.place, begins)
            theirs = _passes(trajectory, action.actor, action.their_place, begins)
            late = None if own is None or theirs is None else own - theirs + action.ahead_s
            found.append(Meeting(actor.name, names[action.actor], own, theirs, late))
    return tuple(found)


def _asked(actor: Actor) -> Iterator[tuple[int, Synchronize]]:
    for number, manoeuvre in enumerate(actor.manoeuvres):
        beside = (one.action for one in manoeuvre.alongside)
        for action in (manoeuvre.action, *beside):
            if isinstance(action, Synchronize):
                yield number, action


def _passes(trajectory: Trajectory, who: int, line: OnPlace, begins: int) -> float | None:
    """Return when a middle passes a line from a row on, s, between steps linearly."""
    middle = trajectory.position_m[begins:, trajectory.column(who), :2] - np.array(line.point_m)
    cos, sin = np.cos(line.yaw_rad), np.sin(line.yaw_rad)
    along = middle @ np.array([cos, sin])
    aside = np.abs(middle @ np.array([-sin, cos]))
    past = (along[:-1] < 0.0) & (along[1:] >= 0.0) & (aside[1:] <= line.half_m)
    if not past.any():
        return None
    row = int(past.argmax())
    part = along[row] / (along[row] - along[row + 1])
    times = trajectory.time_s[begins + row : begins + row + 2]
    return float(times[0] + part * (times[1] - times[0]))
