"""Writes one scene: pictures, points, labels, trajectory and what vouches for them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from scenegen.dataset.aside import AsideScene, StoredFile
from scenegen.dataset.canonical import canonical_json, labels_json, trajectory_npz
from scenegen.dataset.codecs import LAYERS, Layer, encode_frame
from scenegen.dataset.point_files import FILES_BY_KIND, encode_scan, encode_sweep
from scenegen.dataset.schema import FrameEntry, Licence, SceneManifest
from scenegen.dataset.storage import storage_errors
from scenegen.records import (
    ConcreteScenario,
    Frame,
    FrameLabels,
    Scan,
    ScanLabels,
    Sweep,
    SweepLabels,
    Trajectory,
)


class SceneWriter(AsideScene):
    """A context that writes one scene; its folder appears whole or not at all.

    ::

        with SceneWriter(out, concrete) as scene:
            scene.write_trajectory(trajectory)
            scene.write_frame("front", 0, frame, labels)

    Parameters
    ----------
    out : Path
        The data set's folder.
    concrete : ConcreteScenario
    licences : sequence of Licence
        Of the imported assets that the scene shows.

    Raises
    ------
    OutputError
        The scene is there already.
    StorageError
        No space left, or no right to write. Other scenes stay.
    """

    def __init__(
        self,
        out: str | os.PathLike[str],
        concrete: ConcreteScenario,
        licences: Sequence[Licence] = (),
    ) -> None:
        super().__init__(Path(out), concrete.scene_id)
        self._concrete = concrete
        self._licences = tuple(licences)
        self._frames: list[FrameEntry] = []
        self._robustness: dict[str, float] = {}

    def write_trajectory(self, trajectory: Trajectory) -> None:
        """Write ``trajectory.npz``."""
        with storage_errors(self._aside):
            self._write("trajectory.npz", trajectory_npz(trajectory))

    def note_robustness(self, robustness: Mapping[str, float]) -> None:
        """Note what the run's monitors came to, by name."""
        self._robustness = dict(sorted(robustness.items()))

    def write_frame(self, sensor: str, index: int, frame: Frame, labels: FrameLabels) -> None:
        """Write the pictures and labels of one frame of one sensor.

        Parameters
        ----------
        sensor : str
            Name of the sensor's folder; one of the scenario's.
        index : int
            Number of the frame within the scene, from 0.
        frame, labels
            Of the same sensor and frame; ValueError if the labels say otherwise.
        """
        if (labels.sensor, labels.frame) != (sensor, index):
            raise ValueError(
                f"labels of {labels.sensor} {labels.frame} given for frame {sensor} {index}"
            )
        self.write_pictures(sensor, index, encode_frame(frame), labels)

    def write_pictures(
        self,
        sensor: str,
        index: int,
        pictures: Mapping[Layer, bytes | StoredFile],
        labels: FrameLabels,
    ) -> None:
        """Write pictures that are encoded already, by layer, and the labels."""
        layers = tuple(layer for layer in LAYERS if layer in pictures)
        with storage_errors(self._aside):
            for layer in layers:
                self._write(f"{sensor}/{layer}/{index:06d}.png", pictures[layer])
            self._write(f"{sensor}/labels/{index:06d}.json", labels_json(labels))
        objects = Counter(o.category for o in labels.objects)
        self._frames.append(
            FrameEntry(
                sensor=sensor,
                frame=index,
                step=labels.step,
                time_s=labels.time_s,
                layers=layers,
                objects=dict(sorted(objects.items())),
            )
        )

    def write_sweep(self, sensor: str, index: int, sweep: Sweep, labels: SweepLabels) -> None:
        """Write the points of one sweep of a LiDAR and what is known about it."""
        self.write_points("lidar", sensor, index, encode_sweep(sweep), labels)

    def write_scan(self, sensor: str, index: int, scan: Scan, labels: ScanLabels) -> None:
        """Write the detections of one scan of a radar and what is known about it."""
        self.write_points("radar", sensor, index, encode_scan(scan), labels)

    def write_points(
        self,
        kind: Literal["lidar", "radar"],
        sensor: str,
        index: int,
        encoded: Mapping[str, bytes | StoredFile],
        labels: SweepLabels | ScanLabels,
    ) -> None:
        """Write points that are encoded already, by folder, and what is known about them."""
        if (labels.sensor, labels.frame) != (sensor, index):
            raise ValueError(
                f"labels of {labels.sensor} {labels.frame} given for {kind} {sensor} {index}"
            )
        suffixes = FILES_BY_KIND[kind]
        with storage_errors(self._aside):
            files = {**encoded, "boxes": labels_json(labels)}
            for layer, data in files.items():
                self._write(f"{sensor}/{layer}/{index:06d}.{suffixes[layer]}", data)
        objects = Counter(o.category for o in labels.objects)
        self._frames.append(
            FrameEntry(
                kind=kind,
                sensor=sensor,
                frame=index,
                step=labels.step,
                time_s=labels.time_s,
                layers=tuple(suffixes),
                objects=dict(sorted(objects.items())),
            )
        )

    def _manifest(self) -> SceneManifest:
        c = self._concrete
        self._write("scenario.json", canonical_json(c.model_dump(mode="json")))
        return SceneManifest(
            scene=c.scene_id,
            scenario=c.name,
            scenario_digest=c.scenario_digest,
            seed=c.seed,
            index=c.index,
            parameters=c.parameters,
            log_weight=c.log_weight,
            robustness=self._robustness,
            licences=self._licences,
            frames=tuple(sorted(self._frames, key=lambda f: (f.sensor, f.frame))),
            files=dict(sorted(self._files.items())),
        )
