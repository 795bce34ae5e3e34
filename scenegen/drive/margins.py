"""How far the ego is from leaving its lane and the road."""

from __future__ import annotations

import numpy as np

from scenegen.annotate.lane_places import strips_of
from scenegen.drive.course import Course
from scenegen.records.base import F64
from scenegen.roads import project_to_lane

DRIVABLE = frozenset({"driving", "shoulder", "parking", "crosswalk"})
"""Kinds of strips on which a vehicle is on the road."""
_AT_ONCE = 256


def lane_margin_m(course: Course) -> float | None:
    """Return the least distance of the ego's sides to the edges of the lane it is in.

    Where its middle is in no lane, that counts from the lane it was in last.
    """
    least, lane = np.inf, None
    wide = float(np.min(course.ego.half_width_m))
    for row, here in enumerate(course.lanes):
        lane = here or lane
        if lane is not None:
            _, aside = project_to_lane(lane, course.ego.middle_m[row])
            least = min(least, 0.5 * lane.width_m - abs(float(aside)) - wide)
    return least if np.isfinite(least) else None


def road_margin_m(course: Course) -> float | None:
    """Return the least distance of the ego's corners to the edge of what can be driven on.

    A corner is as far inside as it is inside the strip that holds it best.
    """
    drivable = [lane for lane in course.network.lanes.values() if lane.kind in DRIVABLE]
    strips = strips_of(drivable)
    if not len(strips.lane):
        return None
    corners = _corners(course)
    least = np.inf
    for start in range(0, len(corners), _AT_ONCE):
        some = corners[start : start + _AT_ONCE]
        along, aside = strips.offsets(some[:, :2])
        beyond = np.maximum(np.maximum(-along, along - strips.length_m), 0.0)
        inside = strips.half_width_m - np.abs(aside) - beyond
        level = np.abs(some[:, 2, None] - strips.height_m) < 3.0
        least = min(least, float(np.where(level, inside, -np.inf).max(axis=1).min()))
    return least if np.isfinite(least) else None


def _corners(course: Course) -> F64:
    """Return the corners (4 T, 3) of the ego at all rows."""
    ego, z = course.ego, course.position_m[:, 2]
    found = []
    for long, wide in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        x, y = long * ego.half_length_m, wide * ego.half_width_m
        at = (ego.x_m + x * ego.cos - y * ego.sin, ego.y_m + x * ego.sin + y * ego.cos)
        found.append(np.column_stack([*at, z]))
    return np.concatenate(found)
