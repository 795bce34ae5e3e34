"""Footprints of what stands on the ground, for contact shadows of the sky's light."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse
from scenegen.records.base import F64
from scenegen.render.scene import RenderScene

MOST = 64
BOX_DTYPE = np.dtype([("rows", "<f4", (3, 4)), ("half_reach", "<f4", (4,))])
_ANKLE_M = 0.5
"""What lies below this height stands on the ground: a body, feet, a trunk, a wall."""
_TALLEST_M = 2.5
_FLATTEST_M = 0.04
"""What lies flush in the road, covers and rails, shades nothing."""
_LARGEST_M = 60.0
_ROOMS = "prop.tunnel"
_FARTHEST_M, _WIDTHS = 2.0, 4.0
"""How far a contact shadow reaches at most, in metres and in half diagonals of what throws it."""


class Footprints:
    """Rectangles (in the body frame) that objects cover of the ground."""

    def __init__(self, scene: RenderScene) -> None:
        boxes = _ground_boxes(scene)
        self.objects = np.array([index for index, _, _ in boxes], dtype=np.int64)
        self._center = np.array([c for _, c, _ in boxes], dtype=np.float64).reshape(-1, 2)
        self._half = np.array([h for _, _, h in boxes], dtype=np.float64).reshape(-1, 3)

    def boxes(
        self, world_from_camera: F64, world_from_objects: F64, valid: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.void]:
        """Return the (at most `MOST`,) footprints nearest to what the camera sees."""
        poses = world_from_objects[self.objects].copy()
        poses[:, :3, 3] += np.einsum("nij,nj->ni", poses[:, :3, :2], self._center)
        camera_from_box = inverse(world_from_camera) @ poses
        position = camera_from_box[:, :3, 3]
        upright = poses[:, 2, 2] > 0.9
        ahead = position[:, 2] > -self._half[:, :2].max(axis=1, initial=0.0) - 3.0
        order = np.argsort(np.linalg.norm(position, axis=1), kind="stable")
        order = order[(upright & ahead & valid[self.objects])[order]][:MOST]
        table = np.zeros(len(order), dtype=BOX_DTYPE)
        table["rows"] = inverse(camera_from_box[order])[:, :3]
        table["half_reach"][:, :3] = self._half[order]
        wide = np.linalg.norm(self._half[order, :2], axis=1)
        reach = np.minimum(1.6 * self._half[order, 2], _WIDTHS * wide)
        table["half_reach"][:, 3] = np.minimum(reach, _FARTHEST_M)
        return table


def _ground_boxes(scene: RenderScene) -> list[tuple[int, F64, F64]]:
    """Object, middle (2,) and half size (3,) of each footprint, from the poses of row 0."""
    poses = inverse(scene.world_from_objects(0))[scene.part_object] @ scene.world_from_parts(0)
    low = np.full((len(scene.objects), 3), np.inf)
    high = np.full((len(scene.objects), 3), -np.inf)
    for d in scene.drawables:
        if d.object == 0 or scene.objects[d.object].name.startswith(_ROOMS):
            continue  # the road is the ground, and one drives through a tunnel
        pose = poses[d.part]
        points = d.surface.vertices @ pose[:3, :3].T + pose[:3, 3]
        standing = points[points[:, 2] < _ANKLE_M]
        if len(standing):
            low[d.object, :2] = np.minimum(low[d.object, :2], standing[:, :2].min(axis=0))
            high[d.object, :2] = np.maximum(high[d.object, :2], standing[:, :2].max(axis=0))
        low[d.object, 2] = min(low[d.object, 2], points[:, 2].min())
        high[d.object, 2] = max(high[d.object, 2], points[:, 2].max())
    result = []
    for index in range(1, len(scene.objects)):
        size = high[index] - low[index]
        stands = low[index, 2] < 0.15 and high[index, 2] > _FLATTEST_M
        if np.isfinite(size).all() and size.max() < _LARGEST_M and stands:
            half = np.array([size[0] / 2, size[1] / 2, min(high[index, 2], _TALLEST_M) / 2])
            result.append((index, 0.5 * (low[index, :2] + high[index, :2]), half))
    return result
