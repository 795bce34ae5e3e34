"""What moving bodies are to each other in the plane: distances, headways, times to collision.

A body is the rectangle under its box. Every function takes many pairs at once: the draws
of a sampler or the steps of a trajectory, whatever the leading shape (...) of the arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry.rectangles import Rectangles, Vector, between, dot, shadows
from scenegen.geometry.transforms import Array, wrap_angle

STILL_MPS = 1e-9
"""Relative speed below which two bodies count as at rest to each other."""


@dataclass(frozen=True)
class Moving(Rectangles):
    """Rectangles (...,) that move.

    Attributes
    ----------
    yaw_rad : ndarray
        Heading, whose cosine and sine they have.
    vx_mps, vy_mps : ndarray
        Velocity of the middle, in world axes.
    """

    yaw_rad: Array
    vx_mps: Array
    vy_mps: Array

    @property
    def velocity_mps(self) -> Vector:
        """World components of the velocity."""
        return self.vx_mps, self.vy_mps


def distance(a: Rectangles, b: Rectangles) -> Array:
    """Return the distance (...) in m between the middles of two bodies."""
    return np.asarray(np.hypot(*between(a, b)))


def gap_ahead(a: Rectangles, b: Rectangles) -> Array:
    """Return the free distance (...) in m from a's front to b's nearest end, along a's heading.

    Negative where b is not wholly ahead.
    """
    along = dot(between(a, b), a.ahead)
    return np.asarray(along - b.reach(a.ahead) - a.half_length_m)


def is_behind(a: Moving, b: Moving) -> npt.NDArray[np.bool_]:
    """Return whether b is wholly behind a, along a's heading (...)."""
    return np.asarray(gap_ahead(a, b) + 2 * b.reach(a.ahead) + 2 * a.half_length_m < 0)


def time_headway(a: Moving, b: Moving) -> Array:
    """Return the time (...) in s that a takes, at its speed, for the `gap_ahead` to b.

    0 where they are side by side, ``inf`` where b is wholly behind or a does not go forward.
    """
    ahead, speed = gap_ahead(a, b), forward_speed(a)
    moving = (speed > 0) & ~is_behind(a, b)
    time = np.maximum(ahead, 0) / np.where(moving, speed, 1.0)
    return np.where(moving, time, np.inf)


def time_to_collision(a: Moving, b: Moving) -> Array:
    """Return the time (...) in s to the first touch of two outlines; ``inf`` if there is none.

    Exact for bodies that keep their velocities and headings: their shadows on each of the
    four normals overlap during an interval of time, and they touch when all four do.
    """
    velocity = b.vx_mps - a.vx_mps, b.vy_mps - a.vy_mps
    enter, leave = np.full((), -np.inf), np.full((), np.inf)
    for axis, middles, reach in shadows(a, b):
        speed = dot(velocity, axis)
        still = np.abs(speed) < STILL_MPS
        divisor = np.where(still, 1.0, speed)
        first, second = (-reach - middles) / divisor, (reach - middles) / divisor
        within = np.where(np.abs(middles) <= reach, -np.inf, np.inf)
        enter = np.maximum(enter, np.where(still, within, np.minimum(first, second)))
        leave = np.minimum(leave, np.where(still, np.inf, np.maximum(first, second)))
    return np.where((enter <= leave) & (leave >= 0), np.maximum(enter, 0.0), np.inf)


def heading_to(a: Moving, b: Rectangles) -> Array:
    """Return the direction (...) in rad of b's middle seen from a: 0 ahead, left positive."""
    dx, dy = between(a, b)
    return wrap_angle(np.arctan2(dy, dx) - a.yaw_rad)


def forward_speed(a: Moving) -> Array:
    """Return the speed (...) in m/s along the body; negative in reverse."""
    return dot(a.velocity_mps, a.ahead)
