"""Where cameras, LiDARs and radars sit on a body that no scenario gives a position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records.base import Vec3

FIELD_RAD = float(np.pi)
"""What people take in without turning the head, about: a half-circle."""
REACH_M = 200.0
"""How far they are taken to see."""


@dataclass(frozen=True)
class Mounts:
    """Where sensors without a position sit, ego body frame, m."""

    camera: Vec3
    lidar: Vec3
    radar: Vec3


def mounts_on(size_m: Vec3) -> Mounts:
    """Return the mounts on a body of so much length, width and height.

    A camera is behind the windscreen, near the roof; measured as shares of the body, so
    that it fits a compact car and a lorry alike. A LiDAR is on the middle of the roof, a radar in
    the front bumper.
    """
    length, _, height = size_m
    return Mounts(
        camera=(round(0.09 * length, 3), 0.0, round(min(0.9 * height, 2.3), 3)),
        lidar=(0.0, 0.0, round(height + 0.2, 3)),
        radar=(round(0.5 * length, 3), 0.0, round(min(0.35 * height, 0.8), 3)),
    )
