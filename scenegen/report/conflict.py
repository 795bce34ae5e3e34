"""How close things come: the time to collision of moving rectangles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.geometry import encounters, yaw_of
from scenegen.records import Actor, ConcreteScenario, Trajectory

F64 = npt.NDArray[np.float64]

_BODY_M = 0.5
"""Width of a body on legs: its bounds also hold swinging arms and the longest stride."""


def time_to_collision(
    trajectory: Trajectory, scenario: ConcreteScenario, first: int, second: int
) -> F64:
    """Return the time (T,) in s until two actors touch if both kept their velocity.

    ``inf`` where they never touch or one of them is not there, 0 where they overlap.

    Parameters
    ----------
    first, second : int
        Instance ids.
    """
    bodies = {a.instance_id: a for a in scenario.actors}
    one, other = (_moving(trajectory, bodies[i]) for i in (first, second))
    there = np.logical_and(*(trajectory.valid[:, trajectory.column(i)] for i in (first, second)))
    return np.where(there, encounters.time_to_collision(one, other), np.inf)


def _moving(trajectory: Trajectory, actor: Actor) -> encounters.Moving:
    """Return the rectangle (T,) of an actor."""
    column = trajectory.column(actor.instance_id)
    yaw = yaw_of(trajectory.quaternion_wxyz[:, column])
    x, y, _ = trajectory.position_m[:, column].T
    vx, vy, _ = trajectory.velocity_mps[:, column].T
    length, width = (np.array(0.5 * size) for size in _footprint(actor))
    return encounters.Moving(x, y, np.cos(yaw), np.sin(yaw), length, width, yaw, vx, vy)


def _footprint(actor: Actor) -> tuple[float, float]:
    """Return the length and width in m that count as touching."""
    length, width = actor.size_m[:2]
    if actor.category in {"person", "rider"}:
        return (min(length, _BODY_M), min(width, _BODY_M))
    return (length, width)
