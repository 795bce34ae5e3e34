"""How people walk, run and stand: joint values from feet that stay put.

Step frequency comes from the walk ratio, step length over cadence, which hardly changes
with a person's speed (0.0065 m min for adults), scaled to leg length by dynamic
similarity; running starts at a Froude number of 0.5. The legs follow by inverse
kinematics from planted feet.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenegen.assets import JOINT_RANGES
from scenegen.records import MAX_JOINTS, Asset
from scenegen.records.base import F64
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
    speed = max(speed_mps, 0.35 * np.sqrt(scale))
    slow = speed * speed < RUN_FROUDE * 9.81 * leg_m
    if manner == "walk" or (slow and manner != "run"):
        steps_hz = np.sqrt(speed / (60 * 0.0065 * scale**1.5))
        duty, clearance = WALK_DUTY, 0.07 * scale
    else:
        steps_hz = 2.8 / np.sqrt(scale) * (speed / (3.0 * np.sqrt(scale))) ** 0.25
        duty, clearance = 0.36, 0.22 * scale
    stride_hz = 0.5 * float(steps_hz)
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
        speed = float(np.hypot(velocity_mps[0], velocity_mps[1]))
        gait = biped_gait(speed, self.leg_m, self.manner)
        if dt > 0:
            self.stepper.update(position_m, yaw_rad, velocity_mps[:2], gait, dt)
        elif speed > STANDING_MPS:
            self.stepper.begin(position_m, yaw_rad, velocity_mps[:2], gait)
        running = gait.duty < 0.5 and speed > STANDING_MPS
        ankles, pitch = self._ankles(yaw_rad, RUNNER_RISE_FROM if running else HEEL_RISE_FROM)
        local = self._local(ankles, position_m, yaw_rad)
        self._lift = self._raise(local, running, dt)
        values = np.zeros(MAX_JOINTS)
        values[CHANNEL["lift"]] = self._lift
        for leg, (side, sign) in enumerate((("left", 1.0), ("right", -1.0))):
            x, y, z = local[leg].tolist()
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

    def _ankles(self, yaw_rad: float, rise_from: float) -> tuple[F64, F64]:
        """Return the ankles (2, 3), world, and the feet's pitch (2,), toes up positive."""
        stepper = self.stepper
        # Late in its stance, the foot rolls over its ball; in its swing it comes level.
        rise = clipped((stepper.stance - rise_from) / (1 - rise_from), 0.0, 1.0)
        falling = np.where(stepper.swing > 0, np.maximum(1.0 - 2.5 * stepper.swing, 0.0), 0.0)
        heel = HEEL_RISE_RAD * np.where(stepper.swing > 0, falling, rise * rise)
        back = -self._ball_x * np.cos(heel) + self._ball_z * np.sin(heel)
        up = self._ball_x * np.sin(heel) + self._ball_z * np.cos(heel)
        turn = np.array([np.cos(yaw_rad), np.sin(yaw_rad)])
        ankles = stepper.feet_m.copy()
        ankles[:, :2] += (back + self._ball_x)[:, None] * turn
        ankles[:, 2] += self._ankle_z + up - self._ball_z
        landing = clipped((stepper.swing - 0.6) / 0.4, 0.0, 1.0)
        return ankles, 0.15 * landing - heel

    def _local(self, points_m: F64, position_m: F64, yaw_rad: float) -> F64:
        cos, sin = np.cos(yaw_rad), np.sin(yaw_rad)
        away = points_m - position_m
        x = cos * away[:, 0] + sin * away[:, 1]
        away[:, 1] = cos * away[:, 1] - sin * away[:, 0]
        away[:, 0] = x
        return away

    def _raise(self, ankles_m: F64, running: bool, dt: float) -> float:
        """Return the height of the pelvis: as high as the standing legs allow."""
        reach = 0.998 * (self._thigh + self._shin)
        highest, wanted = np.inf, 0.03 if running else -0.005
        for leg, sign in enumerate((1.0, -1.0)):
            if 0 < self.stepper.swing[leg] < LOWER_FROM:
                continue
            dx = ankles_m[leg, 0] - self._pelvis[0]
            dy = ankles_m[leg, 1] - sign * self._hip_y
            span = np.sqrt(max(reach * reach - dx * dx - dy * dy, 0.0))
            room = float(ankles_m[leg, 2] + span - self._pelvis[2])
            # The pelvis sinks ahead of a landing, and bends the knees of a runner.
            wanted = min(wanted, room, -0.05 if running else 0.0)
            if self.stepper.swing[leg] == 0:
                highest = min(highest, room)
        share = 1.0 - float(np.exp(-dt / PELVIS_LAG_S))
        return min(self._lift + share * (wanted - self._lift), highest)

    def _upper_body(
        self, values: F64, speed: float, running: bool, time_s: float, dt: float
    ) -> None:
        """Swing the arms against the legs; standing, breathe and look about."""
        relative = speed / np.sqrt(9.81 * self.leg_m)
        goal = min(relative / 0.45, 1.6) if speed > STANDING_MPS else 0.0
        self._vigour += (1.0 - float(np.exp(-dt / 0.2))) * (goal - self._vigour)
        v, cycle = self._vigour, 2 * np.pi * self.stepper.phase
        arm = 0.38 * v * np.cos(cycle)
        values[CHANNEL["shoulder_left"]] = -arm - 0.05 * v
        values[CHANNEL["shoulder_right"]] = arm - 0.05 * v
        bent = 1.35 if running else 0.2 + 0.12 * v
        for side, sign in (("left", -1.0), ("right", 1.0)):
            values[CHANNEL[f"elbow_{side}"]] = bent + 0.15 * v * sign * np.cos(cycle)
            values[CHANNEL[f"shoulder_out_{side}"]] = 0.08
        values[CHANNEL["spine_yaw"]] = -0.08 * v * np.cos(cycle)
        values[CHANNEL["spine_pitch"]] = 0.02 + (0.16 if running else 0.03) * v
        idle = max(1.0 - v, 0.0)
        beat = time_s + 1.7 * (self._seed % 31)
        values[CHANNEL["neck_yaw"]] = 0.35 * idle * np.sin(0.9 * beat)
        values[CHANNEL["spine_yaw"]] += 0.04 * idle * np.sin(0.7 * beat)
        values[CHANNEL["neck_pitch"]] = 0.05 + 0.05 * idle * np.sin(0.5 * beat)
