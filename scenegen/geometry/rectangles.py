"""What upright bodies are to each other in the plane: distances, gaps, times to collision.

A body is the rectangle under its box. Every function takes many pairs at once: the draws
of a sampler or the steps of a trajectory, whatever the leading shape (...) of the arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.geometry.transforms import Array, wrap_angle

STILL_MPS = 1e-9
"""Relative speed below which two bodies count as at rest to each other."""

_CORNERS = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])


@dataclass(frozen=True)
class Rectangles:
    """Bodies seen from above, world frame.

    Attributes
    ----------
    middle_m : ndarray, shape (..., 2)
    yaw_rad : ndarray, shape (...)
    velocity_mps : ndarray, shape (..., 2)
        Of the middle, in world axes.
    half_m : ndarray, shape (..., 2)
        Half the length and half the width.
    """

    middle_m: Array
    yaw_rad: Array
    velocity_mps: Array
    half_m: Array

    @property
    def ahead(self) -> Array:
        """Unit vectors (..., 2) along the bodies."""
        return np.stack([np.cos(self.yaw_rad), np.sin(self.yaw_rad)], axis=-1)

    @property
    def left(self) -> Array:
        """Unit vectors (..., 2) to the left of the bodies."""
        return np.stack([-np.sin(self.yaw_rad), np.cos(self.yaw_rad)], axis=-1)

    @property
    def corners(self) -> Array:
        """Corners (..., 4, 2) in order around each rectangle."""
        reach = self.half_m[..., None, :] * _CORNERS
        along = reach[..., :1] * self.ahead[..., None, :]
        across = reach[..., 1:] * self.left[..., None, :]
        return np.asarray(self.middle_m[..., None, :] + along + across)

    def reach(self, axis: Array) -> Array:
        """Return how far (...) the bodies reach from their middles along unit vectors (..., 2)."""
        along, across = np.abs(_dot(self.ahead, axis)), np.abs(_dot(self.left, axis))
        return np.asarray(self.half_m[..., 0] * along + self.half_m[..., 1] * across)


def distance(a: Rectangles, b: Rectangles) -> Array:
    """Return the distance (...) in m between the middles of two bodies."""
    apart = b.middle_m - a.middle_m
    return np.asarray(np.hypot(apart[..., 0], apart[..., 1]))


def gap(a: Rectangles, b: Rectangles) -> Array:
    """Return the free distance (...) in m between two outlines.

    Where they overlap it is negative: the least way that would part them (by the
    separating axis theorem).
    """
    apart = np.full(np.shape(_dot(a.ahead, b.ahead)), -np.inf)
    for _, between, reach in _shadows(a, b):
        apart = np.maximum(apart, np.abs(between) - reach)
    nearest = np.minimum(_to_corners(a, b), _to_corners(b, a))
    return np.where(apart > 0, nearest, apart)


def gap_ahead(a: Rectangles, b: Rectangles) -> Array:
    """Return the free distance (...) in m from a's front to b's nearest end, along a's heading.

    Negative where b is not wholly ahead.
    """
    along = _dot(b.middle_m - a.middle_m, a.ahead)
    return np.asarray(along - b.reach(a.ahead) - a.half_m[..., 0])


def time_headway(a: Rectangles, b: Rectangles) -> Array:
    """Return the time (...) in s that a takes, at its speed, for the `gap_ahead` to b.

    0 where they are side by side, ``inf`` where b is wholly behind or a does not go forward.
    """
    ahead, speed = gap_ahead(a, b), _dot(a.velocity_mps, a.ahead)
    behind = ahead + 2 * b.reach(a.ahead) + 2 * a.half_m[..., 0] < 0
    moving = (speed > 0) & ~behind
    time = np.maximum(ahead, 0) / np.where(moving, speed, 1.0)
    return np.where(moving, time, np.inf)


def time_to_collision(a: Rectangles, b: Rectangles) -> Array:
    """Return the time (...) in s to the first touch of two outlines; ``inf`` if there is none.

    Exact for bodies that keep their velocities and headings: their shadows on each of the
    four normals overlap during an interval of time, and they touch when all four do.
    """
    velocity = b.velocity_mps - a.velocity_mps
    shape = np.shape(_dot(a.ahead, b.ahead))
    enter, leave = np.full(shape, -np.inf), np.full(shape, np.inf)
    for axis, between, reach in _shadows(a, b):
        speed = _dot(velocity, axis)
        still = np.abs(speed) < STILL_MPS
        divisor = np.where(still, 1.0, speed)
        first, second = (-reach - between) / divisor, (reach - between) / divisor
        within = np.where(np.abs(between) <= reach, -np.inf, np.inf)
        enter = np.maximum(enter, np.where(still, within, np.minimum(first, second)))
        leave = np.minimum(leave, np.where(still, np.inf, np.maximum(first, second)))
    return np.where((enter <= leave) & (leave >= 0), np.maximum(enter, 0.0), np.inf)


def heading_to(a: Rectangles, b: Rectangles) -> Array:
    """Return the direction (...) in rad of b's middle seen from a: 0 ahead, left positive."""
    apart = b.middle_m - a.middle_m
    return wrap_angle(np.arctan2(apart[..., 1], apart[..., 0]) - a.yaw_rad)


def forward_speed(a: Rectangles) -> Array:
    """Return the speed (...) in m/s along the body; negative in reverse."""
    return _dot(a.velocity_mps, a.ahead)


def _shadows(a: Rectangles, b: Rectangles) -> list[tuple[Array, Array, Array]]:
    """Return each normal, b's middle seen from a's along it, and how far both reach together."""
    apart = b.middle_m - a.middle_m
    axes = (a.ahead, a.left, b.ahead, b.left)
    return [(axis, _dot(apart, axis), a.reach(axis) + b.reach(axis)) for axis in axes]


def _to_corners(a: Rectangles, b: Rectangles) -> Array:
    """Return the distance (...) from rectangles to the nearest corner of others, 0 within."""
    corners = b.corners - a.middle_m[..., None, :]
    along = np.abs(_dot(corners, a.ahead[..., None, :])) - a.half_m[..., None, 0]
    across = np.abs(_dot(corners, a.left[..., None, :])) - a.half_m[..., None, 1]
    away = np.hypot(np.maximum(along, 0.0), np.maximum(across, 0.0))
    return np.asarray(away.min(axis=-1))


def _dot(a: Array, b: Array) -> Array:
    return np.asarray(a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1])
