"""Kerbs that stop wheels from the side: what slides into one is tripped, or bounces back.

A wheel that rolls onto a kerb climbs it by its tread. One that is dragged sideways meets the
kerb's face with its flank, which can't climb: the blow stops the wheel, and the body goes on
over it. A rigid body rolls over when what is left of its motion about the kerb lifts it to
its balance: the critical sliding velocity by which NHTSA compares vehicles (Heydinger et al.,
"Measured vehicle inertial parameters", SAE 1999-01-1336), with which the tests compare.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenegen.records.base import F64, Vec3
from scenegen.simulate.ground import REFRESH_STEPS
from scenegen.simulate.hitches import moving_point
from scenegen.simulate.rebound import restitution

if TYPE_CHECKING:
    from scenegen.simulate.fleet import Fleet

LEAST_M = 0.04
"""Lower steps are ridden over."""

FLANK_COS = 0.93
"""Cosine of the angle between wheel and kerb up to which its flank is there before its tread."""

SLIDES_MPS, SLIDES_SHARE = 0.3, 0.25
"""Slide across a wheel, beside this share of its speed along, from which it is dragged."""

HALF_WIDTH = 0.3
"""Half of a tyre's width over its radius."""

REACH_M = 0.05
BLOW_MPS = 0.5
"""Blows that change a vehicle's speed by more than this end its driver's plans."""

_HALVINGS = 7
_ROUNDS = 6


@dataclass(frozen=True)
class Blow:
    """What the kerbs beside a vehicle did to it in one physics step.

    Attributes
    ----------
    step : int
        Physics steps done before.
    vehicle : int
    impulse_ns : float
        Of all of its wheels.
    closing_mps, position_m : float and (3,)
        Of the wheel that took most.
    """

    step: int
    vehicle: int
    impulse_ns: float
    closing_mps: float
    position_m: Vec3


@dataclass
class _Face:
    """A wheel beside a kerb's face: one row of what may not come closer.

    Attributes
    ----------
    vehicle, wheel : int
    gap_m : float
        Between the tyre's flank and the face.
    position_m : (3,)
        Where the kerb bears on the flank, world.
    row, response : ndarray, shape (6,)
        Speed towards the face per twist, and change of twist per impulse away from it.
    """

    vehicle: int
    wheel: int
    gap_m: float
    position_m: Vec3
    row: F64
    response: F64


