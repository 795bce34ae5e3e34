"""How close things come: the time to collision of moving rectangles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.assets import footprint
from scenegen.geometry import encounters
from scenegen.records import Trajectory
from scenegen.report.glances import Bodies

F64 = npt.NDArray[np.float64]


def time_to_collision(trajectory: Trajectory, scenario: Bodies, first: int, second: int) -> F64:
    """Return the time (T,) in s until two actors touch if both kept their velocity.

    ``inf`` where they never touch or one of them is not there, 0 where they overlap.

    Parameters
    ----------
    first, second : int
        Instance ids.
    """
    bodies = {a.instance_id: a for a in scenario.actors}
    one, other = (footprint(bodies[i], trajectory) for i in (first, second))
    there = np.logical_and(*(trajectory.valid[:, trajectory.column(i)] for i in (first, second)))
    return np.where(there, encounters.time_to_collision(one, other), np.inf)
