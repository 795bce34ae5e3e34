"""Tyres: friction by road and load, and forces that saturate on the friction ellipse.

Each contact patch carries two elastic deflections, along and across the wheel. At
speed the lateral one follows the slip with a relaxation length and gives the brush
model's force (Fiala's cubic); at rest the same springs hold a standing vehicle
without creep. A wheel that locks, or that is dragged sideways, slides: it holds less.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.simulate.grip import Grip
from scenegen.simulate.jit import compiled
from scenegen.simulate.vectors import clipped

Flags = npt.NDArray[np.bool_]

LOAD_SENSITIVITY = 0.10
"""Loss of friction per doubling of the static wheel load."""

ABS_SHARE = 0.95
"""Share of the friction that an anti-lock brake uses; the rest is left for steering."""

MOST_SHARE = 0.9995
"""Share of the friction that a locked wheel's slide straight ahead takes."""

ABS_FROM_MPS = 2.0
"""Anti-lock systems hand over to plain brakes below walking pace."""

SIDESLIP_FROM, SIDESLIP_RANGE = 0.20, 0.25
"""Tangent of the slip angle from which a tyre begins to slide, and over which it comes to."""

SLIDES_FROM_MPS = 0.5
"""Slide from which a locked wheel has no more than sliding friction."""

CREEP_MPS = 0.05
"""Slide below which a locked wheel counts as standing."""

GRAVITY_MPS2 = 9.81
_LEAST_N = 1e-3
"""Added to loads, so that a wheel in the air divides nothing by zero."""


@dataclass(frozen=True)
class TyreParameters:
    """Arrays (N, K) over vehicles and wheels.

    Attributes
    ----------
    static_load_n
        Wheel load at rest.
    lateral_stiffness
        Deflection stiffness across the wheel per load, 1/m: cornering stiffness
        per load (1/rad) over the relaxation length.
    relaxation_m
    longitudinal_stiffness
        Of the locked patch per load, 1/m.
    anti_lock
        1 where the brakes have it when new, else 0.
    """

    static_load_n: F64
    lateral_stiffness: F64
    relaxation_m: F64
    longitudinal_stiffness: F64
    anti_lock: F64


class Tyres:
    """All contact patches of a fleet.

    What changes slowly against a physics step (speed, load, what engine and brakes ask
    for) is worked out by `prepare` once for a few steps.

    Attributes
    ----------
    along_m, across_m : ndarray, shape (N, K)
        Deflections of the patches.
    locked : ndarray, shape (N, K), bool
        Wheels whose brake holds more than the road can give.
    anti_lock : ndarray, shape (N, K)
        1 where an anti-lock system works at present, else 0.
    """

    def __init__(self, parameters: TyreParameters, grip: Grip, dt: float) -> None:
        shape = parameters.static_load_n.shape
        self._tyres = parameters
        self.anti_lock = parameters.anti_lock.copy()
        self._mu = grip.peak
        self._lost = 1.0 - grip.sliding / grip.peak
        self._dt = dt
        self.along_m, self.across_m = np.zeros(shape), np.zeros(shape)
        self.locked = np.zeros(shape, dtype=bool)
        # Damping near critical against the load's own mass keeps the standing springs quiet.
        self._rubber_along = 1.4 / np.sqrt(parameters.longitudinal_stiffness * GRAVITY_MPS2)
        self._rubber_across = 1.0 / np.sqrt(
            np.maximum(parameters.lateral_stiffness, 1e-6) * GRAVITY_MPS2
        )
        still = np.zeros(shape)
        self.prepare(parameters.static_load_n, still, still, still, still)

    def prepare(
        self, load_n: F64, along_mps: F64, across_mps: F64, drive_n: F64, brake_n: F64
    ) -> None:
        """Fix what holds for the next few steps.

        Parameters
        ----------
        load_n, along_mps, across_mps : ndarray, shape (N, K)
            Wheel load, and velocity of the patch along and across the wheel.
        drive_n, brake_n : ndarray, shape (N, K)
            Force wanted from the engine (signed) and from the brake (>= 0).
        """
        tyres = self._tyres
        sensitivity = 1.0 - LOAD_SENSITIVITY * (load_n / tyres.static_load_n - 1.0)
        speed, aside = np.abs(along_mps), np.abs(across_mps)
        slide = np.sqrt(along_mps * along_mps + across_mps * across_mps)
        sideslip = (aside / (speed + 1.0) - SIDESLIP_FROM) / SIDESLIP_RANGE
        dragged = self.locked * (slide / SLIDES_FROM_MPS)
        sliding = clipped(np.maximum(dragged, sideslip), 0.0, 1.0)
        held = self._mu * clipped(sensitivity, 0.7, 1.1)
        self._grip = held * (1.0 - self._lost * sliding)
        self._lockable = (self.anti_lock * (speed > ABS_FROM_MPS)) == 0.0
        # A locked wheel's friction points against its slide; at rest all of it may hold.
        # A hair is always left for the other direction, whose force is worked out per friction.
        self._locked_share = np.minimum((speed + CREEP_MPS) / (slide + CREEP_MPS), MOST_SHARE)
        self._unrelaxed = 1.0 / (1.0 + speed * (self._dt / tyres.relaxation_m))
        # Rolling damps the lateral spring by itself; a standing tyre needs its rubber.
        self._rubber = self._rubber_across / (1.0 + speed * speed)
        self._drive_n, self._brake_n = drive_n, brake_n

    def forces(self, load_n: F64, along_mps: F64, across_mps: F64) -> tuple[F64, F64]:
        """Advance the patches by one step and return the forces on the wheels.

        Returns
        -------
        along_n, across_n : ndarray, shape (N, K)
            Force on the vehicle along and across the wheel; the vector never exceeds
            friction times load.
        """
        tyres = self._tyres
        self.locked, self.along_m, self.across_m, along, across = _patches(
            (load_n, along_mps, across_mps),
            (self._drive_n, self._brake_n, self._grip, self._lockable, self._locked_share),
            (self.along_m, tyres.longitudinal_stiffness, self._rubber_along),
            (self.across_m, tyres.lateral_stiffness, self._rubber, self._unrelaxed),
            self._dt,
        )
        return along, across


