"""Triangles without a material, and how they are moved, joined and numbered.

Metres, float64; closed shapes wind counter-clockwise seen from outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from scenegen.geometry import cross
from scenegen.records.base import F64, Vec3

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Geometry:
    """Triangles without a material.

    Attributes
    ----------
    vertices : ndarray, shape (V, 3)
    faces : ndarray, shape (F, 3)
    uv : ndarray, shape (V, 2)
        Zero where a shape has no use for a texture.
    """

    vertices: F64
    faces: I64
    uv: F64

    @cached_property
    def shadows(self) -> dict[Vec3, object]:
        """What `surfaces.hit_distance` keeps of this shape, by direction."""
        return {}

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Geometry:
        """Return the shape displaced."""
        return Geometry(self.vertices + np.array([x, y, z]), self.faces, self.uv)

    def turned(self, axis: Vec3, angle_rad: float) -> Geometry:
        """Return the shape turned about an axis through the origin, right-handed."""
        return Geometry(self.vertices @ turn(axis, angle_rad).T, self.faces, self.uv)

    def scaled(self, x: float, y: float, z: float) -> Geometry:
        """Return the shape stretched; an odd number of negative factors mirrors it."""
        faces = self.faces[:, ::-1] if x * y * z < 0 else self.faces
        return Geometry(self.vertices * np.array([x, y, z]), faces, self.uv)

    def mirrored(self) -> Geometry:
        """Return the mirror image on the other side of the xz plane."""
        return self.scaled(1.0, -1.0, 1.0)

    def both_sides(self) -> Geometry:
        """Return the shape together with its mirror image."""
        return join([self, self.mirrored()])


def geometry(vertices: npt.ArrayLike, faces: npt.ArrayLike, uv: F64 | None = None) -> Geometry:
    """Make a `Geometry` of plain lists."""
    points = np.asarray(vertices, dtype=np.float64).reshape(-1, 3)
    triangles = np.asarray(faces, dtype=np.int64).reshape(-1, 3)
    return Geometry(points, triangles, np.zeros((len(points), 2)) if uv is None else uv)


def sheets(corners: F64, uv: F64) -> Geometry:
    """Return flat quadrilaterals.

    Parameters
    ----------
    corners : ndarray, shape (N, 4, 3)
        Counter-clockwise seen from the front.
    uv : ndarray, shape (N, 4, 2)
    """
    first = 4 * np.arange(len(corners))[:, None, None]
    faces = (first + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)
    return Geometry(corners.reshape(-1, 3), faces, uv.reshape(-1, 2))


def rectangles(boxes: F64) -> F64:
    """Return the corners (N, 4, 2), counter-clockwise, of lower and upper ones (N, 4)."""
    return boxes[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]


def facing(boxes: F64, x: float) -> F64:
    """Return the corners (N, 4, 3) of sheets that face +x, for corners (N, 4) of y and z."""
    corners = np.empty((len(boxes), 4, 3))
    corners[..., 0], corners[..., 1:] = x, rectangles(boxes)
    return corners


def turn(axis: Vec3, angle_rad: float) -> F64:
    """Return the rotation matrix (3, 3) about an axis (Rodrigues)."""
    n = np.asarray(axis, dtype=np.float64)
    n = n / np.linalg.norm(n)
    k = np.array([[0, -n[2], n[1]], [n[2], 0, -n[0]], [-n[1], n[0], 0]])
    return np.asarray(np.eye(3) + np.sin(angle_rad) * k + (1 - np.cos(angle_rad)) * (k @ k))


def join(pieces: Iterable[Geometry]) -> Geometry:
    """Return several shapes as one."""
    parts = list(pieces)
    starts = np.cumsum([0, *(len(p.vertices) for p in parts[:-1])])
    return Geometry(
        np.concatenate([p.vertices for p in parts]),
        np.concatenate([p.faces + s for p, s in zip(parts, starts, strict=True)]),
        np.concatenate([p.uv for p in parts]),
    )


def volume(shape: Geometry) -> float:
    """Return the signed volume, m³: positive when a closed shape faces outward."""
    a, b, c = np.moveaxis(shape.vertices[shape.faces], 1, 0)
    return float(np.einsum("ij,ij->", a, cross(b, c)) / 6.0)


def outward(shape: Geometry) -> Geometry:
    """Return a closed shape with its faces flipped if they look inward."""
    if volume(shape) >= 0:
        return shape
    return Geometry(shape.vertices, shape.faces[:, ::-1], shape.uv)


@lru_cache(maxsize=256)
def grid_faces(rows: int, columns: int, wrap: bool) -> I64:
    """Return two triangles for each cell of a grid of vertices; `wrap` closes the columns."""
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(columns if wrap else columns - 1))
    row, left = r.ravel(order="F") * columns, c.ravel(order="F")
    right = (left + 1) % columns
    a, b, d, e = row + left, row + right, row + columns + right, row + columns + left
    faces = np.concatenate([np.stack([a, b, d], 1), np.stack([a, d, e], 1)])
    faces.setflags(write=False)
    return faces


def capped_faces(rows: int, columns: int) -> I64:
    """Return the faces of a stack of closed rings whose two ends are fans.

    The fans' middles follow the grid: vertex ``rows * columns`` for the first ring, the
    next one for the last.
    """
    k = np.arange(columns)
    n = (k + 1) % columns
    low, last = rows * columns, (rows - 1) * columns
    first_fan = np.stack([n, k, np.full(columns, low)], 1)
    last_fan = np.stack([last + k, last + n, np.full(columns, low + 1)], 1)
    return np.concatenate([grid_faces(rows, columns, True), first_fan, last_fan])


def closed_skin(rings: F64) -> Geometry:
    """Return the skin over closed rings (S, K, 3) of which the last meets the first."""
    rows, columns = rings.shape[:2]
    faces = grid_faces(rows + 1, columns, True) % (rows * columns)
    return outward(geometry(rings.reshape(-1, 3), faces))
