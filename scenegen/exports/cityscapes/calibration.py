"""Cityscapes' JSON of cameras and vehicles, and its disparity."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenegen.dataset.codecs import F32, U16
from scenegen.geometry import inverse
from scenegen.records import FrameLabels

BASELINE_M = 0.209313
"""Between Cityscapes' two cameras; our disparity is that of a second one so far to the right."""
_ISO_FROM_CAMERA = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])


def camera_json(labels: FrameLabels) -> dict[str, Any]:
    """Return the camera's place in the vehicle (ISO 8855, m, rad) and its focal lengths (px).

    Cityscapes counts pixels from the middle of the first one. Rotations are about z, the new y
    and the new x: yaw to the left, pitch down, roll to the right.
    """
    vehicle_from_camera = inverse(np.array(labels.ego.world_from_body)) @ np.array(
        labels.camera.world_from_camera
    )
    turn = vehicle_from_camera[:3, :3] @ _ISO_FROM_CAMERA.T
    x, y, z = vehicle_from_camera[:3, 3].tolist()
    (fx, _, cx), (_, fy, cy), _ = labels.camera.K
    return {
        "extrinsic": {
            "baseline": BASELINE_M,
            "pitch": float(np.arctan2(-turn[2, 0], np.hypot(turn[2, 1], turn[2, 2]))),
            "roll": float(np.arctan2(turn[2, 1], turn[2, 2])),
            "yaw": float(np.arctan2(turn[1, 0], turn[0, 0])),
            "x": x,
            "y": y,
            "z": z,
        },
        "intrinsic": {"fx": fx, "fy": fy, "u0": cx - 0.5, "v0": cy - 0.5},
    }


def vehicle_json(labels: FrameLabels) -> dict[str, Any]:
    """Return the ego's speed forward (m/s) and its yaw rate (rad/s, to the left)."""
    body_from_world = np.array(labels.ego.world_from_body)[:3, :3].T
    forward = body_from_world @ labels.ego.velocity_mps
    turning = body_from_world @ labels.ego.angular_velocity_radps
    return {"speed": float(forward[0]), "yawRate": float(turning[2])}


def disparity(depth_m: F32, fx: float) -> U16:
    """Return disparities (H, W) as Cityscapes stores them: 256 times px and 1; 0 for none.

    What has no depth, or more than 255.99 px, has none.
    """
    there = np.isfinite(depth_m) & (depth_m > 0)
    px = np.divide(BASELINE_M * fx, depth_m, out=np.zeros(depth_m.shape), where=there)
    stored = np.floor(px * 256 + 1.5)
    stored[~there | (stored > 65535)] = 0
    return stored.astype(np.uint16)


def depth_of(stored: U16, fx: float, baseline_m: float = BASELINE_M) -> F32:
    """Return depths (H, W) float32 in m of stored disparities; ``inf`` where there is none."""
    px = (stored.astype(np.float64) - 1) / 256
    depth_m = np.divide(baseline_m * fx, px, out=np.full(px.shape, np.inf), where=px > 0)
    return np.asarray(depth_m, dtype=np.float32)
