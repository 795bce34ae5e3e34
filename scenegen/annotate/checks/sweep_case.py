"""A LiDAR sweep as read from files, and what rays of our own meet at its moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from scenegen.annotate.checks.truth import SceneTruth
from scenegen.geometry import inverse
from scenegen.geometry.interpolation import blend_poses, place_in, poses_at
from scenegen.records import LidarSpec, Sweep, SweepLabels
from scenegen.records.base import F64


@dataclass(frozen=True)
class SweepCase:
    """One sweep with the scene that it belongs to.

    Attributes
    ----------
    labels : SweepLabels
    sweep : Sweep
    truth : SceneTruth
    """

    labels: SweepLabels
    sweep: Sweep
    truth: SceneTruth

    @cached_property
    def spec(self) -> LidarSpec:
        """The sensor by the scenario."""
        return self.truth.scenario.lidars[self.labels.sensor]

    @cached_property
    def beams(self) -> F64:
        """Beams (columns, channels, 3) of the sweep by the scenario."""
        return self.spec.directions(self.labels.frame)

    @cached_property
    def range_m(self) -> F64:
        """Ranges (N,) of the points."""
        return np.asarray(np.linalg.norm(self.sweep.points[:, :3].astype(np.float64), axis=1))

    @cached_property
    def start_s(self) -> float:
        """Start of the sweep by the scenario."""
        return self.labels.frame / self.spec.rate_hz

    @cached_property
    def time_s(self) -> F64:
        """When the points (N,) were measured by the scenario."""
        column = self.sweep.beam // self.spec.channels
        turns = self.labels.frame + (column + 0.5) / self.spec.columns
        return np.asarray(turns / self.spec.rate_hz)

    def world_from_sensor(self, time_s: F64) -> F64:
        """Return the sensor's poses (K, 4, 4) at moments (K,), by the trajectory."""
        return poses_at(self.truth.trajectory.time_s, self._sensor_rows, time_s)

    @cached_property
    def _sensor_rows(self) -> F64:
        body = self.truth.trajectory.poses(self.truth.scenario.ego.instance_id)
        return np.asarray(body @ self.spec.body_from_sensor)

    def body_at(self, instance_id: int, time_s: F64) -> F64:
        """Return an actor's poses (K, 4, 4) at moments (K,), by the trajectory."""
        trajectory = self.truth.trajectory
        return poses_at(trajectory.time_s, trajectory.poses(instance_id), time_s)


class Sensing(Protocol):
    """A measurement of a scene by a sensor whose pose is known at any moment."""

    @property
    def truth(self) -> SceneTruth:
        """The scene."""
        ...

    def world_from_sensor(self, time_s: F64) -> F64:
        """Return the sensor's poses (K, 4, 4) at moments (K,)."""
        ...


@dataclass(frozen=True)
class Met:
    """What rays meet first: distances (R,), ``inf`` for nothing, classes and instance ids."""

    distance_m: F64
    semantic: F64
    instance: F64


class Moment:
    """Everything a sensor may meet at one moment.

    Parameters
    ----------
    case : Sensing
    time_s : float
    """

    def __init__(self, case: Sensing, time_s: float) -> None:
        self._case = case
        times = case.truth.trajectory.time_s
        row, share = place_in(times, [time_s])
        self._row, self._share = int(row[0]), float(share[0])
        self.world_from_sensor = case.world_from_sensor(np.array([time_s]))[0]

    def cast(self, rays: F64) -> Met:
        """Return what rays (R, 3), in the sensor's frame, meet first."""
        truth = self._case.truth
        eye = self.world_from_sensor[:3, 3]
        onward = rays @ self.world_from_sensor[:3, :3].T
        hits = truth.scenery.cast(eye, onward)
        met = Met(
            hits.distance.copy(),
            truth.scenery.triangles.semantic[hits.triangle].astype(np.float64),
            np.zeros(len(rays)),
        )
        for id_ in self._near(eye, onward):
            first = truth.world_from_parts(id_, self._row)
            second = truth.world_from_parts(id_, self._row + 1)
            for part, mesh in truth.part_meshes(id_):
                to_part = inverse(blend_poses(first[part], second[part], self._share))
                found = mesh.cast(
                    to_part[:3, :3] @ eye + to_part[:3, 3], onward @ to_part[:3, :3].T
                )
                nearer = found.distance < met.distance_m
                met.distance_m[nearer] = found.distance[nearer]
                met.semantic[nearer] = mesh.triangles.semantic[found.triangle[nearer]]
                met.instance[nearer] = id_
        return met

    def _near(self, eye: F64, onward: F64) -> Iterator[int]:
        """Yield the actors that one of the rays may meet."""
        truth = self._case.truth
        valid = truth.trajectory.valid
        for id_ in truth.shown_ids(self._row):
            if not valid[self._row + 1, truth.trajectory.column(id_)]:
                continue
            low, high = truth.bounds[id_]
            bodies = [truth.world_from_body(id_, self._row + k) for k in (0, 1)]
            ends = [b[:3, :3] @ (0.5 * (low + high)) + b[:3, 3] for b in bodies]
            towards = 0.5 * (ends[0] + ends[1]) - eye
            radius = 0.5 * np.linalg.norm(high - low) + np.linalg.norm(ends[1] - ends[0])
            along = onward @ towards
            gap = towards @ towards - along**2
            if np.any((gap <= radius**2) & (along > -radius)):
                yield id_
