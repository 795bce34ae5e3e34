"""Draws concrete scenarios by rejection, each index independent of all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from scenegen.records import ConcreteScenario
from scenegen.sample.candidates import Candidates, draw_candidates
from scenegen.sample.compose import Choice, compose
from scenegen.sample.designs import points_of
from scenegen.sample.looks import LooksOf, looks_of_many, looks_of_scene
from scenegen.sample.placing import Sieve, on_map
from scenegen.sample.remedies import unsatisfiable
from scenegen.sample.screen import Rows
from scenegen.sample.soft import constraints_of_scene, with_constraints
from scenegen.sample.validate import validate
from scenegen.scenario import LogicalScenario
from scenegen.seeds import SceneKey

FIRST_BATCH = 32
BATCH = 8192
CANDIDATE_BUDGET = 100_000
PLACEMENT_BUDGET = 20_000
PLACED_AT_ONCE = 1024
MAP_BUDGET = 200
"""Placements where each may need another map to be built."""


def draw(logical: LogicalScenario, seed: int, index: int) -> ConcreteScenario:
    """Return one concrete scenario.

    Candidates are drawn in growing batches and the first one that meets all constraints
    and whose bodies don't overlap is taken.

    Parameters
    ----------
    logical : LogicalScenario
    seed : int
        Root seed of the run.
    index : int
        Number of the scene. The same three give the same scene, whatever else is drawn.

    Raises
    ------
    ScenarioError
        An asset, a lane or a value is wrong, with its place in the file.
    UnsatisfiableError
        The budget ran out; names the constraint that rejects most.
    """
    validate(logical)
    key = SceneKey(logical.digest, seed, index)
    asked = with_constraints(logical, constraints_of_scene(logical, key))
    sieve, looks, points = Sieve(asked), _SceneLooks(logical, key), points_of(logical, key)
    most, budget = (8, MAP_BUDGET) if on_map(logical) else (PLACED_AT_ONCE, PLACEMENT_BUDGET)
    rejections: Counter[str] = Counter()
    tried, placed, batch = 0, 0, FIRST_BATCH
    while tried < CANDIDATE_BUDGET and placed < budget:
        candidates = draw_candidates(asked, points.take(batch))
        tried += batch
        for rows in _chunks(
            sieve.passing(candidates.columns, len(candidates.log_weight)), placed, most
        ):
            layout, verdicts = sieve.place(candidates.columns, rows, looks.of(len(rows)))
            decided = np.concatenate([np.flatnonzero(verdicts.fine), verdicts.fault_rows()])
            if decided.size:
                first = int(decided.min())
                if not verdicts.fine[first]:
                    raise verdicts.error(first)
                choice = _choice(candidates, int(rows[first]))
                return compose(logical, choice, layout.take(np.array([first])), key, looks.stream)
            rejections += verdicts.rejections()
            placed += len(rows)
            if placed >= budget:
                break
        batch = min(BATCH, 8 * batch, max(CANDIDATE_BUDGET - tried, 1))
    raise unsatisfiable(asked, rejections, tried)


def _choice(candidates: Candidates, row: int) -> Choice:
    return Choice(candidates.row(row), float(candidates.log_weight[row]))


def _chunks(rows: Rows, placed: int, most: int) -> Iterator[Rows]:
    """Yield rows in growing pieces: most often the very first one will do."""
    at, size = 0, 1 if placed == 0 else most
    while at < len(rows):
        yield rows[at : at + size]
        at, size = at + size, min(8 * size, most)


class _SceneLooks:
    """The looks of one scene's draws: of the first as scenes always had them, then of many.

    Attributes
    ----------
    stream : numpy.random.Generator
        What the looks last drawn came from; behaviours go on with it.
    """

    def __init__(self, logical: LogicalScenario, key: SceneKey) -> None:
        self.logical = logical
        self.key = key
        self.stream = key.generator("variants")
        self._first = True
        self._many: np.random.Generator | None = None

    def of(self, n: int) -> LooksOf:
        """Return what draws the looks of the next n draws."""
        if self._first:
            assert n == 1
            self._first = False
            return lambda some, counts: looks_of_scene(
                self.logical,
                some,
                {name: int(count[0]) for name, count in counts.items()},
                self.stream,
            )
        if self._many is None:
            self._many = self.stream = self.key.generator("looks")
        return lambda some, counts: looks_of_many(self.logical, some, counts, self.stream, n)
