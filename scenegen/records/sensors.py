"""Everything that senses from the ego, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scenegen.records.camera_spec import CameraSpec
from scenegen.records.lidar_spec import LidarSpec

SensorSpec = Annotated[CameraSpec | LidarSpec, Field(discriminator="kind")]
