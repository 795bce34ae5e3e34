"""Beams that meet several surfaces: where they are, and the echo that they give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scenegen.geometry.beams import MIDDLE_WEIGHT, SIDE_WEIGHT, SIDES, side_rays
from scenegen.ranging.optics import PULSE_M
from scenegen.ranging.rays import Hits, Rays
from scenegen.ranging.vectors import F32, Ints, dots, scaled
from scenegen.records import LidarSpec

_FAR = 5.0
"""Divergences: a neighbour farther off than this is asked for no rim between the two. The
edge between them lies within the beam in one case of ten at most."""
_STEP_M = 0.25
"""Neighbours farther off each other's plane than this lie on another surface."""


def rims(rays: Rays, hits: Hits, spec: LidarSpec) -> tuple[Ints, Ints, Rays]:
    """Return the rays at the rims of beams whose neighbour on that side differs.

    Only these are cast beside the middles, and only if the neighbour is near: within a
    surface the middle stands for the beam. What is so thin that no middle meets it stays unseen.

    Parameters
    ----------
    rays, hits
        The middles of one sweep, flat.
    spec : LidarSpec

    Returns
    -------
    beam, side : ndarray, shape (S,)
        Index of the beam, and into `SIDES`.
    Rays
        Of length S.
    """
    grid = np.arange(len(rays.time_s)).reshape(spec.columns, spec.channels)
    nothing = np.zeros(0, dtype=np.int64)
    beams, sides, towards = [nothing], [nothing], [nothing]
    there = np.isfinite(hits.distance_m)
    reach = np.where(there, hits.distance_m, np.float32(0))
    points = (rays.origins + scaled(rays.directions, reach)).reshape(*grid.shape, 3)
    normals, met = hits.normal.reshape(*grid.shape, 3), there.reshape(grid.shape)
    height = dots(normals, points)
    for axis in _near_axes(rays, spec):
        a = tuple(slice(None, -1) if k == axis else slice(None) for k in (0, 1))
        b = tuple(slice(1, None) if k == axis else slice(None) for k in (0, 1))
        off = np.abs(dots(normals[a], points[b]) - height[a])
        np.maximum(off, np.abs(dots(normals[b], points[a]) - height[b]), out=off)
        differs = (met[a] != met[b]) | (met[a] & met[b] & (off > _STEP_M))
        one, other = grid[a][differs], grid[b][differs]
        beams += [one, other]
        towards += [other, one]
        sides += [np.full(len(one), SIDES.index((axis, step))) for step in (1, -1)]
    beam, neighbour = np.concatenate(beams), np.concatenate(towards)
    middles, others = (rays.directions.take(index, axis=0) for index in (beam, neighbour))
    rim = side_rays(middles, others, spec.divergence_rad).astype(np.float32)
    cast = Rays(rays.origins.take(beam, axis=0), rim, rays.time_s[beam])
    return beam, np.concatenate(sides), cast


def _near_axes(rays: Rays, spec: LidarSpec) -> list[int]:
    """Return the axes, columns (0) or channels (1), along which beams are close neighbours."""
    beams = rays.directions.reshape(spec.columns, spec.channels, 3)
    gaps = [np.linalg.norm(np.diff(part, axis=0), axis=-1) for part in (beams[:, 0], beams[0])]
    reach = _FAR * spec.divergence_rad
    return [axis for axis, gap in enumerate(gaps) if gap.size and np.median(gap) <= reach]


def strongest(
    hits: Hits, signal: F32, beam: Ints, side: Ints, rim: Hits, rim_signal: F32
) -> tuple[Hits, F32]:
    """Return hits and signals in which split beams give their strongest echo.

    Echoes closer than a pulse run into one, at their mean by energy: the points that float
    between two surfaces. Its labels are those of its strongest part.
    """
    split, slot = np.unique(beam, return_inverse=True)
    column, rays = np.arange(len(split)), len(SIDES) + 1

    def table(middle: npt.NDArray[np.generic], sides: npt.NDArray[np.generic]) -> F32:
        """Return (5, split): the middle, and each side or, where it wasn't cast, the middle."""
        filled = np.tile(middle[split], (rays, 1))
        filled[side + 1, slot] = sides
        return filled

    distance = table(hits.distance_m, rim.distance_m)
    weights = np.array([MIDDLE_WEIGHT, *[SIDE_WEIGHT] * len(SIDES)], dtype=np.float32)
    energy = table(signal, rim_signal) * weights[:, None]
    flat = np.where(np.isfinite(distance), distance, np.float32(1e6))
    together = [np.where(np.abs(flat - one) <= PULSE_M, energy, 0).sum(axis=0) for one in flat]
    loudest = flat[np.argmax(together, axis=0), column]
    own = np.where(np.abs(flat - loudest) <= PULSE_M, energy, np.float32(0))
    total = own.sum(axis=0)
    none = np.full(len(column), np.inf, dtype=np.float32)
    mean = np.divide((own * flat).sum(axis=0), total, out=none, where=total > 0)
    best = own.argmax(axis=0)
    result = replace(
        hits,
        distance_m=hits.distance_m.copy(),
        semantic=hits.semantic.copy(),
        instance=hits.instance.copy(),
    )
    result.distance_m[split] = mean
    result.semantic[split] = table(hits.semantic, rim.semantic)[best, column]
    result.instance[split] = table(hits.instance, rim.instance)[best, column]
    energy_of = signal.copy()
    energy_of[split] = total
    return result, energy_of
