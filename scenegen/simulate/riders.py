"""What riders do that drivers don't: they turn by leaning, and brake with the grip that is left.

A single-track vehicle goes round a bend at the lean whose tangent is the sideways acceleration over
gravity's: it can turn no sooner than it leans. So riders steer by the lean that they have, not by
the one that they want, and aim from where they will be once it has come about. Steered ahead of
its lean, a motorcycle weaves, the more the faster it goes.

Steering and braking share one friction (the friction ellipse; Cossalter, Motorcycle Dynamics,
2006): who leans brakes less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.simulate.actuators import ROLLING_RESISTANCE
from scenegen.simulate.balance import (
    BALANCE_DAMPING_RADPS,
    BALANCE_RADPS,
    LEANS_FROM_MPS,
    TRAIL_SHARE,
    leaning,
)
from scenegen.simulate.engine import GRAVITY_MPS2
from scenegen.simulate.fleet import Fleet
from scenegen.simulate.specs import REAR_STIFFENING
from scenegen.simulate.vectors import clipped, rotation_matrices

LEAN_S = BALANCE_DAMPING_RADPS / BALANCE_RADPS**2
"""What a lean takes to come about: twice the damping ratio over the frequency of `Balance`."""

SLOWS_S = 0.4
"""How soon riders have a speed that they need for a bend."""

MOST_LEAN_RAD = 0.6
LEAN_SHARE = 0.70
"""Share of the friction that riders lean for; the rest is kept against surprises."""

BRAKE_SHARE = 0.75
"""The same of leaning and braking together. Half of those whom Ecker and others (Braking
Deceleration of Motorcycle Riders, 2001) asked to brake hard used less than 56 %."""

TIP_SHARE = 0.7
"""Share of the deceleration at which the rear wheel lifts."""

BISECTIONS = 12

AIM_M, AIM_S = 1.5, 0.5
"""How far ahead of where they will be riders aim: a distance, and a time more."""


@dataclass(frozen=True)
class Foreseen:
    """Where drivers take themselves to be when they steer, arrays over N.

    Attributes
    ----------
    origin_m : ndarray, shape (N, 2)
        Reference points.
    yaw_rad : ndarray, shape (N,)
    way_m : ndarray, shape (N,)
        How much farther along the path that is than now.
    """

    origin_m: F64
    yaw_rad: F64
    way_m: F64


class Riders:
    """The riders among the drivers of a fleet.

    Attributes
    ----------
    present : bool
        Whether there are any.
    grabs : ndarray, shape (N,), bool
        Who brakes as hard as the brakes do, whatever the road holds.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._rows: npt.NDArray[np.int64] = np.flatnonzero(fleet.layout.balanced).astype(np.int64)
        self.present = bool(self._rows.size)
        self.grabs = np.zeros(fleet.shape[0], dtype=bool)
        specs = [fleet.specs[n] for n in self._rows.tolist()]
        self._cg_m = np.array([s.cg_m for s in specs]).reshape(-1, 3)
        # On a bend, the tyres' side force builds up as the vehicle turns into its slip angles.
        per_slip = np.array([s.kind.cornering for s in specs]) * GRAVITY_MPS2
        self._settling_spm = 1.0 / per_slip
        self._base_m = np.array([s.wheelbase_m for s in specs])
        self._grip_mps2 = grip = fleet.grip.peak * GRAVITY_MPS2
        self._slides_rad = 3.0 * grip / per_slip
        self._aside_mps2 = min(LEAN_SHARE * grip, GRAVITY_MPS2 * np.tan(MOST_LEAN_RAD))
        self._total_mps2 = BRAKE_SHARE * grip
        height, front = self._cg_m[:, 2], self._base_m + [s.rear_axle_m for s in specs]
        self._rear_share = (front - self._cg_m[:, 0]) / self._base_m
        self._lifting_spm2 = height / (GRAVITY_MPS2 * self._base_m)
        self._tips_mps2 = TIP_SHARE * self._rear_share / self._lifting_spm2
        self._turns_mps2 = self._will_turn_mps2 = np.zeros(len(specs))
        loads = fleet.layout.static_n * fleet.layout.driven
        self._driven = loads.sum(axis=1)[self._rows] / fleet.layout.static_n.sum(axis=1)[self._rows]

    def foresee(self, origin_m: F64, yaw_rad: F64, speed_mps: F64) -> Foreseen:
        """Return where drivers at (N, 3) will be when what they do now begins to tell.

        Drivers on four wheels act at once. Riders go on for the time that leaning takes, on the
        circle of the lean that they have; and they judge by their mass, since the wheels go the
        other way when it leans.
        """
        origin, yaw, way = origin_m[:, :2], yaw_rad, np.zeros(len(yaw_rad))
        if self.present:
            rows, fleet = self._rows, self._fleet
            speed = np.maximum(speed_mps[rows], 0.0)
            time = LEAN_S + self._settling_spm * speed
            velocity = fleet.velocity_mps[rows, :2]
            drift = np.arctan2(velocity[:, 1], velocity[:, 0]) - yaw[rows]
            drift = clipped((drift + np.pi) % (2.0 * np.pi) - np.pi, -0.2, 0.2)
            share = leaning(speed)
            course = yaw[rows] + share * drift
            aside = self._held(rows)
            turning = fleet.spin_radps[rows, 2]
            turning = turning + share * (aside / np.maximum(speed, 1.0) - turning)
            half = course + 0.5 * turning * time
            head = np.stack([np.cos(yaw[rows]), np.sin(yaw[rows])], axis=1)
            base = fleet.position_m[rows, :2] - self._cg_m[:, :1] * head
            go = (speed * time)[:, None] * np.stack([np.cos(half), np.sin(half)], axis=1)
            origin, yaw = origin.copy(), yaw.copy()
            origin[rows] = base + go
            yaw[rows] = course + turning * time
            way[rows] = speed * time
        return Foreseen(origin, yaw, way)

    def slowing(self, speed_mps: F64, bend_mps: F64) -> F64:
        """Return the accelerations (N,) that riders allow who come too fast to a bend.

        Who drives may brake in the bend; whose lean leaves little to brake with does so before.
        """
        allowed = np.full(len(speed_mps), np.inf)
        if self.present:
            rows = self._rows
            over = speed_mps[rows] - bend_mps[rows]
            allowed[rows] = np.where(over > 0.0, -over / SLOWS_S, np.inf)
        return allowed

    def turn(self, curvature_1pm: F64, speed_mps: F64) -> tuple[F64, F64]:
        """Return the curvatures (N,) that are steered, and the leans (N,), for those wanted."""
        lean = np.zeros(len(curvature_1pm))
        if not self.present:
            return curvature_1pm, lean
        rows = self._rows
        speed = np.maximum(speed_mps[rows], 0.0)
        wanted = clipped(curvature_1pm[rows] * speed * speed, -self._aside_mps2, self._aside_mps2)
        has = self._held(rows)
        # A tail that swings round is felt, and the brakes are let go.
        swings = np.abs(self._fleet.spin_radps[rows, 2]) * speed * leaning(speed)
        self._turns_mps2 = np.minimum(np.maximum(np.abs(has), swings), self._aside_mps2)
        self._will_turn_mps2 = np.maximum(np.abs(wanted), self._turns_mps2)
        lean[rows] = -np.arctan(wanted / GRAVITY_MPS2)
        share = leaning(speed)
        squared = np.maximum(speed * speed, LEANS_FROM_MPS**2)
        slow = np.where(speed > LEANS_FROM_MPS, wanted / squared, curvature_1pm[rows])
        steered = curvature_1pm.copy()
        steered[rows] = slow + share * (has / squared - slow)
        return steered, lean

    def handlebar(self, steer_rad: F64, curvature_1pm: F64, speed_mps: F64) -> F64:
        """Return the angles (N,) to hold the handlebar at; a front wheel's trail adds the rest.

        Parameters
        ----------
        steer_rad : ndarray, shape (N,)
            What those on four wheels steer.
        curvature_1pm, speed_mps : ndarray, shape (N,)
        """
        if not self.present:
            return steer_rad
        rows, kept = self._rows, steer_rad.copy()
        speed, curvature = np.maximum(speed_mps[rows], 0.0), curvature_1pm[rows]
        share = clipped(curvature * speed * speed / self._grip_mps2, -0.95, 0.95)
        # The slip at which the brush model gives that share: 1 - (1 - s/3)^3 of the friction.
        slip = np.sign(share) * self._slides_rad * (1.0 - np.cbrt(1.0 - np.abs(share)))
        goes = np.arctan(self._base_m * curvature) - slip / REAR_STIFFENING
        kept[rows] = slip + (1.0 - TRAIL_SHARE * leaning(speed)) * goes
        # A front wheel that leans turns farther on the road than in the fork.
        lean = rotation_matrices(self._fleet.quaternion_wxyz[rows])[:, 2, 1]
        kept[rows] *= np.sqrt(1.0 - lean * lean)
        return kept

    def limit(self, wanted_mps2: F64, most_mps2: F64, gain_mps2: F64, speed_mps: F64) -> F64:
        """Return accelerations (N,) within what drivers can do, and riders do who lean.

        The wheel that is driven also pulls against the air and the rolling resistance.

        Parameters
        ----------
        wanted_mps2 : ndarray, shape (N,)
        most_mps2, gain_mps2 : ndarray, shape (N,)
            How hard they brake at most, and speed up.
        speed_mps : ndarray, shape (N,)
        """
        if self.present:
            most_mps2, gain_mps2 = most_mps2.copy(), gain_mps2.copy()
            rows = self._rows
            able = np.where(self.grabs[rows], np.inf, self._braking(self._will_turn_mps2))
            most_mps2[rows] = np.minimum(most_mps2[rows], able)
            drag = self._fleet.layout.drag[rows] * speed_mps[rows] ** 2
            resistance = drag / self._fleet.mass_kg[rows] + ROLLING_RESISTANCE * GRAVITY_MPS2
            pull = self._left(self._turns_mps2) * self._driven
            gain_mps2[rows] = np.minimum(gain_mps2[rows], pull - resistance)
        return np.asarray(clipped(wanted_mps2, -most_mps2, gain_mps2))

    def _braking(self, aside_mps2: F64) -> F64:
        """Return the greatest decelerations (R,) at which the rear wheel still holds the bend.

        The rear wheel has to bring its share of the mass round the bend with a load that braking
        takes from it, a h / (g L) of the weight: its side force over its load is
        ``aside * share / (share - a h / (g L))``, and that with `a` makes up the friction.
        """
        low, high = np.zeros_like(self._tips_mps2), self._tips_mps2
        high = np.minimum(high, self._total_mps2)
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            loaded = self._rear_share - middle * self._lifting_spm2
            rear = aside_mps2 * self._rear_share / loaded
            holds = middle * middle + rear * rear <= self._total_mps2**2
            low, high = np.where(holds, middle, low), np.where(holds, high, middle)
        return np.asarray(low)

    def _left(self, aside_mps2: F64) -> F64:
        """Return what turning leaves of the friction that riders use: of a circle, the rest."""
        return np.asarray(np.sqrt(self._total_mps2**2 - aside_mps2 * aside_mps2))

    def _held(self, rows: npt.NDArray[np.int64]) -> F64:
        """Return the accelerations to the left (R,) that the present leans hold in balance."""
        lean = rotation_matrices(self._fleet.quaternion_wxyz[rows])[:, 2, 1]
        return -GRAVITY_MPS2 * np.tan(np.arcsin(clipped(lean, -0.7, 0.7)))
