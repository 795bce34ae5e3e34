"""Where points lie along and beside a polyline in the plane."""

from __future__ import annotations

import numpy as np

from scenegen.geometry.transforms import Array


def beside(points_m: Array, line_m: Array) -> tuple[Array, Array, Array]:
    """Return how far along a polyline points are, how far to its left, and how far past its ends.

    Parameters
    ----------
    points_m : ndarray, shape (N, 2)
    line_m : ndarray, shape (K, 2)
        At least two points, in the direction that is called along.

    Returns
    -------
    station_m : ndarray, shape (N,)
        Of the nearest point of the polyline.
    left_m : ndarray, shape (N,)
        Distance from that point, negative to the right. Beyond the ends it is the
        distance from the straight line that continues the end.
    past_m : ndarray, shape (N,)
        How far beyond the nearer end, 0 beside the polyline.
    """
    start, ways = line_m[:-1], np.diff(line_m, axis=0)
    lengths = np.hypot(ways[:, 0], ways[:, 1])
    units = ways / np.maximum(lengths, 1e-12)[:, None]
    apart = points_m[:, None, :] - start[None, :, :]
    along = np.einsum("nkj,kj->nk", apart, units)
    left = units[None, :, 0] * apart[..., 1] - units[None, :, 1] * apart[..., 0]
    within = np.clip(along, 0.0, lengths)
    away = np.hypot(along - within, left)
    nearest = away.argmin(axis=1)
    rows = np.arange(len(points_m))
    over = (along - within)[rows, nearest]
    last = len(lengths) - 1
    past = np.where(nearest == 0, np.maximum(-over, 0.0), 0.0)
    past = np.where(nearest == last, np.maximum(np.maximum(over, past), 0.0), past)
    # Outside of a bend the nearest point is a corner: the distance has no more to do with one way.
    at_corner = (over != 0) & (past == 0)
    side = np.where(left[rows, nearest] < 0, -1.0, 1.0)
    lateral = np.where(at_corner, side * away[rows, nearest], left[rows, nearest])
    stations = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    return stations[nearest] + within[rows, nearest], lateral, past
