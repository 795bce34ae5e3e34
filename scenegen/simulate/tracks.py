"""Paths as evenly spaced points, and where things are along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64, Vec2
from scenegen.simulate.jit import compiled

Indices = npt.NDArray[np.int64]

SPACING_M = 1.0
Way = tuple[float, float, F64, F64, F64, float]

RUN_OUT_M = 300.0
"""Straight continuation past the last point: a path's end is not a wall."""

SMOOTHING_M = 5


@dataclass(frozen=True)
class Track:
    """A path at even spacing.

    Attributes
    ----------
    points_m : ndarray, shape (M, 2)
        At arc lengths 0, 1, 2, … m, continued straight past the path's end.
    tangent : ndarray, shape (M, 2)
    curvature_1pm : ndarray, shape (M,)
        Positive to the left, averaged over a few metres.
    length_m : float
        Of the path as given.
    """

    points_m: F64
    tangent: F64
    curvature_1pm: F64
    length_m: float

    def locate(self, xy_m: F64) -> tuple[F64, F64]:
        """Return arc lengths (n,) and offsets to the left (n,) of points (n, 2)."""
        away = xy_m[:, None] - self.points_m[None]
        nearest = (away * away).sum(axis=-1).argmin(axis=1)
        rows = np.arange(len(xy_m))
        off, tangent = away[rows, nearest], self.tangent[nearest]
        s = nearest * SPACING_M + (off * tangent).sum(axis=1)
        return s, off[:, 1] * tangent[:, 0] - off[:, 0] * tangent[:, 1]


def make_track(path: Sequence[Vec2]) -> Track:
    """Resample a polyline of at least two distinct points."""
    points = np.asarray(path, dtype=np.float64)
    steps = np.hypot(*np.diff(points, axis=0).T)
    keep = np.concatenate([[True], steps > 1e-6])
    points = points[keep]
    if len(points) < 2:
        raise ValueError("a path needs two distinct points")
    last = points[-1] - points[-2]
    points = np.vstack([points, points[-1] + RUN_OUT_M * last / np.hypot(*last)])
    s = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    grid = np.arange(0.0, s[-1], SPACING_M)
    even = np.stack([np.interp(grid, s, points[:, 0]), np.interp(grid, s, points[:, 1])], axis=-1)
    tangent, bend = bends_of(even)
    return Track(even, tangent, bend, float(s[-2]))


