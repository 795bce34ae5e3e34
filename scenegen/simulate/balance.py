"""How the rider of a bicycle or motorcycle keeps it at the lean that a bend asks for."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64
from scenegen.simulate.engine import GRAVITY_MPS2
from scenegen.simulate.layout import FleetLayout
from scenegen.simulate.vectors import clipped

BALANCE_RADPS = 8.0
BALANCE_DAMPING_RADPS = 14.0
"""How quickly a rider brings the bicycle to its lean."""


class Balance:
    """What riders do about the roll of a fleet's single-track vehicles.

    Attributes
    ----------
    balanced : ndarray, shape (N,), bool
        Who is still being balanced.
    """

    def __init__(self, layout: FleetLayout) -> None:
        self._layout = layout
        self.balanced = layout.balanced.copy()
        self.active = False

    def begin(self, axes: F64, mass_kg: F64, roll_kgm2: F64) -> None:
        """Start a block of steps at the present axes (N, 3, 3), world from body."""
        self.active = bool(self.balanced.any())
        if not self.active:
            return
        self._lean_rad = np.arcsin(clipped(axes[:, 2, 1], -1.0, 1.0))
        height = -self._layout.patch_m[:, 0, 2]
        about_ground = roll_kgm2 + mass_kg * height * height
        weight = mass_kg * GRAVITY_MPS2 * height
        self._stiffness = (about_ground * BALANCE_RADPS**2 + weight) * self.balanced
        self._damping = about_ground * BALANCE_DAMPING_RADPS * self.balanced

    def moment(self, wanted_rad: F64, roll_radps: F64, dt: float) -> F64:
        """Return the moments (N,) in roll that bring everyone to the lean wanted."""
        moment = self._stiffness * (wanted_rad - self._lean_rad) - self._damping * roll_radps
        self._lean_rad = self._lean_rad + roll_radps * dt
        return np.asarray(moment)
