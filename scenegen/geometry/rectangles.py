"""Turned rectangles in the plane, many pairs at once: whether they overlap, how far they are apart.

By the separating axis theorem: two convex shapes are apart if and only if their shadows on the
normal of one of their edges are (Gottschalk, Lin and Manocha 1996). The compiled loops of
`simulate` go through the same four axes pair by pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from scenegen.geometry.transforms import Array

Mask = npt.NDArray[np.bool_]
Vector = tuple[Array, Array]
"""World x and y (...)."""


@dataclass(frozen=True)
class Rectangles:
    """Rectangles (...,), world frame; arrays broadcast against each other.

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

    def __getitem__(self, index: Any) -> Self:
        """Return some of them."""
        return type(self)(*(array[index] for array in vars(self).values()))

    @property
    def middle_m(self) -> Array:
        """Middles (..., 2)."""
        return np.stack([self.x_m, self.y_m], axis=-1)

    @property
    def radius_m(self) -> Array:
        """Of the circle around each."""
        return np.hypot(self.half_length_m, self.half_width_m)

    @property
    def ahead(self) -> Vector:
        """Unit vectors along the rectangles."""
        return self.cos, self.sin

    @property
    def left(self) -> Vector:
        """Unit vectors to their left."""
        return -self.sin, self.cos

    def corners(self) -> Array:
        """Return the corners (..., 4, 2), in order around: the right rear one comes first."""
        length = np.stack([-1.0 * self.half_length_m, self.half_length_m], axis=-1)[
            ..., [0, 1, 1, 0]
        ]
        width = np.stack([-1.0 * self.half_width_m, self.half_width_m], axis=-1)[..., [0, 0, 1, 1]]
        c, s = self.cos[..., None], self.sin[..., None]
        x = self.x_m[..., None] + c * length - s * width
        y = self.y_m[..., None] + s * length + c * width
        return np.stack([x, y], axis=-1)

    def reach(self, axis: Vector) -> Array:
        """Return how far (...) they reach from their middles along unit vectors."""
        along, across = np.abs(dot(self.ahead, axis)), np.abs(dot(self.left, axis))
        return np.asarray(self.half_length_m * along + self.half_width_m * across)


def dot(a: Vector, b: Vector) -> Array:
    """Return the scalar products (...) of vectors."""
    return np.asarray(a[0] * b[0] + a[1] * b[1])


def between(a: Rectangles, b: Rectangles) -> Vector:
    """Return the vectors from the middles of some to those of others."""
    return b.x_m - a.x_m, b.y_m - a.y_m


def shadows(a: Rectangles, b: Rectangles) -> list[tuple[Vector, Array, Array]]:
    """Return what the shadows of pairs (...) are on each of their four normals.

    Returns
    -------
    list of tuple
        The normal, where b's middle is seen from a's along it, and how far both reach together.
    """
    apart = between(a, b)
    axes = (a.ahead, a.left, b.ahead, b.left)
    return [(axis, dot(apart, axis), a.reach(axis) + b.reach(axis)) for axis in axes]


def overlaps(a: Rectangles, b: Rectangles) -> Mask:
    """Say which pairs (...,) share an area; touching is no overlap."""
    apart: Mask = np.zeros((), dtype=bool)
    for _, middles, reach in shadows(a, b):
        apart = apart | (np.abs(middles) >= reach)
    return ~apart


def gap(a: Rectangles, b: Rectangles) -> Array:
    """Return the free distance (...) in m between two outlines.

    Where they overlap it is negative: the least way that would part them.
    """
    apart = np.full((), -np.inf)
    for _, middles, reach in shadows(a, b):
        apart = np.maximum(apart, np.abs(middles) - reach)
    nearest = np.minimum(_to_corners(a, b), _to_corners(b, a))
    return np.where(apart > 0, nearest, apart)


def _to_corners(a: Rectangles, b: Rectangles) -> Array:
    """Return the distance (...) from rectangles to the nearest corner of others, 0 within."""
    corners = b.corners()
    to = corners[..., 0] - a.x_m[..., None], corners[..., 1] - a.y_m[..., None]
    c, s = a.cos[..., None], a.sin[..., None]
    along = np.abs(dot(to, (c, s))) - a.half_length_m[..., None]
    across = np.abs(dot(to, (-s, c))) - a.half_width_m[..., None]
    away = np.hypot(np.maximum(along, 0.0), np.maximum(across, 0.0))
    return np.asarray(away.min(axis=-1))
