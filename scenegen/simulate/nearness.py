"""Who could touch whom soon: outlines of bodies and their ways, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry.rectangles import Rectangles, between, dot, shadows
from scenegen.records.base import F64

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
    dx, dy = between(a[:, None], b)
    reach = _radius(a)[:, None] + _radius(b) + margin_m
    i, j = np.nonzero((dx * dx + dy * dy < reach * reach) & (margin_m >= 0.0))
    if not len(i):
        return i, j
    keep = _gap(a[i], b[j]) < margin_m[i, j]
    return i[keep], j[keep]


def _radius(some: Swept) -> F64:
    return some.radius_m + np.hypot(some.way_x_m, some.way_y_m)


def _gap(a: Swept, b: Swept) -> F64:
    """Return a lower bound (P,) of the gaps of pairs: the widest along their four axes."""
    goes = b.way_x_m - a.way_x_m, b.way_y_m - a.way_y_m
    gaps = [_least(middles, dot(goes, axis)) - reach for axis, middles, reach in shadows(a, b)]
    return np.asarray(np.maximum.reduce(gaps))


def _least(apart_m: F64, change_m: F64) -> F64:
    """Return the least distance (P,) while a signed one changes by so much; below 0 if it swaps."""
    return np.asarray(np.minimum(np.abs(apart_m), np.sign(apart_m) * (apart_m + change_m)))
