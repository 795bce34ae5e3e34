"""Lines at which the ego has to stop: at red, and at stop signs."""

from __future__ import annotations

import numpy as np

from scenegen.drive.course import Course
from scenegen.monitor import Fronts, at_red

BEFORE_M = 6.0
"""A stop counts within so much before the line."""
STOPPED_MPS = 0.5


def red_light_m(course: Course) -> float | None:
    """Return the least distance of the ego's front to a stop line while it is red there.

    Where it passes at red it is negative: how far it went on, up to the ego's length. Who is
    past the line when it turns red goes on.
    """
    length = course.scenario.ego.size_m[0]
    found = at_red(course.network, course.trajectory, _fronts(course))
    return min((max(float(ahead.min()), -length) for ahead, _ in found), default=None)


def stop_line_mps(course: Course) -> float | None:
    """Return 0.5 m/s less the least speed before any stop line that the ego passed."""
    found = []
    for line in course.network.yields:
        if line.kind != "stop":
            continue
        ahead, mine = _fronts(course).to_line(line.point_m, line.yaw_rad)
        passed = np.flatnonzero((ahead[:-1] >= 0) & (ahead[1:] < 0) & mine[1:])
        for row in passed.tolist():
            near = (ahead[: row + 1] < BEFORE_M) & mine[: row + 1]
            found.append(STOPPED_MPS - float(course.speed_mps[: row + 1][near].min(initial=99.0)))
    return min(found) if found else None


def _fronts(course: Course) -> Fronts:
    return Fronts(course.front_m, course.yaw_rad, course.position_m[:, 2])
