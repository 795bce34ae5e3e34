"""What a LiDAR returns for one sweep, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.geometry.interpolation import poses_at
from scenegen.records.base import F64, Record, Vec3, read_only
from scenegen.records.labels import Box3d, EgoLabel


@dataclass(frozen=True)
class Sweep:
    """The points of one sweep of a LiDAR, in the order of its beams.

    Attributes
    ----------
    points : ndarray, shape (N, 4), float32
        x, y, z, m, in the sensor's frame at the moment of each point, and intensity 0..1.
    semantic : ndarray, shape (N,), uint16
        `taxonomy.CLASSES` ids; 0, "unlabeled", for returns of the air.
    instance : ndarray, shape (N,), uint16
        Instance id of the actor; 0 is none.
    beam : ndarray, shape (N,), uint32
        ``column * channels + channel`` of `LidarSpec`; rises.
    """

    points: npt.NDArray[np.float32]
    semantic: npt.NDArray[np.uint16]
    instance: npt.NDArray[np.uint16]
    beam: npt.NDArray[np.uint32]

    def __post_init__(self) -> None:
        count = len(self.points)
        shapes = (self.points.shape, self.semantic.shape, self.instance.shape, self.beam.shape)
        if shapes != ((count, 4), (count,), (count,), (count,)):
            raise ValueError(f"the arrays of a sweep don't belong together: shapes {shapes}")
        for field in fields(self):
            read_only(getattr(self, field.name))


class SensorPose(Record):
    """Where a sensor was at a moment of the scene."""

    time_s: float
    world_from_sensor: list[list[float]]


class RangedObject(Record):
    """An actor that a sensor has at least one point of.

    Attributes
    ----------
    box3d : Box3d
        In the sensor's frame at the start of the sweep.
    num_points : int
    """

    instance_id: int
    name: str
    category: str
    box3d: Box3d
    position_world_m: Vec3
    velocity_world_mps: Vec3
    distance_m: float
    num_points: int


class SweepLabels(Record):
    """Everything that is known about a sweep besides its points.

    Attributes
    ----------
    frame : int
        Number of the sweep.
    step, time_s
        Its start: physics step, and seconds from the start of the scene.
    end_s : float
    channels, columns : int
        Beam ``column * channels + channel`` fired at ``time_s + (column + 0.5) / columns *
        (end_s - time_s)``.
    poses : list of SensorPose
        At the start, at every control step within, and at the end; between them the
        sensor goes straight and turns evenly.
    """

    scene: str
    sensor: str
    frame: int
    step: int
    time_s: float
    end_s: float
    channels: int
    columns: int
    poses: list[SensorPose]
    ego: EgoLabel
    objects: list[RangedObject]
    weather: dict[str, Any]
    parameters: dict[str, float | str | bool]

    def times_of(self, beam: npt.NDArray[np.uint32]) -> F64:
        """Return when beams (N,) fired, s from the start of the scene."""
        share = (beam // np.uint32(self.channels) + 0.5) / self.columns
        return np.asarray(self.time_s + share * (self.end_s - self.time_s))

    def in_world(self, points_m: npt.ArrayLike, beam: npt.NDArray[np.uint32]) -> F64:
        """Return points (N, 3) of beams (N,) in the world, each by its own pose."""
        times = np.array([knot.time_s for knot in self.poses])
        knots = np.array([knot.world_from_sensor for knot in self.poses])
        poses = poses_at(times, knots, self.times_of(beam))
        turned = np.einsum("nij,nj->ni", poses[:, :3, :3], np.asarray(points_m, np.float64))
        return np.asarray(turned + poses[:, :3, 3])
