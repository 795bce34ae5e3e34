"""How close things come: the time to collision of moving rectangles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.geometry import yaw_of
from scenegen.records import Actor, ConcreteScenario, Trajectory

F64 = npt.NDArray[np.float64]

_BODY_M = 0.5
"""Width of a body on legs: its bounds also hold swinging arms and the longest stride."""


def time_to_collision(
    trajectory: Trajectory, scenario: ConcreteScenario, first: int, second: int
) -> F64:
    """Return the time (T,) in s until two actors touch if both kept their velocity.

    Exact for rectangles that don't turn: on each of the four edge directions the gap
    closes at a constant speed, so they touch from the latest time at which an axis
    closes to the earliest at which one opens again. ``inf`` where they never touch or
    one of them is not there, 0 where they overlap.

    Parameters
    ----------
    first, second : int
        Instance ids.
    """
    sizes = {a.instance_id: _footprint(a) for a in scenario.actors}
    columns = [trajectory.column(i) for i in (first, second)]
    yaws = [yaw_of(trajectory.quaternion_wxyz[:, c]) for c in columns]
    apart, moving = (
        values[:, columns[1], :2] - values[:, columns[0], :2]
        for values in (trajectory.position_m, trajectory.velocity_mps)
    )
    enter = np.zeros(len(apart))
    leave = np.full(len(apart), np.inf)
    for axis_yaw in (yaws[0], yaws[0] + np.pi / 2, yaws[1], yaws[1] + np.pi / 2):
        axis = np.stack([np.cos(axis_yaw), np.sin(axis_yaw)], axis=-1)
        reach = sum(
            0.5 * sizes[i][0] * np.abs(np.cos(yaw - axis_yaw))
            + 0.5 * sizes[i][1] * np.abs(np.sin(yaw - axis_yaw))
            for i, yaw in zip((first, second), yaws, strict=True)
        )
        distance, speed = (apart * axis).sum(axis=-1), (moving * axis).sum(axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            times = np.stack([(-reach - distance) / speed, (reach - distance) / speed])
        still = np.abs(speed) < 1e-9
        never = still & (np.abs(distance) > reach)
        enter = np.maximum(enter, np.where(still, 0.0, times.min(axis=0)))
        leave = np.minimum(leave, np.where(still, np.inf, times.max(axis=0)))
        leave = np.where(never, -1.0, leave)
    there = trajectory.valid[:, columns[0]] & trajectory.valid[:, columns[1]]
    return np.where(there & (enter <= leave), enter, np.inf)


def _footprint(actor: Actor) -> tuple[float, float]:
    """Return the length and width in m that count as touching."""
    length, width = actor.size_m[:2]
    if actor.category in {"person", "rider"}:
        return (min(length, _BODY_M), min(width, _BODY_M))
    return (length, width)
