"""Which rays may meet which moving parts: whole bundles of rays first, then ray by ray.

Every test is by spheres at the moment of the bundle, and errs towards more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.geometry.interpolation import place_in
from scenegen.ranging.parts import Parts
from scenegen.ranging.vectors import F32, Bools, Ints, dots, scaled
from scenegen.records.base import F64

_SLACK_M = 0.05
"""By so much spheres are too large: tests are in float32, and middles move along arcs."""
_SLACK_RAD = 1e-3
"""By so much cones are too wide: the cosine of a small angle says no more in float32."""
_COLUMNS, _CHANNELS = 8, 4
"""Beams of a bundle."""


@dataclass(frozen=True)
class Bundles:
    """Neighbouring rays that are taken together.

    Attributes
    ----------
    of : ndarray, shape (N,)
        The bundle of each ray.
    column : ndarray, shape (B,)
        One of the columns that each bundle's rays are of.
    axis : ndarray, shape (B, 3)
        Middles of cones that hold the bundles, in the sensor's frame.
    angle : ndarray, shape (B,)
        Half angles of the cones, rad.
    """

    of: Ints
    column: Ints
    axis: F64
    angle: F64

    @staticmethod
    def of_grid(beams: F32) -> Bundles:
        """Return tiles of a sweep's beams (columns, channels, 3)."""
        columns, channels = beams.shape[:2]
        across, up = -(-columns // _COLUMNS), -(-channels // _CHANNELS)
        first = np.arange(across) * _COLUMNS
        of = np.arange(columns)[:, None] // _COLUMNS * up + np.arange(channels) // _CHANNELS
        # The last tiles have some of their beams twice.
        short = ((0, across * _COLUMNS - columns), (0, up * _CHANNELS - channels), (0, 0))
        grid = np.pad(beams, short, mode="edge").reshape(across, _COLUMNS, up, _CHANNELS, 3)
        tiles = grid.swapaxes(1, 2).reshape(across * up, -1, 3).astype(np.float64)
        axis = tiles.sum(axis=1)
        axis /= np.linalg.norm(axis, axis=1, keepdims=True)
        along = np.einsum("bki,bi->bk", tiles, axis).min(axis=1)
        return Bundles(of.ravel(), np.repeat(first, up), axis, np.arccos(np.clip(along, -1, 1)))


@dataclass(frozen=True)
class Spheres:
    """Spheres as they are seen from somewhere.

    Attributes
    ----------
    towards : ndarray, shape (S, 3), float32
        Their middles, world, less the eye.
    radius : ndarray, shape (S,), float32
    horizon : ndarray, shape (S,), float32
        How far off what is seen of them ends; ``-inf`` from inside.
    """

    towards: F32
    radius: F32
    horizon: F32

    @staticmethod
    def around(towards: F32, radius: F32) -> Spheres:
        """Return spheres by their middles and radii."""
        square = dots(towards, towards) - radius**2
        horizon = np.where(square > 0, np.sqrt(np.maximum(square, 0)) * (1 - 1e-5), -np.inf)
        return Spheres(towards, radius, horizon.astype(np.float32))

    def within(self, cones: F32) -> Bools:
        """Return which spheres reach into cones (..., 5): axis, cosine and sine of half angle.

        One does where the cosine of the angle between the two is at least that of the sum of
        the cone's half angle and the sphere's.
        """
        along = dots(self.towards, cones)
        least = cones[..., 3] * self.horizon - cones[..., 4] * self.radius
        return np.asarray(along >= least)

    def met(self, rays: F32, sphere: Ints, behind: F32) -> Bools:
        """Return which rays (K, 3) may enter which spheres (K,) before they reach `behind`."""
        x, y, z = (rays[:, k] * self.towards[:, k].take(sphere) for k in range(3))
        along = x + y + z
        # A ray enters if it comes as far along as the horizon is.
        enters = along >= self.horizon.take(sphere)
        return np.asarray(enters & (along < behind + self.radius.take(sphere)))


@dataclass(frozen=True)
class Sight:
    """The parts that bundles of rays may meet within a sweep.

    Attributes
    ----------
    part : ndarray, shape (M,)
        Parts, by the bundle that may meet them.
    spheres : Spheres
        One around each of them, as seen from the bundle.
    starts : ndarray, shape (B + 1,)
        Where each bundle's begin in `part`.
    """

    part: Ints
    spheres: Spheres
    starts: Ints

    def pairs(self, directions: F32, bundle: Ints, behind: F32) -> tuple[Ints, Ints]:
        """Return pairs of a ray and a part that it may meet, by ray.

        Parameters
        ----------
        directions : ndarray, shape (N, 3), float32
        bundle : ndarray, shape (N,)
            In which each ray lies.
        behind : ndarray, shape (N,), float32
            Nothing farther is looked for.
        """
        ray, place = _spread(self.starts, bundle)
        met = self.spheres.met(directions.take(ray, axis=0), place, behind.take(ray))
        return ray[met], self.part.take(place[met])


def sight_from(eye: F32, parts: Parts, row: int, share: float) -> Sight:
    """Return what rays from one place (3,) may meet at a moment after a row: one bundle."""
    first, second = parts.middles[row], parts.middles[row + 1]
    towards = first + np.float32(share) * (second - first) - eye
    spheres = Spheres.around(towards, parts.radius + np.float32(_SLACK_M))
    return Sight(np.arange(len(towards)), spheres, np.array([0, len(towards)]))


class Watch:
    """Bundles of rays at their moments, of one sweep.

    Parameters
    ----------
    bundles : Bundles
    poses : ndarray, shape (C, 4, 4)
        Of the sensor at each column of its beams.
    times, rows : ndarray, shape (C,), (R,)
        When columns are fired, and of the rows of moving parts.
    margin_rad : float
        Rays so far beside those of a bundle are looked after as well.
    """

    def __init__(
        self, bundles: Bundles, poses: F64, times: F64, rows: F64, margin_rad: float
    ) -> None:
        self._cones = _cones(bundles, poses[:, :3, :3], margin_rad)
        eye = poses[:, :3, 3]
        self._eye = eye[bundles.column].astype(np.float32)
        row, share = place_in(rows, times[bundles.column])
        self._share = share.astype(np.float32)
        # Rows of the sweep, and which of them each bundle begins in.
        self._rows = slice(row.min(), place_in(rows, times[-1:])[0].max() + 2)
        self._row = row - row.min()
        # By so much at most the eye, and all that moves, go on while a bundle is fired.
        step = np.linalg.norm(np.diff(eye, axis=0), axis=1).max()
        self._slack = np.float32(_COLUMNS * step + _SLACK_M)
        self._travel = np.float32(len(eye) * step)
        self._rows_of_bundle = np.float32(_COLUMNS * np.diff(times).max() / np.diff(rows).min())

    def look(self, parts: Parts) -> Sight:
        """Return the parts that each bundle may meet."""
        if not len(parts.owner):
            nothing = np.zeros((0, 3), np.float32)
            starts = np.zeros(len(self._row) + 1, np.int64)
            return Sight(starts[:0], Spheres.around(nothing, nothing[:, 0]), starts)
        # Whole actors first: few of their parts are then asked for.
        first = np.flatnonzero(np.diff(parts.owner, prepend=-1))
        middles = parts.middles[self._rows]
        step = np.linalg.norm(np.diff(middles, axis=0), axis=2).max(axis=0)
        radius = parts.radius + step * self._rows_of_bundle + self._slack
        low = np.minimum.reduceat((middles - radius[:, None]).min(axis=0), first)
        high = np.maximum.reduceat((middles + radius[:, None]).max(axis=0), first)
        reach = np.float32(0.5) * np.sqrt(dots(high - low, high - low)) + self._travel
        whole = Spheres.around(np.float32(0.5) * (low + high) - self._eye[0], reach)
        bundle, owner = np.nonzero(whole.within(self._cones[:, None]))
        pair, part = _spread(np.append(first, len(parts.owner)), owner)
        bundle = bundle[pair]
        spheres = self._seen(middles, radius, bundle, part)
        near = spheres.within(self._cones.take(bundle, axis=0))
        spheres = Spheres(spheres.towards[near], spheres.radius[near], spheres.horizon[near])
        ends = np.searchsorted(bundle[near], np.arange(len(self._row) + 1))
        return Sight(part[near], spheres, ends)

    def _seen(self, middles: F32, radius: F32, bundle: Ints, which: Ints) -> Spheres:
        """Return spheres (M,) as seen from bundles (M,), by rows (R, S, 3) from the first on."""
        count = middles.shape[1]
        places = middles.reshape(-1, 3)
        index = self._row.take(bundle) * count + which
        first = places.take(index, axis=0)
        onward = places.take(index + count, axis=0) - first
        towards = first - self._eye.take(bundle, axis=0)
        towards += scaled(onward, self._share.take(bundle))
        return Spheres.around(towards, radius.take(which))


def _cones(bundles: Bundles, turns: F64, margin_rad: float) -> F32:
    """Return axis, cosine and sine (B, 5) of bundles' cones, world, by a sensor's turns.

    One as wide as a half space is taken to hold everything: its sine is ``inf``.
    """
    axis = np.einsum("bij,bj->bi", turns[bundles.column], bundles.axis)
    # By so much at most does the sensor turn between the columns of a bundle.
    step = 0.5 * np.einsum("cij,cij->c", turns[:-1], turns[1:]) - 0.5
    turned = _COLUMNS * np.arccos(np.clip(step.min(), -1, 1))
    angle = bundles.angle + turned + margin_rad + _SLACK_RAD
    cones = np.column_stack([axis, np.cos(angle), np.sin(angle)])
    cones[angle >= 0.5 * np.pi, 3:] = (1, np.inf)
    return cones.astype(np.float32)


def _spread(starts: Ints, of: Ints) -> tuple[Ints, Ints]:
    """Return for each of lists (K,) its own number, and each of the list's places, flat.

    List ``i`` is at places ``starts[i]`` to ``starts[i + 1]``.
    """
    counts = np.diff(starts).take(of)
    number = np.flatnonzero(counts)
    counts = counts[number]
    shift = starts.take(of[number]) - np.cumsum(counts) + counts
    place = np.repeat(shift, counts)
    place += np.arange(len(place))
    return np.repeat(number, counts), place
