"""Tyres: friction by wetness and load, and forces that saturate on the friction ellipse.

Each contact patch carries two elastic deflections, along and across the wheel. At
speed the lateral one follows the slip with a relaxation length and gives the
brush model's force (Fiala 1954; Pacejka, *Tire and Vehicle Dynamics*, 3.2); at rest
the same springs hold a standing vehicle without creep (Dahl's friction model).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records.base import F64
from scenegen.simulate.vectors import clipped

MU_DRY = 0.95
MU_WET = 0.55
"""Peak friction of asphalt, dry and wet (Wong, *Theory of Ground Vehicles*, table 1.2)."""

LOAD_SENSITIVITY = 0.10
"""Loss of friction per doubling of the static wheel load."""

ABS_SHARE = 0.98
"""Share of the friction that an anti-lock brake uses; the rest is left for steering."""

ABS_FROM_MPS = 2.0
"""Anti-lock systems hand over to plain brakes below walking pace."""

CREEP_MPS = 0.05
"""Slide below which a locked wheel counts as standing."""


def road_friction(wetness: float) -> float:
    """Return the tyre-road friction coefficient, linear between dry and wet asphalt.

    Aquaplaning is out of scope: `wetness` 1 is a film of water, not standing water.
    """
    return MU_DRY + (MU_WET - MU_DRY) * wetness


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
    anti_lock : bool
    """

    static_load_n: F64
    lateral_stiffness: F64
    relaxation_m: F64
    longitudinal_stiffness: F64
    anti_lock: F64


@dataclass
class Patches:
    """State of the contact patches, arrays (N, K): deflections in m, and who is locked."""

    along_m: F64
    across_m: F64
    locked: F64

    @classmethod
    def at_rest(cls, shape: tuple[int, int]) -> Patches:
        """Return undeflected patches."""
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape))


def tyre_forces(
    tyres: TyreParameters,
    patches: Patches,
    *,
    mu: float,
    load_n: F64,
    along_mps: F64,
    across_mps: F64,
    drive_n: F64,
    brake_n: F64,
    dt: float,
) -> tuple[F64, F64]:
    """Advance the patches by one step and return the forces on the wheels.

    Parameters
    ----------
    load_n, along_mps, across_mps : ndarray, shape (N, K)
        Wheel load, and velocity of the patch along and across the wheel.
    drive_n, brake_n : ndarray, shape (N, K)
        Force wanted from the engine (signed) and from the brake (>= 0).

    Returns
    -------
    along_n, across_n : ndarray, shape (N, K)
        Force on the vehicle along and across the wheel; the vector never exceeds
        friction times load.
    """
    relative = load_n / tyres.static_load_n
    grip = load_n * (mu * clipped(1.0 + LOAD_SENSITIVITY * (1.0 - relative), 0.7, 1.1))
    speed = np.abs(along_mps)
    anti_lock = tyres.anti_lock * (speed > ABS_FROM_MPS)
    patches.locked = (1.0 - anti_lock) * (brake_n > grip)
    slide = np.sqrt(along_mps * along_mps + across_mps * across_mps)
    # A locked wheel's friction points against its slide; at rest all of it may hold.
    share = np.where(patches.locked > 0, (speed + CREEP_MPS) / (slide + CREEP_MPS), ABS_SHARE)
    braking = _held(
        tyres, patches, load_n, along_mps, limit_n=np.minimum(brake_n, grip * share), dt=dt
    )
    along = clipped(braking + drive_n, -ABS_SHARE * grip, ABS_SHARE * grip)
    across_limit = np.sqrt(np.maximum(grip * grip - along * along, 0.0)) + 1e-6
    return along, _brushed(
        tyres, patches, load_n, speed, across_mps=across_mps, limit_n=across_limit, dt=dt
    )


def _held(
    tyres: TyreParameters, patches: Patches, load_n: F64, along_mps: F64, *, limit_n: F64, dt: float
) -> F64:
    """Return the brake's force: an elastic hold up to its limit, sliding beyond."""
    stiffness = tyres.longitudinal_stiffness * load_n + 1e-6
    reach = limit_n / stiffness
    patches.along_m = clipped(patches.along_m + along_mps * dt, -reach, reach)
    damping = 1.4 * stiffness / np.sqrt(tyres.longitudinal_stiffness * 9.81)
    return clipped(-stiffness * patches.along_m - damping * along_mps, -limit_n, limit_n)


def _brushed(
    tyres: TyreParameters,
    patches: Patches,
    load_n: F64,
    speed_mps: F64,
    *,
    across_mps: F64,
    limit_n: F64,
    dt: float,
) -> F64:
    """Return the cornering force of the brush model from the lateral deflection."""
    stiffness = tyres.lateral_stiffness * load_n + 1e-6
    relaxed = 1.0 + speed_mps * (dt / tyres.relaxation_m)
    reach = 3.0 * limit_n / stiffness
    patches.across_m = clipped((patches.across_m + across_mps * dt) / relaxed, -reach, reach)
    # Rolling damps the lateral spring by itself; a standing tyre needs its rubber's damping.
    rubber = stiffness / np.sqrt(tyres.lateral_stiffness * 9.81) / (1.0 + speed_mps * speed_mps)
    s = clipped((stiffness * patches.across_m + rubber * across_mps) / limit_n, -3.0, 3.0)
    return -limit_n * s * (1.0 - np.abs(s) / 3.0 + s * s / 27.0)
