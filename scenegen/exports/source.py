"""What an export is made of: the scenes of a data set, their sensors, and who trains on them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from scenegen.dataset import Dataset, FrameReader, ScanReader, SceneReader, SweepReader
from scenegen.errors import InputError, nearest

Split = Literal["train", "val"]


def _nobody(scene: str, frames: int) -> None:
    """Take no notice."""


@dataclass(frozen=True)
class Source:
    """The part of a data set that is exported.

    Attributes
    ----------
    dataset : Dataset
    sensors : tuple of str, or None
        Names of the sensors that go; all if None.
    validation : float
        Share of the scenes that are for validation, by their ids: a scene is on the same side
        in every export, and stays there when scenes are added.
    done : callable
        Told the id of each scene that was gone through, and how many frames of all kinds it has.
    shard_frames : int
        Frames of one file, of layouts that put many into one.
    """

    dataset: Dataset
    sensors: tuple[str, ...] | None = None
    validation: float = 0.0
    done: Callable[[str, int], None] = field(default=_nobody)
    shard_frames: int = 1000

    def __post_init__(self) -> None:
        there = self.dataset.info.sensors
        for name in self.sensors or ():
            if name not in there:
                raise InputError(
                    f"no sensor of the data set is called {name!r}{nearest(name, there)}"
                )

    def scenes(self) -> Iterator[SceneReader]:
        """Go through the scenes in the order of their ids."""
        for scene in self.dataset:
            yield scene
            self.done(scene.id, len(scene.entries))

    def split(self, scene_id: str) -> Split:
        """Return which side a scene is on."""
        number = int.from_bytes(hashlib.sha256(scene_id.encode()).digest()[:8], "big")
        return "val" if number < self.validation * 2**64 else "train"

    def frames(self, scene: SceneReader) -> list[FrameReader]:
        """Return the frames of a scene's cameras that go, in order of sensor and time."""
        return [frame for frame in scene.frames() if self.goes(frame.sensor)]

    def sweeps(self, scene: SceneReader) -> list[SweepReader]:
        """Return the sweeps of a scene's LiDARs that go, in order of sensor and time."""
        return [sweep for sweep in scene.sweeps() if self.goes(sweep.sensor)]

    def scans(self, scene: SceneReader) -> list[ScanReader]:
        """Return the scans of a scene's radars that go, in order of sensor and time."""
        return [scan for scan in scene.scans() if self.goes(scan.sensor)]

    def need(self, kind: Literal["camera", "lidar"], layout: str) -> None:
        """Raise InputError where no sensor goes of the kind that a layout is made of."""
        kinds = {name: entry.kind for name, entry in self.dataset.info.sensors.items()}
        if not any(self.goes(name) for name, found in kinds.items() if found == kind):
            there = ", ".join(f"{name} ({found})" for name, found in sorted(kinds.items()))
            raise InputError(f"{layout} needs a {kind}, and none goes; there are {there}")

    def goes(self, sensor: str) -> bool:
        """Return whether a sensor goes."""
        return self.sensors is None or sensor in self.sensors
