"""Reads a data set lazily: nothing is decoded before it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from scenegen.dataset.canonical import read_trajectory
from scenegen.dataset.codecs import DECODERS, F32, U8, U16, Layer, Mask, decode_semantic
from scenegen.dataset.layout import read_content, read_manifest, read_model
from scenegen.dataset.reading import Reading
from scenegen.dataset.scan_reader import ScanReader
from scenegen.dataset.schema import FrameEntry, SceneManifest
from scenegen.dataset.sweep_reader import SweepReader
from scenegen.errors import DatasetError, nearest
from scenegen.records import ConcreteScenario, FrameLabels, Trajectory

_Labels = TypeVar("_Labels", bound=BaseModel)

TRUTH = "semantic_truth"
"""Folder of what `semantic` was, of frames where a label gate set pixels to ignore."""


@dataclass(frozen=True)
class FrameReader(Reading):
    """One frame of one sensor. Pictures are decoded at each access and not kept.

    A layer that was not written raises DatasetError; `entry.layers` says which are.
    """

    @property
    def rgb(self) -> U8:
        """The sRGB picture (H, W, 3) uint8."""
        return self._picture("rgb")  # type: ignore[no-any-return]

    @property
    def depth_m(self) -> F32:
        """Depths (H, W) float32 in m along the camera's z; ``inf`` where there is none."""
        return self._picture("depth")  # type: ignore[no-any-return]

    @property
    def semantic(self) -> U8:
        """Class ids (H, W) uint8."""
        return self._picture("semantic")  # type: ignore[no-any-return]

    @property
    def semantic_truth(self) -> U8:
        """Class ids (H, W) uint8 before a label gate set any to ignore; see docs/dataset.md."""
        path = self.path(TRUTH)
        return read_content(path, decode_semantic) if path.exists() else self.semantic

    @property
    def instance(self) -> U16:
        """Instance ids (H, W) uint16, 0 = background."""
        return self._picture("instance")  # type: ignore[no-any-return]

    @property
    def normal(self) -> F32:
        """Normals (H, W, 3) float32, camera frame; zero where there is no surface."""
        return self._picture("normal")  # type: ignore[no-any-return]

    @property
    def flow(self) -> tuple[F32, Mask]:
        """Forward flow (H, W, 2) float32 in px and where it is valid (H, W)."""
        return self._picture("flow")  # type: ignore[no-any-return]

    @property
    def flow_back(self) -> tuple[F32, Mask]:
        """Backward flow (H, W, 2) float32 in px, to the frame before, and where it is valid."""
        return self._picture("flow_back")  # type: ignore[no-any-return]

    @property
    def scene_flow(self) -> tuple[F32, Mask]:
        """Ways of surface points to the next frame (H, W, 3) float32 in m, and where valid.

        The point in the next frame's camera less the point in this one's.
        """
        return self._picture("scene_flow")  # type: ignore[no-any-return]

    @property
    def nocs(self) -> tuple[F32, Mask]:
        """Object coordinates (H, W, 3) float32, 0 to 1 in the track's box, and where there are."""
        return self._picture("nocs")  # type: ignore[no-any-return]

    @property
    def lanes(self) -> U16:
        """Numbers of lane lines (H, W) uint16, those of `labels.lanes`; 0 = none."""
        return self._picture("lanes")  # type: ignore[no-any-return]

    @property
    def drivable(self) -> U8:
        """Where one may drive (H, W) uint8, values of `records.Drivable`."""
        return self._picture("drivable")  # type: ignore[no-any-return]

    @property
    def labels(self) -> FrameLabels:
        """Everything else that is known about the frame."""
        return self.labels_as(FrameLabels)

    def labels_as(self, model: type[_Labels]) -> _Labels:
        """Return the labels by another model, for those who need a part of them only."""
        return self._own(read_model(self.path("labels"), model), "labels")

    def path(self, kind: str) -> Path:
        """Return the path of a layer's file, or that of the ``labels``."""
        suffix = "json" if kind == "labels" else "png"
        return self.scene_path / self.sensor / kind / f"{self.index:06d}.{suffix}"

    def layer(self, name: str) -> Any:
        """Return a layer by its name, as the property that is called after it does."""
        if name not in DECODERS:
            raise DatasetError(f"no layer is called {name!r}{nearest(name, DECODERS)}")
        return self._picture(name)

    def _picture(self, layer: Layer) -> Any:
        return read_content(self.path(layer), DECODERS[layer])


class SceneReader:
    """One scene of a data set.

    Parameters
    ----------
    path : Path
    chosen : mapping of str to set of int, optional
        By sensor, the numbers of the frames that a filter left; all if not given.
    """

    def __init__(self, path: Path, chosen: Mapping[str, frozenset[int]] | None = None) -> None:
        self.path = path
        self.id = path.name
        self._chosen = chosen

    @cached_property
    def manifest(self) -> SceneManifest:
        """The scene's ``files.json``."""
        return read_manifest(self.path)

    @cached_property
    def scenario(self) -> ConcreteScenario:
        """The scene with every value fixed."""
        return read_model(self.path / "scenario.json", ConcreteScenario)

    @cached_property
    def trajectory(self) -> Trajectory:
        """What the simulator recorded."""
        return read_content(self.path / "trajectory.npz", read_trajectory)

    @property
    def sensors(self) -> tuple[str, ...]:
        """Names of the sensors that have frames."""
        return tuple(sorted({frame.sensor for frame in self.entries}))

    @property
    def entries(self) -> tuple[FrameEntry, ...]:
        """What the manifest says of each frame, sweep and scan that a filter left."""
        chosen, every = self._chosen, self.manifest.frames
        if chosen is None:
            return every
        return tuple(entry for entry in every if entry.frame in chosen.get(entry.sensor, ()))

    def frames(self, sensor: str | None = None) -> list[FrameReader]:
        """Return the frames of one camera, or of all, in order of sensor and time."""
        return [FrameReader(self.path, entry) for entry in self._entries("camera", sensor)]

    def sweeps(self, sensor: str | None = None) -> list[SweepReader]:
        """Return the sweeps of one LiDAR, or of all, in order of sensor and time."""
        return [SweepReader(self.path, entry) for entry in self._entries("lidar", sensor)]

    def scans(self, sensor: str | None = None) -> list[ScanReader]:
        """Return the scans of one radar, or of all, in order of sensor and time."""
        return [ScanReader(self.path, entry) for entry in self._entries("radar", sensor)]

    def _entries(self, kind: str, sensor: str | None) -> list[FrameEntry]:
        entries = [entry for entry in self.entries if entry.kind == kind]
        if sensor is None:
            return entries
        names = sorted({e.sensor for e in self.manifest.frames if e.kind == kind})
        if sensor not in names:
            raise DatasetError(f"{self.path}: no {kind} {sensor!r}{nearest(sensor, names)}")
        return [entry for entry in entries if entry.sensor == sensor]

    def __iter__(self) -> Iterator[FrameReader]:
        return iter(self.frames())

    def __repr__(self) -> str:
        return f"<scene {self.id} in {self.path.parent.parent}>"
