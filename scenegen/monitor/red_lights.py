"""Stop lines on somebody's way: how near it comes to them, and where it drives past at red."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry.stretches import stretches
from scenegen.records import RoadNetwork, SignalState, Trajectory
from scenegen.records.base import F64, Vec3

ASIDE_M = 2.5
"""A line is somebody's where its front passes no farther aside of the line's middle."""
FACING = 0.7
LEVEL_M = 3.0
_RED = (SignalState.RED, SignalState.RED_AMBER)


@dataclass(frozen=True)
class Fronts:
    """Where the middle of somebody's front is, row by row.

    Attributes
    ----------
    at_m : ndarray, shape (T, 2)
    yaw_rad : ndarray, shape (T,)
        Which way it looks.
    height_m : ndarray, shape (T,)
        Of the ground below it.
    """

    at_m: F64
    yaw_rad: F64
    height_m: F64

    def to_line(self, point_m: Vec3, yaw_rad: float) -> tuple[F64, npt.NDArray[np.bool_]]:
        """Return how far (T,) it is to a line, and when (T,) the line is on its way."""
        to = np.array(point_m[:2]) - self.at_m
        cos, sin = np.cos(yaw_rad), np.sin(yaw_rad)
        ahead, aside = to[:, 0] * cos + to[:, 1] * sin, to[:, 1] * cos - to[:, 0] * sin
        level = np.abs(self.height_m - point_m[2]) < LEVEL_M
        facing = np.cos(self.yaw_rad - yaw_rad) > FACING
        return ahead, (np.abs(aside) < ASIDE_M) & facing & level


def at_red(
    network: RoadNetwork, trajectory: Trajectory, fronts: Fronts
) -> Iterator[tuple[F64, int]]:
    """Yield how far somebody's front is before each stop line while it is red there.

    Who is past the line when it turns red goes on, and isn't asked.

    Yields
    ------
    ahead_m : ndarray, shape (R,)
        In the rows of one stretch of red, negative beyond the line; ``inf`` where the line
        isn't on its way.
    start : int
        The first of these rows.
    """
    for number, head in enumerate(network.signals):
        if head.kind == "walk":
            continue
        red = np.isin(trajectory.signal_states[:, number], _RED)
        ahead, mine = fronts.to_line(head.stop_point_m, head.yaw_rad + np.pi)
        for start, end in stretches(red):
            if mine[start:end].any() and ahead[start] >= 0:
                yield np.where(mine[start:end], ahead[start:end], np.inf), start


def passes_red(network: RoadNetwork, trajectory: Trajectory, fronts: Fronts) -> int | None:
    """Return the first row in which somebody is past a stop line that it passed at red."""
    rows = [
        start + int(np.argmax(ahead < 0))
        for ahead, start in at_red(network, trajectory, fronts)
        if (ahead < 0).any()
    ]
    return min(rows, default=None)
