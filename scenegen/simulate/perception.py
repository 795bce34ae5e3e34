"""What a driver takes notice of: late, and only what can be seen."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import Light, Weather
from scenegen.records.base import F64

REACTION_S = 0.8
"""From something's appearing to the foot on the brake; building up pressure comes on top."""

LOW_BEAM_UNLIT_M = 55.0
LOW_BEAM_LIT_M = 200.0
STREET_LIT_M = 90.0
"""Distances at which things are noticed at night: unlit, lit, and unlit below street lamps."""

SEEN_SHARE = 0.5
"""Fog hides at half of the meteorological visibility, where contrast is 22 %."""


@dataclass(frozen=True)
class Seen:
    """Others as drivers know them, arrays (N, …): delayed, then carried on in mind."""

    position_m: F64
    velocity_mps: F64


class Memory:
    """The last reaction time's worth of positions and velocities."""

    def __init__(self, control_hz: int) -> None:
        self._delay_s = round(REACTION_S * control_hz) / control_hz
        self._rows: deque[Seen] = deque(maxlen=round(REACTION_S * control_hz) + 1)

    def update(self, position_m: F64, velocity_mps: F64) -> Seen:
        """Note the present and return the past as it is thought to have gone on.

        What moved a reaction time ago is expected to have kept moving (Treiber,
        Kesting, Helbing 2006), so delays don't make followers unstable; what began or
        stopped to move since is a surprise.
        """
        full = len(self._rows) == self._rows.maxlen
        self._rows.append(Seen(position_m.copy(), velocity_mps.copy()))
        old = self._rows[0]
        age = (
            self._delay_s
            if full
            else self._delay_s * (len(self._rows) - 1) / max((self._rows.maxlen or 1) - 1, 1)
        )
        return Seen(old.position_m + age * old.velocity_mps, old.velocity_mps)


def sight_range(weather: Weather, light: Light, lit: npt.NDArray[np.bool_]) -> F64:
    """Return how far off each of N things is noticed, m.

    Parameters
    ----------
    lit : ndarray, shape (N,), bool
        Whether it has lamps or large reflectors of its own.
    """
    reach = np.full(len(lit), SEEN_SHARE * weather.visibility_m)
    if light.sun_elevation_rad < -0.03:
        unlit = STREET_LIT_M if light.street_lights else LOW_BEAM_UNLIT_M
        reach = np.minimum(reach, np.where(lit, LOW_BEAM_LIT_M, unlit))
    return np.asarray(np.minimum(reach, 400.0))


@dataclass(frozen=True)
class Boxes:
    """Upright boxes that block the view: middles (M, 3), headings (M,), half sizes (M, 3)."""

    middle_m: F64
    yaw_rad: F64
    half_m: F64

    def and_of(self, others: Boxes) -> Boxes:
        """Return these and others."""
        return Boxes(
            np.concatenate([self.middle_m, others.middle_m]),
            np.concatenate([self.yaw_rad, others.yaw_rad]),
            np.concatenate([self.half_m, others.half_m]),
        )


def hidden(
    eyes_m: F64, targets_m: F64, boxes: Boxes, skip: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Return which lines from eyes (P, 3) to targets (P, 3) go through a box.

    Parameters
    ----------
    skip : ndarray, shape (P, M), bool
        Boxes to look through: the driver's own car, and the target itself.
    """
    cos, sin = np.cos(boxes.yaw_rad), np.sin(boxes.yaw_rad)
    start = eyes_m[:, None] - boxes.middle_m
    run = targets_m - eyes_m
    enter = np.full(skip.shape, -np.inf)
    leave = np.full(skip.shape, np.inf)
    rx, ry, rz = run[:, 0, None], run[:, 1, None], run[:, 2, None]
    for axis, (at, along) in enumerate(
        (
            (cos * start[..., 0] + sin * start[..., 1], cos * rx + sin * ry),
            (cos * start[..., 1] - sin * start[..., 0], cos * ry - sin * rx),
            (start[..., 2], rz + np.zeros_like(cos)),
        )
    ):
        slope = np.where(np.abs(along) < 1e-9, 1e-9, along)
        near = (-boxes.half_m[:, axis] - at) / slope
        far = (boxes.half_m[:, axis] - at) / slope
        enter = np.maximum(enter, np.minimum(near, far))
        leave = np.minimum(leave, np.maximum(near, far))
    blocked = (enter < leave) & (leave > 0.0) & (enter < 1.0) & ~skip
    return np.asarray(blocked.any(axis=1))


def behind_crest(
    eyes_m: F64, targets_m: F64, height: Callable[[F64], F64]
) -> npt.NDArray[np.bool_]:
    """Return which lines from eyes (P, 3) to targets (P, 3) dip below the ground.

    Parameters
    ----------
    height : callable
        Ground heights (n,) at world points (n, 2).
    """
    parts = np.linspace(0.05, 0.95, 19)[None, :, None]
    points = eyes_m[:, None] + parts * (targets_m - eyes_m)[:, None]
    ground = height(points[..., :2].reshape(-1, 2)).reshape(points.shape[:2])
    return np.asarray((points[..., 2] < ground - 0.05).any(axis=1))
