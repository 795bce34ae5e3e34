"""One view of a scene at one row, worked out on the CPU before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera, inverse
from scenegen.geometry.camera import CAMERA_FROM_GL
from scenegen.records.base import F64
from scenegen.render.culling import Boxes
from scenegen.render.gpu_scene import GpuScene
from scenegen.render.row_motion import RowMotion

MARGIN = 4
"""The clip volume spans this many pictures, so that no silhouette is clipped within its margin."""


@dataclass(frozen=True)
class View:
    """A camera at a row, and what it may see.

    Attributes
    ----------
    row : int
    world_from_camera, next_world_from_camera : ndarray, shape (4, 4)
    camera_from_parts, next_camera_from_parts : ndarray, shape (P, 4, 4)
    world_from_objects : ndarray, shape (O, 4, 4)
    lamps, valid : ndarray, shape (O,)
    present : ndarray, shape (R,), bool
        Runs whose object is there.
    shown : ndarray, shape (R,), bool
        Those that this camera draws: not the ego's.
    motion : RowMotion, optional
        While rows are read.
    """

    row: int
    camera: Camera
    world_from_camera: F64
    next_world_from_camera: F64
    camera_from_parts: F64
    next_camera_from_parts: F64
    world_from_objects: F64
    lamps: npt.NDArray[np.uint32]
    valid: npt.NDArray[np.bool_]
    present: npt.NDArray[np.bool_]
    shown: npt.NDArray[np.bool_]
    motion: RowMotion | None = None

    def corners(self, boxes: Boxes, drawables: npt.NDArray[np.int64]) -> F64:
        """Return the corners (K, 8, 3), camera frame, of the boxes of some drawables (K,).

        While rows are read there are (K, 24, 3), as several rows see them.
        """
        corners = boxes.corners(self.camera_from_parts, drawables)
        if self.motion is None:
            return corners
        return self.motion.corners(corners, self.motion.group[boxes.part[drawables]])


def look(
    scene: GpuScene,
    camera: Camera,
    poses: tuple[F64, F64],
    rows: tuple[int, int],
    hidden_instance: int,
    later: float = 0.0,
) -> View:
    """Gather a view.

    Parameters
    ----------
    poses : (world_from_camera, next_world_from_camera)
    rows : (row, next row)
    hidden_instance : int
        Instance id that is left out, 0 for none.
    later : float
        How much of a row later things are where they are drawn; for blur by motion.
    """
    source = scene.scene
    here, there = inverse(poses[0]), inverse(poses[1])
    camera_from_parts = here @ source.world_from_parts(rows[0], later)
    valid = source.valid[rows[0]]
    present = valid[scene.runs.object]
    shown = present & (scene.runs.instance != hidden_instance) if hidden_instance else present
    return View(
        row=rows[0],
        camera=camera,
        world_from_camera=poses[0],
        next_world_from_camera=poses[1],
        camera_from_parts=camera_from_parts,
        next_camera_from_parts=there @ source.world_from_parts(rows[1]),
        world_from_objects=source.world_from_objects(rows[0], later),
        lamps=source.lamps[rows[0]],
        valid=valid,
        present=present,
        shown=shown,
    )


def picture_from_camera(camera: Camera) -> F64:
    """Return the clip matrix (4, 4) of a picture whose rows run downward."""
    return np.diag([1.0, -1.0, 1.0, 1.0]) @ camera.gl_projection() @ CAMERA_FROM_GL


def margin_from_camera(camera: Camera) -> F64:
    """Return the clip matrix (4, 4) of the picture with its margin.

    Dividing by a power of two changes no digit, so a silhouette, drawn elsewhere by whole
    pixels, snaps to the picture's grid; only what the picture's border clips may differ there.
    """
    matrix = picture_from_camera(camera)
    for axis, size in enumerate((camera.width, camera.height)):
        # An odd size has its middle between whole offsets.
        shift = (0.5 * size + margin_offset(size)) / (0.5 * MARGIN * size) - 1.0
        matrix[axis] = matrix[axis] / MARGIN + shift * matrix[3]
    return matrix


def margin_offset(size: int) -> int:
    """Whole pixels by which the margin's viewport starts before the picture."""
    return (MARGIN - 1) * size // 2


def columns(matrix: F64) -> bytes:
    """Return a matrix as OpenGL takes it."""
    return matrix.T.astype("<f4").tobytes()


def lens(clip_from_camera: F64) -> bytes:
    """Return what differs from zero in the matrix of an upright lens, as the shaders take it.

    Returns
    -------
    bytes
        Eight float32: clip x by x and z, clip y by y and z, depth by z and 1; 0, 0.
    """
    m = clip_from_camera
    values = [m[0, 0], m[0, 2], m[1, 1], m[1, 2], m[2, 2], m[2, 3], 0.0, 0.0]
    return np.array(values, dtype="<f4").tobytes()
