"""How four-legged animals walk, trot and gallop.

Stride frequency and speed at the change from trot to gallop follow body mass
(Heglund, Taylor, McMahon 1974); the order of the feet is Hildebrand's.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, sin

import numpy as np

from scenegen.assets import JOINT_RANGES
from scenegen.records import MAX_JOINTS, Asset
from scenegen.records.base import F64
from scenegen.records.taxonomy import QUADRUPED_JOINTS
from scenegen.simulate.limb import leg_angles
from scenegen.simulate.stepping import STANDING_MPS, Gait, Stepper

LEGS = ("front_left", "front_right", "rear_left", "rear_right")
WALK = (0.75, 0.25, 0.5, 0.0)
TROT = (0.5, 0.0, 0.0, 0.5)
GALLOP = (0.55, 0.45, 0.1, 0.0)
LONGEST_STANCE = 0.75

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
        trunk = np.array(parts["trunk"].origin_m)
        self._roots = np.array([trunk + parts[f"upper_{leg}"].origin_m for leg in LEGS])
        self._upper = np.array([abs(parts[f"lower_{leg}"].origin_m[2]) for leg in LEGS])
        self._lower = self._roots[:, 2] - self._upper
        self._mass_kg = asset.mass_kg
        self._upper_m, self._lower_m = self._upper.tolist(), self._lower.tolist()
        self.leg_m = float(self._roots[:, 2].mean())
        self._root_xz = [(x, z - self.leg_m) for x, _, z in self._roots.tolist()]
        self.stepper = Stepper(self._roots[:, :2], height, position_m, yaw_rad)
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
        self._lift = self._raise(feet, dt) if dt > 0 else self._lift
        values = np.zeros(MAX_JOINTS)
        values[CHANNEL["lift"]] = self._lift
        pitch = 0.07 * bound
        values[CHANNEL["trunk_pitch"]] = pitch
        self._legs(values, feet, pitch)
        idle = max(1.0 - speed, 0.0)
        beat = time_s + 2.3 * (self._seed % 17)
        values[CHANNEL["neck_pitch"]] = 0.2 * self._vigour + 0.12 * idle * np.sin(0.8 * beat)
        values[CHANNEL["head_pitch"]] = 0.08 * bound + 0.08 * idle * np.sin(1.1 * beat)
        values[CHANNEL["tail_pitch"]] = -0.3 * self._vigour + 0.1 * np.sin(3.0 * beat)
        count = len(QUADRUPED_JOINTS)
        values[:count] = np.clip(values[:count], LOW, HIGH)
        return values

    def _raise(self, feet_m: F64, dt: float) -> float:
        """Return the trunk's height: as high as the standing legs allow, up in a leap."""
        down = self.stepper.swing == 0
        reach = 0.998 * (self._upper + self._lower)
        across = feet_m[:, 0] - self._roots[:, 0]
        span = np.sqrt(np.maximum(reach * reach - across * across, 0.0))
        room = feet_m[:, 2] + span - self._roots[:, 2]
        highest = float(room[down].min()) if down.any() else 0.06
        share = 1.0 - float(np.exp(-dt / 0.06))
        wanted = min(highest, 0.06 * self._vigour)
        return self._lift + share * (wanted - self._lift)

    def _legs(self, values: F64, feet_m: F64, pitch_rad: float) -> None:
        """Reach for the feet from the pitched trunk."""
        c, s = cos(pitch_rad), sin(pitch_rad)
        middle = self.leg_m + self._lift
        for k, leg in enumerate(LEGS):
            x, _, z = feet_m[k].tolist()
            z -= middle
            root_x, root_z = self._root_xz[k]
            swing, _, bend = leg_angles(
                c * x - s * z - root_x,
                0.0,
                s * x + c * z - root_z,
                self._upper_m[k],
                self._lower_m[k],
                1.0,
            )
            values[CHANNEL[f"upper_{leg}"]] = swing
            values[CHANNEL[f"lower_{leg}"]] = bend
