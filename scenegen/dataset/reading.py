"""What the readers of all kinds of sensors have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from scenegen.dataset.codecs import F32, U16
from scenegen.dataset.layout import read_content
from scenegen.dataset.point_files import decode_ids
from scenegen.dataset.schema import FrameEntry
from scenegen.errors import DatasetError

_Labels = TypeVar("_Labels", bound=BaseModel)


@dataclass(frozen=True)
class Reading(ABC):
    """What one sensor gave at one time: a frame, a sweep or a scan."""

    scene_path: Path
    entry: FrameEntry

    @property
    def sensor(self) -> str:
        """Name of the sensor."""
        return self.entry.sensor

    @property
    def index(self) -> int:
        """Number of the frame, sweep or scan within its scene."""
        return self.entry.frame

    @abstractmethod
    def path(self, kind: str) -> Path:
        """Return the path of one of its files."""

    def _own(self, labels: _Labels, kind: str) -> _Labels:
        """Return labels if they are of this place and time; DatasetError on those of another."""
        said = tuple(getattr(labels, name) for name in ("scene", "sensor", "frame"))
        if said != (self.scene_path.name, self.sensor, self.index):
            raise DatasetError(f"{self.path(kind)}: is that of {'/'.join(map(str, said))}")
        return labels


class PointReading(Reading):
    """Points that each have a class and an instance, packed as SemanticKITTI does."""

    @property
    def semantic(self) -> U16:
        """Class ids (N,) uint16; 0 for what no surface gave: the air, noise, ghosts."""
        return (self.ids("labels") & 0xFFFF).astype(np.uint16)

    @property
    def instance(self) -> U16:
        """Instance ids (N,) uint16, 0 = none."""
        return (self.ids("labels") >> 16).astype(np.uint16)

    def _as_many(self, points: F32, *kinds: str) -> F32:
        """Return points if the files beside them have a number for each; DatasetError if not."""
        for kind in kinds:
            path = self.path(kind)
            if path.is_file() and path.stat().st_size != 4 * len(points):
                numbers = f"{len(points)} points, {path.stat().st_size} bytes of {kind}"
                raise DatasetError(f"{self.path('points')}: damaged, or {path} is ({numbers})")
        return points

    def ids(self, kind: str) -> npt.NDArray[np.uint32]:
        """Return one file of numbers (N,) uint32, such as the ``labels``."""
        return read_content(self.path(kind), decode_ids)
