"""Who could touch whom soon: footprints of bodies as rectangles, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64

Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Footprints:
    """Rectangles on the ground and their ways until one looks again.

    Attributes
    ----------
    middle_m : ndarray, shape (N, 2)
    yaw_rad : ndarray, shape (N,)
    half_m : ndarray, shape (N, 2)
    way_m : ndarray, shape (N, 2)
        How far each goes, without turning.
    """

    middle_m: F64
    yaw_rad: F64
    half_m: F64
    way_m: F64


def close_pairs(a: Footprints, b: Footprints, margin_m: F64) -> Pairs:
    """Return the indices of rectangles of `a` and `b` that come close on their ways.

    Two don't if one of the four axes keeps them apart all the time: those who pass each
    other may be fast.

    Parameters
    ----------
    margin_m : ndarray, shape (N, M)
        Gap up to which a pair is close; negative never is.
    """
    dx = b.middle_m[None, :, 0] - a.middle_m[:, None, 0]
    dy = b.middle_m[None, :, 1] - a.middle_m[:, None, 1]
    radius_a, radius_b = (_lengths(p.half_m) + _lengths(p.way_m) for p in (a, b))
    reach = radius_a[:, None] + radius_b[None] + margin_m
    i, j = np.nonzero((dx * dx + dy * dy < reach * reach) & (margin_m >= 0.0))
    if not len(i):
        return i, j
    keep = _gap(a, b, i, j, dx[i, j], dy[i, j]) < margin_m[i, j]
    return i[keep], j[keep]


def _lengths(vectors: F64) -> F64:
    return np.asarray(np.sqrt((vectors * vectors).sum(axis=1)))


def _gap(
    a: Footprints,
    b: Footprints,
    i: npt.NDArray[np.int64],
    j: npt.NDArray[np.int64],
    dx: F64,
    dy: F64,
) -> F64:
    """Return a lower bound (P,) of the gaps of pairs: the widest along their four axes."""
    turn = b.yaw_rad[j] - a.yaw_rad[i]
    cos, sin = np.abs(np.cos(turn)), np.abs(np.sin(turn))
    goes_x, goes_y = (b.way_m[j] - a.way_m[i]).T
    widest = np.full(len(i), -np.inf)
    for yaw, own, other in (
        (a.yaw_rad[i], a.half_m[i], b.half_m[j]),
        (b.yaw_rad[j], b.half_m[j], a.half_m[i]),
    ):
        c, s = np.cos(yaw), np.sin(yaw)
        along = _least(c * dx + s * dy, c * goes_x + s * goes_y)
        aside = _least(c * dy - s * dx, c * goes_y - s * goes_x)
        along -= own[:, 0] + cos * other[:, 0] + sin * other[:, 1]
        aside -= own[:, 1] + sin * other[:, 0] + cos * other[:, 1]
        widest = np.maximum(widest, np.maximum(along, aside))
    return widest


def _least(apart_m: F64, change_m: F64) -> F64:
    """Return the least distance (P,) while a signed one changes by so much; below 0 if it swaps."""
    return np.asarray(np.minimum(np.abs(apart_m), np.sign(apart_m) * (apart_m + change_m)))
