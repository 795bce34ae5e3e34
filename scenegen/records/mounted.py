"""What LiDARs and radars share: where they sit on the ego, how often and how far they look."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from scenegen.geometry import pose, quaternion_from_rpy
from scenegen.records.base import F64, Record, Vec3


class MountedSpec(Record):
    """A sensor on the ego; its frame is x forward, y left, z up.

    Attributes
    ----------
    rate_hz : float
        Measurements a second; it divides the rate of the physics.
    position_m, yaw_rad, pitch_rad
        As of a camera: in the ego's body frame, to the left, down.
    near_m, far_m : float
        Least and greatest range that is reported.
    """

    rate_hz: float = Field(10.0, gt=0, le=100)
    position_m: Vec3
    yaw_rad: float = 0.0
    pitch_rad: float = 0.0
    near_m: float = Field(gt=0)
    far_m: float = Field(gt=1, le=1000)

    @model_validator(mode="after")
    def _near_before_far(self) -> Self:
        if self.near_m >= self.far_m:
            raise ValueError("'near' lies before 'far'")
        return self

    @property
    def body_from_sensor(self) -> F64:
        """Pose (4, 4) in the ego's body frame."""
        return pose(self.position_m, quaternion_from_rpy(0.0, self.pitch_rad, self.yaw_rad))
