"""What rays through a picture meet first: scenery and the rigid parts of actors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenegen.annotate.raycast import Hits, RayMesh
from scenegen.geometry import Camera, apply, box_bounds, inverse, project_box
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

SKY = CLASS_BY_NAME["sky"].id
_EDGE_PX = 0.5
"""More than a rasteriser or float32 rays can be off."""


@dataclass(frozen=True)
class Placed:
    """A rigid mesh as a camera sees it.

    Attributes
    ----------
    camera : Camera
    mesh : RayMesh
    camera_from_mesh : ndarray, shape (4, 4)
    instance_id : int
        0 for scenery.
    part : int
        Which part of the actor; 0 for scenery.
    """

    camera: Camera
    mesh: RayMesh
    camera_from_mesh: F64
    instance_id: int = 0
    part: int = 0

    @cached_property
    def mesh_from_camera(self) -> F64:
        """Inverse of `camera_from_mesh`."""
        return inverse(self.camera_from_mesh)

    @cached_property
    def image(self) -> F64 | None:
        """Least and greatest px (2, 2) that the mesh's box can reach; None where unseen."""
        low, size = self.mesh.bounds[0], self.mesh.bounds[1] - self.mesh.bounds[0]
        corners = apply(self.camera_from_mesh, low + size * _CUBE)
        if self.camera.lens is not None:
            bounds = box_bounds(self.camera, corners)
            return None if bounds is None else bounds + np.array([[-_EDGE_PX], [_EDGE_PX]])
        if corners[:, 2].min() > self.camera.near_m:
            pixels = self.camera.project(corners)
        else:
            cut = project_box(self.camera, corners)
            if cut is None:
                return None
            pixels = cut
        return np.array([pixels.min(axis=0) - _EDGE_PX, pixels.max(axis=0) + _EDGE_PX])

    def within(self, points_px: F64) -> npt.NDArray[np.int64]:
        """Return through which of the points (R, 2) px rays can meet the mesh."""
        image = self.image
        if image is None:
            return np.zeros(0, dtype=np.int64)
        (left, top), (right, bottom) = image
        u, v = points_px.T
        return np.flatnonzero((u >= left) & (u <= right) & (v >= top) & (v <= bottom))

    def cast(self, points_px: F64) -> Hits:
        """Cast rays through picture points (R, 2); distances are the camera's depths.

        What lies outside the near and far planes isn't drawn, so rays don't meet it, nor do
        they meet anything outside of a lens's field.
        """
        camera = self.camera
        directions = camera.unproject(points_px, np.ones(len(points_px)))
        if camera.lens is not None:
            return self._cast_in_field(directions)
        return self._cast(directions)

    def _cast_in_field(self, directions: F64) -> Hits:
        count = len(directions)
        hits = Hits(np.full(count, -1, dtype=np.int64), np.full(count, np.inf))
        seen = np.isfinite(directions[:, 0])
        found = self._cast(directions[seen])
        hits.triangle[seen], hits.distance[seen] = found.triangle, found.distance
        return hits

    def _cast(self, directions: F64) -> Hits:
        camera = self.camera
        turned = directions @ self.mesh_from_camera[:3, :3].T
        hits = self.mesh.cast(self.mesh_from_camera[:3, 3], turned, camera.near_m)
        beyond = hits.distance > camera.far_m
        return Hits(np.where(beyond, -1, hits.triangle), np.where(beyond, np.inf, hits.distance))


_CUBE = np.array([[x, y, z] for x in (0.0, 1.0) for y in (0.0, 1.0) for z in (0.0, 1.0)])


@dataclass(frozen=True)
class Surfaces:
    """Id, class and depth of what pixels show.

    Attributes
    ----------
    instance : ndarray, shape (N,), uint16
    semantic : ndarray, shape (N,), uint8
    depth_m : ndarray, shape (N,)
        ``inf`` where there is no surface.
    """

    instance: npt.NDArray[np.uint16]
    semantic: npt.NDArray[np.uint8]
    depth_m: F64

    def __getitem__(self, chosen: npt.NDArray[np.bool_]) -> Surfaces:
        return Surfaces(self.instance[chosen], self.semantic[chosen], self.depth_m[chosen])


def first_surfaces(scene: Iterable[Placed], points_px: F64) -> Surfaces:
    """Return what rays through picture points (N, 2) px meet first."""
    count = len(points_px)
    found = Surfaces(
        np.zeros(count, dtype=np.uint16),
        np.full(count, SKY, dtype=np.uint8),
        np.full(count, np.inf),
    )
    for placed in scene:
        rays = placed.within(points_px)
        if not rays.size:
            continue
        hits = placed.cast(points_px[rays])
        closer = hits.distance < found.depth_m[rays]
        rays, met = rays[closer], hits.triangle[closer]
        found.depth_m[rays] = hits.distance[closer]
        found.instance[rays] = placed.instance_id
        found.semantic[rays] = placed.mesh.triangles.semantic[met]
    return found


def covered(parts: Iterable[Placed], points_px: F64) -> npt.NDArray[np.bool_]:
    """Return which picture points (N, 2) px lie on any of some meshes."""
    result = np.zeros(len(points_px), dtype=np.bool_)
    for placed in parts:
        rays = placed.within(points_px)
        rays = rays[~result[rays]]
        if rays.size:
            result[rays] = placed.cast(points_px[rays]).triangle >= 0
    return result
