"""Boxes that stand upright, many at once: what they take up, what overlaps, and what they hide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenegen.geometry.rectangles import Mask, Rectangles, overlaps
from scenegen.geometry.transforms import Array


@dataclass(frozen=True)
class Boxes:
    """Upright boxes (...,): rectangles in the plane, and ranges of heights.

    Attributes
    ----------
    base : Rectangles
    low_m, high_m : ndarray
        Heights of bottoms and tops.
    """

    base: Rectangles
    low_m: Array
    high_m: Array

    def __getitem__(self, index: Any) -> Boxes:
        """Return some of them."""
        return Boxes(self.base[index], self.low_m[index], self.high_m[index])


def boxes_of(
    bounds_m: Array, x_m: Array, y_m: Array, z_m: Array, yaw_rad: Array, off_m: float = 0.0
) -> Boxes:
    """Return what bodies (...,) take up.

    Parameters
    ----------
    bounds_m : ndarray, shape (..., 2, 3)
        Least and greatest body coordinates.
    x_m, y_m, z_m, yaw_rad : ndarray, shape (...,)
        Poses of the body frames.
    off_m : float
        Taken off at every side, at the bottom and at the top.
    """
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    middle = 0.5 * (bounds_m[..., 0, :2] + bounds_m[..., 1, :2])
    half = 0.5 * (bounds_m[..., 1, :2] - bounds_m[..., 0, :2]) - off_m
    mx, my = middle[..., 0], middle[..., 1]
    x, y = x_m + c * mx - s * my, y_m + s * mx + c * my
    low, high = z_m + bounds_m[..., 0, 2] + off_m, z_m + bounds_m[..., 1, 2] - off_m
    return Boxes(Rectangles(x, y, c, s, half[..., 0], half[..., 1]), low, high)


def boxes_overlap(a: Boxes, b: Boxes) -> Mask:
    """Say which pairs (...,) share a volume; touching is no overlap."""
    level = np.minimum(a.high_m, b.high_m) > np.maximum(a.low_m, b.low_m)
    return np.asarray(level & overlaps(a.base, b.base))


def segments_meet(box: Boxes, eye_m: Array, point_m: Array) -> Mask:
    """Say which segments (...,) from eyes to points pass through upright boxes.

    Parameters
    ----------
    box : Boxes, shape (...,)
    eye_m, point_m : ndarray, shape (..., 3)
        Ends of the segments.
    """
    enter, leave = np.zeros(()), np.ones(())
    base, c, s = box.base, box.base.cos, box.base.sin
    ex, ey = eye_m[..., 0] - base.x_m, eye_m[..., 1] - base.y_m
    dx, dy, dz = (point_m[..., k] - eye_m[..., k] for k in range(3))
    middle, half = 0.5 * (box.low_m + box.high_m), 0.5 * (box.high_m - box.low_m)
    for start, step, reach in (
        (ex * c + ey * s, dx * c + dy * s, base.half_length_m),
        (ey * c - ex * s, dy * c - dx * s, base.half_width_m),
        (eye_m[..., 2] - middle, dz, half),
    ):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            a, b = (-reach - start) / step, (reach - start) / step
        still = step == 0
        within = np.abs(start) < reach
        near = np.where(still, np.where(within, -np.inf, np.inf), np.minimum(a, b))
        far = np.where(still, np.where(within, np.inf, -np.inf), np.maximum(a, b))
        enter, leave = np.maximum(enter, near), np.minimum(leave, far)
    return np.asarray(enter < leave)


def segments_depth(box: Boxes, eye_m: Array, point_m: Array) -> Array:
    """Return how deep segments (...,) from eyes to points go into upright boxes, m.

    By so much a box could shrink on every side until the segment just touches it; negative where
    the segment misses it, by so much it would have to grow. Along a segment the least distance
    inside of all faces is concave and made of straight pieces, so it is greatest at an end or
    where two of these distances are equal.

    Parameters
    ----------
    box : Boxes, shape (...,)
    eye_m, point_m : ndarray, shape (..., 3)
        Ends of the segments.
    """
    base, c, s = box.base, box.base.cos, box.base.sin
    ex, ey = eye_m[..., 0] - base.x_m, eye_m[..., 1] - base.y_m
    dx, dy, dz = (point_m[..., k] - eye_m[..., k] for k in range(3))
    middle, half = 0.5 * (box.low_m + box.high_m), 0.5 * (box.high_m - box.low_m)
    inside, slope = [], []
    for start, step, reach in (
        (ex * c + ey * s, dx * c + dy * s, base.half_length_m),
        (ey * c - ex * s, dy * c - dx * s, base.half_width_m),
        (eye_m[..., 2] - middle, dz, half),
    ):
        inside += [reach - start, reach + start]
        slope += [-step, step]
    faces, rise = np.broadcast_arrays(np.stack(inside, axis=-1), np.stack(slope, axis=-1))
    one, other = np.triu_indices(len(inside), 1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = (faces[..., other] - faces[..., one]) / (rise[..., one] - rise[..., other])
    share = np.clip(np.nan_to_num(share, posinf=0.0, neginf=0.0), 0.0, 1.0)
    ends = np.broadcast_to(np.array([0.0, 1.0]), (*share.shape[:-1], 2))
    share = np.concatenate([share, ends], axis=-1)
    depth = faces[..., None, :] + rise[..., None, :] * share[..., :, None]
    return np.asarray(depth.min(axis=-1).max(axis=-1))


INSET = 0.9
"""Where on a body sight is tried: so far from its middle towards its corners."""
HEIGHTS = (0.5, 0.95)
"""And at these shares of its height."""


def sight_points(base: Rectangles, ground_m: Array, low_m: Array, high_m: Array) -> Array:
    """Return the ten points (10, n, 3) of bodies (n,) to which lines of sight are tried.

    Their middles and near their corners, half way up and near the top.

    Parameters
    ----------
    base : Rectangles, shape (n,)
    ground_m, low_m, high_m : ndarray, shape (n,)
        Height of the body's frame, and of bottom and top above it.
    """
    corners = np.moveaxis(base.corners(), -2, 0)
    middle = base.middle_m
    plan = np.concatenate([middle[None], middle + INSET * (corners - middle)])
    levels = []
    for share in HEIGHTS:
        z = np.broadcast_to(ground_m + (low_m + share * (high_m - low_m)), plan.shape[:2])
        levels.append(np.concatenate([plan, z[..., None]], axis=-1))
    return np.concatenate(levels)
