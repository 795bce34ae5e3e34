"""Boxes in three dimensions and in the picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.geometry.camera import Camera
from scenegen.geometry.transforms import Array, apply

_UNIT = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if bin(a ^ b).count("1") == 1]


def box_corners(frame_from_box: npt.ArrayLike, size_m: npt.ArrayLike) -> Array:
    """Return the corners (8, 3) of a box centred on its own frame.

    Parameters
    ----------
    frame_from_box : array_like, shape (4, 4)
        Pose of the box's middle.
    size_m : array_like, shape (3,)
        Length, width and height along the box's x, y and z.
    """
    return apply(frame_from_box, _UNIT * np.asarray(size_m, dtype=np.float64))


def nearest_point(corners: Array, point_m: npt.ArrayLike = (0.0, 0.0, 0.0)) -> Array:
    """Return the point (3,) of a box that is nearest to another; that one itself within it.

    Parameters
    ----------
    corners : ndarray, shape (8, 3)
        As from `box_corners`.
    point_m : array_like, shape (3,)
        In the same frame.
    """
    edges = corners[[4, 2, 1]] - corners[0]
    along = edges @ (np.asarray(point_m) - corners[0]) / np.maximum((edges**2).sum(axis=1), 1e-300)
    return np.asarray(corners[0] + np.clip(along, 0.0, 1.0) @ edges)


def project_box(camera: Camera, corners_camera: Array) -> Array | None:
    """Return the convex set of px points (M, 2) that a box's image is the hull of.

    Edges that cross the near plane are cut there, so that a box beside the camera
    keeps a finite image. ``None`` when the whole box lies behind the near plane.

    Parameters
    ----------
    camera : Camera
    corners_camera : ndarray, shape (8, 3)
        As from `box_corners`, in the camera frame.
    """
    near = camera.near_m
    inside = corners_camera[:, 2] >= near
    points = list(corners_camera[inside])
    for a, b in _EDGES:
        if inside[a] != inside[b]:
            p, q = corners_camera[a], corners_camera[b]
            points.append(p + (near - p[2]) / (q[2] - p[2]) * (q - p))
    if not points:
        return None
    return camera.project(np.maximum(np.array(points), [-np.inf, -np.inf, near]))


_ARC = np.linspace(0.0, 1.0, 17)
_BEHIND_RAD = np.deg2rad(150.0)


def box_bounds(camera: Camera, corners_camera: Array) -> Array | None:
    """Return least and greatest px (2, 2) that the image of a box can reach; None for no image.

    Exact for a pinhole. Under a lens, edges are arcs of great circles, of which 17 points are
    projected; what lies outside of the field is moved to its rim, and the bounds are widened
    by more than an arc can leave the chords between the points.

    Parameters
    ----------
    camera : Camera
    corners_camera : ndarray, shape (8, 3)
        As from `box_corners`, in the camera frame.
    """
    if camera.lens is None:
        image = project_box(camera, corners_camera)
        return None if image is None else np.array([image.min(axis=0), image.max(axis=0)])
    if not (camera.near_m <= _farthest(camera, corners_camera)):
        return None
    field = camera.lens.field_rad
    units = corners_camera / np.maximum(np.linalg.norm(corners_camera, axis=1), 1e-9)[:, None]
    first, last = (units[[edge[k] for edge in _EDGES]] for k in (0, 1))
    way = np.cross(first, last)
    arc = np.arctan2(np.linalg.norm(way, axis=1), np.einsum("ij,ij->i", first, last))[:, None, None]
    share = np.sinc(arc * (1 - _ARC[:, None]) / np.pi) * (1 - _ARC[:, None])
    other = np.sinc(arc * _ARC[:, None] / np.pi) * _ARC[:, None]
    points = share * first[:, None] + other * last[:, None]
    across = np.hypot(points[..., 0], points[..., 1])
    angle = np.arctan2(across, points[..., 2])
    if (
        angle.max() > _BEHIND_RAD
        or np.linalg.norm(corners_camera.mean(axis=0)) < np.ptp(corners_camera, axis=0).max()
    ):
        angle, across = np.full(256, field), np.ones(256)
        turn = np.linspace(0.0, 2 * np.pi, 256)
        points = np.stack([np.cos(turn), np.sin(turn), turn], axis=-1)
    angle = np.minimum(angle, field * (1 - 1e-9))
    points = np.concatenate(
        [
            points[..., :2] * (np.sin(angle) / np.maximum(across, 1e-12))[..., None],
            np.cos(angle)[..., None],
        ],
        axis=-1,
    )
    pixels = camera.project(points)
    bent = np.abs(np.diff(pixels, n=2, axis=-2)).max(axis=-2) if pixels.ndim == 3 else 1.0
    slack = 1.0 + 0.5 * np.max(bent)
    pixels = pixels.reshape(-1, 2)
    return np.array([pixels.min(axis=0) - slack, pixels.max(axis=0) + slack])


def _farthest(camera: Camera, corners: Array) -> float:
    return float(camera.depth_of(corners).max())


def clip_box(box_xyxy: npt.ArrayLike, width: int, height: int) -> Array:
    """Clip a box (4,) px to the picture."""
    return np.clip(np.asarray(box_xyxy, dtype=np.float64), 0, [width, height, width, height])


def mask_box(mask: npt.NDArray[np.bool_]) -> Array | None:
    """Return the box (4,) px xyxy of a mask (H, W) by pixel corners, or None if it is empty.

    A mask whose columns run from 3 to 7 has x1 = 3 and x2 = 8.
    """
    columns = np.flatnonzero(mask.any(axis=0))
    if columns.size == 0:
        return None
    rows = np.flatnonzero(mask.any(axis=1))
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], dtype=np.float64)
