"""A data set as KITTI's benchmarks: objects, tracking, depth, flow and semantics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from scenegen.dataset import FrameReader, SceneReader, SweepReader
from scenegen.errors import InputError
from scenegen.exports.clouds import F32, cloud, sweep_at
from scenegen.exports.folder import ExportFolder
from scenegen.exports.kitti.calibration import KittiCalibration, object_text, tracking_text
from scenegen.exports.kitti.labels import DONT_CARE, KittiObject, kitti_object
from scenegen.exports.kitti.oxts import oxts_lines
from scenegen.exports.kitti.pictures import (
    flow_within,
    instance_picture,
    semantic_picture,
    sparse_depth,
)
from scenegen.exports.pinholes import check_pinholes, from_first_middle
from scenegen.exports.source import Source, Split
from scenegen.exports.things import SceneThings, Thing
from scenegen.geometry import apply, inverse
from scenegen.records import FrameLabels
from scenegen.records.base import F64


def write_kitti(source: Source, folder: ExportFolder) -> None:
    """Write ``object``, ``tracking``, ``depth``, ``flow`` and ``semantics``.

    Pictures are numbered in the order of scenes, cameras and frames; a sequence is what one
    camera saw of one scene. What pictures need that a data set hasn't got (flow, depth, a
    LiDAR) is left out.

    Raises
    ------
    InputError
        A camera has a lens, or a scene more than one LiDAR that goes.
    """
    source.need("camera", "KITTI")
    check_pinholes(source, "KITTI")
    lists = _Lists()
    for scene in source.scenes():
        things, sweeps = SceneThings(scene), _one_lidar(source, scene)
        for _, group in groupby(source.frames(scene), key=lambda frame: frame.sensor):
            _write_sequence(folder, _Sequence(scene, things, sweeps, list(group), source), lists)
    lists.write(folder)


def _one_lidar(source: Source, scene: SceneReader) -> list[SweepReader]:
    sweeps = source.sweeps(scene)
    names = sorted({sweep.sensor for sweep in sweeps})
    if len(names) > 1:
        raise InputError(
            f"{scene.id}: LiDARs {', '.join(names)}, and KITTI holds one; sensors= names which goes"
        )
    return sweeps


@dataclass(frozen=True)
class _Sequence:
    """What one camera saw of a scene."""

    scene: SceneReader
    things: SceneThings
    sweeps: list[SweepReader]
    frames: list[FrameReader]
    source: Source

    @property
    def split(self) -> Split:
        return self.source.split(self.scene.id)

    @property
    def body_from_lidar(self) -> F64:
        """Where the LiDAR is; the body's origin stands for one that isn't there."""
        if not self.sweeps:
            return np.eye(4)
        return self.scene.scenario.lidars[self.sweeps[0].sensor].body_from_sensor

    def calibration(self, labels: FrameLabels) -> KittiCalibration:
        camera = self.scene.scenario.cameras[labels.sensor].camera()
        return KittiCalibration(
            from_first_middle(labels.camera),
            inverse(camera.body_from_camera) @ self.body_from_lidar,
            inverse(self.body_from_lidar),
        )

    def cloud(self, labels: FrameLabels) -> F32 | None:
        sweep = sweep_at(self.sweeps, labels.time_s)
        if sweep is None:
            return None
        return cloud(sweep, np.array(labels.ego.world_from_body) @ self.body_from_lidar)

    def objects(self, labels: FrameLabels) -> Iterator[tuple[Thing, KittiObject]]:
        seen = {label.instance_id: label for label in labels.objects}
        for thing in self.things.at(labels.time_s, seen):
            shown = [seen[id_] for id_ in thing.ids if id_ in seen]
            yield thing, kitti_object(thing, shown, labels.camera)


@dataclass
class _Lists:
    """What is counted over the whole export, and the lists that say what is what."""

    pictures: list[tuple[Split, str]] = field(default_factory=list)
    sequences: list[tuple[Split, int]] = field(default_factory=list)
    pairs: int = 0

    def write(self, folder: ExportFolder) -> None:
        drives = "".join(f"{drive}\n" for _, drive in self.pictures).encode()
        order = ",".join(str(number + 1) for number in range(len(self.pictures))).encode()
        folder.write("object/mapping/train_mapping.txt", drives)
        folder.write("object/mapping/train_rand.txt", order + b"\n")
        folder.write("semantics/train_mapping.txt", drives)
        for split in ("train", "val"):
            numbers = [i for i, (side, _) in enumerate(self.pictures) if side == split]
            names = "".join(f"{number:06d}\n" for number in numbers)
            folder.write(f"object/ImageSets/{split}.txt", names.encode())
        wanted = {"training": ("train", "val"), "training_minus_val": ("train",), "val": ("val",)}
        for name, sides in wanted.items():
            rows = [
                f"{number:04d} empty 000000 {length:06d}\n"
                for number, (side, length) in enumerate(self.sequences)
                if side in sides
            ]
            path = f"tracking/training/evaluate_tracking.seqmap.{name}"
            folder.write(path, "".join(rows).encode())


def _write_sequence(folder: ExportFolder, sequence: _Sequence, lists: _Lists) -> None:
    number = len(lists.sequences)
    labels: list[FrameLabels] = []
    tracks: list[str] = []
    for index, frame in enumerate(sequence.frames):
        labels.append(frame.labels)
        place = f"{number:04d}/{index:06d}"
        tracks += _write_frame(folder, sequence, frame, labels[-1], len(lists.pictures), place)
        drive = f"{sequence.scene.id}/{frame.sensor}"
        lists.pictures.append((sequence.split, f"{sequence.scene.id} {drive} {frame.index}"))
        if index + 1 < len(sequence.frames) and "flow" in frame.entry.layers:
            _write_pair(folder, frame, sequence.frames[index + 1], lists.pairs)
            lists.pairs += 1
    base = "tracking/training"
    folder.write(f"{base}/label_02/{number:04d}.txt", "".join(tracks).encode())
    text = tracking_text(sequence.calibration(labels[0]))
    folder.write(f"{base}/calib/{number:04d}.txt", text)
    ego = sequence.scene.scenario.ego.instance_id
    packets = oxts_lines(sequence.scene.trajectory, ego, [label.time_s for label in labels])
    folder.write(f"{base}/oxts/{number:04d}.txt", packets)
    lists.sequences.append((sequence.split, len(labels)))


def _write_frame(
    folder: ExportFolder,
    sequence: _Sequence,
    frame: FrameReader,
    labels: FrameLabels,
    number: int,
    place: str,
) -> list[str]:
    """Write what is of one picture; return its lines of the sequence's tracks."""
    objects = list(sequence.objects(labels))
    name, base = f"{number:06d}", "object/training"
    lines = "".join(f"{found.line}\n" for _, found in objects)
    folder.write(f"{base}/label_2/{name}.txt", lines.encode())
    folder.write(f"{base}/calib/{name}.txt", object_text(sequence.calibration(labels)))
    folder.copy(f"{base}/image_2/{name}.png", frame.path("rgb"))
    folder.copy(f"tracking/training/image_02/{place}.png", frame.path("rgb"))
    points = sequence.cloud(labels)
    if points is not None:
        folder.write(f"{base}/velodyne/{name}.bin", points.tobytes())
        folder.write(f"tracking/training/velodyne/{place}.bin", points.tobytes())
    _write_depth(folder, sequence, frame, labels, points)
    if {"semantic", "instance"} <= set(frame.entry.layers):
        base, name = "semantics/training", f"{number:06d}_10.png"
        semantic = frame.semantic
        folder.copy(f"{base}/image_2/{name}", frame.path("rgb"))
        folder.write(f"{base}/semantic/{name}", semantic_picture(semantic))
        folder.write(f"{base}/instance/{name}", instance_picture(semantic, frame.instance))
    index = int(place.split("/")[1])
    return [
        f"{index} {-1 if found.type == DONT_CARE else thing.instance_id} {found.tracking_line}\n"
        for thing, found in objects
    ]


