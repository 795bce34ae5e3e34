"""What rays through a picture meet first: scenery and the rigid parts of actors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
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
            return self._cast_in_field(points_px, directions)
        return self._cast(points_px, directions)

    def _cast_in_field(self, points_px: F64, directions: F64) -> Hits:
        count = len(directions)
        hits = Hits(np.full(count, -1, dtype=np.int64), np.full(count, np.inf))
        seen = np.isfinite(directions[:, 0])
        found = self._cast(points_px[seen], directions[seen])
        hits.triangle[seen], hits.distance[seen] = found.triangle, found.distance
        return hits

    def _cast(self, points_px: F64, directions: F64) -> Hits:
        del points_px
        turned = directions @ self.mesh_from_camera[:3, :3].T
        return self._in_range(
            self.mesh.cast(self.mesh_from_camera[:3, 3], turned, self.camera.near_m)
        )

    def _in_range(self, hits: Hits) -> Hits:
        beyond = hits.distance > self.camera.far_m
        return Hits(np.where(beyond, -1, hits.triangle), np.where(beyond, np.inf, hits.distance))

    def at(self, point_px: F64) -> Placed:
        """Return the mesh as the row of a picture point (2,) sees it."""
        del point_px
        return self

    def in_mesh(self, points_px: F64, points: F64) -> F64:
        """Return points (N, 3) of the camera's frame, seen at px (N, 2), in the mesh's frame."""
        del points_px
        return apply(self.mesh_from_camera, points)


@dataclass(frozen=True)
class PlacedByRow(Placed):
    """A rigid mesh as a camera sees it that reads its rows one after the other.

    Attributes
    ----------
    by_row : ndarray, shape (H, 4, 4)
        camera_from_mesh for each row; `camera_from_mesh` is that of one in the middle.
    """

    by_row: F64 = field(default_factory=lambda: np.zeros((0, 4, 4)))

    @cached_property
    def image(self) -> F64 | None:
        """Least and greatest px (2, 2) that the mesh's box can reach; None where unseen."""
        camera, low = self.camera, self.mesh.bounds[0]
        corners = low + (self.mesh.bounds[1] - low) * _CUBE
        return swept_bounds(camera, corners, self.by_row, _EDGE_PX)

    def at(self, point_px: F64) -> Placed:
        """Return the mesh as the row of a picture point (2,) sees it."""
        pose = self.by_row[_rows(self.camera, point_px[1])]
        return Placed(self.camera, self.mesh, pose, self.instance_id, self.part)

    def in_mesh(self, points_px: F64, points: F64) -> F64:
        """Return points (N, 3) of the camera's frame, seen at px (N, 2), in the mesh's frame."""
        to_mesh = inverse(self.by_row[_rows(self.camera, points_px[:, 1])])
        turned = np.einsum("nij,nj->ni", to_mesh[:, :3, :3], points)
        return np.asarray(turned + to_mesh[:, :3, 3])

    def _cast(self, points_px: F64, directions: F64) -> Hits:
        to_mesh = inverse(self.by_row[_rows(self.camera, points_px[:, 1])])
        turned = np.einsum("nij,nj->ni", to_mesh[:, :3, :3], directions)
        return self._in_range(self.mesh.cast(to_mesh[:, :3, 3], turned, self.camera.near_m))


def _rows(camera: Camera, v_px: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the rows that heights lie in; beyond the picture the nearest."""
    rows = np.floor(np.asarray(v_px)).astype(np.int64)
    return np.asarray(np.clip(rows, 0, camera.height - 1))


def swept_bounds(camera: Camera, corners: F64, by_row: F64, edge_px: float) -> F64 | None:
    """Return least and greatest px (2, 2) that a box can reach in any row; None for no image.

    Some rows are looked at, and what lies between two of them is taken to go no farther beyond
    both than they are apart.

    Parameters
    ----------
    camera : Camera
    corners : ndarray, shape (8, 3)
        As `box_corners` orders them.
    by_row : ndarray, shape (H, 4, 4)
        Poses of the corners' frame in the camera's.
    edge_px : float
        By which bounds are widened.
    """
    rows = np.unique(np.linspace(0, len(by_row) - 1, _LOOKS).astype(int))
    bounds = [box_bounds(camera, apply(by_row[row], corners)) for row in rows]
    seen = np.array([b for b in bounds if b is not None])
    if not len(seen):
        return None
    apart = np.abs(np.diff(seen, axis=0)).max(initial=0.0) if len(seen) == len(bounds) else np.inf
    slack = edge_px + apart
    return np.array([seen[:, 0].min(axis=0) - slack, seen[:, 1].max(axis=0) + slack])


_LOOKS = 13
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
