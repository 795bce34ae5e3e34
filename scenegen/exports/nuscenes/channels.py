"""nuScenes' names of sensors, by where they look."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from scenegen.geometry import wrap_angle
from scenegen.records import CameraSpec, ConcreteScenario, LidarSpec
from scenegen.records.sensors import SensorSpec

Modality = Literal["camera", "lidar", "radar"]
_CAMERAS_DEG = {
    "CAM_FRONT": 0.0,
    "CAM_FRONT_LEFT": 55.0,
    "CAM_FRONT_RIGHT": -55.0,
    "CAM_BACK_LEFT": 110.0,
    "CAM_BACK_RIGHT": -110.0,
    "CAM_BACK": 180.0,
}
_RADARS_DEG = {
    "RADAR_FRONT": 0.0,
    "RADAR_FRONT_LEFT": 90.0,
    "RADAR_FRONT_RIGHT": -90.0,
    "RADAR_BACK_LEFT": 175.0,
    "RADAR_BACK_RIGHT": -175.0,
}
LIDAR = "LIDAR_TOP"


def channels_of(scenario: ConcreteScenario, sensors: list[str]) -> dict[str, tuple[str, Modality]]:
    """Return channel and modality of sensors, in the order of their names.

    The first that looks one of nuScenes' ways has its name; others have their own, as
    ``CAM_ROOF``. The first LiDAR is ``LIDAR_TOP``, which nuScenes' evaluation asks for.
    """
    found: dict[str, tuple[str, Modality]] = {}
    for name in sorted(sensors):
        usual, prefix, modality = _usual(scenario.sensors[name])
        taken = {channel for channel, _ in found.values()}
        found[name] = (f"{prefix}_{name.upper()}" if usual in taken else usual, modality)
    return found


def _usual(spec: SensorSpec) -> tuple[str, str, Modality]:
    """Return nuScenes' channel of a sensor, how other channels begin, and what it is."""
    if isinstance(spec, LidarSpec):
        return LIDAR, "LIDAR", "lidar"
    if isinstance(spec, CameraSpec):
        return _nearest(_CAMERAS_DEG, spec.yaw_rad), "CAM", "camera"
    return _nearest(_RADARS_DEG, spec.yaw_rad), "RADAR", "radar"


def _nearest(ways_deg: Mapping[str, float], yaw_rad: float) -> str:
    def off(channel: str) -> float:
        return abs(float(wrap_angle(yaw_rad - math.radians(ways_deg[channel]))))

    return min(ways_deg, key=off)
