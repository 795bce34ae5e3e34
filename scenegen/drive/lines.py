"""Lines at which the ego has to stop: at red, and at stop signs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.drive.course import Course
from scenegen.geometry.stretches import stretches
from scenegen.records import SignalState
from scenegen.records.base import F64, Vec3

ASIDE_M = 2.5
"""A line is the ego's where its front passes no farther aside of the line's middle."""
FACING = 0.7
BEFORE_M = 6.0
"""A stop counts within so much before the line."""
STOPPED_MPS = 0.5
_RED = (SignalState.RED, SignalState.RED_AMBER)


def red_light_m(course: Course) -> float | None:
    """Return the least distance of the ego's front to a stop line while it is red there.

    Where it passes at red it is negative: how far it went on, up to the ego's length. Who is
    past the line when it turns red goes on.
    """
    least = np.inf
    length = course.scenario.ego.size_m[0]
    for number, head in enumerate(course.network.signals):
        if head.kind == "walk":
            continue
        red = np.isin(course.trajectory.signal_states[:, number], _RED)
        ahead, mine = _distance(course, head.stop_point_m, head.yaw_rad + np.pi)
        for start, end in stretches(red):
            if not mine[start:end].any() or ahead[start] < 0:
                continue
            asked = np.where(mine[start:end], ahead[start:end], np.inf)
            least = min(least, max(float(asked.min()), -length))
    return least if np.isfinite(least) else None


def stop_line_mps(course: Course) -> float | None:
    """Return 0.5 m/s less the least speed before any stop line that the ego passed."""
    found = []
    for line in course.network.yields:
        if line.kind != "stop":
            continue
        ahead, mine = _distance(course, line.point_m, line.yaw_rad)
        passed = np.flatnonzero((ahead[:-1] >= 0) & (ahead[1:] < 0) & mine[1:])
        for row in passed.tolist():
            near = (ahead[: row + 1] < BEFORE_M) & mine[: row + 1]
            found.append(STOPPED_MPS - float(course.speed_mps[: row + 1][near].min(initial=99.0)))
    return min(found) if found else None


def _distance(course: Course, point_m: Vec3, yaw_rad: float) -> tuple[F64, npt.NDArray[np.bool_]]:
    """Return how far (T,) it is from the ego's front to a line, and when the line is the ego's."""
    to = np.array(point_m[:2]) - course.front_m
    cos, sin = np.cos(yaw_rad), np.sin(yaw_rad)
    ahead, aside = to[:, 0] * cos + to[:, 1] * sin, to[:, 1] * cos - to[:, 0] * sin
    level = np.abs(course.position_m[:, 2] - point_m[2]) < 3.0
    return ahead, (np.abs(aside) < ASIDE_M) & (np.cos(course.yaw_rad - yaw_rad) > FACING) & level
