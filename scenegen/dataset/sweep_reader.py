"""Reads the sweeps of LiDARs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scenegen.dataset.codecs import F32
from scenegen.dataset.layout import read_content, read_model
from scenegen.dataset.point_files import SWEEP_FILES, decode_points
from scenegen.dataset.reading import PointReading
from scenegen.errors import DatasetError
from scenegen.records import Sweep, SweepLabels


@dataclass(frozen=True)
class SweepReader(PointReading):
    """One sweep of one LiDAR. Files are decoded at each access and not kept."""

    @property
    def points(self) -> F32:
        """Points (N, 4) float32: x, y, z in m and intensity, each at its own moment."""
        points = read_content(self.path("points"), decode_points)
        return self._as_many(points, "labels", "beams")

    @property
    def beam(self) -> npt.NDArray[np.uint32]:
        """Beam of each point (N,) uint32: ``column * channels + channel``."""
        return self.ids("beams")

    @property
    def sweep(self) -> Sweep:
        """All of its points; DatasetError if the files don't belong together."""
        try:
            return Sweep(self.points, self.semantic, self.instance, self.beam)
        except ValueError as error:
            raise DatasetError(f"{self.path('points')}: damaged ({error})") from error

    @property
    def labels(self) -> SweepLabels:
        """Poses, boxes and everything else that is known about the sweep."""
        return self._own(read_model(self.path("boxes"), SweepLabels), "boxes")

    def point_times(self) -> npt.NDArray[np.float64]:
        """Return when each point (N,) was measured, s from the start of the scene."""
        return self.labels.times_of(self.beam)

    def points_world(self) -> npt.NDArray[np.float64]:
        """Return the points (N, 3) in the world, without the ego's motion."""
        return self.labels.in_world(self.points[:, :3], self.beam)

    def path(self, kind: str) -> Path:
        """Return the path of ``points``, ``labels``, ``beams`` or ``boxes``."""
        return self.scene_path / self.sensor / kind / f"{self.index:06d}.{SWEEP_FILES[kind]}"
