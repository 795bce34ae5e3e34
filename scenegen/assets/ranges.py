"""How far joints turn in use: what an asset's bounds are taken over.

The simulator keeps its gaits within these ranges, so that no frame ever shows a limb
outside its actor's 3D box.
"""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64
from scenegen.records.taxonomy import (
    BARRIER_JOINTS,
    BICYCLE_JOINTS,
    BIPED_JOINTS,
    DOORED_JOINTS,
    FOUR_DOORED_JOINTS,
    MOTORCYCLE_JOINTS,
    QUADRUPED_JOINTS,
    ROLLER_JOINTS,
    TAGGED_JOINTS,
    TRAILER_JOINTS,
    WHEELED_JOINTS,
)
from scenegen.records.trajectory import MAX_JOINTS

_TURN = (-np.pi, np.pi)
WHEEL_TRAVEL_M = (-0.10, 0.10)
"""How far a wheel drops from its place at rest, and how far it is pressed up."""

DOOR_RAD = (0.0, 1.2)
"""How far a car's door opens."""

_KINDS = {
    "door": DOOR_RAD,
    "steer": (-0.62, 0.62),
    "spin": _TURN,
    "swivel": _TURN,
    "travel": WHEEL_TRAVEL_M,
}


def _on_wheels(joints: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    return {name: _KINDS[name.partition("_")[0]] for name in joints}


JOINT_RANGES: dict[tuple[str, ...], dict[str, tuple[float, float]]] = {
    WHEELED_JOINTS: _on_wheels(WHEELED_JOINTS),
    DOORED_JOINTS: _on_wheels(DOORED_JOINTS),
    FOUR_DOORED_JOINTS: _on_wheels(FOUR_DOORED_JOINTS),
    TAGGED_JOINTS: _on_wheels(TAGGED_JOINTS),
    TRAILER_JOINTS: _on_wheels(TRAILER_JOINTS),
    ROLLER_JOINTS: _on_wheels(ROLLER_JOINTS),
    BARRIER_JOINTS: {
        "lift": (0.0, 1.48),
        "swing": (-1.65, 1.65),
    },
    BICYCLE_JOINTS: {
        "steer": (-0.7, 0.7),
        "spin_front": _TURN,
        "spin_rear": _TURN,
        "crank": _TURN,
    },
    MOTORCYCLE_JOINTS: {
        "steer": (-0.6, 0.6),
        "spin_front": _TURN,
        "spin_rear": _TURN,
    },
    BIPED_JOINTS: {
        "lift": (-0.10, 0.06),
        "pelvis_yaw": (-0.15, 0.15),
        "spine_pitch": (-0.05, 0.35),
        "spine_yaw": (-0.25, 0.25),
        "neck_pitch": (-0.4, 0.5),
        "neck_yaw": (-1.2, 1.2),
        "hip_left": (-0.50, 0.65),
        "hip_right": (-0.50, 0.65),
        "hip_out_left": (-0.05, 0.15),
        "hip_out_right": (-0.05, 0.15),
        "knee_left": (0.0, 1.7),
        "knee_right": (0.0, 1.7),
        "ankle_left": (-0.45, 0.35),
        "ankle_right": (-0.45, 0.35),
        "shoulder_left": (-0.9, 0.8),
        "shoulder_right": (-0.9, 0.8),
        "shoulder_out_left": (0.0, 0.25),
        "shoulder_out_right": (0.0, 0.25),
        "elbow_left": (0.0, 1.6),
        "elbow_right": (0.0, 1.6),
    },
    QUADRUPED_JOINTS: {
        "lift": (-0.05, 0.35),
        "trunk_pitch": (-0.25, 0.25),
        "neck_pitch": (-0.3, 0.9),
        "head_pitch": (-0.4, 0.5),
        "tail_pitch": (-0.6, 0.6),
        "upper_front_left": (-0.8, 0.8),
        "upper_front_right": (-0.8, 0.8),
        "upper_rear_left": (-0.8, 0.8),
        "upper_rear_right": (-0.8, 0.8),
        "lower_front_left": (0.0, 1.4),
        "lower_front_right": (0.0, 1.4),
        "lower_rear_left": (0.0, 1.4),
        "lower_rear_right": (0.0, 1.4),
    },
}
"""Least and greatest value of each channel, rad or m, by the tuple of joint names."""


_STEPS = {1: 25, 2: 13, 3: 5, 4: 3}
"""Samples of each channel besides 0, by the length of the chain; longer chains take 2."""


def _steps(joints: tuple[str, ...], channel: int, count: int) -> F64:
    """Return the values at which one channel is sampled, 0 among them."""
    low, high = JOINT_RANGES[joints][joints[channel]]
    return np.union1d(np.linspace(low, high, count), [min(max(0.0, low), high)])


def chain_samples(joints: tuple[str, ...], channels: list[int]) -> F64:
    """Return all combinations (M, MAX_JOINTS) of the sampled values of some channels.

    Parameters
    ----------
    joints : tuple of str
        One of the tuples of `taxonomy`.
    channels : list of int
        The channels that move one part, from the root to it; the others stay 0.
    """
    if not channels:
        return np.zeros((1, MAX_JOINTS))
    count = _STEPS.get(len(channels), 2)
    axes = np.meshgrid(*[_steps(joints, c, count) for c in channels], indexing="ij")
    samples = np.zeros((axes[0].size, MAX_JOINTS))
    for channel, values in zip(channels, axes, strict=True):
        samples[:, channel] = values.ravel()
    return samples
