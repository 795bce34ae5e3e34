"""A camera as it is mounted on the ego."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from scenegen.geometry import Camera, matrix_from_quaternion, quaternion_from_rpy
from scenegen.geometry.camera import CAMERA_FROM_BODY_AXES
from scenegen.records.base import Record, Vec3
from scenegen.records.imager_spec import ImagerSpec
from scenegen.records.lens_spec import LensSpec

_WIDEST_PINHOLE_RAD = 2.8


class CameraSpec(Record):
    """A camera on the ego.

    Attributes
    ----------
    position_m : (3,)
        In the ego's body frame (x forward from the middle of the box, z from the ground).
    yaw_rad, pitch_rad : float
        Yaw to the left; pitch down, as ISO 8855.
    hfov_rad : float
        Horizontal field of view, through the lens if there is one.
    lens : LensSpec or None
        None for a pinhole.
    readout_s : float
        Rolling shutter: time from the first row to the last, around the moment that labels are
        of; 0 for a global shutter.
    imager : ImagerSpec or None
        None for an ideal shutter and aperture, and a sensor of little noise.
    """

    kind: Literal["camera"] = "camera"
    width: int = Field(640, ge=16, le=4096)
    height: int = Field(384, ge=16, le=4096)
    hfov_rad: float = Field(1.2217, gt=0.05, lt=4.0)
    position_m: Vec3 = (0.4, 0.0, 1.35)
    yaw_rad: float = 0.0
    pitch_rad: float = 0.0
    near_m: float = Field(0.3, gt=0)
    far_m: float = Field(400.0, gt=1)
    lens: LensSpec | None = None
    readout_s: float = Field(0.0, ge=0, le=0.1)
    imager: ImagerSpec | None = None

    @model_validator(mode="after")
    def _within_the_field(self) -> Self:
        widest = _WIDEST_PINHOLE_RAD if self.lens is None else 2 * self.lens.lens().field_rad
        if self.hfov_rad >= widest:
            what = "a pinhole" if self.lens is None else f"this {self.lens.model} lens"
            raise ValueError(
                f"hfov of {np.rad2deg(self.hfov_rad):.1f} deg should be less than the "
                f"{np.rad2deg(widest):.1f} deg that {what} can show"
            )
        return self

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        given = handler(self).items()
        return {k: v for k, v in given if v is not None and (k, v) != ("readout_s", 0.0)}

    def camera(self) -> Camera:
        """Return the camera with square pixels and a centred principal point."""
        body_from_camera = np.eye(4)
        turned = matrix_from_quaternion(quaternion_from_rpy(0.0, self.pitch_rad, self.yaw_rad))
        body_from_camera[:3, :3] = turned @ CAMERA_FROM_BODY_AXES.T
        body_from_camera[:3, 3] = self.position_m
        lens = None if self.lens is None else self.lens.lens()
        half = np.asarray(0.5 * self.hfov_rad)
        edge = np.tan(half) if lens is None else lens.radial(half)[0]
        focal = 0.5 * self.width / float(edge)
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
            lens,
            self.readout_s,
        )
