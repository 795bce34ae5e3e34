"""Who is in a field of view, and who is hidden behind others, in many draws."""

from __future__ import annotations

import numpy as np

from scenegen.geometry import Boxes, segments_depth, segments_meet, sight_points, wrap_angle
from scenegen.geometry.rectangles import Rectangles
from scenegen.records.base import F64
from scenegen.sample.eyes import Eye
from scenegen.sample.layout import Layout, Mask, Rows


def in_view(eye: Eye, box: Rectangles) -> Mask:
    """Say in which draws (n,) the middle or a corner of a body is in the field of view."""
    corners = box.corners()
    x = np.concatenate([corners[..., 0], box.x_m[:, None]], axis=-1) - eye.point_m[:, :1]
    y = np.concatenate([corners[..., 1], box.y_m[:, None]], axis=-1) - eye.point_m[:, 1:2]
    aside = np.abs(wrap_angle(np.arctan2(y, x) - eye.yaw_rad[:, None]))
    near = np.hypot(x, y) <= eye.reach_m[:, None]
    return np.asarray((near & (aside <= 0.5 * eye.field_rad[:, None])).any(axis=-1))


def free_lines(eye: Eye, layout: Layout, boxes: Boxes, number: int) -> Mask:
    """Say which lines of sight (10, n) to a body no other body blocks, in each of n draws.

    Bodies are boxes; what holds, or is held with, the eye or what it looks at blocks nothing.
    Ten points of the body are tried: its middle and near its corners, half way up and near the
    top.
    """
    points = _points(layout, boxes.base[number], number)
    clear = np.ones(points.shape[:2], dtype=bool)
    ours = {_root(layout, eye.body), _root(layout, number)}
    for other, body in enumerate(layout.bodies):
        if _root(layout, other) in ours:
            continue
        rows = np.flatnonzero(body.present & _between(eye, boxes.base, number, other))
        if not rows.size:
            continue
        box = boxes[np.full(len(rows), other), rows]
        meets = segments_meet(box, eye.point_m[rows], points[:, rows])
        clear[:, rows] &= ~meets
    return clear


def best_cover(eye: Eye, layout: Layout, boxes: Boxes, number: int) -> tuple[F64, Rows]:
    """Return how deep in other bodies the best line of sight (n,) to a body runs, m, and in whom.

    Positive where it is hidden; negative where a point of it is seen, by how much the nearest body,
    whose number is returned, misses that line.
    """
    points = _points(layout, boxes.base[number], number)
    depth = np.full(points.shape[:2], -np.inf)
    who = np.full(points.shape[:2], -1)
    ours = {_root(layout, eye.body), _root(layout, number)}
    for other, body in enumerate(layout.bodies):
        if _root(layout, other) in ours:
            continue
        here = np.where(body.present, segments_depth(boxes[other], eye.point_m, points), -np.inf)
        who = np.where(here > depth, other, who)
        depth = np.maximum(depth, here)
    worst, rows = depth.argmin(axis=0), np.arange(points.shape[1])
    return depth[worst, rows], who[worst, rows]


def _root(layout: Layout, number: int) -> int:
    return layout.holders(number)[-1] if layout.holders(number) else number


def _points(layout: Layout, box: Rectangles, number: int) -> F64:
    """Return points (10, n, 3) of a body at which sight is tried."""
    low, high = layout.bounds_m[number, :, 0, 2], layout.bounds_m[number, :, 1, 2]
    return sight_points(box, layout.bodies[number].above_m, low, high)


def _between(eye: Eye, boxes: Rectangles, number: int, other: int) -> Mask:
    """Say in which draws (n,) a body's circle comes near the lines from an eye to another's."""
    ex, ey = eye.point_m[:, 0], eye.point_m[:, 1]
    dx, dy = boxes.x_m[number] - ex, boxes.y_m[number] - ey
    ox, oy = boxes.x_m[other] - ex, boxes.y_m[other] - ey
    share = np.clip((ox * dx + oy * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
    apart = np.hypot(ox - share * dx, oy - share * dy)
    radius = boxes.radius_m
    return np.asarray(apart <= radius[other] + radius[number])
