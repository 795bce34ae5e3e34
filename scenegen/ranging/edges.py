"""Beams that meet several surfaces: where they are, and the echo that they give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scenegen.geometry.beams import MIDDLE_WEIGHT, SIDE_WEIGHT, SIDES, side_rays
from scenegen.ranging.backscatter import PULSE_M
from scenegen.ranging.mesh import F32, Ints
from scenegen.ranging.scene import Hits, Rays
from scenegen.records import LidarSpec

_STEP_M = 0.25
"""Neighbours farther off each other's plane than this lie on another surface."""


def rims(rays: Rays, hits: Hits, spec: LidarSpec) -> tuple[Ints, Ints, Rays]:
    """Return the rays at the rims of beams whose neighbour on that side differs.

    Only these are cast beside the middles: within a surface the middle stands for the
    beam. What is so thin that no middle meets it stays unseen.

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
    beams, sides, towards = [], [], []
    for axis in (0, 1):
        a = grid[:-1] if axis == 0 else grid[:, :-1]
        b = grid[1:] if axis == 0 else grid[:, 1:]
        differs = np.flatnonzero(_differ(rays, hits, spec, axis))
        one, other = a.ravel()[differs], b.ravel()[differs]
        beams += [one, other]
        towards += [other, one]
        sides += [np.full(len(one), SIDES.index((axis, step))) for step in (1, -1)]
    beam, neighbour = np.concatenate(beams), np.concatenate(towards)
    rim = side_rays(rays.directions[beam], rays.directions[neighbour], spec.divergence_rad)
    cast = Rays(rays.origins[beam], rim.astype(np.float32), rays.time_s[beam])
    return beam, np.concatenate(sides), cast


def _differ(rays: Rays, hits: Hits, spec: LidarSpec, axis: int) -> npt.NDArray[np.bool_]:
    """Return which pairs of neighbours along an axis lie on different surfaces."""
    shape = (spec.columns, spec.channels)
    a = tuple(slice(None, -1) if k == axis else slice(None) for k in (0, 1))
    b = tuple(slice(1, None) if k == axis else slice(None) for k in (0, 1))
    there = np.isfinite(hits.distance_m)
    reach = np.where(there, hits.distance_m, 0)
    points = (rays.origins + reach[:, None] * rays.directions).reshape(*shape, 3)
    normals, met = hits.normal.reshape(*shape, 3), there.reshape(shape)
    between = points[b] - points[a]
    off = np.maximum(
        np.abs(np.einsum("ijk,ijk->ij", between, normals[a])),
        np.abs(np.einsum("ijk,ijk->ij", between, normals[b])),
    )
    return np.asarray((met[a] != met[b]) | (met[a] & met[b] & (off > _STEP_M)))


def strongest(
    hits: Hits, signal: F32, beam: Ints, side: Ints, rim: Hits, rim_signal: F32
) -> tuple[Hits, F32]:
    """Return hits and signals in which split beams give their strongest echo.

    Echoes closer than a pulse run into one, at their mean by energy: the points that float
    between two surfaces. Its labels are those of its strongest part.
    """
    split, slot = np.unique(beam, return_inverse=True)
    row, rays = np.arange(len(split)), len(SIDES) + 1

    def table(middle: npt.NDArray[np.generic], sides: npt.NDArray[np.generic]) -> F32:
        """Return (split, 5): the middle, and each side or, where it wasn't cast, the middle."""
        filled = np.repeat(middle[split, None], rays, axis=1)
        filled[slot, side + 1] = sides
        return filled

    distance = table(hits.distance_m, rim.distance_m)
    weights = np.array([MIDDLE_WEIGHT, *[SIDE_WEIGHT] * len(SIDES)], dtype=np.float32)
    energy = table(signal, rim_signal) * weights
    flat = np.where(np.isfinite(distance), distance, 1e6)
    joined = np.abs(flat[:, :, None] - flat[:, None, :]) <= PULSE_M
    together = np.einsum("sij,sj->si", joined, energy)
    own = joined[row, together.argmax(axis=1)] * energy
    total = own.sum(axis=1)
    none = np.full(len(row), np.inf, dtype=np.float32)
    mean = np.divide((own * flat).sum(axis=1), total, out=none, where=total > 0)
    best = own.argmax(axis=1)
    result = replace(
        hits,
        distance_m=hits.distance_m.copy(),
        semantic=hits.semantic.copy(),
        instance=hits.instance.copy(),
    )
    result.distance_m[split] = mean
    result.semantic[split] = table(hits.semantic, rim.semantic)[row, best]
    result.instance[split] = table(hits.instance, rim.instance)[row, best]
    energy_of = signal.copy()
    energy_of[split] = total
    return result, energy_of
