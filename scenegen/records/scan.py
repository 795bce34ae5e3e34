"""What a radar returns for one scan, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.geometry import apply
from scenegen.records.base import F64, Record, Vec3, read_only
from scenegen.records.labels import EgoLabel
from scenegen.records.sweep import RangedObject

SCAN_COLUMNS = (
    "range_m",
    "azimuth_rad",
    "elevation_rad",
    "radial_speed_mps",
    "rcs_dbsm",
    "snr_db",
)
"""What each number of a detection is."""


@dataclass(frozen=True)
class Scan:
    """The detections of one scan of a radar, by rising range.

    Attributes
    ----------
    points : ndarray, shape (N, 6), float32
        The `SCAN_COLUMNS`, sensor frame: azimuth to the left, elevation up (0 for a radar
        that doesn't measure it), radial speed away from the moving sensor.
    semantic : ndarray, shape (N,), uint16
        `taxonomy.CLASSES` ids; 0, "unlabeled", for noise and ghosts.
    instance : ndarray, shape (N,), uint16
        Instance id of the actor; 0 is none.
    """

    points: npt.NDArray[np.float32]
    semantic: npt.NDArray[np.uint16]
    instance: npt.NDArray[np.uint16]

    def __post_init__(self) -> None:
        count = len(self.points)
        shapes = (self.points.shape, self.semantic.shape, self.instance.shape)
        if shapes != ((count, len(SCAN_COLUMNS)), (count,), (count,)):
            raise ValueError(f"the arrays of a scan don't belong together: shapes {shapes}")
        for field in fields(self):
            read_only(getattr(self, field.name))

    @property
    def directions(self) -> F64:
        """Unit vectors (N, 3) towards the detections, sensor frame."""
        azimuth, elevation = self.points[:, 1:3].astype(np.float64).T
        level = np.cos(elevation)
        return np.stack(
            [level * np.cos(azimuth), level * np.sin(azimuth), np.sin(elevation)], axis=1
        )


class ScanLabels(Record):
    """Everything that is known about a scan besides its detections.

    Attributes
    ----------
    frame : int
        Number of the scan.
    step, time_s
        Its moment: physics step, and seconds from the start of the scene.
    elevation : bool
        Whether the radar measures elevation.
    world_from_sensor : (4, 4)
    velocity_mps : (3,)
        Of the sensor, world.
    """

    scene: str
    sensor: str
    frame: int
    step: int
    time_s: float
    elevation: bool
    world_from_sensor: list[list[float]]
    velocity_mps: Vec3
    ego: EgoLabel
    objects: list[RangedObject]
    weather: dict[str, Any]
    parameters: dict[str, float | str | bool]

    def in_world(self, scan: Scan) -> F64:
        """Return the detections (N, 3) in the world."""
        points = scan.points[:, :1].astype(np.float64) * scan.directions
        return np.asarray(apply(np.array(self.world_from_sensor), points))

    def over_ground(self, scan: Scan) -> F64:
        """Return the radial speeds (N,) that a sensor at rest would see, as far as not folded."""
        turn = np.array(self.world_from_sensor)[:3, :3]
        own = scan.directions @ (turn.T @ np.array(self.velocity_mps))
        return np.asarray(scan.points[:, 3] + own)
