"""The ground beside a bend, where a swept strip would fold over itself."""

from __future__ import annotations

import mapbox_earcut
import numpy as np

from scenegen.records.base import F64
from scenegen.roads.alignment import Alignment
from scenegen.roads.section import SIDE_M, Section
from scenegen.roads.sweep import Soup, join


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
        corners = mapbox_earcut.triangulate_float64(
            ring, np.array([len(ring)], dtype=np.uint32)
        ).reshape(-1, 3)
        plane = ring[corners.astype(np.int64)]
        edges = plane[:, 1:] - plane[:, :1]
        turned = edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0] < 0
        plane[turned] = plane[turned][:, ::-1]
        position = np.concatenate([plane, np.full((*plane.shape[:2], 1), z)], axis=-1)
        normal = np.broadcast_to([0.0, 0.0, 1.0], position.shape)
        soups.append(Soup(position, normal, plane, np.full(len(plane), "ground")))
    return join(soups)
