"""When the ego and somebody who moves are nearest to each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.assets import footprint
from scenegen.geometry.rectangles import gap
from scenegen.records import Actor, ConcreteScenario, Trajectory

MOVES_M = 1.0
"""Who comes no farther in the whole run only stands there."""


@dataclass(frozen=True)
class Nearness:
    """The least distance between the outlines of the ego and of somebody else.

    Attributes
    ----------
    actor : int
        Instance id.
    name : str
    row : int
        Of the trajectory, the first of equally near ones.
    gap_m : float
        0 where they overlap.
    """

    actor: int
    name: str
    row: int
    gap_m: float


def nearest_of(concrete: ConcreteScenario, trajectory: Trajectory) -> Nearness | None:
    """Return who comes nearest to the ego, and when; None if nobody else is there.

    Of those who move, if anybody does: the ego passes parked cars more closely than who counts.
    """
    others = [actor for actor in concrete.actors[1:] if actor.attached_to is None]
    asked = [actor for actor in others if _way_m(actor, trajectory) > MOVES_M] or others
    ego, found = footprint(concrete.ego, trajectory), []
    for actor in asked:
        there = trajectory.valid[:, trajectory.column(actor.instance_id)]
        apart = np.where(there, np.maximum(gap(ego, footprint(actor, trajectory)), 0.0), np.inf)
        row = int(apart.argmin())
        if np.isfinite(apart[row]):
            found.append(Nearness(actor.instance_id, actor.name, row, float(apart[row])))
    return min(found, key=lambda one: one.gap_m, default=None)


def _way_m(actor: Actor, trajectory: Trajectory) -> float:
    column = trajectory.column(actor.instance_id)
    way = trajectory.position_m[trajectory.valid[:, column], column, :2]
    return float(np.hypot(*np.ptp(way, axis=0))) if len(way) else 0.0
