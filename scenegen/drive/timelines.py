"""What criteria ask, row by row: for charts and logs of an episode."""

from __future__ import annotations

import numpy as np

from scenegen.drive.course import Course
from scenegen.drive.margins import lane_margins_m
from scenegen.geometry import encounters
from scenegen.geometry.rectangles import between, gap
from scenegen.records.base import F64

MOVING_MPS = 0.5
"""Nobody slower has a time headway."""


def timelines(course: Course) -> dict[str, F64]:
    """Return by name what an episode was like at each row (T,); inf where there is nothing."""
    gaps, times = nearest(course)
    return {
        "speed_mps": course.speed_mps,
        "gap_m": gaps,
        "ttc_s": times,
        "headway_s": headways_s(course),
        "lane_m": lane_margins_m(course),
        "below_limit_mps": below_limit_mps(course),
    }


def nearest(course: Course) -> tuple[F64, F64]:
    """Return the least gap (T,), m, and time to collision (T,), s, over all others."""
    size = len(course.trajectory.step)
    gaps, times = np.full(size, np.inf), np.full(size, np.inf)
    for k in course.others:
        other, level = course.bodies[k], course.level[k]
        gaps = np.minimum(gaps, np.where(level, gap(course.ego, other), np.inf))
        until = encounters.time_to_collision(course.ego, other)
        times = np.minimum(times, np.where(level, until, np.inf))
    return gaps, times


def headways_s(course: Course) -> F64:
    """Return the least time headway (T,) to those that the ego would meet straight ahead."""
    least = np.full(len(course.trajectory.step), np.inf)
    moving = course.speed_mps > MOVING_MPS
    for k in course.others:
        other = course.bodies[k]
        dx, dy = between(course.ego, other)
        aside = np.abs(dy * course.ego.cos - dx * course.ego.sin)
        room = course.ego.half_width_m + other.reach((-course.ego.sin, course.ego.cos))
        ahead = encounters.gap_ahead(course.ego, other) > -np.asarray(course.ego.half_length_m)
        asked = (aside < room) & ahead & moving & course.level[k]
        times = encounters.time_headway(course.ego, other)
        least = np.minimum(least, np.where(asked, times, np.inf))
    return least


def below_limit_mps(course: Course) -> F64:
    """Return how far below its lane's limit (T,) the ego is; inf where it is in none."""
    limits = [np.inf if lane is None else lane.speed_limit_mps for lane in course.lanes]
    return np.asarray(np.array(limits) - course.speed_mps)
