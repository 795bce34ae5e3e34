"""Who could touch whom soon: outlines of bodies and their ways, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry.rectangles import Rectangles
from scenegen.records.base import F64
from scenegen.simulate.jit import compiled

Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Swept(Rectangles):
    """Rectangles (N,) on the ground and their ways until one looks again.

    Attributes
    ----------
    way_x_m, way_y_m : ndarray
        How far each goes, without turning.
    """

    way_x_m: F64
    way_y_m: F64


def swept(middle_m: F64, yaw_rad: F64, half_m: F64, way_m: F64) -> Swept:
    """Return rectangles by middles (N, 2), headings (N,), half sizes (N, 2) and ways (N, 2)."""
    (x, y), (length, width), (way_x, way_y) = middle_m.T, half_m.T, way_m.T
    return Swept(x, y, np.cos(yaw_rad), np.sin(yaw_rad), length, width, way_x, way_y)


def close_pairs(a: Swept, b: Swept, margin_m: F64) -> Pairs:
    """Return the indices of rectangles of `a` and `b` that come close on their ways.

    Two don't if one of the four axes keeps them apart all the time: those who pass each
    other may be fast.

    Parameters
    ----------
    margin_m : ndarray, shape (N, M)
        Gap up to which a pair is close; negative never is.
    """
    return _close(_rows(a), _rows(b), np.ascontiguousarray(margin_m))


def _rows(some: Swept) -> F64:
    """Return middles, headings, half sizes, ways and reaches of rectangles (N, 9)."""
    radius = some.radius_m + np.hypot(some.way_x_m, some.way_y_m)
    return np.stack([*vars(some).values(), radius], axis=1)


@compiled
def _close(a: F64, b: F64, margin_m: F64) -> Pairs:
    found = np.empty((2, len(a) * len(b)), np.int64)
    count = 0
    for i in range(len(a)):
        for j in range(len(b)):
            margin = margin_m[i, j]
            dx, dy = b[j, 0] - a[i, 0], b[j, 1] - a[i, 1]
            reach = a[i, 8] + b[j, 8] + margin
            if margin < 0.0 or dx * dx + dy * dy >= reach * reach:
                continue
            gap = max(_gap(a[i], b[j], a[i]), _gap(a[i], b[j], b[j]))
            if gap < margin:
                found[0, count], found[1, count] = i, j
                count += 1
    return found[0, :count].copy(), found[1, :count].copy()


@compiled
def _gap(a: F64, b: F64, one: F64) -> float:
    """Return how far two keep from each other along or across one of them, on all of their ways."""
    cos, sin = one[2], one[3]
    return max(_gap_along(a, b, cos, sin), _gap_along(a, b, -sin, cos))


@compiled
def _gap_along(a: F64, b: F64, x: float, y: float) -> float:
    apart = (b[0] - a[0]) * x + (b[1] - a[1]) * y
    later = apart + ((b[6] - a[6]) * x + (b[7] - a[7]) * y)
    if apart < 0.0:
        apart, later = -apart, -later
    # Below 0 if they change sides.
    return float(min(apart, later) - (_reach(a, x, y) + _reach(b, x, y)))


@compiled
def _reach(some: F64, x: float, y: float) -> float:
    """Return how far a rectangle reaches from its middle along a unit vector."""
    along, across = abs(some[2] * x + some[3] * y), abs(-some[3] * x + some[2] * y)
    return float(some[4] * along + some[5] * across)
