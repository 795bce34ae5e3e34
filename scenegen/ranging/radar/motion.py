"""Where the parts of an actor are at a moment, and how fast their points move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen import assets
from scenegen.geometry import pose
from scenegen.geometry.interpolation import blended, place_in, poses_at
from scenegen.ranging.vectors import Ints
from scenegen.records import Asset, Trajectory
from scenegen.records.base import F64

_STEP_S = 1e-4
"""Joints go on evenly for so long when the speed of parts is worked out."""


@dataclass(frozen=True)
class Motion:
    """An actor at a moment.

    Attributes
    ----------
    world_from_body : ndarray, shape (4, 4)
    velocity_mps, angular_velocity_radps : ndarray, shape (3,)
        Of the body, world.
    world_from_parts : ndarray, shape (P, 4, 4)
    part_rates : ndarray, shape (P, 4, 4)
        What `world_from_parts` changes by in a second as joints move.
    """

    world_from_body: F64
    velocity_mps: F64
    angular_velocity_radps: F64
    world_from_parts: F64
    part_rates: F64

    def velocities(self, part: Ints, points: F64, places: F64) -> F64:
        """Return the velocities (K, 3), world, of points that are fixed to parts.

        Parameters
        ----------
        part : ndarray, shape (K,)
        points, places : ndarray, shape (K, 3)
            In the frame of the part, and in the world.
        """
        own = np.einsum("kij,kj->ki", self.part_rates[part, :3, :3], points)
        own += self.part_rates[part, :3, 3]
        arms = places - self.world_from_body[:3, 3]
        return np.asarray(self.velocity_mps + np.cross(self.angular_velocity_radps, arms) + own)


def motion_of(trajectory: Trajectory, asset: Asset, column: int, time_s: float) -> Motion:
    """Return an actor's motion; that of its body is as recorded, joints go by their values."""
    times = trajectory.time_s
    row, _ = place_in(times, [time_s])
    near = slice(max(int(row[0]) - 1, 0), int(row[0]) + 3)
    poses = pose(trajectory.position_m[near, column], trajectory.quaternion_wxyz[near, column])
    body = poses_at(times[near], poses, [time_s])[0]
    joints = trajectory.articulation[near, column, : len(asset.joints)]
    rates = np.gradient(joints, times[near], axis=0)
    values = blended(joints, times[near], time_s)
    step = _STEP_S * blended(rates, times[near], time_s)
    parts = body @ assets.body_from_parts(asset, np.stack([values, values - step, values + step]))
    return Motion(
        body,
        blended(trajectory.velocity_mps[near, column], times[near], time_s),
        blended(trajectory.angular_velocity_radps[near, column], times[near], time_s),
        parts[0],
        (parts[2] - parts[1]) / (2 * _STEP_S),
    )
