"""Rigid poses between those that are known."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt
import scipy

Array = npt.NDArray[np.float64]
Float = TypeVar("Float", np.float32, np.float64)


def turns_between(first: npt.ArrayLike, second: npt.ArrayLike) -> Array:
    """Return the rotation vectors (..., 3), rad, that take poses to others, in their own axes.

    Parameters
    ----------
    first, second : array_like, shape (..., 4, 4)
        ``world_from_body``; the turn is less than half a revolution.
    """
    a, b = np.asarray(first)[..., :3, :3], np.asarray(second)[..., :3, :3]
    turned = (np.swapaxes(a, -1, -2) @ b).reshape(-1, 3, 3)
    return np.asarray(scipy.spatial.transform.Rotation.from_matrix(turned).as_rotvec()).reshape(
        *a.shape[:-2], 3
    )


def turn_matrices(vectors: npt.NDArray[Float]) -> npt.NDArray[Float]:
    """Return the matrices (..., 3, 3) of rotation vectors (..., 3), by Rodrigues' formula."""
    square = np.einsum("...i,...i->...", vectors, vectors)
    angle = np.sqrt(square)
    # sin(a) / a and (1 - cos(a)) / a², whose limits at 0 are those at a billionth.
    half = 0.5 * np.maximum(angle, angle.dtype.type(1e-9))
    s = np.sin(2 * half) / (2 * half)
    c = 0.5 * (np.sin(half) / half) ** 2
    x, y, z = np.moveaxis(vectors, -1, 0)
    m = np.empty((*vectors.shape[:-1], 3, 3), dtype=vectors.dtype)
    m[..., 0, 0] = 1 - c * (y * y + z * z)
    m[..., 1, 1] = 1 - c * (x * x + z * z)
    m[..., 2, 2] = 1 - c * (x * x + y * y)
    m[..., 0, 1], m[..., 1, 0] = c * x * y - s * z, c * x * y + s * z
    m[..., 0, 2], m[..., 2, 0] = c * x * z + s * y, c * x * z - s * y
    m[..., 1, 2], m[..., 2, 1] = c * y * z - s * x, c * y * z + s * x
    return m


def blend_poses(first: npt.ArrayLike, second: npt.ArrayLike, share: npt.ArrayLike) -> Array:
    """Return poses (..., 4, 4) on the way from one to another.

    The origin goes along a straight line at an even speed, the axes turn at an even rate
    about one axis (slerp).

    Parameters
    ----------
    first, second : array_like, shape (..., 4, 4)
    share : array_like, shape (...)
        0 at the first, 1 at the second; broadcast against the poses.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    return _blended(a, b, turns_between(a, b), np.asarray(share, dtype=np.float64))


def _blended(a: Array, b: Array, turn: Array, share: Array) -> Array:
    """Return poses on the way, given the rotation vectors of the whole way."""
    s = share[..., None]
    turned = turn_matrices(s * turn)
    result = np.zeros((*turned.shape[:-2], 4, 4))
    result[..., :3, :3] = a[..., :3, :3] @ turned
    result[..., :3, 3] = (1 - s) * a[..., :3, 3] + s * b[..., :3, 3]
    result[..., 3, 3] = 1.0
    return result


def poses_at(times: npt.ArrayLike, poses: npt.ArrayLike, at: npt.ArrayLike) -> Array:
    """Return the poses (N, ..., 4, 4) at times between those of known poses.

    Parameters
    ----------
    times : array_like, shape (K,)
        Rising; at least two.
    poses : array_like, shape (K, ..., 4, 4)
    at : array_like, shape (N,)
        Within `times`; beyond the ends the last motion goes on.
    """
    t, p = np.asarray(times, dtype=np.float64), np.asarray(poses, dtype=np.float64)
    row, share = place_in(t, at)
    if not share.any():  # as between is asked of what is known, most often
        return p[row]
    first, last = (int(row.min()), int(row.max()) + 1) if len(row) else (0, 1)
    turns = turns_between(p[first:last], p[first + 1 : last + 1])
    share = share.reshape(-1, *(1,) * (p.ndim - 3))
    return _blended(p[row], p[row + 1], turns[row - first], share)


class Tracks:
    """The poses of several bodies, all known at the same times.

    Parameters
    ----------
    times : ndarray, shape (K,)
        Rising; at least two.
    poses : ndarray, shape (K, B, 4, 4)
    """

    def __init__(self, times: Array, poses: Array) -> None:
        self._times, self._poses = times, poses
        self._turns = turns_between(poses[:-1], poses[1:])

    def at(self, moments: Array, body: npt.NDArray[np.int64]) -> Array:
        """Return the poses (N, 4, 4) of bodies (N,) at moments (N,); as `poses_at`."""
        row, share = place_in(self._times, moments)
        first, second = self._poses[row, body], self._poses[row + 1, body]
        return _blended(first, second, self._turns[row, body], share)


def place_in(times: Array, at: npt.ArrayLike) -> tuple[npt.NDArray[np.int64], Array]:
    """Return the interval (N,) of rising times that each moment is in, and its share of it."""
    moments = np.asarray(at, dtype=np.float64)
    row = np.clip(np.searchsorted(times, moments, side="right") - 1, 0, len(times) - 2)
    share = (moments - times[row]) / (times[row + 1] - times[row])
    return np.asarray(row, dtype=np.int64), np.asarray(share)


def blended(values: Array, times: Array, time_s: float) -> Array:
    """Return rows (R, ...) of the trajectory at a moment between two of them."""
    row, share = place_in(times, [time_s])
    return np.asarray((1 - share[0]) * values[row[0]] + share[0] * values[row[0] + 1])
