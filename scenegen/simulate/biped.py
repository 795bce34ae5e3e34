"""How people walk, run and stand: joint values from feet that stay put.

Step frequency comes from the walk ratio, step length over cadence, which hardly changes
with a person's speed (0.0065 m min for adults), scaled to leg length by dynamic
similarity; running starts at a Froude number of 0.5. The legs follow by inverse
kinematics from planted feet.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, exp, hypot, inf, pi, sin, sqrt

import numpy as np

from scenegen.assets import JOINT_RANGES
from scenegen.records import MAX_JOINTS, Asset
from scenegen.records.base import F64, Vec3
from scenegen.records.behaviour import Gait as Manner
from scenegen.records.taxonomy import BIPED_JOINTS
from scenegen.simulate.hands import Hands
from scenegen.simulate.limb import leg_angles
from scenegen.simulate.stepping import STANDING_MPS, Gait, Stepper
from scenegen.simulate.vectors import clipped

ADULT_LEG_M = 0.9
RUN_FROUDE = 0.5
WALK_DUTY = 0.62
LEAST_WALK_DUTY = 0.51
LONGEST_STANCE = 1.0
"""Length that the foot stays behind in one stance, over leg length."""

HEEL_RISE_RAD = 0.95
HEEL_RISE_FROM = 0.35
RUNNER_RISE_FROM = 0.1
"""Progress of a stance from which the heel comes up; knees that bend more raise it sooner."""

PELVIS_LAG_S = 0.05
LOWER_FROM = 0.55
"""Progress of a swing from which the pelvis makes room for the landing."""

CHANNEL = {name: k for k, name in enumerate(BIPED_JOINTS)}
LOW, HIGH = np.array([JOINT_RANGES[BIPED_JOINTS][name] for name in BIPED_JOINTS]).T


def biped_gait(speed_mps: float, leg_m: float, manner: Manner = "auto") -> Gait:
    """Return the gait of a person of leg length `leg_m` at a speed.

    Who is told to ``run`` does so at any speed, who is told to ``walk`` never does.
    """
    scale = leg_m / ADULT_LEG_M
    speed = max(speed_mps, 0.35 * sqrt(scale))
    slow = speed * speed < RUN_FROUDE * 9.81 * leg_m
    if manner == "walk" or (slow and manner != "run"):
        steps_hz = sqrt(speed / (60 * 0.0065 * scale**1.5))
        duty, clearance = WALK_DUTY, 0.07 * scale
    else:
        steps_hz = 2.8 / sqrt(scale) * (speed / (3.0 * sqrt(scale))) ** 0.25
        duty, clearance = 0.36, 0.22 * scale
    stride_hz = 0.5 * steps_hz
    duty = min(duty, LONGEST_STANCE * leg_m * stride_hz / speed)
    if manner == "walk":
        duty = max(duty, LEAST_WALK_DUTY)
    return Gait(stride_hz, duty, (0.0, 0.5), clearance)


class Biped:
    """One person's body.

    Parameters
    ----------
    asset : Asset
        With `BIPED_JOINTS`.
    seed : int
        Something that tells people apart: they don't look about in step.

    Attributes
    ----------
    manner : str
        How it goes or stands at present.
    """

    def __init__(
        self,
        asset: Asset,
        height: Callable[[F64], F64],
        position_m: F64,
        yaw_rad: float,
        seed: int,
    ) -> None:
        parts = {part.name: part for part in asset.parts}
        self._pelvis = np.array(parts["pelvis"].origin_m)
        self._hip_y = parts["thigh_left"].origin_m[1]
        self._thigh = abs(parts["shin_left"].origin_m[2])
        self._shin = abs(parts["foot_left"].origin_m[2])
        self._ankle_z = self._pelvis[2] - self._thigh - self._shin
        self._ball_x, self._ball_z = asset.anchors["ball"][0], self._ankle_z
        self._pelvis_x, self.leg_m = float(self._pelvis[0]), float(self._pelvis[2])
        neutral = np.array([[self._pelvis[0], side * self._hip_y] for side in (0.85, -0.85)])
        self.stepper = Stepper(neutral, height, position_m, yaw_rad)
        self._lift = -0.005
        self._vigour = 0.0
        self._seed = seed
        self._hands = Hands()
        self.manner: Manner = "auto"

    def update(
        self, position_m: F64, yaw_rad: float, velocity_mps: F64, time_s: float, dt: float
    ) -> F64:
        """Return the joint values (MAX_JOINTS,) after going on by `dt` s (0 at the start)."""
        speed = hypot(*velocity_mps[:2].tolist())
        gait = biped_gait(speed, self.leg_m, self.manner)
        if dt > 0:
            self.stepper.update(position_m, yaw_rad, velocity_mps[:2], gait, dt)
        elif speed > STANDING_MPS:
            self.stepper.begin(position_m, yaw_rad, velocity_mps[:2], gait)
        running = gait.duty < 0.5 and speed > STANDING_MPS
        rise_from = RUNNER_RISE_FROM if running else HEEL_RISE_FROM
        ankles, pitch = self._ankles(position_m, yaw_rad, rise_from)
        self._lift = self._raise(ankles, running, dt)
        values = np.zeros(MAX_JOINTS)
        values[CHANNEL["lift"]] = self._lift
        for leg, (side, sign) in enumerate((("left", 1.0), ("right", -1.0))):
            x, y, z = ankles[leg]
            swing, out, knee = leg_angles(
                x - self._pelvis_x,
                y - sign * self._hip_y,
                z - self.leg_m - self._lift,
                self._thigh,
                self._shin,
                sign,
            )
            values[CHANNEL[f"hip_{side}"]] = swing
            values[CHANNEL[f"hip_out_{side}"]] = out
            values[CHANNEL[f"knee_{side}"]] = knee
            values[CHANNEL[f"ankle_{side}"]] = knee - swing + pitch[leg]
        self._upper_body(values, speed, running, time_s, dt)
        self._hands.hold(values, self.manner, dt)
        count = len(BIPED_JOINTS)
        values[:count] = clipped(values[:count], LOW, HIGH)
        return values

    def _ankles(
        self, position_m: F64, yaw_rad: float, rise_from: float
    ) -> tuple[list[Vec3], list[float]]:
        """Return both ankles, body frame, and the feet's pitch, toes up positive."""
        x0, y0, z0 = position_m.tolist()
        ahead, aside = cos(yaw_rad), sin(yaw_rad)
        stepper = self.stepper
        ankles, pitch = [], []
        for (x, y, z), swing, stance in zip(
            stepper.feet_m.tolist(), stepper.swing.tolist(), stepper.stance.tolist(), strict=True
        ):
            # Late in its stance, the foot rolls over its ball; in its swing it comes level.
            rise = min(max((stance - rise_from) / (1.0 - rise_from), 0.0), 1.0)
            heel = HEEL_RISE_RAD * (max(1.0 - 2.5 * swing, 0.0) if swing > 0.0 else rise * rise)
            back = self._ball_x * (1.0 - cos(heel)) + self._ball_z * sin(heel)
            up = self._ball_x * sin(heel) - self._ball_z * (1.0 - cos(heel))
            dx, dy, dz = x - x0, y - y0, z - z0
            forward, left = ahead * dx + aside * dy, ahead * dy - aside * dx
            ankles.append((forward + back, left, dz + self._ankle_z + up))
            landing = min(max((swing - 0.6) / 0.4, 0.0), 1.0)
            pitch.append(0.15 * landing - heel)
        return ankles, pitch

    def _raise(self, ankles_m: list[Vec3], running: bool, dt: float) -> float:
        """Return the height of the pelvis: as high as the standing legs allow."""
        reach = 0.998 * (self._thigh + self._shin)
        highest, wanted = inf, 0.03 if running else -0.005
        swings = self.stepper.swing.tolist()
        for (x, y, z), swing, sign in zip(ankles_m, swings, (1.0, -1.0), strict=True):
            if 0.0 < swing < LOWER_FROM:
                continue
            dx, dy = x - self._pelvis_x, y - sign * self._hip_y
            room = z + sqrt(max(reach * reach - dx * dx - dy * dy, 0.0)) - self.leg_m
            # The pelvis sinks ahead of a landing, and bends the knees of a runner.
            wanted = min(wanted, room, -0.05 if running else 0.0)
            if swing == 0.0:
                highest = min(highest, room)
        share = 1.0 - exp(-dt / PELVIS_LAG_S)
        return min(self._lift + share * (wanted - self._lift), highest)

    def _upper_body(
        self, values: F64, speed: float, running: bool, time_s: float, dt: float
    ) -> None:
        """Swing the arms against the legs; standing, breathe and look about."""
        relative = speed / sqrt(9.81 * self.leg_m)
        goal = min(relative / 0.45, 1.6) if speed > STANDING_MPS else 0.0
        self._vigour += (1.0 - exp(-dt / 0.2)) * (goal - self._vigour)
        v, beat = self._vigour, cos(2.0 * pi * self.stepper.phase)
        arm = 0.38 * v * beat
        values[CHANNEL["shoulder_left"]] = -arm - 0.05 * v
        values[CHANNEL["shoulder_right"]] = arm - 0.05 * v
        bent = 1.35 if running else 0.2 + 0.12 * v
        for side, sign in (("left", -1.0), ("right", 1.0)):
            values[CHANNEL[f"elbow_{side}"]] = bent + 0.15 * v * sign * beat
            values[CHANNEL[f"shoulder_out_{side}"]] = 0.08
        values[CHANNEL["spine_yaw"]] = -0.08 * v * beat
        values[CHANNEL["spine_pitch"]] = 0.02 + (0.16 if running else 0.03) * v
        idle = max(1.0 - v, 0.0)
        clock = time_s + 1.7 * (self._seed % 31)
        values[CHANNEL["neck_yaw"]] = 0.35 * idle * sin(0.9 * clock)
        values[CHANNEL["spine_yaw"]] += 0.04 * idle * sin(0.7 * clock)
        values[CHANNEL["neck_pitch"]] = 0.05 + 0.05 * idle * sin(0.5 * clock)
