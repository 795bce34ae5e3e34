"""Ways without an aim."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64
from scenegen.sample.paths import Path

STRIDE_M = 0.25
MEMORY_M = 1.5
"""Way over which who wanders forgets how they were turning."""
BEND_1PM = 0.9
"""Standard deviation of how sharply they turn, rad/m."""
HOME = 0.35
"""Share of the radius from which they turn back towards the middle."""


def wander_path(
    position_m: F64,
    yaw_rad: float,
    length_m: float,
    within_m: float,
    generator: np.random.Generator,
) -> Path:
    """Return a way that bends at random and stays near where it begins.

    How sharply it bends is an Ornstein-Uhlenbeck process along the way; towards the edge of
    the circle, a pull to its middle takes over, which is all of it at the edge.

    Parameters
    ----------
    position_m : ndarray, shape (2,)
        Where it begins.
    within_m : float
        Radius of the circle that it doesn't leave.
    """
    here, home, heading, bend = position_m.copy(), position_m, yaw_rad, 0.0
    keep = float(np.exp(-STRIDE_M / MEMORY_M))
    points = [here.copy()]
    for kick in generator.normal(size=int(np.ceil(length_m / STRIDE_M))).tolist():
        bend = keep * bend + BEND_1PM * float(np.sqrt(1.0 - keep * keep)) * kick
        off = here - home
        out = float(np.hypot(off[0], off[1])) / within_m
        pull = min(max((out - HOME) / (1.0 - HOME), 0.0), 1.0)
        back = float(np.arctan2(-off[1], -off[0]))
        turn = (back - heading + np.pi) % (2.0 * np.pi) - np.pi
        heading += (1.0 - pull) * bend * STRIDE_M + pull * np.clip(turn, -1.0, 1.0)
        here = here + STRIDE_M * np.array([np.cos(heading), np.sin(heading)])
        away = here - home
        far = float(np.hypot(away[0], away[1]))
        if far > within_m:
            here = home + away * (within_m / far)
        points.append(here)
    return tuple((x, y) for x, y in np.array(points).tolist())
