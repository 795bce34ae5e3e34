"""First hits of rays on triangle meshes: an oracle that shares nothing with OpenGL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh

from scenegen.geometry import apply, embree
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenegen.records import Surface

_LAYERS = 64
"""Back faces that one ray may pass before it counts as lost."""
_CHUNK = 64
"""Triangles that share a bounding sphere."""


@dataclass(frozen=True)
class Triangles:
    """A soup of triangles with what an oracle must know about each.

    Attributes
    ----------
    corners : ndarray, shape (F, 3, 3)
        Counter-clockwise seen from the front, one frame for all.
    two_sided : ndarray, shape (F,), bool
        Seen from behind as well.
    semantic : ndarray, shape (F,), uint8
        Class id.
    """

    corners: F64
    two_sided: npt.NDArray[np.bool_]
    semantic: npt.NDArray[np.uint8]

    def moved(self, transform: F64) -> Triangles:
        """Return the triangles taken through a transform (4, 4)."""
        corners = apply(transform, self.corners.reshape(-1, 3)).reshape(-1, 3, 3)
        return Triangles(corners, self.two_sided, self.semantic)


def join(pieces: Iterable[Triangles]) -> Triangles:
    """Return one soup of several, which must share a frame."""
    parts = list(pieces)
    if not parts:
        return Triangles(np.zeros((0, 3, 3)), np.zeros(0, np.bool_), np.zeros(0, np.uint8))
    return Triangles(
        np.concatenate([p.corners for p in parts]),
        np.concatenate([p.two_sided for p in parts]),
        np.concatenate([p.semantic for p in parts]),
    )


def surface_triangles(surface: Surface) -> Triangles:
    """Return the triangles of a surface in its own frame."""
    count = len(surface.faces)
    return Triangles(
        surface.vertices.astype(np.float64)[surface.faces],
        np.full(count, surface.material.two_sided),
        np.full(count, CLASS_BY_NAME[surface.semantic].id, dtype=np.uint8),
    )


@dataclass(frozen=True)
class Hits:
    """What rays met first.

    Attributes
    ----------
    triangle : ndarray, shape (R,), int64
        -1 where nothing was met.
    distance : ndarray, shape (R,)
        In lengths of the ray's direction; ``inf`` where nothing was met.
    """

    triangle: npt.NDArray[np.int64]
    distance: F64


class RayMesh:
    """Triangles that rays can be cast at.

    Front faces stop a ray; back faces do if they are two-sided, as a renderer that culls
    back faces sees it. Embree finds the triangle in float32; the distance is then worked
    out in float64.

    Parameters
    ----------
    triangles : Triangles
    origin_m : (3,), optional
        Subtracted from all coordinates before they become float32: a point near the eyes.

    Attributes
    ----------
    triangles : Triangles
    bounds : ndarray, shape (2, 3)
        Least and greatest coordinates; zero where there are no triangles.
    """

    def __init__(self, triangles: Triangles, origin_m: npt.ArrayLike = (0.0, 0.0, 0.0)) -> None:
        self.triangles = triangles
        self._origin = np.asarray(origin_m, dtype=np.float64)
        corners = triangles.corners
        self._normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        self._scene = None
        self.bounds = np.zeros((2, 3))
        if len(corners):
            self.bounds = np.array([corners.min(axis=(0, 1)), corners.max(axis=(0, 1))])
            self._scene = rtcore_scene.EmbreeScene(embree.device())
            local = np.ascontiguousarray(corners - self._origin, dtype=np.float32)
            TriangleMesh(self._scene, local)
        self._spheres: tuple[F64, F64] | None = None

    def cast(self, origin: npt.ArrayLike, directions: F64, nearest: float = 0.0) -> Hits:
        """Return the first hits of rays.

        Parameters
        ----------
        origin : array_like, shape (3,) or (R, 3)
            Where all rays begin, or each of them.
        directions : ndarray, shape (R, 3)
            Need not be of unit length.
        nearest : float
            Hits closer than this, in lengths of the direction, are passed through.
        """
        count = len(directions)
        hits = Hits(np.full(count, -1, dtype=np.int64), np.full(count, np.inf))
        if self._scene is None or count == 0:
            return hits
        eyes = np.broadcast_to(np.asarray(origin, dtype=np.float64), (count, 3))
        start = np.full(count, nearest)
        going = np.arange(count)
        for _ in range(_LAYERS):
            onward, eye = directions[going], eyes[going]
            triangle = self._run(eye + start[going, None] * onward, onward)
            met = triangle >= 0
            going, triangle, onward, eye = going[met], triangle[met], onward[met], eye[met]
            if going.size == 0:
                break
            # Distances by the planes of the triangles, in float64.
            normal = self._normals[triangle]
            slope = np.einsum("ij,ij->i", normal, onward)
            height = np.einsum("ij,ij->i", normal, self.triangles.corners[triangle, 0] - eye)
            distance = np.divide(height, slope, out=np.zeros_like(height), where=slope != 0)
            stops = (slope < 0) | self.triangles.two_sided[triangle]
            stops &= distance >= nearest
            hits.triangle[going[stops]] = triangle[stops]
            hits.distance[going[stops]] = distance[stops]
            if stops.all():
                break
            going, distance, onward = going[~stops], distance[~stops], onward[~stops]
            step = 1e-4 / np.linalg.norm(onward, axis=1) + 1e-6 * np.abs(distance)
            start[going] = np.maximum(distance, start[going]) + step
        return hits

    def near_line(
        self, origin: npt.ArrayLike, direction: F64, spread: float
    ) -> npt.NDArray[np.int64]:
        """Return the triangles that may reach into a thin cone: a superset, by spheres.

        Parameters
        ----------
        origin, direction : array_like, shape (3,)
            Tip and axis.
        spread : float
            Radius of the cone at the tip of `direction`.
        """
        if not len(self.triangles.corners):
            return np.zeros(0, dtype=np.int64)
        if self._spheres is None:
            self._spheres = _chunk_spheres(self.triangles.corners)
        near = _spheres_near(*self._spheres, origin, direction, spread)
        faces = (np.flatnonzero(near)[:, None] * _CHUNK + np.arange(_CHUNK)).ravel()
        faces = faces[faces < len(self.triangles.corners)]
        corners = self.triangles.corners[faces]
        middle = corners.mean(axis=1)
        radius = np.linalg.norm(corners - middle[:, None], axis=2).max(axis=1)
        return np.asarray(faces[_spheres_near(middle, radius, origin, direction, spread)])

    def _run(self, origins: F64, directions: F64) -> npt.NDArray[np.int64]:
        assert self._scene is not None
        found = self._scene.run(
            np.ascontiguousarray(origins - self._origin, dtype=np.float32),
            np.ascontiguousarray(directions, dtype=np.float32),
        )
        return np.asarray(found, dtype=np.int64)


def _chunk_spheres(corners: F64) -> tuple[F64, F64]:
    """Return middles (C, 3) and radii (C,) of spheres around each `_CHUNK` triangles."""
    starts = np.arange(0, len(corners), _CHUNK)
    low = np.minimum.reduceat(corners.min(axis=1), starts)
    high = np.maximum.reduceat(corners.max(axis=1), starts)
    return 0.5 * (low + high), 0.5 * np.linalg.norm(high - low, axis=1)


def _spheres_near(
    middles: F64, radii: F64, origin: npt.ArrayLike, direction: F64, spread: float
) -> npt.NDArray[np.bool_]:
    """Return which spheres reach into a cone; those behind its tip are kept if they hold it."""
    towards = middles - np.asarray(origin, dtype=np.float64)
    along = np.maximum(towards @ direction / (direction @ direction), 0.0)
    gap = np.linalg.norm(towards - along[:, None] * direction, axis=1)
    reach = radii * (1 + spread) + spread * along
    return np.asarray(gap <= reach + 1e-9)
