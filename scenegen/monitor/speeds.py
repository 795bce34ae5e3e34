"""Who never got as fast as their behaviour wanted, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scenegen.records import Actor, ConcreteScenario, Drive, Pace, Trajectory
from scenegen.records.holds import Hold, Holds

KMH = 3.6
LEAST_S = 4.0
"""Who has less time for it isn't told of."""
SHORT_MPS, SHORT_SHARE = 0.5, 0.05
"""By so much, or such a share of it, a speed may be missed."""
FREE_SHARE = 0.8
"""Who is held up for more of the time than the rest knows why."""


@dataclass(frozen=True)
class Shortfall:
    """A speed that was never had.

    Attributes
    ----------
    actor, does : str
        Who, and in which behaviour, by its word in the language.
    wanted_mps, had_mps : float
    top_mps : float
        What its engine can do on a level road.
    """

    actor: str
    does: str
    wanted_mps: float
    had_mps: float
    top_mps: float

    @property
    def why(self) -> str:
        """Return what to know about it."""
        had = f"{self.had_mps * KMH:.0f} km/h at most"
        if self.wanted_mps > self.top_mps:
            return f"{had}; its engine can do {self.top_mps * KMH:.0f} km/h"
        return f"{had}; it gains speed slowly near the one it wants: let it start with that speed"


def shortfalls(
    concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds
) -> Iterator[Shortfall]:
    """Yield the behaviours of a run whose speed was never had though nobody was in the way."""
    for k, actor in enumerate(concrete.actors):
        top = np.inf if holds.top_mps is None else float(holds.top_mps[k])
        column = trajectory.column(actor.instance_id)
        speed = np.linalg.norm(trajectory.velocity_mps[:, column], axis=1)
        for number, does, wanted in _wanted(actor):
            rows = np.flatnonzero(trajectory.manoeuvre[:, k] == number)
            if not len(rows):
                continue
            had = float(speed[rows].max())
            lasts = float(trajectory.time_s[rows[-1]] - trajectory.time_s[rows[0]])
            free = float((holds.kind[rows[1:], k] == Hold.NONE).mean()) if len(rows) > 1 else 0.0
            missed = had < wanted - max(SHORT_MPS, SHORT_SHARE * wanted)
            if missed and (wanted > top or (lasts >= LEAST_S and free >= FREE_SHARE)):
                yield Shortfall(actor.name, does, wanted, had, top)


def _wanted(actor: Actor) -> Iterator[tuple[int, str, float]]:
    """Yield which manoeuvres of an actor want which speed."""
    for number, one in enumerate(actor.manoeuvres):
        action = one.action
        if isinstance(action, Pace) or (isinstance(action, Drive) and not action.backward):
            yield number, one.does, action.speed_mps
