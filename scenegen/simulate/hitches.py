"""Tractors and semitrailers: a ball joint between two vehicles of a fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64, Vec3
from scenegen.simulate.actuators import Controls

CURE_HZ = 8.0
"""How quickly a gap between fifth wheel and kingpin closes."""


@dataclass(frozen=True)
class Hitch:
    """Who pulls whom, by their numbers in the fleet, and where.

    Attributes
    ----------
    tractor_m, trailer_m : (3,)
        The joint, from the centre of gravity in body axes.
    """

    tractor: int
    trailer: int
    tractor_m: Vec3
    trailer_m: Vec3


class Hitches:
    """All hitches of a fleet; impulses in each physics step keep them together.

    A fifth wheel turns freely and pitches; what it holds against roll is left to the
    springs of both vehicles.
    """

    def __init__(self, hitches: Sequence[Hitch]) -> None:
        self.pairs = tuple(hitches)
        self._blocks: list[tuple[int, int, F64, F64, F64, F64]] = []

    def begin(self, position_m: F64, axes: F64, per_impulse: F64) -> None:
        """Start a block of steps.

        Parameters
        ----------
        position_m : ndarray, shape (N, 3)
            Centres of gravity.
        axes : ndarray, shape (N, 3, 3)
            World from body axes.
        per_impulse : ndarray, shape (N, 6)
            Change of each velocity, in the order of the fleet's twist, for a unit impulse.
        """
        self._blocks = []
        for hitch in self.pairs:
            i, j = hitch.tractor, hitch.trailer
            gi, gj = (
                axes[i] @ moving_point(hitch.tractor_m),
                axes[j] @ moving_point(hitch.trailer_m),
            )
            hi, hj = per_impulse[i][:, None] * gi.T, per_impulse[j][:, None] * gj.T
            gap = (
                position_m[i]
                + axes[i] @ hitch.tractor_m
                - position_m[j]
                - axes[j] @ hitch.trailer_m
            )
            solved = np.linalg.inv(gi @ hi + gj @ hj)
            self._blocks.append(
                (i, j, np.hstack([gi, -gj]), hi @ solved, hj @ solved, CURE_HZ * gap)
            )

    def hold(self, twist: F64) -> None:
        """Change twists (N, 6) so that both sides of every hitch move alike."""
        for i, j, moving, on_tractor, on_trailer, cure in self._blocks:
            apart = moving @ np.concatenate([twist[i], twist[j]]) + cure
            twist[i] -= on_tractor @ apart
            twist[j] += on_trailer @ apart

    def follow(self, controls: Controls, crashed: npt.NDArray[np.bool_]) -> None:
        """Let semitrailers brake as their tractors do, and share a crash (N,)."""
        for hitch in self.pairs:
            i, j = hitch.tractor, hitch.trailer
            controls.acceleration_mps2[j] = min(controls.acceleration_mps2[i], 0.0)
            controls.parked[j] = controls.parked[i]
            crashed[[i, j]] = crashed[i] or crashed[j]


def moving_point(arm_m: Vec3) -> F64:
    """Return the matrix (3, 6) from a fleet's twist to a point's velocity, body axes."""
    x, y, z = arm_m
    return np.array(
        [
            [1.0, 0.0, 0.0, z, 0.0, -y],
            [0.0, 1.0, -z, 0.0, 0.0, x],
            [0.0, 0.0, y, -x, 1.0, 0.0],
        ]
    )
