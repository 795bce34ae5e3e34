"""KITTI's ``oxts`` packets: what an inertial and satellite navigation system would say."""

from __future__ import annotations

import math

import numpy as np

from scenegen.geometry.interpolation import place_in
from scenegen.records import Trajectory
from scenegen.records.base import F64

EARTH_M = 6378137.0
"""Radius of the sphere that KITTI's readers project on."""
FIRST_DEG = (49.011, 8.4166)
"""Latitude and longitude of a sequence's first pose: the world lies nowhere on earth."""
GRAVITY_MPS2 = 9.81
_QUALITY = "0 0 4 0 0 0 0"
"""Accuracies of position and velocity: none is simulated. State 4 (initialised), no satellites,
no modes of a receiver."""


def oxts_lines(trajectory: Trajectory, ego: int, times_s: list[float]) -> bytes:
    """Return one packet a line for each moment of a sequence.

    Positions are turned into degrees by the Mercator projection that KITTI's devkit undoes, with
    the first pose at `FIRST_DEG`. Accelerations are central differences between control steps,
    and hold gravity, as an accelerometer does.

    Parameters
    ----------
    trajectory : Trajectory
    ego : int
        Instance id.
    times_s : list of float
    """
    column = trajectory.column(ego)
    velocity = trajectory.velocity_mps[:, column]
    acceleration = np.gradient(velocity, trajectory.time_s, axis=0)
    acceleration[:, 2] += GRAVITY_MPS2
    turning = trajectory.angular_velocity_radps[:, column]
    poses = trajectory.poses(ego)
    lines, first = [], None
    for time_s in times_s:
        (row,), (share,) = place_in(trajectory.time_s, [time_s])
        nearest = row + int(share > 0.5)
        first = poses[nearest] if first is None else first
        lines.append(
            _packet(
                poses[nearest],
                first[:2, 3],
                velocity[nearest],
                acceleration[nearest],
                turning[nearest],
            )
        )
    return "".join(lines).encode()


def _packet(pose: F64, origin: F64, velocity: F64, acceleration: F64, turning: F64) -> str:
    rotation = pose[:3, :3]
    roll = math.atan2(rotation[2, 1], rotation[2, 2])
    pitch = math.asin(float(np.clip(-rotation[2, 0], -1, 1)))
    yaw = math.atan2(rotation[1, 0], rotation[0, 0])
    c, s = math.cos(yaw), math.sin(yaw)
    level = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    numbers = (
        *_degrees(pose[:2, 3] - origin),
        pose[2, 3],
        *(roll, pitch, yaw),
        *(velocity[1], velocity[0]),  # north, east
        *(level @ velocity),
        *(rotation.T @ acceleration),
        *(level @ acceleration),
        *(rotation.T @ turning),
        *(level @ turning),
    )
    return " ".join(f"{float(number) + 0.0:.14g}" for number in numbers) + f" {_QUALITY}\n"


def _degrees(east_north_m: F64) -> tuple[float, float]:
    latitude, longitude = FIRST_DEG
    scale = math.cos(math.radians(latitude)) * EARTH_M
    north = math.log(math.tan(math.radians(90 + latitude) / 2)) + east_north_m[1] / scale
    return (
        math.degrees(2 * math.atan(math.exp(north))) - 90,
        longitude + math.degrees(east_north_m[0] / scale),
    )