@compiled
def _patches(
    motion: tuple[F64, F64, F64],
    asked: tuple[F64, F64, F64, Flags, F64],
    lengthwise: tuple[F64, F64, F64],
    crosswise: tuple[F64, F64, F64, F64],
    dt: float,
) -> tuple[Flags, F64, F64, F64, F64]:
    """Return who is locked, deflections along and across, and forces along and across (N, K)."""
    load_n, along_mps, across_mps = motion
    drive_n, brake_n, friction, lockable, locked_share = asked
    along_m, along_stiffness, along_rubber = lengthwise
    across_m, across_stiffness, across_rubber, unrelaxed = crosswise
    shape = load_n.shape
    locked = np.empty(shape, np.bool_)
    new_along_m, new_across_m = np.empty(shape), np.empty(shape)
    along_n, across_n = np.empty(shape), np.empty(shape)
    for i in range(shape[0]):
        for j in range(shape[1]):
            load = load_n[i, j] + _LEAST_N
            grip = load * friction[i, j]
            locked[i, j] = lockable[i, j] and brake_n[i, j] > grip
            most = grip * (locked_share[i, j] if locked[i, j] else ABS_SHARE)
            new_along_m[i, j], braking = _held(
                along_m[i, j] + along_mps[i, j] * dt,
                along_rubber[i, j] * along_mps[i, j],
                along_stiffness[i, j] * load,
                min(brake_n[i, j], most),
            )
            along = min(max(braking + drive_n[i, j], -most), most)
            along_n[i, j] = along
            new_across_m[i, j], across_n[i, j] = _brushed(
                (across_m[i, j] + across_mps[i, j] * dt) * unrelaxed[i, j],
                across_rubber[i, j] * across_mps[i, j],
                across_stiffness[i, j] * load,
                math.sqrt(grip * grip - along * along),
            )
    return locked, new_along_m, new_across_m, along_n, across_n


@compiled
def _held(
    deflection_m: float, rubber_m: float, stiffness_npm: float, limit_n: float
) -> tuple[float, float]:
    """Return deflection and force of the brake: an elastic hold up to its limit, then sliding."""
    reach = limit_n / stiffness_npm
    deflection_m = min(max(deflection_m, -reach), reach)
    force = stiffness_npm * (deflection_m + rubber_m)
    return deflection_m, -min(max(force, -limit_n), limit_n)


@compiled
def _brushed(
    deflection_m: float, rubber_m: float, stiffness_npm: float, limit_n: float
) -> tuple[float, float]:
    """Return lateral deflection and the cornering force of the brush model."""
    softness = limit_n / (stiffness_npm + _LEAST_N)
    reach = 3.0 * softness
    deflection_m = min(max(deflection_m, -reach), reach)
    s = min(max((deflection_m + rubber_m) / softness, -3.0), 3.0)
    return deflection_m, limit_n * s * (abs(s) / 3.0 - s * s / 27.0 - 1.0)