class Kerbs:
    """The faces beside the wheels of a fleet.

    Parameters
    ----------
    height : callable
        Takes world points (n, 2) to the ground's heights (n,).
    note : callable
        Is told of each blow.

    Attributes
    ----------
    blow_mps : ndarray, shape (N,)
        Hardest change of speed by a kerb so far.
    """

    def __init__(
        self, fleet: Fleet, height: Callable[[F64], F64], note: Callable[[Blow], None]
    ) -> None:
        self._height = height
        self._note = note
        self._steps = 0
        self._half_m = HALF_WIDTH * fleet.layout.radius_m
        self._held: set[tuple[int, int]] = set()
        self._faces: list[_Face] = []
        self.blow_mps = np.zeros(fleet.shape[0])

    def begin(self, fleet: Fleet, across: F64 | None, along_mps: F64, across_mps: F64) -> None:
        """Start a block of steps: look for faces beside the wheels that slide.

        Parameters
        ----------
        across : ndarray, shape (N, K, 3), or None
            The wheels' axles to the left, body axes; None on level road.
        along_mps, across_mps : ndarray, shape (N, K)
            Velocity of the patches along and across the wheels.
        """
        self._faces = []
        if across is not None:
            dragged = np.abs(across_mps) > SLIDES_MPS + SLIDES_SHARE * np.abs(along_mps)
            dragged[tuple(zip(*self._held, strict=True)) or ([], [])] = True
            dragged &= (fleet.layout.present > 0) & ~fleet.layout.balanced[:, None]
            dragged &= (fleet.axes[:, 2, 2] > 0.0)[:, None]
            for n, k in np.argwhere(dragged).tolist():
                sign = -1.0 if across_mps[n, k] < 0 else 1.0
                way = sign * (fleet.axes[n] @ across[n, k])[:2]
                way = way / max(float(np.hypot(way[0], way[1])), 1e-9)
                face = self._face(fleet, (n, k), way, abs(float(across_mps[n, k])))
                if face is not None:
                    self._faces.append(face)
        self._held &= {(f.vehicle, f.wheel) for f in self._faces}

    def _face(
        self, fleet: Fleet, place: tuple[int, int], way: F64, speed_mps: float
    ) -> _Face | None:
        """Return the face that a wheel comes to on its way (2,) aside, if one stands there."""
        n, k = place
        patch_m = fleet.position_m[n] + fleet.axes[n] @ fleet.layout.patch_m[n, k]
        ahead_m = float(self._half_m[n, k]) + REACH_M + speed_mps * REFRESH_STEPS * fleet.dt
        foot, top = self._height(np.stack([patch_m[:2], patch_m[:2] + ahead_m * way])).tolist()
        if top - foot < LEAST_M or patch_m[2] > top:
            return None
        near, far = 0.0, ahead_m
        for _ in range(_HALVINGS):
            middle = 0.5 * (near + far)
            below = float(self._height((patch_m[:2] + middle * way)[None])[0])
            near, far = (near, middle) if below > 0.5 * (foot + top) else (middle, far)
        at = patch_m[:2] + far * way
        around = at + 0.5 * REACH_M * np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]])
        heights = self._height(around)
        rise = np.array([heights[0] - heights[1], heights[2] - heights[3]])
        rise /= max(float(np.hypot(rise[0], rise[1])), 1e-9)
        facing = float(rise @ way)
        if facing < FLANK_COS:
            return None
        # The kerb bears on the flank over all of its height: in effect, half way up.
        axes, bears_m = fleet.axes[n], (float(at[0]), float(at[1]), 0.5 * (foot + top))
        point = np.array(bears_m) - fleet.position_m[n]
        row = (axes.T @ np.array([*rise, 0.0])) @ moving_point(axes.T @ point)
        gap = (far - float(self._half_m[n, k])) * facing
        return _Face(n, k, gap, bears_m, row, row * fleet.per_impulse[n])

    def hold(self, twist: F64, dt: float) -> None:
        """Change twists (N, 6) so that no wheel goes through the face beside it."""
        touching = []
        for face in self._faces:
            closing = float(face.row @ twist[face.vehicle])
            if closing * dt > face.gap_m:
                back = restitution(closing) * closing if closing > BLOW_MPS else 0.0
                touching.append((face, back, closing))
        before = twist[:, :2].copy()
        impulses = [0.0] * len(touching)
        for _ in range(_ROUNDS if touching else 0):
            for i, (face, back, _) in enumerate(touching):
                closing = float(face.row @ twist[face.vehicle])
                share = (closing + back) / float(face.row @ face.response)
                total = max(impulses[i] + share, 0.0)
                twist[face.vehicle] -= (total - impulses[i]) * face.response
                impulses[i] = total
        for face, _, _ in touching:
            n = face.vehicle
            self._held.add((n, face.wheel))
            change = float(np.hypot(*(twist[n, :2] - before[n])))
            self.blow_mps[n] = max(self.blow_mps[n], change)
        for face in self._faces:
            face.gap_m -= float(face.row @ twist[face.vehicle]) * dt
        self._tell([(i, face, mps) for i, (face, _, mps) in zip(impulses, touching, strict=True)])
        self._steps += 1

    def _tell(self, taken: list[tuple[float, _Face, float]]) -> None:
        """Tell of what wheels took in this step: impulse, face and closing speed of each."""
        for n in sorted({face.vehicle for _, face, _ in taken}):
            own = [one for one in taken if one[1].vehicle == n]
            _, face, closing = max(own, key=lambda one: one[0])
            total = sum(impulse for impulse, _, _ in own)
            self._note(Blow(self._steps, n, total, closing, face.position_m))
