"""A scenario as the real world has it: points of a standard normal distribution to draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from scenegen.records.base import F64
from scenegen.sample.candidates import Candidates, draw_candidates
from scenegen.sample.judged import judge_places
from scenegen.sample.kept import GREATEST_UNIT
from scenegen.sample.placing import is_dear, on_map
from scenegen.sample.points import UniformPoints, UnitPoints
from scenegen.scenario import LogicalScenario
from scenegen.scenario.designs import RANDOM
from scenegen.scenario.distributions import LEAST_UNIT
from scenegen.scenario.syntax import Column
from scenegen.seeds import named_generator

VALUES, PLACES = 100_000, 8000
"""Draws whose values, and of those that these let pass, whose places are judged."""
DEAR, DEAR_ON_MAP = 400, 100
"""Places that are judged where each takes long."""


@dataclass(frozen=True)
class Acceptance:
    """How often nominal draws meet what is always asked, and what coins ask besides.

    Attributes
    ----------
    values : float
        Share of draws whose values meet every constraint that always holds.
    fits : ndarray, shape (n,), bool
        Whether the bodies of some of these find room.
    met : ndarray, shape (n, C), bool
        Which constraints they meet.
    drawn : int
        Draws behind `values`.
    """

    values: float
    fits: npt.NDArray[np.bool_]
    met: npt.NDArray[np.bool_]
    drawn: int

    def of(self, enforced: npt.NDArray[np.bool_]) -> tuple[float, float]:
        """Return the probability that a draw is accepted, and its relative standard error.

        Parameters
        ----------
        enforced : ndarray, shape (C,), bool
            Which constraints are asked for.
        """
        fine = self.fits & self.met[:, enforced].all(axis=1)
        share = float(fine.mean()) if len(fine) else 0.0
        if not share:
            return 0.0, float("inf")
        of_values = (1.0 - self.values) / (self.values * self.drawn)
        of_places = (1.0 - share) / (share * len(fine))
        return self.values * share, float(np.sqrt(of_values + of_places))


@dataclass(frozen=True)
class Nominal:
    """A scenario whose draws follow the nominal distributions.

    Attributes
    ----------
    logical : LogicalScenario
        Drawn at random from nominal distributions and correlations, by the scenario's own streams.
    """

    logical: LogicalScenario

    @staticmethod
    def of(logical: LogicalScenario) -> Nominal:
        """Return what the scenario says of the real world."""
        return Nominal(
            replace(
                logical,
                parameters={name: d.as_nominal for name, d in logical.parameters.items()},
                correlations=tuple(replace(c, rank=c.nominal) for c in logical.correlations),
                design=RANDOM,
                streams=logical.digest,
            )
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters that vary: one for each coordinate of a point."""
        drawn = self.logical.parameters
        return tuple(name for name in sorted(drawn) if drawn[name].varied)

    def candidates(self, points: F64) -> Candidates:
        """Return the draws that points (n, D) stand for.

        A coordinate is the normal score of a parameter by itself, or of what is left of it given
        those before it in a correlated set; so standard normal points give nominal draws.
        """
        place = {name: k for k, name in enumerate(sorted(self.logical.parameters))}
        u = np.full((len(points), len(place)), 0.5)
        u[:, [place[name] for name in self.names]] = ndtr(points)
        u = np.clip(u, LEAST_UNIT, GREATEST_UNIT)
        return draw_candidates(self.logical, UnitPoints(u, np.zeros(len(u))))

    def values(self, candidates: Candidates, row: int) -> dict[str, float | str]:
        """Return one draw's parameters, in SI units."""
        columns: Mapping[str, Column] = candidates.columns
        return {name: columns[name][row].item() for name in sorted(self.logical.parameters)}

    @cached_property
    def firm(self) -> npt.NDArray[np.bool_]:
        """Which constraints (C,) hold of every scene."""
        return np.array([c.probability >= 1.0 for c in self.logical.constraints], dtype=bool)

    def possible(self, candidates: Candidates) -> npt.NDArray[np.bool_]:
        """Return which draws (n,) meet the constraints on values that always hold."""
        return np.asarray(candidates.met[:, self.firm].all(axis=1))

    def acceptance(self, seed: int) -> Acceptance:
        """Estimate how often draws are accepted, without simulating any.

        Raises
        ------
        ScenarioError
            A value makes no sense in a draw that was placed.
        """
        logical = self.logical
        generator = named_generator(logical.digest, seed, "acceptance")
        points = UniformPoints(generator, len(logical.parameters)).take(VALUES)
        drawn = draw_candidates(logical, points)
        fine = np.flatnonzero(self.possible(drawn))
        most = (DEAR_ON_MAP if on_map(logical) else DEAR) if is_dear(logical) else PLACES
        rows = fine[:most]
        columns = {name: column[rows] for name, column in drawn.columns.items()}
        judged = judge_places(logical, columns, rows.size, generator, scenery=True)
        met = judged.met & drawn.met[rows]
        return Acceptance(fine.size / VALUES, judged.fits, met, VALUES)
