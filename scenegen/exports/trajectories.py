"""The ego's way as odometry and SLAM are judged by: TUM's format and KITTI's poses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenegen.dataset.layout import read_content
from scenegen.exports.folder import ExportFolder
from scenegen.exports.source import Source
from scenegen.geometry import inverse, pose, quaternion_from_matrix
from scenegen.geometry.interpolation import poses_at
from scenegen.records import CameraSpec, ConcreteScenario
from scenegen.records.base import F64


@dataclass(frozen=True)
class TimedPoses:
    """Where something was at moments.

    Attributes
    ----------
    time_s : (N,) float64
        From the start of the scene.
    poses : (N, 4, 4) float64
        From its own frame to one that stands still.
    """

    time_s: F64
    poses: F64


def write_trajectories(source: Source, folder: ExportFolder) -> None:
    """Write ``tum`` and ``kitti`` with the ego's body and every sensor of each scene.

    The ego is written at every control step, a sensor at each of its frames, sweeps or scans.
    """
    for scene in source.scenes():
        trajectory = scene.trajectory
        world_from_body = trajectory.poses(scene.scenario.ego.instance_id)
        ways = {"ego": TimedPoses(trajectory.time_s, world_from_body)}
        times: dict[str, list[float]] = {}
        for reading in [*source.frames(scene), *source.sweeps(scene), *source.scans(scene)]:
            times.setdefault(reading.sensor, []).append(reading.entry.time_s)
        for sensor, at in times.items():
            bodies = poses_at(trajectory.time_s, world_from_body, at)
            mounted = body_from_sensor(scene.scenario, sensor)
            ways[sensor] = TimedPoses(np.array(at), bodies @ mounted)
        for name, way in ways.items():
            folder.write(f"tum/{scene.id}/{name}.txt", tum_text(way))
            folder.write(f"kitti/{scene.id}/{name}.txt", kitti_text(way))


def body_from_sensor(scenario: ConcreteScenario, sensor: str) -> F64:
    """Return where a sensor is mounted (4, 4); a camera's axes are x right, y down, z forward."""
    spec = scenario.sensors[sensor]
    if isinstance(spec, CameraSpec):
        return spec.camera().body_from_camera
    return spec.body_from_sensor


def tum_text(way: TimedPoses) -> bytes:
    """Return lines of time, x, y, z and the quaternion x, y, z, w, in the world."""
    lines = []
    for time_s, at in zip(way.time_s.tolist(), way.poses, strict=True):
        w, x, y, z = quaternion_from_matrix(at).tolist()
        numbers = (*at[:3, 3].tolist(), x, y, z, w)
        lines.append(f"{time_s:.9f} " + " ".join(f"{n + 0.0:.12g}" for n in numbers) + "\n")
    return "".join(lines).encode()


def kitti_text(way: TimedPoses) -> bytes:
    """Return lines of the upper 3 x 4 numbers, from the first pose on, without times."""
    back = inverse(way.poses[0])
    rows = ((back @ at)[:3].ravel() for at in way.poses)
    return "".join(" ".join(f"{n + 0.0:.12e}" for n in row) + "\n" for row in rows).encode()


def read_tum(path: Path) -> TimedPoses:
    """Return the poses of a file in TUM's format; DatasetError if it is missing or damaged."""
    return read_content(path, _tum)


def read_kitti_poses(path: Path) -> F64:
    """Return the poses (N, 4, 4) of a file of KITTI's; DatasetError if missing or damaged."""
    return read_content(path, _kitti)


def _tum(data: bytes) -> TimedPoses:
    rows = _numbers(data, 8)
    return TimedPoses(rows[:, 0], pose(rows[:, 1:4], np.roll(rows[:, 4:], 1, axis=1)))


def _kitti(data: bytes) -> F64:
    rows = _numbers(data, 12)
    last = np.broadcast_to([0.0, 0.0, 0.0, 1.0], (len(rows), 1, 4))
    return np.concatenate([rows.reshape(-1, 3, 4), last], axis=1)


def _numbers(data: bytes, columns: int) -> F64:
    lines = (line for line in data.decode().splitlines() if line and not line.startswith("#"))
    rows = [[float(word) for word in line.split()] for line in lines]
    if any(len(row) != columns for row in rows):
        raise ValueError(f"a line has other than {columns} numbers")
    return np.array(rows, np.float64).reshape(-1, columns)
