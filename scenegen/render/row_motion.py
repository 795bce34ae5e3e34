"""How things move past a camera while it reads its rows.

What a row shows is what its rays meet. The scene is drawn as it is at the middle of the
picture, and every row's rays are taken there: by the motion of the camera for what stands
still, and by that of the part as well for each part that moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry import MovingCamera, inverse
from scenegen.geometry.interpolation import place_in, poses_at
from scenegen.geometry.paths import Path
from scenegen.records.base import F64
from scenegen.render.scene import RenderScene

_SAME = 1e-9
"""Poses that differ by less, m, are the same: that is float64 arithmetic."""


@dataclass(frozen=True)
class RowMotion:
    """Motion while the rows of a picture are read.

    Attributes
    ----------
    now, then : MovingCamera
        At this picture and at the next one.
    group : ndarray, shape (P,), int64
        Of each part: 0 for what stands still, and a number of its own for what moves.
    times : ndarray, shape (K,)
        Around both pictures, s.
    tracks : ndarray, shape (K, G - 1, 4, 4)
        World poses then of the groups from 1.
    middle_from_row : ndarray, shape (G, H, 4, 4)
        Takes rays from the camera's frame at a row to its frame at the picture's middle,
        to where they meet the group as it is then.
    """

    now: MovingCamera
    then: MovingCamera
    group: npt.NDArray[np.int64]
    times: F64
    tracks: F64
    middle_from_row: F64

    def path(self, group: int) -> Path:
        """Return the way of a group from 1."""
        return Path(self.times, self.tracks[:, group - 1])

    def corners(self, corners: F64, group: npt.NDArray[np.int64]) -> F64:
        """Return boxes (D, 8, 3) of groups (D,) as first, middle and last row see them.

        Returns
        -------
        ndarray, shape (D, 24, 3)
        """
        seen = [corners]
        for row in (0, -1):
            moved = inverse(self.middle_from_row[:, row])[group]
            seen.append(corners @ np.swapaxes(moved[:, :3, :3], 1, 2) + moved[:, None, :3, 3])
        return np.concatenate(seen, axis=1)


def row_motion(
    scene: RenderScene, times: F64, now: MovingCamera, then: MovingCamera
) -> RowMotion | None:
    """Return how a scene moves past a camera; None where rows make no difference.

    Parameters
    ----------
    scene : RenderScene
    times : ndarray, shape (R,)
        Of the trajectory's rows, s.
    now, then : MovingCamera
    """
    if now.camera.readout_s == 0.0:
        return None
    height = now.camera.height
    ends = np.array([0.0, height])
    first, last = place_in(times, [now.moments(ends)[0], then.moments(ends)[1]])[0]
    around = scene.parts.by_row[first : last + 2]
    moving = np.flatnonzero(np.ptp(around, axis=0).max(axis=(1, 2), initial=0.0) > _SAME)
    middle_from_world = inverse(now.poses(np.array([0.5 * height]))[0])
    standing = middle_from_world @ now.row_poses
    still = np.abs(standing - np.eye(4)).max() <= _SAME
    if still and not moving.size and np.abs(then.row_poses - then.row_poses[0]).max() <= _SAME:
        return None
    group = np.zeros(len(scene.part_object), dtype=np.int64)
    group[scene.parts.moving[moving]] = 1 + np.arange(len(moving))
    tracks = np.ascontiguousarray(around[:, moving])
    span = times[first : last + 2]
    here = poses_at(span, tracks, [now.time_s])[0]
    by_row = poses_at(span, tracks, now.moments(np.arange(height) + 0.5))
    moved = (middle_from_world @ here) @ (inverse(by_row) @ now.row_poses[:, None])
    rows = np.concatenate([standing[None], np.swapaxes(moved, 0, 1)])
    return RowMotion(now, then, group, span, tracks, rows)
