"""A camera as it is mounted on the ego."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from scenegen.geometry import Camera, matrix_from_quaternion, quaternion_from_rpy
from scenegen.geometry.camera import CAMERA_FROM_BODY_AXES
from scenegen.records.base import Record, Vec3


class CameraSpec(Record):
    """A camera on the ego.

    Attributes
    ----------
    position_m : (3,)
        In the ego's body frame (x forward from the middle of the box, z from the ground).
    yaw_rad, pitch_rad : float
        Yaw to the left; pitch down, as ISO 8855.
    hfov_rad : float
        Horizontal field of view.
    """

    kind: Literal["camera"] = "camera"
    width: int = Field(640, ge=16, le=4096)
    height: int = Field(384, ge=16, le=4096)
    hfov_rad: float = Field(1.2217, gt=0.05, lt=2.8)
    position_m: Vec3 = (0.4, 0.0, 1.35)
    yaw_rad: float = 0.0
    pitch_rad: float = 0.0
    near_m: float = Field(0.3, gt=0)
    far_m: float = Field(400.0, gt=1)

    def camera(self) -> Camera:
        """Return the pinhole camera with square pixels and a centred principal point."""
        body_from_camera = np.eye(4)
        turned = matrix_from_quaternion(quaternion_from_rpy(0.0, self.pitch_rad, self.yaw_rad))
        body_from_camera[:3, :3] = turned @ CAMERA_FROM_BODY_AXES.T
        body_from_camera[:3, 3] = self.position_m
        focal = 0.5 * self.width / float(np.tan(0.5 * self.hfov_rad))
        return Camera(
            self.width,
            self.height,
            focal,
            focal,
            0.5 * self.width,
            0.5 * self.height,
            body_from_camera,
            self.near_m,
            self.far_m,
        )
