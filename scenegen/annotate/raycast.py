"""First hits of rays on triangle meshes: an oracle that shares nothing with OpenGL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh

from scenegen.geometry import apply
from scenegen.records.base import F64

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenegen.records import Asset, Surface

_LAYERS = 64
"""Back faces that one ray may pass before it counts as lost."""


@dataclass(frozen=True)
class Triangles:
    """A soup of triangles with what an oracle must know about each.

    Attributes
    ----------
    corners : ndarray, shape (F, 3, 3)
        Counter-clockwise seen from the front, one frame for all.
    two_sided : ndarray, shape (F,), bool
        Seen from behind as well.
    semantic : ndarray, shape (F,), object
        Class name.
    instance : ndarray, shape (F,), uint16
    """

    corners: F64
    two_sided: npt.NDArray[np.bool_]
    semantic: npt.NDArray[np.object_]
    instance: npt.NDArray[np.uint16]

    def moved(self, transform: F64) -> Triangles:
        """Return the triangles taken through a transform (4, 4)."""
        corners = apply(transform, self.corners.reshape(-1, 3)).reshape(-1, 3, 3)
        return Triangles(corners, self.two_sided, self.semantic, self.instance)


def join(pieces: Iterable[Triangles]) -> Triangles:
    """Return one soup of several, which must share a frame."""
    parts = list(pieces)
    if not parts:
        empty = np.zeros(0, bool)
        return Triangles(np.zeros((0, 3, 3)), empty, empty.astype(object), empty.astype(np.uint16))
    return Triangles(
        np.concatenate([p.corners for p in parts]),
        np.concatenate([p.two_sided for p in parts]),
        np.concatenate([p.semantic for p in parts]),
        np.concatenate([p.instance for p in parts]),
    )


def surface_triangles(surface: Surface, instance_id: int = 0) -> Triangles:
    """Return the triangles of a surface in its own frame."""
    count = len(surface.faces)
    return Triangles(
        surface.vertices.astype(np.float64)[surface.faces],
        np.full(count, surface.material.two_sided),
        np.full(count, surface.semantic, dtype=object),
        np.full(count, instance_id, dtype=np.uint16),
    )


def asset_triangles(asset: Asset, body_from_parts: F64, instance_id: int = 0) -> Triangles:
    """Return the triangles of a posed asset in its body frame.

    Parameters
    ----------
    asset : Asset
    body_from_parts : ndarray, shape (P, 4, 4)
    instance_id : int
    """
    return join(
        surface_triangles(surface, instance_id).moved(body_from_part)
        for part, body_from_part in zip(asset.parts, body_from_parts, strict=True)
        for surface in part.surfaces
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
    """

    def __init__(self, triangles: Triangles, origin_m: npt.ArrayLike = (0.0, 0.0, 0.0)) -> None:
        self.triangles = triangles
        self._origin = np.asarray(origin_m, dtype=np.float64)
        corners = triangles.corners
        self._normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        self._scene = None
        if len(corners):
            self._scene = rtcore_scene.EmbreeScene()
            local = np.ascontiguousarray(corners - self._origin, dtype=np.float32)
            TriangleMesh(self._scene, local)

    def cast(self, origins: npt.ArrayLike, directions: F64, nearest: float = 0.0) -> Hits:
        """Return the first hits of rays.

        Parameters
        ----------
        origins : array_like, shape (3,) or (R, 3)
        directions : ndarray, shape (R, 3)
            Need not be of unit length.
        nearest : float
            Hits closer than this, in lengths of the direction, are passed through.
        """
        count = len(directions)
        hits = Hits(np.full(count, -1, dtype=np.int64), np.full(count, np.inf))
        if self._scene is None or count == 0:
            return hits
        eyes = np.broadcast_to(np.asarray(origins, dtype=np.float64), directions.shape)
        start = np.full(count, nearest)
        going = np.arange(count)
        for _ in range(_LAYERS):
            triangle = self._run(
                eyes[going] + start[going, None] * directions[going], directions[going]
            )
            met = triangle >= 0
            going, triangle = going[met], triangle[met]
            if going.size == 0:
                break
            facing = np.einsum("ij,ij->i", self._normals[triangle], directions[going])
            distance = self._distance(triangle, eyes[going], directions[going])
            stops = (facing < 0) | self.triangles.two_sided[triangle]
            stops &= distance >= nearest
            hits.triangle[going[stops]] = triangle[stops]
            hits.distance[going[stops]] = distance[stops]
            going, distance = going[~stops], distance[~stops]
            step = 1e-4 / np.linalg.norm(directions[going], axis=1) + 1e-6 * np.abs(distance)
            start[going] = np.maximum(distance, start[going]) + step
        return hits

    def _run(self, origins: F64, directions: F64) -> npt.NDArray[np.int64]:
        assert self._scene is not None
        found = self._scene.run(
            np.ascontiguousarray(origins - self._origin, dtype=np.float32),
            np.ascontiguousarray(directions, dtype=np.float32),
        )
        return np.asarray(found, dtype=np.int64)

    def _distance(self, triangle: npt.NDArray[np.int64], origins: F64, directions: F64) -> F64:
        """Intersect rays with the planes of their triangles in float64."""
        normal = self._normals[triangle]
        height = np.einsum("ij,ij->i", normal, self.triangles.corners[triangle, 0] - origins)
        slope = np.einsum("ij,ij->i", normal, directions)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(slope == 0, 0.0, height / slope))
