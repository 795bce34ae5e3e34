"""Where each wheel is in its arch: on the road while the body pitches, rolls and heaves."""

from __future__ import annotations

import numpy as np

from scenegen.assets import WHEEL_TRAVEL_M
from scenegen.simulate.fleet import Fleet
from scenegen.simulate.vectors import clipped

DROP_S = 0.06
"""Time constant with which a spring pushes a wheel down that has lost the road."""


class Travel:
    """Suspension travel of all wheels of a fleet, once for each control step.

    Attributes
    ----------
    up_m : ndarray, shape (N, K)
        How far above its place at rest each wheel is, along the body's z axis.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self.up_m = np.zeros(fleet.shape)

    def update(self, dt: float) -> None:
        """Follow the road with every wheel that presses on it; let the others hang."""
        low, high = WHEEL_TRAVEL_M
        depth, loaded = self._fleet.contact()
        share = 1.0 - float(np.exp(-dt / DROP_S))
        hanging = np.maximum(self.up_m + share * (low - self.up_m), depth)
        self.up_m = clipped(np.where(loaded, depth, hanging), low, high)
