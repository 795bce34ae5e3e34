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


SHIFT_M = 0.03
"""How far riders bring the common centre of mass aside by moving on the saddle."""

FOOT_MPS = 2.0
"""Speed below which a foot on the ground holds a vehicle that would fall."""

LEANS_FROM_MPS, LEANS_RANGE_MPS = 1.5, 3.0
"""Speed from which riders begin to turn by leaning rather than by the handlebar, and over which."""

TRAIL_SHARE = 0.8
"""How far the front wheel turns by itself into the way it goes, once one rides.

Its trail does that, and the rider adds a side force by pushing the handlebar. Held at a fixed
angle instead, the light rear wheel of a motorcycle that brakes would swing round: it oversteers.
"""


def leaning(speed_mps: F64) -> F64:
    """Return how far riders turn by leaning: 0 at a walk, 1 once they ride."""
    return clipped((speed_mps - LEANS_FROM_MPS) / LEANS_RANGE_MPS, 0.0, 1.0)


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

    def begin(self, axes: F64, mass_kg: F64, roll_kgm2: F64, side_n: F64, speed_mps: F64) -> None:
        """Start a block of steps.

        Parameters
        ----------
        axes : ndarray, shape (N, 3, 3)
            World from body.
        mass_kg, roll_kgm2, speed_mps : ndarray, shape (N,)
        side_n : ndarray, shape (N,)
            Side force that the tyres can give.
        """
        self.active = bool(self.balanced.any())
        if not self.active:
            return
        self._lean_rad = np.arcsin(clipped(axes[:, 2, 1], -1.0, 1.0))
        height = -self._layout.patch_m[:, 0, 2]
        about_ground = roll_kgm2 + mass_kg * height * height
        weight = mass_kg * GRAVITY_MPS2 * height
        self._stiffness = (about_ground * BALANCE_RADPS**2 + weight) * self.balanced
        # By steering, the wheels are brought under the mass: as far as the tyres hold, and no more.
        steered = side_n * height + mass_kg * GRAVITY_MPS2 * SHIFT_M
        self._most = np.where(speed_mps < FOOT_MPS, np.inf, steered)
        self._damping = about_ground * BALANCE_DAMPING_RADPS * self.balanced

    def moment(self, wanted_rad: F64, roll_radps: F64, dt: float) -> F64:
        """Return the moments (N,) in roll that bring everyone to the lean wanted."""
        moment = self._stiffness * (wanted_rad - self._lean_rad) - self._damping * roll_radps
        moment = clipped(moment, -self._most, self._most)
        self._lean_rad = self._lean_rad + roll_radps * dt
        return np.asarray(moment)
