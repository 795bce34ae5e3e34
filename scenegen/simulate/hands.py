"""What people do with their hands and eyes as they go or stand: telephone, push."""

from __future__ import annotations

from math import exp

from scenegen.records.base import F64
from scenegen.records.behaviour import Gait
from scenegen.records.taxonomy import BIPED_JOINTS

RAISE_S = 0.35
"""Time constant with which hands are raised and let down again."""

_HELD: dict[Gait, dict[str, float]] = {
    "phone": {
        "shoulder_right": 0.42,
        "shoulder_out_right": 0.02,
        "elbow_right": 1.6,
        "neck_pitch": 0.48,
        "neck_yaw": -0.12,
        "spine_pitch": 0.07,
    },
    "push": {
        "shoulder_left": 0.62,
        "shoulder_right": 0.62,
        "shoulder_out_left": 0.05,
        "shoulder_out_right": 0.05,
        "elbow_left": 0.55,
        "elbow_right": 0.55,
        "spine_pitch": 0.12,
    },
}
"""Joints that are held still, rad."""

_GOALS = {
    gait: {BIPED_JOINTS.index(name): value for name, value in held.items()}
    for gait, held in _HELD.items()
}


class Hands:
    """How far one person's hands are raised for each manner of going."""

    def __init__(self) -> None:
        self._raised = dict.fromkeys(_GOALS, 0.0)
        self._begun = False

    def hold(self, values: F64, manner: Gait, dt: float) -> None:
        """Move joint values (MAX_JOINTS,) to where the hands are held after `dt` s.

        At the start, hands are where they are wanted.
        """
        share = 1.0 - exp(-dt / RAISE_S) if self._begun else 1.0
        self._begun = True
        for gait, goals in _GOALS.items():
            wanted = 1.0 if gait == manner else 0.0
            self._raised[gait] += share * (wanted - self._raised[gait])
            raised = self._raised[gait]
            if raised > 1e-6:
                for channel, goal in goals.items():
                    values[channel] += raised * (goal - values[channel])
