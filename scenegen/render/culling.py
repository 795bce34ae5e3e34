"""Which drawables a view sees, and in what order they are drawn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64


def camera_corners(corners: F64, camera_from_parts: F64, part: npt.NDArray[np.int64]) -> F64:
    """Take box corners (D, 8, 3) from part frames to the camera frame."""
    poses = camera_from_parts[part]
    return np.asarray(corners @ np.swapaxes(poses[:, :3, :3], 1, 2) + poses[:, None, :3, 3])


def visible(clip_from_camera: F64, corners: F64) -> npt.NDArray[np.bool_]:
    """Return which boxes (D,) may reach into a clip volume.

    Parameters
    ----------
    clip_from_camera : ndarray, shape (4, 4)
    corners : ndarray, shape (D, 8, 3)
        Camera frame.
    """
    clip = corners @ clip_from_camera[:, :3].T + clip_from_camera[:, 3]
    w = clip[..., 3:]
    above = np.asarray((clip[..., :3] > w).all(axis=1))
    below = np.asarray((clip[..., :3] < -w).all(axis=1))
    return np.asarray(~(above | below).any(axis=1))


def casts_into(clip_from_camera: F64, corners: F64, least: float) -> npt.NDArray[np.bool_]:
    """Return which boxes (D,) may throw a shadow into an orthographic cascade.

    Boxes that span less than `least` of clip space in both directions are left out.
    """
    flat = corners @ clip_from_camera[:2, :3].T + clip_from_camera[:2, 3]
    low, high = flat.min(axis=1), flat.max(axis=1)
    inside = (low < 1.0).all(axis=1) & (high > -1.0).all(axis=1)
    return np.asarray(inside & ((high - low).max(axis=1) >= least))


def front_to_back(corners: F64) -> npt.NDArray[np.int64]:
    """Return the order (D,) of boxes by their nearest depth, so that little is overdrawn."""
    return np.argsort(corners[..., 2].min(axis=1), kind="stable")
