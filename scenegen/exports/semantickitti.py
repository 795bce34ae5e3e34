"""SemanticKITTI (Behley et al. 2019): sweeps with a class and an instance for each point."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scenegen.dataset import SceneReader, SweepReader
from scenegen.dataset.layout import read_content
from scenegen.dataset.point_files import decode_ids, decode_points
from scenegen.errors import DatasetError
from scenegen.exports.clouds import F32, cloud
from scenegen.exports.folder import ExportFolder
from scenegen.exports.kitti.calibration import numbers_text, odometry_text
from scenegen.exports.semantickitti_classes import (
    BICYCLIST,
    MOTORCYCLIST,
    MOVING,
    config_text,
    label_id,
)
from scenegen.exports.source import Source
from scenegen.exports.things import SceneThings
from scenegen.geometry import inverse
from scenegen.geometry.camera import CAMERA_FROM_BODY_AXES
from scenegen.records import Actor
from scenegen.records.base import F64

_MOVES_MPS = 0.1
U32 = npt.NDArray[np.uint32]


def write_semantickitti(source: Source, folder: ExportFolder) -> None:
    """Write ``sequences/NN`` for each LiDAR of each scene, and ``semantic-kitti.yaml``."""
    source.need("lidar", "SemanticKITTI")
    sides: dict[str, list[int]] = {"train": [], "val": []}
    names: list[str] = []
    for scene in source.scenes():
        things = SceneThings(scene)
        for sensor, group in groupby(source.sweeps(scene), key=lambda sweep: sweep.sensor):
            number = len(names)
            _write_sequence(folder, f"{number:02d}", scene, things, list(group))
            sides[source.split(scene.id)].append(number)
            names.append(f"{number:02d} {scene.id} {sensor}\n")
    folder.write("semantic-kitti.yaml", config_text(sides["train"], sides["val"]))
    folder.write("sequences.txt", "".join(names).encode())


def _write_sequence(
    folder: ExportFolder,
    name: str,
    scene: SceneReader,
    things: SceneThings,
    sweeps: list[SweepReader],
) -> None:
    base = f"sequences/{name}"
    camera_from_lidar = np.eye(4)
    camera_from_lidar[:3, :3] = CAMERA_FROM_BODY_AXES
    poses, times = [], []
    first: F64 | None = None
    for number, sweep in enumerate(sweeps):
        labels = sweep.labels
        world_from_sensor = np.array(labels.poses[0].world_from_sensor)
        world_from_camera = world_from_sensor @ inverse(camera_from_lidar)
        first = world_from_camera if first is None else first
        poses.append(f"{numbers_text((inverse(first) @ world_from_camera)[:3])}\n")
        times.append(f"{labels.time_s:.6e}\n")
        points = cloud(sweep, world_from_sensor)
        folder.write(f"{base}/velodyne/{number:06d}.bin", points.tobytes())
        marks = point_labels(scene, things, sweep, labels.time_s)
        folder.write(f"{base}/labels/{number:06d}.label", marks.tobytes())
    # The reference camera stands in the LiDAR's place: pictures are no part of this layout.
    folder.write(f"{base}/calib.txt", odometry_text(np.eye(3), camera_from_lidar))
    folder.write(f"{base}/poses.txt", "".join(poses).encode())
    folder.write(f"poses/{name}.txt", "".join(poses).encode())  # where KITTI's odometry has them
    folder.write(f"{base}/times.txt", "".join(times).encode())


def point_labels(scene: SceneReader, things: SceneThings, sweep: SweepReader, time_s: float) -> U32:
    """Return ``instance << 16 | label`` (N,) of the points of a sweep.

    A bicycle or motorcycle and who rides it are one instance, its own, of the rider's label.
    """
    lookup = np.array([label_id(class_id) for class_id in range(256)], np.uint32)
    instance = sweep.instance
    marks = lookup[sweep.semantic]
    for thing in things.at(time_s, np.unique(instance).tolist()):
        first, ridden = thing.actors[0], len(thing.actors) > 1
        moves = bool(np.linalg.norm(thing.velocity_mps) > _MOVES_MPS)
        for actor in thing.actors:
            own = instance == actor.instance_id
            label = _rider_label(first) if ridden else int(marks[own][0]) if own.any() else 0
            if moves:
                label = MOVING.get(label, label)
            marks[own] = np.uint32(thing.instance_id << 16 | label)
    return marks.astype("<u4")


def _rider_label(carrier: Actor) -> int:
    return BICYCLIST if carrier.category == "bicycle" else MOTORCYCLIST


@dataclass(frozen=True)
class LabelledSweep:
    """A sweep of a sequence as its files hold it.

    Attributes
    ----------
    points : (N, 4) float32
        x, y, z in m in the sensor's frame at the start of the sweep, and intensity.
    label, instance : (N,) uint32
    pose : (4, 4) float64
        From the reference camera at this sweep to that at the first.
    time_s : float
    """

    points: F32
    label: U32
    instance: U32
    pose: F64
    time_s: float


def read_sequence(path: Path) -> list[LabelledSweep]:
    """Return the sweeps of ``sequences/NN``; DatasetError if a file is missing or damaged."""
    poses = read_content(path / "poses.txt", lambda data: _numbers(data, 12))
    times = read_content(path / "times.txt", lambda data: _numbers(data, 1))
    files = sorted((path / "velodyne").glob("*.bin"))
    if not len(files) == len(poses) == len(times):
        raise DatasetError(
            f"{path}: {len(files)} sweeps, {len(poses)} poses and {len(times)} times"
        )
    found = []
    for file, pose, time in zip(files, poses, times, strict=True):
        points = read_content(file, decode_points)
        marks = read_content(path / "labels" / f"{file.stem}.label", decode_ids)
        if len(points) != len(marks):
            raise DatasetError(f"{file}: {len(points)} points, and {len(marks)} labels")
        whole = np.vstack([pose.reshape(3, 4), [0.0, 0.0, 0.0, 1.0]])
        found.append(LabelledSweep(points, *apart(marks), whole, float(time[0])))
    return found


def apart(marks: U32) -> tuple[U32, U32]:
    """Return label and instance of each point (N,), both uint32."""
    return marks & np.uint32(0xFFFF), marks >> np.uint32(16)


def _numbers(data: bytes, columns: int) -> F64:
    rows = [[float(word) for word in line.split()] for line in data.decode().splitlines() if line]
    return np.array(rows, np.float64).reshape(-1, columns)
