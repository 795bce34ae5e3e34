"""Which points of the unit cube become draws that meet the constraints on their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.points import UniformPoints, UnitPoints
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column
from scenegen.seeds import named_generator

PILOT = 50_000
"""Independent draws that shares of the space are told from."""
MOST_AT_ONCE = 65_536

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Run:
    """What every scene of a run has in common; equal by digest and seed."""

    digest: str
    seed: int
    logical: LogicalScenario = field(compare=False)

    @property
    def dimension(self) -> int:
        """Number of coordinates of a point."""
        return len(self.logical.parameters)

    def generator(self, *purpose: str | int) -> np.random.Generator:
        """Return the run's own generator for one purpose."""
        return named_generator(self.digest, self.seed, "design", *purpose)


def screened(
    logical: LogicalScenario, u: F64, *, marginal: bool = False, soft: bool = False
) -> tuple[Mask, dict[str, Column]]:
    """Say which points (n, d) meet the constraints, and return all columns (n,).

    Parameters
    ----------
    marginal : bool
        Whether coordinates are where each parameter lies by itself; see `UnitPoints`.
    soft : bool
        Whether soft constraints have to be met, too, as in the cells of designs, which serve a
        scene whichever of them it is asked to meet.
    """
    candidates = draw_candidates(logical, UnitPoints(u, np.zeros(len(u)), marginal))
    asked = [soft or constraint.probability >= 1.0 for constraint in logical.constraints]
    met: Mask = np.asarray(candidates.met[:, asked].all(axis=1))
    return met, candidates.columns


@dataclass(frozen=True)
class Pilot:
    """Independent draws that meet the constraints.

    Attributes
    ----------
    u : ndarray, shape (n, d)
    columns : dict of str to ndarray, shape (n,)
    """

    u: F64
    columns: dict[str, Column]


@lru_cache(maxsize=4)
def pilot_of(run: Run) -> Pilot:
    """Draw independently, as without a design, and keep what meets the constraints."""
    u = UniformPoints(run.generator("pilot"), run.dimension).take(PILOT).u
    met, columns = screened(run.logical, u)
    return Pilot(u[met], {name: column[met] for name, column in columns.items()})
