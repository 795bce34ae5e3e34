"""What an environment pays for a step, and when it ends an episode: plain functions of states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scenegen.drive.episode import Episode
from scenegen.drive.state import State


@dataclass(frozen=True)
class Step:
    """A decision and what it led to."""

    episode: Episode
    before: State
    after: State


Reward = Callable[[Step], float]
Ending = Callable[[Step], str | None]
"""Returns why an episode is over, or None."""

COLLISION = -10.0
STRAYED_M = 6.0
"""Who is so far from the scenario's way has left it."""


def progress(step: Step) -> float:
    """Return 1 for each second at the speed of the start or above, less for slower ones.

    A collision costs `COLLISION`.
    """
    start = max(float(np.linalg.norm(step.episode.scenario.ego.velocity_mps)), 5.0)
    seconds = step.after.time_s - step.before.time_s
    pay = min(max(step.after.speed_mps, 0.0) / start, 1.0) * seconds
    return pay + (COLLISION if step.after.touched else 0.0)


def no_collision(step: Step) -> float:
    """Return -1 for a step with a collision, else 0."""
    return -1.0 if step.after.touched else 0.0


def collision(step: Step) -> str | None:
    """End at the ego's first contact."""
    return "collision" if step.after.touched else None


def strayed(step: Step) -> str | None:
    """End where the ego is far from its way."""
    route = step.after.route
    return "strayed" if route is not None and abs(route.offset_m) > STRAYED_M else None


REWARDS: dict[str, Reward] = {"progress": progress, "no_collision": no_collision}
ENDINGS: dict[str, Ending] = {"collision": collision, "strayed": strayed}
