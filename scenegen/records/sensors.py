"""Everything that senses from the ego, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scenegen.records.camera_spec import CameraSpec
from scenegen.records.lidar_spec import LidarSpec
from scenegen.records.radar_spec import RadarSpec

SensorSpec = Annotated[CameraSpec | LidarSpec | RadarSpec, Field(discriminator="kind")]