def bends_of(points_m: F64) -> tuple[F64, F64]:
    """Return tangents (M, 2) and curvature (M,) of points (M, 2) some `SPACING_M` apart."""
    tangent = np.gradient(points_m, axis=0)
    tangent /= np.hypot(tangent[:, 0], tangent[:, 1])[:, None]
    heading = np.unwrap(np.arctan2(tangent[:, 1], tangent[:, 0]))
    bend = np.gradient(heading, SPACING_M)
    kernel = np.ones(SMOOTHING_M) / SMOOTHING_M
    padded = np.pad(bend, SMOOTHING_M // 2, mode="edge")
    return tangent, np.convolve(padded, kernel, mode="valid")


class TrackTable:
    """The tracks of N drivers, looked up together. Drivers without one stand at the origin.

    Attributes
    ----------
    index : ndarray, shape (N,), int64
        The track point nearest to each driver.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.points_m = np.zeros((count, 2, 2))
        self.tangent = np.tile([1.0, 0.0], (count, 2, 1))
        self.curvature = np.zeros((count, 2))
        self.length_m = np.zeros(count)
        self.last = np.ones(count, dtype=np.int64)
        self.index = np.zeros(count, dtype=np.int64)
        self._rows = np.arange(count)[:, None]

    def assign(self, driver: int, track: Track, xy_m: F64) -> None:
        """Give a driver at (2,) a new track."""
        self._widen(len(track.points_m))
        n = len(track.points_m)
        for table, values in (
            (self.points_m, track.points_m),
            (self.tangent, track.tangent),
            (self.curvature, track.curvature_1pm),
        ):
            table[driver, :n] = values
            table[driver, n:] = values[-1]
        self.length_m[driver] = track.length_m
        self.last[driver] = n - 1
        self.index[driver] = round(float(track.locate(xy_m[None])[0][0]) / SPACING_M)

    def _widen(self, size: int) -> None:
        missing = size - self.points_m.shape[1]
        if missing > 0:
            self.points_m = np.pad(self.points_m, ((0, 0), (0, missing), (0, 0)), mode="edge")
            self.tangent = np.pad(self.tangent, ((0, 0), (0, missing), (0, 0)), mode="edge")
            self.curvature = np.pad(self.curvature, ((0, 0), (0, missing)), mode="edge")

    def locate(self, driver: int, xy_m: F64) -> float:
        """Return the arc length at which a driver's track is nearest to a point (2,)."""
        points = self.points_m[driver, : self.last[driver] + 1]
        away = xy_m - points
        nearest = int((away * away).sum(axis=1).argmin())
        return float(nearest * SPACING_M + away[nearest] @ self.tangent[driver, nearest])

    def follow(self, xy_m: F64) -> tuple[F64, F64]:
        """Advance to the points nearest to (N, 2); return arc lengths and offsets (N,)."""
        window = self._clipped(self.index[:, None] + np.arange(-3, 12))
        away = xy_m[:, None] - self.points_m[self._rows, window]
        best = (away * away).sum(axis=-1).argmin(axis=1)[:, None]
        self.index = np.take_along_axis(window, best, axis=1)[:, 0]
        off = np.take_along_axis(away, best[..., None], axis=1)[:, 0]
        tangent = self.tangent[self._rows[:, 0], self.index]
        s = self.index * SPACING_M + (off * tangent).sum(axis=1)
        return s, off[:, 1] * tangent[:, 0] - off[:, 0] * tangent[:, 1]

    def way(self, driver: int, xy_m: F64, reach: int, stride: int) -> Way:
        """Return where a driver at (2,) is on their track, and the track from there on.

        Returns
        -------
        s_m, offset_m : float
        points_m : (K, 2), heading_rad : (K,), curvature_1pm : (K,)
        spacing_m : float
        """
        near = np.arange(self.index[driver] - 3, self.index[driver] + 12)
        near = np.clip(near, 0, self.last[driver])
        away = xy_m - self.points_m[driver, near]
        best = int((away * away).sum(axis=1).argmin())
        at, (dx, dy) = int(near[best]), away[best].tolist()
        tx, ty = self.tangent[driver, at].tolist()
        ahead = np.minimum(np.arange(at, at + reach, stride), self.last[driver])
        heading = np.arctan2(*self.tangent[driver, ahead].T[::-1])
        return (
            at * SPACING_M + dx * tx + dy * ty,
            dy * tx - dx * ty,
            self.points_m[driver, ahead],
            heading,
            self.curvature[driver, ahead],
            stride * SPACING_M,
        )

    def at(self, s_m: F64) -> F64:
        """Return the points (N, 2) at arc lengths (N,), between track points linearly."""
        place = np.clip(s_m / SPACING_M, 0.0, self.last - 1e-6)
        low = place.astype(np.int64)
        part = (place - low)[:, None]
        rows = self._rows[:, 0]
        here, there = self.points_m[rows, low], self.points_m[rows, low + 1]
        return np.asarray(here + part * (there - here))

    def ahead(self, reach: int, stride: int) -> tuple[F64, F64, F64]:
        """Return points (N, W, 2), tangents (N, W, 2) and arc lengths (N, W) ahead."""
        window = self._clipped(self.index[:, None] + np.arange(0, reach, stride))
        return (
            self.points_m[self._rows, window],
            self.tangent[self._rows, window],
            np.asarray(window * SPACING_M, dtype=np.float64),
        )

    def bends(self, reach: int, stride: int) -> tuple[F64, F64]:
        """Return curvature and arc length (N, W) ahead."""
        window = self._clipped(self.index[:, None] + np.arange(0, reach, stride))
        return self.curvature[self._rows, window], np.asarray(window * SPACING_M, dtype=np.float64)

    def _clipped(self, window: Indices) -> Indices:
        return np.asarray(np.minimum(np.maximum(window, 0), self.last[:, None]))


@compiled
def nearest_points(xy_m: F64, points_m: F64) -> tuple[Indices, F64, F64]:
    """Return which of W points of each of N ways is nearest to each of O places.

    Parameters
    ----------
    xy_m : ndarray, shape (O, 2)
    points_m : ndarray, shape (N, W, 2)

    Returns
    -------
    best : ndarray, shape (N, O), int64
        The first of equally near ones.
    dx_m, dy_m : ndarray, shape (N, O)
        From there to the place.
    """
    shape = len(points_m), len(xy_m)
    best = np.zeros(shape, np.int64)
    dx_m, dy_m = np.empty(shape), np.empty(shape)
    for i in range(shape[0]):
        for j in range(shape[1]):
            least = np.inf
            for k in range(points_m.shape[1]):
                dx = xy_m[j, 0] - points_m[i, k, 0]
                dy = xy_m[j, 1] - points_m[i, k, 1]
                away = dx * dx + dy * dy
                if away < least:
                    least, best[i, j] = away, k
                    dx_m[i, j], dy_m[i, j] = dx, dy
    return best, dx_m, dy_m
