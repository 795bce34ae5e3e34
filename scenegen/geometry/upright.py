"""Boxes that stand upright, many pairs at once: whether they overlap, and what they hide.

A rectangle is its middle, its heading and half of its length and width.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry.transforms import Array

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Boxes:
    """Boxes (...,); arrays broadcast against each other.

    Attributes
    ----------
    x_m, y_m : ndarray
        Of the middle.
    cos, sin : ndarray
        Of the heading.
    half_length_m, half_width_m : ndarray
        May be negative where slack is taken off: nothing overlaps these.
    """

    x_m: Array
    y_m: Array
    cos: Array
    sin: Array
    half_length_m: Array
    half_width_m: Array

    @property
    def radius_m(self) -> Array:
        """Of the circle around each."""
        return np.hypot(self.half_length_m, self.half_width_m)

    def __getitem__(self, index: object) -> Boxes:
        """Return some of them."""
        return Boxes(*(array[index] for array in vars(self).values()))

    def corners(self) -> Array:
        """Return the corners (..., 4, 2), in order around."""
        length = np.stack([-1.0 * self.half_length_m, self.half_length_m], axis=-1)[
            ..., [0, 1, 1, 0]
        ]
        width = np.stack([-1.0 * self.half_width_m, self.half_width_m], axis=-1)[..., [0, 0, 1, 1]]
        c, s = self.cos[..., None], self.sin[..., None]
        x = self.x_m[..., None] + c * length - s * width
        y = self.y_m[..., None] + s * length + c * width
        return np.stack([x, y], axis=-1)


def boxes_of(bounds_m: Array, x_m: Array, y_m: Array, yaw_rad: Array, off_m: float = 0.0) -> Boxes:
    """Return what bodies (...,) take up in plan.

    Parameters
    ----------
    bounds_m : ndarray, shape (..., 2, 3)
        Least and greatest body coordinates.
    x_m, y_m, yaw_rad : ndarray, shape (...,)
        Poses of the body frames.
    off_m : float
        Taken off at every side.
    """
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    middle = 0.5 * (bounds_m[..., 0, :2] + bounds_m[..., 1, :2])
    half = 0.5 * (bounds_m[..., 1, :2] - bounds_m[..., 0, :2]) - off_m
    mx, my = middle[..., 0], middle[..., 1]
    return Boxes(x_m + c * mx - s * my, y_m + s * mx + c * my, c, s, half[..., 0], half[..., 1])


def _axes(a: Boxes, b: Boxes) -> list[tuple[Array, Array, Array]]:
    """Return the four axes that can separate two rectangles: x, y, and their half shadows' sum."""
    # Of the heading relative to the other: how far one reaches along the other's sides.
    c, s = np.abs(a.cos * b.cos + a.sin * b.sin), np.abs(a.cos * b.sin - a.sin * b.cos)
    return [
        (a.cos, a.sin, a.half_length_m + b.half_length_m * c + b.half_width_m * s),
        (-a.sin, a.cos, a.half_width_m + b.half_length_m * s + b.half_width_m * c),
        (b.cos, b.sin, b.half_length_m + a.half_length_m * c + a.half_width_m * s),
        (-b.sin, b.cos, b.half_width_m + a.half_length_m * s + a.half_width_m * c),
    ]


def overlaps(a: Boxes, b: Boxes) -> Mask:
    """Say which pairs (...,) share an area; touching is no overlap.

    Two convex shapes are apart if and only if their shadows on the normal of one of their
    edges are (the separating axis theorem).
    """
    dx, dy = b.x_m - a.x_m, b.y_m - a.y_m
    apart = np.zeros(np.shape(dx), dtype=bool)
    for x, y, reach in _axes(a, b):
        apart |= np.abs(dx * x + dy * y) >= reach
    return ~apart


def segments_meet(box: Boxes, low_m: Array, high_m: Array, eye_m: Array, point_m: Array) -> Mask:
    """Say which segments (...,) from eyes to points pass through upright boxes.

    Parameters
    ----------
    box : Boxes, shape (...,)
    low_m, high_m : ndarray, shape (...,)
        Heights of the boxes' bottoms and tops.
    eye_m, point_m : ndarray, shape (..., 3)
        Ends of the segments.
    """
    enter, leave = np.zeros(()), np.ones(())
    c, s = box.cos, box.sin
    ex, ey = eye_m[..., 0] - box.x_m, eye_m[..., 1] - box.y_m
    dx, dy, dz = (point_m[..., k] - eye_m[..., k] for k in range(3))
    middle, half = 0.5 * (low_m + high_m), 0.5 * (high_m - low_m)
    for start, step, reach in (
        (ex * c + ey * s, dx * c + dy * s, box.half_length_m),
        (ey * c - ex * s, dy * c - dx * s, box.half_width_m),
        (eye_m[..., 2] - middle, dz, half),
    ):
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = (-reach - start) / step, (reach - start) / step
        still = step == 0
        within = np.abs(start) < reach
        near = np.where(still, np.where(within, -np.inf, np.inf), np.minimum(a, b))
        far = np.where(still, np.where(within, np.inf, -np.inf), np.maximum(a, b))
        enter, leave = np.maximum(enter, near), np.minimum(leave, far)
    return np.asarray(enter < leave)
