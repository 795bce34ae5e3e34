"""How fast engines take vehicles on a level road, in still air."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64
from scenegen.simulate.actuators import ROLLING_RESISTANCE
from scenegen.simulate.engine import GRAVITY_MPS2
from scenegen.simulate.layout import FleetLayout

STEPS = 40
FASTEST_MPS = 200.0


def top_speed(layout: FleetLayout, mass_kg: F64) -> F64:
    """Return the speeds (N,) at which power goes into the air and the tyres alone, m/s.

    Parameters
    ----------
    mass_kg : ndarray, shape (N,)
        With all that is pulled.

    Notes
    -----
    The root of ``drag v^3 + rolling v = power``, which grows with v: by bisection.
    """
    rolling = ROLLING_RESISTANCE * GRAVITY_MPS2 * mass_kg
    low, high = np.zeros(len(mass_kg)), np.full(len(mass_kg), FASTEST_MPS)
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        takes = (layout.drag * middle**2 + rolling) * middle
        reached = takes < layout.power_w
        low, high = np.where(reached, middle, low), np.where(reached, high, middle)
    return np.asarray(low)
