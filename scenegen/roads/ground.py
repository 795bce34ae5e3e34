"""The ground beside a bend, where a swept strip would fold over itself."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import Delaunay, cKDTree

from scenegen.records.base import F64
from scenegen.roads.alignment import Alignment
from scenegen.roads.section import SIDE_M, Section
from scenegen.roads.sweep import SLICE_M, Soup, join

_LEVELS = 5
"""How often the spacing of the ground's points doubles away from the road."""


def _clip(polygon: F64, normal: F64, offset: float) -> F64:
    """Return the part of a convex polygon (N, 2) where ``p @ normal <= offset``."""
    kept: list[F64] = []
    for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        da, db = float(a @ normal - offset), float(b @ normal - offset)
        if da <= 0:
            kept.append(a)
        if da * db < 0:
            kept.append(a + da / (da - db) * (b - a))
    return np.array(kept)


def _field(alignment: Alignment) -> F64:
    """Return a convex polygon, counter-clockwise, that the road crosses from edge to edge."""
    low = alignment.point_m.min(axis=0) - SIDE_M
    high = alignment.point_m.max(axis=0) + SIDE_M
    field = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
    for end, sign in ((0, -1.0), (-1, 1.0)):
        left = alignment.normal[end]
        ahead = sign * np.array([left[1], -left[0]])
        field = _clip(field, ahead, float(alignment.point_m[end] @ ahead))
    return field


def _between(field: F64, start: F64, end: F64) -> F64:
    """Return the corners of a convex polygon on the way round from one border point to another."""
    middle = field.mean(axis=0)

    def angle(p: F64) -> F64:
        return np.asarray(np.arctan2(p[..., 1] - middle[1], p[..., 0] - middle[0]))

    turn = np.mod(angle(field) - angle(start), 2 * np.pi)
    order = np.argsort(turn)
    return field[order[turn[order] < np.mod(angle(end) - angle(start), 2 * np.pi)]]


def _scattered(ring: F64, line: F64) -> F64:
    """Return points (N, 2) inside a ring that lie the further apart the further from a line.

    Without them triangles as narrow as a slice of the road reach hundreds of metres out, and
    rasterisers interpolate depth badly in those.
    """
    nearest = cKDTree(line)
    points = []
    for level in range(_LEVELS):
        step = 2 * SLICE_M * 2.0**level
        low, high = np.floor(ring.min(axis=0) / step), np.ceil(ring.max(axis=0) / step)
        grid = np.meshgrid(*(np.arange(a, b) for a, b in zip(low, high, strict=True)))
        lattice = (np.stack(grid, axis=-1).reshape(-1, 2) + 0.5) * step
        distance = nearest.query(lattice)[0]
        band = (distance >= step) & ((distance < 2 * step) | (level == _LEVELS - 1))
        lattice = lattice[band & _inside(ring, lattice)]
        # A point on the border would be a corner that the neighbouring edge lacks.
        points.append(lattice[_gap_to(ring, lattice) > 0.25 * step])
    return np.concatenate(points)


def _inside(ring: F64, points: F64) -> npt.NDArray[np.bool_]:
    """Return which points (N, 2) lie within a polygon, by counting crossings to the right."""
    a, b = ring, np.roll(ring, -1, axis=0)
    x, y = points[:, :1], points[:, 1:]
    spans = (a[:, 1] > y) != (b[:, 1] > y)
    rise = np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
    crosses = spans & (x < a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / rise)
    return np.asarray(crosses.sum(axis=1) % 2 == 1)


def _gap_to(ring: F64, points: F64) -> F64:
    """Return the distances (N,) of points (N, 2) from a polygon's border."""
    edges = np.roll(ring, -1, axis=0) - ring
    offset = points[:, None] - ring
    share = np.clip((offset * edges).sum(axis=2) / (edges**2).sum(axis=1), 0, 1)
    return np.asarray(np.linalg.norm(offset - share[..., None] * edges, axis=2).min(axis=1))


def _triangulate(ring: F64, inner: F64) -> F64:
    """Return counter-clockwise triangles (F, 3, 2) of a polygon and points within it.

    The polygon's edges are edges of the Delaunay triangulation: along the road no point
    lies in the circle over a slice, and the others are on the convex hull.
    """
    points = np.concatenate([ring, inner])
    plane = points[Delaunay(points).simplices]
    edges = plane[:, 1:] - plane[:, :1]
    area = edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0]
    plane[area < 0] = plane[area < 0][:, ::-1]
    return np.asarray(plane[(np.abs(area) > 1e-9) & _inside(ring, plane.mean(axis=1))])


def ground_beside(alignment: Alignment, section: Section, stations_m: F64) -> Soup:
    """Return level ground on both sides of a swept road, sharing its outermost lines.

    Parameters
    ----------
    alignment : Alignment
        With a bend, without a profile.
    section : Section
        The sweep must end where the verges do: at ``t_m[1]`` and ``t_m[-2]``.
    stations_m : ndarray
        Where the sweep cuts its outermost lines, ends included.
    """
    field = _field(alignment)
    soups = []
    for t, z, side in (
        (section.t_m[1], section.z_m[1], -1),
        (section.t_m[-2], section.z_m[-2], 1),
    ):
        line = alignment.place(stations_m, t)[::side]
        ring = np.concatenate([line, _between(field, line[-1], line[0])])
        plane = _triangulate(ring, _scattered(ring, line))
        position = np.concatenate([plane, np.full((*plane.shape[:2], 1), z)], axis=-1)
        normal = np.broadcast_to([0.0, 0.0, 1.0], position.shape)
        soups.append(Soup(position, normal, plane, np.full(len(plane), "ground")))
    return join(soups)
