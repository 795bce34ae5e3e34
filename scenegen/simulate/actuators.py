"""Steering, engines and brakes: what drivers ask for, and what the vehicle gives when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records.base import F64
from scenegen.simulate.balance import TRAIL_SHARE, leaning
from scenegen.simulate.engine import GRAVITY_MPS2
from scenegen.simulate.layout import FleetLayout
from scenegen.simulate.vectors import clipped

ROLLING_RESISTANCE = 0.012
BRAKE_LAG_S = 0.12
ENGINE_LAG_S = 0.25
HOLD_MPS = 0.3
"""Speed below which a driver who brakes keeps the foot on the pedal."""


@dataclass
class Controls:
    """What the drivers ask for, arrays (N,).

    Attributes
    ----------
    steer_rad : ndarray
        Road-wheel angle wanted; of single-track vehicles, what is added to that at which
        the front wheel trails.
    acceleration_mps2 : ndarray
        The way the gear goes; negative brakes.
    parked : ndarray
        1 where the parking brake is on.
    gear : ndarray
        1, or -1 in reverse: the way engines pull, and accelerations count.
    lean_rad : ndarray
        Roll that the rider of a single-track vehicle balances at, positive to the right.
    """

    steer_rad: F64
    acceleration_mps2: F64
    parked: F64
    lean_rad: F64
    gear: F64


class Actuators:
    """State of steering, engines and brakes of N vehicles.

    Attributes
    ----------
    steer_rad, drive_n, brake_n : ndarray, shape (N,)
        What they give at present.
    """

    def __init__(self, layout: FleetLayout) -> None:
        n = layout.shape[0]
        self._layout = layout
        self._trails = bool(layout.balanced.any())
        self.controls = Controls(np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n))
        self.steer_rad = np.zeros(n)
        self.drive_n = np.zeros(n)
        self.brake_n = np.zeros(n)

    def update(
        self, speed_mps: F64, trailing_rad: F64, mass_kg: F64, pulled_kg: F64, elapsed_s: float
    ) -> None:
        """Move towards what the drivers ask for, within rates and lags.

        Engines also pull `pulled_kg`, which brakes by itself. Front wheels of single-track
        vehicles turn towards the way they go, `trailing_rad`.
        """
        asked, layout = self.controls, self._layout
        step = layout.steer_rate * elapsed_s
        wanted = asked.steer_rad
        if self._trails:
            share = TRAIL_SHARE * leaning(speed_mps)
            wanted = np.where(layout.balanced, wanted + share * trailing_rad, wanted)
        wanted = clipped(wanted, -layout.steer_max, layout.steer_max)
        self.steer_rad = self.steer_rad + clipped(wanted - self.steer_rad, -step, step)
        braking = asked.acceleration_mps2 < 0
        needed = (
            np.where(braking, mass_kg, mass_kg + pulled_kg)
            * (asked.acceleration_mps2 + ROLLING_RESISTANCE * GRAVITY_MPS2)
            + layout.drag * speed_mps * speed_mps
        )
        pull = np.minimum(layout.pull_n, layout.power_w / np.maximum(speed_mps, 1.0))
        drive = np.where(braking, 0.0, clipped(needed, 0.0, pull))
        brake = np.where(braking, clipped(-needed, 0.0, layout.brake_max_n), 0.0)
        hold = (asked.parked > 0) | (braking & (speed_mps < HOLD_MPS))
        brake = np.where(hold, layout.brake_max_n, brake)
        lag = 1.0 - float(np.exp(-elapsed_s / ENGINE_LAG_S))
        self.drive_n = self.drive_n + (drive - self.drive_n) * np.where(braking, 1.0, lag)
        lag = 1.0 - float(np.exp(-elapsed_s / BRAKE_LAG_S))
        self.brake_n = self.brake_n + (brake - self.brake_n) * np.where(braking | hold, lag, 1.0)
