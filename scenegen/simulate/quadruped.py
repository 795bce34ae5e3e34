"""How four-legged animals walk, trot and gallop.

Stride frequency and speed at the change from trot to gallop are powers of body mass
(Heglund, Taylor, McMahon 1974, *Science* 186, 1112).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, cos, exp, hypot, sin

import numpy as np

from scenegen.assets import JOINT_RANGES
from scenegen.records import MAX_JOINTS, Asset, Part
from scenegen.records.base import F64, Vec3
from scenegen.records.taxonomy import QUADRUPED_JOINTS
from scenegen.simulate.limb import leg_angles
from scenegen.simulate.stepping import STANDING_MPS, Gait, Stepper

LEGS = ("front_left", "front_right", "rear_left", "rear_right")
WALK = (0.75, 0.25, 0.5, 0.0)
TROT = (0.5, 0.0, 0.0, 0.5)
GALLOP = (0.55, 0.45, 0.1, 0.0)
LONGEST_STANCE = 0.6
"""Length that a hoof stays behind in one stance, over leg length: the trunk hardly sinks."""

REACH = 0.998
HOOF_SHARE = 0.6
"""Of a hock's set-back, what the cannon bone comes forward again."""

LEAP_M = 0.06
PITCH_RAD = 0.055
LOWER_FROM = 0.5
"""Progress of a swing from which the trunk makes room for the landing."""


CHANNEL = {name: k for k, name in enumerate(QUADRUPED_JOINTS)}
LOW, HIGH = np.array([JOINT_RANGES[QUADRUPED_JOINTS][name] for name in QUADRUPED_JOINTS]).T


def quadruped_gait(speed_mps: float, mass_kg: float, leg_m: float) -> Gait:
    """Return the gait of an animal at a speed."""
    change_mps = 1.53 * mass_kg**0.216
    change_hz = 269.0 * mass_kg**-0.14 / 60.0
    share = max(speed_mps, 0.08 * change_mps) / change_mps
    if share > 1.0:
        hz, duty, offsets, clearance = change_hz * share**0.15, 0.3, GALLOP, 0.25
    elif share > 0.42:
        hz, duty, offsets, clearance = change_hz * share**0.6, 0.42, TROT, 0.16
    else:
        hz, duty, offsets, clearance = change_hz * share**0.6, 0.62, WALK, 0.10
    duty = min(duty, LONGEST_STANCE * leg_m * hz / (share * change_mps))
    return Gait(hz, duty, offsets, clearance * leg_m)


@dataclass(frozen=True)
class _Leg:
    """A leg as two straight links from its root by way of knee or hock to the hoof.

    Attributes
    ----------
    root_m : (3,)
        From the trunk's origin.
    upper_m, lower_m : float
        Lengths.
    upper_rad, lower_rad : float
        How far the links lean forward at rest.
    stand_m : float
        The hoof at rest, ahead of the root.
    """

    root_m: Vec3
    upper_m: float
    lower_m: float
    upper_rad: float
    lower_rad: float
    stand_m: float

    @classmethod
    def of(cls, upper: Part, lower: Part, trunk_z: float) -> _Leg:
        """Return the leg of two parts; the hoof stands on the ground when all joints are 0."""
        knee_x, _, knee_z = lower.origin_m
        hoof_x, drop = -HOOF_SHARE * knee_x, trunk_z + upper.origin_m[2] + knee_z
        return cls(
            root_m=upper.origin_m,
            upper_m=hypot(knee_x, knee_z),
            lower_m=hypot(hoof_x, drop),
            upper_rad=atan2(knee_x, -knee_z),
            lower_rad=atan2(hoof_x, drop),
            stand_m=knee_x + hoof_x,
        )