def _write_depth(
    folder: ExportFolder,
    sequence: _Sequence,
    frame: FrameReader,
    labels: FrameLabels,
    points: F32 | None,
) -> None:
    drive = f"depth/{sequence.split}/{sequence.scene.id}_{frame.sensor}/proj_depth"
    name = f"image_02/{frame.index:010d}.png"
    if "depth" in frame.entry.layers:
        folder.copy(f"{drive}/groundtruth/{name}", frame.path("depth"))
    if points is not None:
        camera_from_lidar = sequence.calibration(labels).camera_from_lidar
        camera, K = labels.camera, np.array(labels.camera.K)
        there = apply(camera_from_lidar, points[:, :3])
        folder.write(
            f"{drive}/velodyne_raw/{name}", sparse_depth(there, K, camera.width, camera.height)
        )


def _write_pair(folder: ExportFolder, first: FrameReader, second: FrameReader, number: int) -> None:
    base, name = "flow/training", f"{number:06d}"
    folder.copy(f"{base}/image_2/{name}_10.png", first.path("rgb"))
    folder.copy(f"{base}/image_2/{name}_11.png", second.path("rgb"))
    folder.copy(f"{base}/flow_occ/{name}_10.png", first.path("flow"))
    folder.write(f"{base}/flow_noc/{name}_10.png", flow_within(*first.flow))
