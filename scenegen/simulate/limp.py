"""The pose into which a struck body falls limp."""

from __future__ import annotations

import numpy as np

from scenegen.records import MAX_JOINTS
from scenegen.records.base import F64
from scenegen.records.taxonomy import BIPED_JOINTS, QUADRUPED_JOINTS

LIMP_S = 0.22
"""Time constant with which muscles give way."""

_FALLEN: dict[tuple[str, ...], dict[str, float]] = {
    BIPED_JOINTS: {
        "spine_pitch": 0.12,
        "spine_yaw": 0.15,
        "neck_pitch": 0.3,
        "neck_yaw": 0.5,
        "hip_left": 0.45,
        "hip_right": -0.1,
        "hip_out_left": 0.12,
        "hip_out_right": 0.1,
        "knee_left": 0.9,
        "knee_right": 0.35,
        "ankle_left": -0.3,
        "ankle_right": -0.3,
        "shoulder_left": 0.6,
        "shoulder_right": -0.5,
        "shoulder_out_left": 0.22,
        "shoulder_out_right": 0.2,
        "elbow_left": 0.7,
        "elbow_right": 0.3,
    },
    QUADRUPED_JOINTS: {
        "neck_pitch": 0.6,
        "head_pitch": 0.2,
        "tail_pitch": 0.3,
        "upper_front_left": 0.35,
        "upper_front_right": -0.15,
        "upper_rear_left": -0.3,
        "upper_rear_right": 0.2,
        "lower_front_left": 0.5,
        "lower_front_right": 0.7,
        "lower_rear_left": 0.6,
        "lower_rear_right": 0.4,
    },
}


def fallen_pose(joints: tuple[str, ...], mirrored: bool) -> F64:
    """Return the joint values (MAX_JOINTS,) of a body that lies where it fell."""
    pose = np.zeros(MAX_JOINTS)
    for name, value in _FALLEN[joints].items():
        other = name
        if mirrored and "left" in name:
            other = name.replace("left", "right")
        elif mirrored and "right" in name:
            other = name.replace("right", "left")
        pose[joints.index(other)] = value
    return pose


def gone_limp(values: F64, pose: F64, dt: float) -> F64:
    """Return joint values one control step closer to a fallen pose."""
    return np.asarray(values + (1.0 - np.exp(-dt / LIMP_S)) * (pose - values))
