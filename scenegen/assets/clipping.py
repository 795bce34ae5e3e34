"""Cutting finished surfaces by planes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.records.mesh import Surface

Plane = tuple[F64, float]
"""Normal (3,) and distance of a half space n·x <= d."""

_HAIR_M = 1e-7


def clipped_surface(
    surface: Surface, planes: Sequence[Plane]
) -> tuple[Surface | None, Surface | None]:
    """Return what of a surface lies outside and inside a convex region.

    Triangles on its border are cut; normals and texture coordinates go along linearly.

    Parameters
    ----------
    planes : sequence of (normal (3,), distance)
        The region is where n·x <= d for all of them.
    """
    rows = np.concatenate([surface.vertices, surface.normals, surface.uv], axis=1)
    inside = rows.astype(np.float64)[surface.faces].reshape(-1, 3, 8)
    outside = []
    for normal, distance in planes:
        beyond, inside = _split(inside, normal, distance)
        outside.append(beyond)
    return _surface(np.concatenate(outside), surface), _surface(inside, surface)


def _split(triangles: F64, normal: F64, distance: float) -> tuple[F64, F64]:
    """Return the triangles (n, 3, 8) beyond a plane and on its inner side."""
    if not len(triangles):
        return triangles, triangles
    height = triangles[:, :, :3] @ normal - distance
    height[np.abs(height) < _HAIR_M] = 0.0
    over = (height > 0).any(axis=1)
    under = (height < 0).any(axis=1)
    beyond, within = [triangles[over & ~under]], [triangles[~over]]
    for corner, high in zip(triangles[over & under], height[over & under], strict=True):
        above, below = _cut(corner, high)
        beyond.append(above)
        within.append(below)
    return np.concatenate(beyond), np.concatenate(within)


def _cut(corner: F64, high: F64) -> tuple[F64, F64]:
    """Return the pieces of one triangle (3, 8), whose corners are so high (3,) over a plane."""
    sides: tuple[list[F64], list[F64]] = ([], [])
    for k in range(3):
        here, there = corner[k], corner[(k + 1) % 3]
        a, b = float(high[k]), float(high[(k + 1) % 3])
        if a >= 0:
            sides[0].append(here)
        if a <= 0:
            sides[1].append(here)
        if a * b < 0:
            point = here + (there - here) * (a / (a - b))
            sides[0].append(point)
            sides[1].append(point)
    fans = [
        np.array([[ring[0], ring[i], ring[i + 1]] for i in range(1, len(ring) - 1)])
        for ring in sides
    ]
    return fans[0].reshape(-1, 3, 8), fans[1].reshape(-1, 3, 8)


def _surface(triangles: F64, like: Surface) -> Surface | None:
    if not len(triangles):
        return None
    rows, index = np.unique(
        triangles.reshape(-1, 8).astype(np.float32), axis=0, return_inverse=True
    )
    faces = index.reshape(-1, 3).astype(np.int32)
    kept = (faces != np.roll(faces, 1, axis=1)).all(axis=1)
    normals = rows[:, 3:6] / np.maximum(np.linalg.norm(rows[:, 3:6], axis=1), 1e-9)[:, None]
    return Surface(
        _own(rows[:, :3]),
        _own(normals.astype(np.float32)),
        _own(rows[:, 6:]),
        faces[kept],
        like.material,
        like.semantic,
    )


def joined_surfaces(found: Iterable[Surface]) -> tuple[Surface, ...]:
    """Return surfaces with those of one material and class made one."""
    bins: dict[tuple[object, str], list[Surface]] = {}
    for surface in found:
        bins.setdefault((surface.material, surface.semantic), []).append(surface)
    return tuple(_joined(group) for group in bins.values())


def _joined(group: list[Surface]) -> Surface:
    counts = np.cumsum([0] + [len(s.vertices) for s in group[:-1]])
    faces = [s.faces + np.int32(first) for s, first in zip(group, counts.tolist(), strict=True)]
    return Surface(
        np.concatenate([s.vertices for s in group]),
        np.concatenate([s.normals for s in group]),
        np.concatenate([s.uv for s in group]),
        np.concatenate(faces).astype(np.int32),
        group[0].material,
        group[0].semantic,
    )


def _own(array: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.ascontiguousarray(array)
