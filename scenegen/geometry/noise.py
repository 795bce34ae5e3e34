"""Noise by place: the same numbers as the shaders' hash.glsl gives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]


def value_noise(xy: F64, seed: int) -> F64:
    """Return smooth noise (N,), 0 to 1, that has a value of its own at each whole place.

    Parameters
    ----------
    xy : ndarray, shape (N, 2)
    seed : int
    """
    cell = np.floor(xy)
    t = xy - cell
    t = t * t * (3 - 2 * t)
    x, y = cell.astype(np.int64).T
    low = _mixed(_hashed(x, y, seed), _hashed(x + 1, y, seed), t[:, 0])
    high = _mixed(_hashed(x, y + 1, seed), _hashed(x + 1, y + 1, seed), t[:, 0])
    return _mixed(low, high, t[:, 1])


def _mixed(a: F64, b: F64, share: F64) -> F64:
    return np.asarray(a + share * (b - a))


def _hashed(x: npt.NDArray[np.int64], y: npt.NDArray[np.int64], seed: int) -> F64:
    """Return a number, 0 to 1, for each place: the mixer lowbias32 of Wellons (2018)."""
    h = x.astype(np.uint32) * np.uint32(0x9E3779B1)
    h ^= y.astype(np.uint32) * np.uint32(0x85EBCA77) + np.uint32(seed * 0xC2B2AE3D & 0xFFFFFFFF)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x7FEB352D)
    h = (h ^ (h >> np.uint32(15))) * np.uint32(0x846CA68B)
    return np.asarray((h >> np.uint32(8)) / 2.0**24)
