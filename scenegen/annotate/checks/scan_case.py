"""A radar's scan as read from files, and where and how fast surfaces are at its moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.annotate.checks.truth import SceneTruth
from scenegen.geometry import inverse
from scenegen.geometry.interpolation import place_in, poses_at
from scenegen.records import RadarSpec, Scan, ScanLabels
from scenegen.records.base import F64

_STEP_S = 1e-4


@dataclass(frozen=True)
class Reach:
    """What of the sensor's coordinates each of some triangles takes up, least and greatest.

    Attributes
    ----------
    range_m, azimuth_rad, elevation_rad, speed_mps : ndarray, shape (2, F)
        At least what the triangle takes up; speed is that relative to the sensor.
    corners : ndarray, shape (F, 3, 3)
        Sensor frame.
    """

    range_m: F64
    azimuth_rad: F64
    elevation_rad: F64
    speed_mps: F64
    corners: F64


@dataclass(frozen=True)
class ScanCase:
    """One scan with the scene that it belongs to.

    Attributes
    ----------
    labels : ScanLabels
    scan : Scan
    truth : SceneTruth
    """

    labels: ScanLabels
    scan: Scan
    truth: SceneTruth

    @cached_property
    def spec(self) -> RadarSpec:
        """The sensor by the scenario."""
        return self.truth.scenario.radars[self.labels.sensor]

    @cached_property
    def time_s(self) -> float:
        """Moment of the scan by the scenario."""
        return self.labels.frame / self.spec.rate_hz

    def world_from_sensor(self, time_s: F64) -> F64:
        """Return the sensor's poses (K, 4, 4) at moments (K,), by the trajectory."""
        bodies = self.truth.trajectory.poses(self.truth.scenario.ego.instance_id)
        rows = bodies @ self.spec.body_from_sensor
        return poses_at(self.truth.trajectory.time_s, rows, time_s)

    @cached_property
    def sensor_now(self) -> F64:
        """The sensor's pose (4, 4) at the scan."""
        return np.asarray(self.world_from_sensor(np.array([self.time_s]))[0])

    @cached_property
    def sensor_velocity(self) -> F64:
        """The sensor's velocity (3,), world."""
        ego = self.truth.scenario.ego.instance_id
        velocity, turn = self.recorded(ego)
        arm = self.sensor_now[:3, 3] - self.body_now(ego)[:3, 3]
        return np.asarray(velocity + np.cross(turn, arm))

    def body_now(self, instance_id: int) -> F64:
        """Return an actor's pose (4, 4) at the scan."""
        trajectory = self.truth.trajectory
        here = poses_at(trajectory.time_s, trajectory.poses(instance_id), [self.time_s])
        return np.asarray(here[0])

    def _now(self, rows: F64) -> F64:
        """Return what is recorded row by row (R, ...) at the scan."""
        row, share = place_in(self.truth.trajectory.time_s, [self.time_s])
        return np.asarray(rows[row[0]] + share[0] * (rows[row[0] + 1] - rows[row[0]]))

    def recorded(self, instance_id: int) -> tuple[F64, F64]:
        """Return an actor's velocity and angular velocity (3,), world."""
        trajectory = self.truth.trajectory
        column = trajectory.column(instance_id)
        return (
            self._now(trajectory.velocity_mps[:, column]),
            self._now(trajectory.angular_velocity_radps[:, column]),
        )

    def actor_reach(self, instance_id: int) -> Reach:
        """Return what the triangles of an actor take up."""
        trajectory, asset = self.truth.trajectory, self.truth.asset(instance_id)
        joints = trajectory.articulation[:, trajectory.column(instance_id), : len(asset.joints)]
        moving = np.gradient(joints, trajectory.time_s, axis=0)
        values, rates = self._now(joints), self._now(moving)
        moments = values + _STEP_S * np.array([[0.0], [-1.0], [1.0]]) * rates
        parts = self.body_now(instance_id) @ assets.body_from_parts(asset, moments)
        velocity, turn = self.recorded(instance_id)
        places, speeds = [], []
        for index, mesh in self.truth.part_meshes(instance_id):
            corners = mesh.triangles.corners
            now, before, after = (corners @ p[:3, :3].T + p[:3, 3] for p in parts[:, index])
            arm = now - self.body_now(instance_id)[:3, 3]
            places.append(now)
            speeds.append(velocity + np.cross(turn, arm) + (after - before) / (2 * _STEP_S))
        return self._reach(np.concatenate(places), np.concatenate(speeds))

    def scenery_reach(self, semantic: int, beside_rad: float) -> Reach:
        """Return what the triangles of a class take up that never move, and may be in the field.

        Parameters
        ----------
        semantic : int
        beside_rad : float
            Those so far beside the field are in it.
        """
        triangles = self.truth.scenery.triangles
        corners = triangles.corners[triangles.semantic == semantic]
        half = min(0.5 * self.spec.hfov_rad + beside_rad, 0.5 * np.pi)
        from_eye = corners - self.sensor_now[:3, 3]
        inside = np.ones(len(corners), dtype=np.bool_)
        for side in (-1.0, 1.0):
            # A triangle is beyond a side of the field if all of its corners are.
            inward = self.sensor_now[:3, :3] @ [np.sin(half), side * np.cos(half), 0.0]
            a, b, c = (from_eye @ inward).T
            inside &= np.maximum(np.maximum(a, b), c) > 0
        kept = corners[inside]
        return self._reach(kept, np.zeros_like(kept))

    def _reach(self, world: F64, velocity: F64) -> Reach:
        """Work out the reach of triangles (F, 3, 3), world, whose corners move."""
        to_sensor = inverse(self.sensor_now)
        corners = world @ to_sensor[:3, :3].T + to_sensor[:3, 3]
        # Corner by corner, coordinate by coordinate: small last axes are slow.
        x, y, z = corners.transpose(2, 1, 0).copy()
        flat = np.hypot(x, y)
        distance = np.maximum(np.hypot(flat, z), 1e-6)
        edge = np.sqrt(sum((a - np.roll(a, 1, axis=0)) ** 2 for a in (x, y, z)).max(axis=0))
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        length = np.maximum(np.sqrt(np.einsum("fi,fi->f", normal, normal)), 1e-12)
        plane = np.abs(np.einsum("fi,fi->f", normal, corners[:, 0])) / length
        # Inside of a triangle it may be nearer than at its corners, but never farther.
        least = np.maximum(plane, distance.min(axis=0) - edge)
        close = np.maximum(flat.min(axis=0) - edge, 1e-3)
        far = flat.max(axis=0)
        azimuth = np.arctan2(y, x)
        top, foot = z.max(axis=0), z.min(axis=0)
        relative = velocity - self.sensor_velocity
        towards = world - self.sensor_now[:3, 3]
        speed = np.einsum("fci,fci->cf", relative, towards) / distance
        # Directions turn within a triangle, so that speeds between corners may lie beyond them.
        bulge = np.sqrt(np.einsum("fci,fci->cf", relative, relative).max(axis=0))
        bulge *= np.minimum((edge / np.maximum(least, 1e-3)) ** 2 / 8, 2.0)
        return Reach(
            np.stack([least, distance.max(axis=0)]),
            np.stack([azimuth.min(axis=0), azimuth.max(axis=0)]),
            np.stack(
                [
                    np.arctan2(foot, np.where(foot < 0, close, far)),
                    np.arctan2(top, np.where(top < 0, far, close)),
                ]
            ),
            np.stack([speed.min(axis=0) - bulge, speed.max(axis=0) + bulge]),
            corners,
        )


def within(reach: F64, value: float, slack: float) -> npt.NDArray[np.bool_]:
    """Return which of the spans (2, F) come as near to a value as `slack`."""
    return np.asarray((reach[0] - slack <= value) & (value <= reach[1] + slack))
