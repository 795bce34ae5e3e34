"""How far vehicles bounce off what they hit: less, the harder the blow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

import numpy as np

from scenegen.records.base import F64
from scenegen.simulate.engine import Touch
from scenegen.simulate.vectors import cross

if TYPE_CHECKING:
    from scenegen.simulate.fleet import Fleet

CRUSHED, SPRUNG, FADING_MPS = 0.05, 0.35, 4.0


def restitution(closing_mps: float) -> float:
    """Return the coefficient of restitution of sheet metal at a closing speed.

    Bumpers spring back at walking pace, and crushed bodies hardly do: tests at low speed gave
    0.2 to 0.4, and fast collisions about 0.1 (SAE 931842). The curve between is our own.
    """
    return CRUSHED + SPRUNG * exp(-closing_mps / FADING_MPS)


@dataclass(frozen=True)
class _Blow:
    """Two bodies that came closer at a point; vehicle -1 is what stands."""

    vehicles: tuple[int, int]
    position_m: F64
    normal: F64
    approach_mps: float


class Rebound:
    """Sees to it that vehicles part from a blow as fast as their restitution says.

    Bullet solves a blow as plastic, its friction included, but stops short of touching or
    pushes overlapping bodies apart. What is missing to the speed of parting (Newton's
    hypothesis) is made up by an impulse along the normal.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._blows: list[_Blow] = []

    def note(
        self, touches: Sequence[Touch], approach_mps: float, vehicles: tuple[int, int]
    ) -> None:
        """Take in what two bodies exchanged in a step, at whose start they came closer.

        Parameters
        ----------
        vehicles : (2,)
            The vehicles that are `uid_a` and `uid_b` of the touches; -1 for what is none.
        """
        weight = np.array([t.impulse_ns for t in touches])
        weight /= weight.sum()
        normal = weight @ np.array([t.normal for t in touches])
        normal /= np.sqrt((normal * normal).sum())
        position = weight @ np.array([t.position_m for t in touches])
        self._blows.append(_Blow(vehicles, position, normal, approach_mps))

    def apply(self, rows: dict[int, F64]) -> None:
        """Change the fleet's velocities by what has been noted.

        Parameters
        ----------
        rows : dict of int to ndarray, shape (13,)
            What Bullet made of the vehicles it moves this step, in the form of `Engine.read`.
        """
        for blow in self._blows:
            taken = [
                (n, sign) for n, sign in zip(blow.vehicles, (1.0, -1.0), strict=True) if n in rows
            ]
            if not taken or any(n >= 0 and n not in rows for n in blow.vehicles):
                continue
            parting, yielding = 0.0, 0.0
            arms = {n: blow.position_m - rows[n][:3] for n, _ in taken}
            for n, sign in taken:
                moving = rows[n][7:10] + cross(rows[n][10:13], arms[n])
                parting += sign * float(moving @ blow.normal)
                yielding += self._fleet.yielding(n, arms[n], blow.normal)
            wanted = restitution(blow.approach_mps) * blow.approach_mps
            for n, sign in taken:
                impulse = sign * (wanted - parting) / yielding * blow.normal
                self._fleet.kick(n, impulse, cross(arms[n], impulse))
        self._blows.clear()
