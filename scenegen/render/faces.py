"""The triangles that a frame may show, in exact arithmetic: an oracle for what was drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry import apply, inverse
from scenegen.records import Frame
from scenegen.records.base import F64
from scenegen.render.scene import RenderScene


@dataclass(frozen=True)
class Faces:
    """Triangles in the camera frame.

    Attributes
    ----------
    corners : ndarray, shape (F, 3, 3)
        m.
    ids : ndarray, shape (F, 2)
        Instance and class.
    """

    corners: F64
    ids: npt.NDArray[np.int64]

    def edges(self, frame: Frame) -> F64:
        """Return the images (E, 2, 2) px of the edges that may cross the picture."""
        return _image(
            frame, np.concatenate([self.corners[:, pair] for pair in ([0, 1], [1, 2], [2, 0])])
        )

    def met(self, frame: Frame, u_px: float, v_px: float, within_px: float) -> set[tuple[int, int]]:
        """Return instance and class of what lies first behind a point of the picture.

        Where two surfaces cross, as a post and the ground that it stands in, no triangle has
        an edge; within a distance of the crossing either may be drawn.

        Parameters
        ----------
        frame : Frame
            Whose camera is taken.
        u_px, v_px : float
        within_px : float
            Surfaces count that come first somewhere within this distance.
        """
        camera = frame.camera
        ray = camera.unproject((u_px, v_px), 1.0)
        corner, a, b = (
            self.corners[:, 0],
            *(self.corners[:, k] - self.corners[:, 0] for k in (1, 2)),
        )
        # Möller and Trumbore 1997.
        across = np.cross(ray, b)
        volume = np.einsum("fi,fi->f", a, across)
        along = np.cross(-corner, a)
        with np.errstate(divide="ignore", invalid="ignore"):
            first = np.einsum("fi,fi->f", -corner, across) / volume
            second = along @ ray / volume
            depth = np.einsum("fi,fi->f", b, along) / volume
            hit = (first >= 0) & (second >= 0) & (first + second <= 1) & (depth > camera.near_m)
        if not hit.any():
            return set()
        normal = np.cross(a[hit], b[hit])
        depth = depth[hit]
        slope = depth * np.hypot(normal[:, 0] / camera.fx, normal[:, 1] / camera.fy)
        slope /= np.maximum(np.abs(normal @ ray), 1e-12)
        nearest = int(np.argmin(depth))
        reach = within_px * (slope + slope[nearest])
        close = self.ids[hit][depth - depth[nearest] <= reach]
        return {(int(instance), int(semantic)) for instance, semantic in close}


def visible_faces(frame: Frame, scene: RenderScene, hidden: set[int]) -> Faces:
    """Gather the triangles of what is there at a frame's row.

    Parameters
    ----------
    frame : Frame
        Whose camera and row are taken.
    scene : RenderScene
    hidden : set of int
        Instance ids to leave out.
    """
    parts = inverse(frame.world_from_camera) @ scene.world_from_parts(frame.step)
    valid = scene.valid[frame.step]
    corners, ids = [], []
    for drawable in scene.drawables:
        if valid[drawable.object] and drawable.instance_id not in hidden:
            points = apply(parts[drawable.part], drawable.surface.vertices)
            corners.append(points[drawable.surface.faces])
            ids.append((drawable.instance_id, drawable.semantic))
    counts = [len(part) for part in corners]
    return Faces(np.concatenate(corners), np.repeat(np.array(ids, dtype=np.int64), counts, axis=0))


def _image(frame: Frame, edges: F64) -> F64:
    """Cut edges (E, 2, 3), camera frame, at the near plane and project what is left."""
    near = frame.camera.near_m
    depth = edges[:, :, 2]
    edges, depth = edges[(depth > near).any(axis=1)], depth[(depth > near).any(axis=1)]
    behind = depth <= near
    crossing = behind.any(axis=1)
    span = np.where(crossing, depth[:, 1] - depth[:, 0], 1.0)
    cut = edges[:, 0] + ((near - depth[:, 0]) / span)[:, None] * (edges[:, 1] - edges[:, 0])
    edges = np.where(behind[:, :, None], cut[:, None], edges)
    edges[:, :, 2] = np.maximum(edges[:, :, 2], near)
    image = frame.camera.project(edges)
    size = (frame.camera.width + 1, frame.camera.height + 1)
    inside = (image.min(axis=1) <= size).all(axis=1) & (image.max(axis=1) >= -1).all(axis=1)
    return np.asarray(image[inside])
