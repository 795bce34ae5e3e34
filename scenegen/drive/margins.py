"""How far the ego is from leaving its lane and the road."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.annotate.lane_places import strips_of
from scenegen.drive.course import LEVEL_M, Course
from scenegen.records import RoadNetwork
from scenegen.records.base import F64
from scenegen.roads import project_to_lane

DRIVABLE = frozenset({"driving", "shoulder", "parking", "crosswalk"})
"""Kinds of strips on which a vehicle is on the road."""
PAVED = frozenset({"road", "lane marking"})
"""Semantic classes of surfaces that vehicles drive on."""
EDGE_M2 = 1e-6
_AT_ONCE = 256


def lane_margins_m(course: Course) -> F64:
    """Return the distance (T,) of the ego's sides to the nearer edge of the lane it is in.

    Where its middle is in no lane, that counts from the lane it was in last; before that, inf.
    """
    margins, lane = np.full(len(course.lanes), np.inf), None
    wide = float(np.min(course.ego.half_width_m))
    for row, here in enumerate(course.lanes):
        lane = here or lane
        if lane is not None:
            _, aside = project_to_lane(lane, course.ego.middle_m[row])
            margins[row] = 0.5 * lane.width_m - abs(float(aside)) - wide
    return margins


def road_margin_m(course: Course) -> float | None:
    """Return the least distance of the ego's corners to the edge of what can be driven on.

    A corner is as far inside as it is inside the strip that holds it best; on asphalt that
    belongs to no strip, in the corners of junctions, it is at the edge.
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
        level = np.abs(some[:, 2, None] - strips.height_m) < LEVEL_M
        margin = np.where(level, inside, -np.inf).max(axis=1)
        out = margin < 0
        margin[out] = np.where(paved(course.network, some[out]), 0.0, margin[out])
        least = min(least, float(margin.min()))
    return least if np.isfinite(least) else None


def paved(network: RoadNetwork, points_m: F64) -> npt.NDArray[np.bool_]:
    """Return which points (P, 3) lie above asphalt or paint at their own level."""
    found = np.zeros(len(points_m), dtype=bool)
    for surface in network.surfaces:
        if surface.semantic in PAVED and len(points_m):
            corners = surface.vertices[surface.faces].astype(np.float64)
            for k in np.flatnonzero(~found).tolist():
                found[k] = _within(corners, points_m[k])
    return found


def _within(triangles_m: F64, point_m: F64) -> bool:
    """Return whether a point (3,) lies in one of some triangles (F, 3, 3), seen from above."""
    to = triangles_m[:, :, :2] - point_m[:2]
    after = np.roll(to, -1, axis=1)
    sides = to[..., 0] * after[..., 1] - to[..., 1] * after[..., 0]
    inside = (sides >= -EDGE_M2).all(axis=1) | (sides <= EDGE_M2).all(axis=1)
    level = np.abs(triangles_m[:, :, 2].mean(axis=1) - point_m[2]) < LEVEL_M
    return bool((inside & level).any())


def _corners(course: Course) -> F64:
    """Return the corners (4 T, 3) of the ego at all rows."""
    corners = course.ego.corners()
    z = np.broadcast_to(course.position_m[:, 2, None, None], (*corners.shape[:2], 1))
    return np.concatenate([corners, z], axis=2).reshape(-1, 3)
