"""Which drawables a view sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64

_PICK = np.array([[x, y, z] for x in (0.0, 1.0) for y in (0.0, 1.0) for z in (0.0, 1.0)])


@dataclass(frozen=True)
class Boxes:
    """Boxes around drawables, each in its part's frame.

    Attributes
    ----------
    low, size : ndarray, shape (D, 3)
    """

    low: F64
    size: F64

    def corners(self, camera_from_parts: F64, part: npt.NDArray[np.int64]) -> F64:
        """Return the corners (D, 8, 3) in the camera frame, of boxes in parts (D,)."""
        poses = camera_from_parts[part]
        first = np.einsum("nij,nj->ni", poses[:, :3, :3], self.low) + poses[:, :3, 3]
        edges = poses[:, :3, :3] * self.size[:, None, :]
        corners = np.repeat(first[:, None], 8, axis=1)
        for axis in range(3):
            corners += edges[:, None, :, axis] * _PICK[:, axis, None]
        return corners


def visible(clip_from_camera: F64, corners: F64) -> npt.NDArray[np.bool_]:
    """Return which boxes (D,) may reach into a clip volume.

    Parameters
    ----------
    clip_from_camera : ndarray, shape (4, 4)
    corners : ndarray, shape (D, 8, 3)
        Camera frame.
    """
    clip = corners.reshape(-1, 3) @ clip_from_camera[:, :3].T + clip_from_camera[:, 3]
    # Component first: then the reductions run over whole rows.
    x, y, z, w = np.ascontiguousarray(clip.T).reshape(4, -1, 8)
    outside = [(axis > w).all(axis=1) | (axis < -w).all(axis=1) for axis in (x, y, z)]
    return np.asarray(~np.any(outside, axis=0))


def casts_into(corners: F64, least: float) -> npt.NDArray[np.bool_]:
    """Return which boxes (D,), corners (D, 8, 3) in clip space, may throw a shadow into a cascade.

    Those that span less than `least` of clip space in both directions are left out.
    """
    low, high = corners[..., :2].min(axis=1), corners[..., :2].max(axis=1)
    inside = (low < 1.0).all(axis=1) & (high > -1.0).all(axis=1)
    return np.asarray(inside & ((high - low).max(axis=1) >= least))