class Quadruped:
    """One animal's body; the parameters are those of `biped.Biped`."""

    def __init__(
        self,
        asset: Asset,
        height: Callable[[F64], F64],
        position_m: F64,
        yaw_rad: float,
        seed: int,
    ) -> None:
        parts = {part.name: part for part in asset.parts}
        self._trunk_x, _, self._trunk_z = parts["trunk"].origin_m
        self._legs = [
            _Leg.of(parts[f"upper_{leg}"], parts[f"lower_{leg}"], self._trunk_z) for leg in LEGS
        ]
        self._mass_kg = asset.mass_kg
        self._roots = np.array([leg.root_m for leg in self._legs])
        self._reach_m = np.array([REACH * (leg.upper_m + leg.lower_m) for leg in self._legs])
        self.leg_m = float(self._reach_m.mean())
        neutral = self._roots[:, :2] + np.array([[leg.stand_m, 0.0] for leg in self._legs])
        neutral[:, 0] += self._trunk_x
        self.stepper = Stepper(neutral, height, position_m, yaw_rad)
        self._lift = 0.0
        self._vigour = 0.0
        self._seed = seed

    def update(
        self, position_m: F64, yaw_rad: float, velocity_mps: F64, time_s: float, dt: float
    ) -> F64:
        """Return the joint values (MAX_JOINTS,) after going on by `dt` s (0 at the start)."""
        speed = float(np.hypot(velocity_mps[0], velocity_mps[1]))
        gait = quadruped_gait(speed, self._mass_kg, self.leg_m)
        stepper = self.stepper
        if dt > 0:
            stepper.update(position_m, yaw_rad, velocity_mps[:2], gait, dt)
        elif speed > STANDING_MPS:
            stepper.begin(position_m, yaw_rad, velocity_mps[:2], gait)
        c, s = cos(yaw_rad), sin(yaw_rad)
        away = stepper.feet_m - position_m
        feet = away.copy()
        feet[:, 0] = c * away[:, 0] + s * away[:, 1]
        feet[:, 1] = c * away[:, 1] - s * away[:, 0]
        galloping = gait.offsets is GALLOP and speed > STANDING_MPS
        goal = 1.0 if galloping else 0.0
        self._vigour += (1.0 - float(np.exp(-dt / 0.25))) * (goal - self._vigour)
        bound = self._vigour * np.sin(2 * np.pi * stepper.phase)
        pitch = PITCH_RAD * bound
        self._lift = self._raise(feet, pitch, dt)
        values = np.zeros(MAX_JOINTS)
        values[CHANNEL["lift"]] = self._lift
        values[CHANNEL["trunk_pitch"]] = pitch
        self._bend_legs(values, feet, pitch)
        idle = max(1.0 - speed, 0.0)
        beat = time_s + 2.3 * (self._seed % 17)
        values[CHANNEL["neck_pitch"]] = 0.2 * self._vigour + 0.12 * idle * np.sin(0.8 * beat)
        values[CHANNEL["head_pitch"]] = 0.08 * bound + 0.08 * idle * np.sin(1.1 * beat)
        values[CHANNEL["tail_pitch"]] = -0.3 * self._vigour + 0.1 * np.sin(3.0 * beat)
        count = len(QUADRUPED_JOINTS)
        values[:count] = np.clip(values[:count], LOW, HIGH)
        return values

    def _raise(self, feet_m: F64, pitch_rad: float, dt: float) -> float:
        """Return the trunk's height: as high as the standing legs allow, up in a leap."""
        swing, roots, c, s = self.stepper.swing, self._roots, cos(pitch_rad), sin(pitch_rad)
        across = feet_m[:, 0] - self._trunk_x - c * roots[:, 0] - s * roots[:, 2]
        span = np.sqrt(np.maximum(self._reach_m**2 - across * across, 0.0))
        room = feet_m[:, 2] + span - self._trunk_z + s * roots[:, 0] - c * roots[:, 2]
        highest = float(np.where(swing == 0, room, LEAP_M).min())
        # The trunk sinks ahead of a landing.
        soon = float(np.where((swing == 0) | (swing > LOWER_FROM), room, LEAP_M).min())
        share = 1.0 - exp(-dt / 0.06)
        wanted = min(soon, LEAP_M * self._vigour)
        return min(self._lift + share * (wanted - self._lift), highest)

    def _bend_legs(self, values: F64, feet_m: F64, pitch_rad: float) -> None:
        """Reach for the feet from the pitched trunk."""
        c, s = cos(pitch_rad), sin(pitch_rad)
        for name, leg, foot in zip(LEGS, self._legs, feet_m.tolist(), strict=True):
            x, z = foot[0] - self._trunk_x, foot[2] - self._trunk_z - self._lift
            swing, _, bend = leg_angles(
                c * x - s * z - leg.root_m[0],
                0.0,
                s * x + c * z - leg.root_m[2],
                leg.upper_m,
                leg.lower_m,
                1.0,
            )
            values[CHANNEL[f"upper_{name}"]] = swing - leg.upper_rad
            values[CHANNEL[f"lower_{name}"]] = bend + leg.lower_rad - leg.upper_rad
