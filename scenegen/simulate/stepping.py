"""Feet that stay where they were put: planting and swinging, for any number of legs.

A foot in its stance is a fixed point of the world, so nothing skates however the body
turns or changes speed; a foot in its swing flies to where the body will need it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, hypot, pi, sin

import numpy as np

from scenegen.records.base import F64

STANDING_MPS = 0.12
FRONT_SHARE = 0.4
"""Share of a stance that the foot is ahead of its neutral place: heels rise, toes don't sink."""


@dataclass(frozen=True)
class Gait:
    """How legs take turns at one speed.

    Attributes
    ----------
    stride_hz : float
        Full cycles a second.
    duty : float
        Share of the cycle that a foot is on the ground.
    offsets : tuple of float
        Phase of each leg's touch-down.
    clearance_m : float
        Height of the swinging foot.
    """

    stride_hz: float
    duty: float
    offsets: tuple[float, ...]
    clearance_m: float


class Stepper:
    """The feet of one body.

    Parameters
    ----------
    neutral_m : ndarray, shape (L, 2)
        Where each foot stands at rest, body frame.
    height : callable
        Ground heights (n,) at world points (n, 2).

    Attributes
    ----------
    feet_m : ndarray, shape (L, 3)
        Soles, world.
    swing : ndarray, shape (L,)
        Progress of the swing in (0, 1]; 0 while on the ground.
    stance : ndarray, shape (L,)
        Progress of the stance in [0, 1]; 0 in the air.
    phase : float
        Of the cycle; leg 0 touches down at ``offsets[0]``.
    """

    def __init__(
        self, neutral_m: F64, height: Callable[[F64], F64], position_m: F64, yaw_rad: float
    ) -> None:
        self._neutral_m = neutral_m
        self._height = height
        self.phase = 0.0
        self._settling = 2.0
        self.swing = np.zeros(len(neutral_m))
        self.stance = np.full(len(neutral_m), FRONT_SHARE)
        self.feet_m = self._on_ground(self._world(position_m[:2], yaw_rad))
        self._lifted_m = self.feet_m.copy()
        self._target = self.feet_m.copy()

    def begin(self, position_m: F64, yaw_rad: float, velocity_mps: F64, gait: Gait) -> None:
        """Put the feet where they are in the middle of a motion that has long been going on."""
        self._settling = 0.0
        self.phase = (gait.offsets[-1] + gait.duty + 0.02) % 1.0
        places = self._world(position_m[:2], yaw_rad)
        for leg, offset in enumerate(gait.offsets):
            at = (self.phase - offset) % 1.0
            stance_s = gait.duty / gait.stride_hz
            passed = min(at / gait.duty, 1.0)
            place = places[leg] + velocity_mps[:2] * (stance_s * (FRONT_SHARE - passed))
            self.feet_m[leg] = self._on_ground(place[None])[0]

    def _world(self, xy_m: F64, yaw_rad: float) -> F64:
        c, s = cos(yaw_rad), sin(yaw_rad)
        return np.asarray(xy_m + self._neutral_m @ np.array([[c, s], [-s, c]]))

    def _on_ground(self, xy_m: F64) -> F64:
        return np.concatenate([xy_m, self._height(xy_m)[:, None]], axis=1)

    def update(
        self, position_m: F64, yaw_rad: float, velocity_mps: F64, gait: Gait, dt: float
    ) -> None:
        """Go on by one control step.

        Parameters
        ----------
        position_m : ndarray, shape (3,)
            Body origin now.
        velocity_mps : ndarray, shape (2,)
        """
        speed = hypot(*velocity_mps.tolist())
        self._settling = 0.0 if speed > STANDING_MPS else self._settling + gait.stride_hz * dt
        if self._settling >= 1.0 and not self.swing.any():
            # Set out, when it comes to that, with the second foot about to lift.
            self.stance[:] = FRONT_SHARE
            self.phase = (gait.offsets[-1] + gait.duty - gait.stride_hz * dt) % 1.0
            return
        places = self._world(position_m[:2], yaw_rad)
        hurry = self._overdue(places, velocity_mps, speed, gait)
        self.phase = (self.phase + gait.stride_hz * dt + hurry) % 1.0
        at = [(self.phase - offset) % 1.0 for offset in gait.offsets]
        flying = [leg for leg, place in enumerate(at) if place >= gait.duty]
        for leg in set(range(len(at))).difference(flying):
            self._stand(leg, at[leg] / gait.duty)
        if flying:
            there = np.array([at[leg] for leg in flying])
            reach_s = (1.0 - there + FRONT_SHARE * gait.duty) / gait.stride_hz
            targets = self._on_ground(places[flying] + velocity_mps * reach_s[:, None])
            for leg, target in zip(flying, targets, strict=True):
                progress = (at[leg] - gait.duty) / (1.0 - gait.duty)
                self._fly(leg, progress, target, gait.clearance_m)

    def _overdue(self, places: F64, velocity_mps: F64, speed: float, gait: Gait) -> float:
        """Return the part of the cycle by which the body has outrun its standing feet."""
        if speed < STANDING_MPS:
            return 0.0
        vx, vy = velocity_mps.tolist()
        scale = gait.stride_hz / (speed * speed * gait.duty)
        latest = 0.0
        for (x, y), (foot_x, foot_y, _), stance in zip(
            places.tolist(), self.feet_m.tolist(), self.stance.tolist(), strict=True
        ):
            if stance > 0.0:
                behind = ((x - foot_x) * vx + (y - foot_y) * vy) * scale
                latest = max(latest, FRONT_SHARE + behind - stance)
        return min(latest, 0.2) * gait.duty

    def _stand(self, leg: int, progress: float) -> None:
        if self.swing[leg] > 0.0:
            self.feet_m[leg] = self._target[leg]
            self.swing[leg] = 0.0
        self.stance[leg] = max(progress, 1e-3)

    def _fly(self, leg: int, progress: float, target_m: F64, clearance_m: float) -> None:
        if self.swing[leg] == 0.0:
            self._lifted_m[leg] = self.feet_m[leg]
        self._target[leg] = target_m
        self.swing[leg] = max(progress, 1e-3)
        self.stance[leg] = 0.0
        start = self._lifted_m[leg]
        self.feet_m[leg] = start + (0.5 - 0.5 * cos(pi * progress)) * (target_m - start)
        self.feet_m[leg, 2] += clearance_m * sin(pi * progress)
