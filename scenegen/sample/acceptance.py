"""Which of many candidates scenes would take, judged by their values and by their places."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from scenegen.sample.candidates import Candidates, draw_candidates
from scenegen.sample.judged import Judged, judge_places
from scenegen.sample.placing import is_dear, on_map
from scenegen.sample.points import UniformPoints
from scenegen.sample.remedies import unsatisfiable
from scenegen.sample.soft import Rows, rows_of_scenes
from scenegen.sample.verdicts import Mask
from scenegen.scenario import LogicalScenario
from scenegen.seeds import named_generator

FEW, SOME, FEW_AT_MOST = 20, 100, 200
"""Draws whose places are judged where each draw's road has to be built as a map first; where
scenery has to be composed for those of which it has a say; and so many until one is accepted."""


@dataclass(frozen=True)
class Acceptance:
    """Candidates, and which of them scenes take.

    Attributes
    ----------
    by_values : ndarray of int64
        The rows that scene after scene takes as far as values say.
    tried : ndarray of int64
        The rows whose places were judged: all that meet the constraints on values that always
        hold; where that is dear, the first few of `by_values`.
    judged : Judged
        Of the rows `tried`.
    accepted : ndarray of int64
        The rows that scene after scene takes, of those tried.
    """

    candidates: Candidates
    few: bool
    by_values: Rows
    tried: Rows
    judged: Judged
    accepted: Rows

    @property
    def scenes(self) -> Rows:
        """The rows that are known best to become scenes; of few, their places aside."""
        return self.by_values if self.few else self.accepted

    @property
    def rate(self) -> float:
        """Scenes made of each candidate; told from the few."""
        samples = len(self.candidates.log_weight)
        if not self.few:
            return self.accepted.size / samples
        return self.by_values.size / samples * self.accepted.size / self.tried.size

    def rejection_rates(self, logical: LogicalScenario) -> dict[str, float]:
        """Return how often each constraint, and what takes bodies their room, rejects.

        Constraints on values, of all candidates; those on places, of the judged ones whose
        bodies find room; room, of the judged ones, by what was the first to reject.
        """
        rates: dict[str, float] = {}
        for index, constraint in enumerate(logical.constraints):
            met = self.judged.met[self.judged.fits] if constraint.spatial else self.candidates.met
            if len(met):
                rates[constraint.text] = float(1.0 - met[:, index].mean())
        room = {name: n for name, n in self.judged.rejections.items() if name not in rates}
        return rates | {name: room[name] / self.tried.size for name in sorted(room)}


def accept(logical: LogicalScenario, samples: int, seed: int) -> Acceptance:
    """Draw candidates and tell which of them scenes would take.

    Raises
    ------
    ScenarioError
        A value makes no sense in a draw that was placed.
    UnsatisfiableError
        Scenes would take none of them.
    """
    generator = named_generator(logical.digest, seed, "check")
    points = UniformPoints(generator, len(logical.parameters)).take(samples)
    candidates = draw_candidates(logical, points)
    by_values = _taken(logical, candidates.met, seed)
    if not by_values.size:
        raise unsatisfiable(logical, Counter(), samples)
    firm = [constraint.probability >= 1.0 for constraint in logical.constraints]
    possible = np.flatnonzero(candidates.met[:, firm].all(axis=1))
    few, first = is_dear(logical), FEW if on_map(logical) else SOME
    rejections: Counter[str] = Counter()
    for most in (first, FEW_AT_MOST) if few else (samples,):
        tried = (by_values if few else possible)[:most]
        some = {name: column[tried] for name, column in candidates.columns.items()}
        judged = judge_places(logical, some, tried.size, generator, scenery=True)
        # Coins for constraints on values have been thrown for the few.
        met = judged.met if few else judged.met & candidates.met[tried]
        accepted = tried[_taken(logical, met, seed, judged.fits)]
        if accepted.size:
            return Acceptance(candidates, few, by_values, tried, judged, accepted)
        rejections = judged.rejections
    raise unsatisfiable(logical, rejections, samples)


def _taken(logical: LogicalScenario, met: Mask, seed: int, fits: Mask | None = None) -> Rows:
    """Return the rows that scene after scene takes, given which constraints (n, C) each meets."""

    def passing(asked: LogicalScenario) -> Rows:
        columns = [constraint in asked.constraints for constraint in logical.constraints]
        fine = met[:, columns].all(axis=1)
        return np.flatnonzero(fine if fits is None else fine & fits)

    return rows_of_scenes(logical, passing, named_generator(logical.digest, seed, "soft"))
