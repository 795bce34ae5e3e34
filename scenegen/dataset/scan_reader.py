"""Reads the scans of radars."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scenegen.dataset.codecs import F32
from scenegen.dataset.layout import read_content, read_model
from scenegen.dataset.point_files import SCAN_FILES, decode_detections
from scenegen.dataset.reading import PointReading
from scenegen.errors import DatasetError
from scenegen.records import Scan, ScanLabels
from scenegen.records.base import F64


@dataclass(frozen=True)
class ScanReader(PointReading):
    """One scan of one radar. Files are decoded at each access and not kept."""

    @property
    def points(self) -> F32:
        """Detections (N, 6) float32, the columns of `records.scan.SCAN_COLUMNS`."""
        points = read_content(self.path("points"), decode_detections)
        return self._as_many(points, "labels")

    @property
    def scan(self) -> Scan:
        """All of its detections; DatasetError if the files don't belong together."""
        try:
            return Scan(self.points, self.semantic, self.instance)
        except ValueError as error:
            raise DatasetError(f"{self.path('points')}: damaged ({error})") from error

    @property
    def labels(self) -> ScanLabels:
        """Pose, boxes and everything else that is known about the scan."""
        return self._own(read_model(self.path("boxes"), ScanLabels), "boxes")

    def points_world(self) -> F64:
        """Return the detections (N, 3) in the world."""
        return self.labels.in_world(self.scan)

    def path(self, kind: str) -> Path:
        """Return the path of ``points``, ``labels`` or ``boxes``."""
        return self.scene_path / self.sensor / kind / f"{self.index:06d}.{SCAN_FILES[kind]}"
