"""Draws concrete scenarios by rejection, each index independent of all others."""

from __future__ import annotations

import copy
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scenegen.records import ConcreteScenario
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.compose import Choice, compose
from scenegen.sample.designs import cell_points, part_of, points_of
from scenegen.sample.layout import Layout
from scenegen.sample.looked import Sceneries
from scenegen.sample.looks import LooksOf, looks_of_many, looks_of_scene
from scenegen.sample.placing import Sieve, is_dear, on_crossings, on_map
from scenegen.sample.remedies import unsatisfiable
from scenegen.sample.room import share_with_room
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
CROSSING_BUDGET = 1000
"""Placements where each may need other crossings to be built."""
LOOK_BUDGET = 200
"""Draws of one scene that scenery is composed for."""
ROOM, ROOM_ON_MAP = 16, 8
"""Draws of a cell that find room before its share of them is told: to a quarter, or a third."""


@dataclass(frozen=True)
class Draft:
    """A draw that was accepted, with the places of its bodies in plan.

    Attributes
    ----------
    choice : Choice
    layout : Layout
        Of this draw alone.
    stream : numpy.random.Generator
        What its looks came from; behaviours go on with it.
    scenery : int
        Which of the sceneries of its scene it gets.
    """

    choice: Choice
    layout: Layout
    stream: np.random.Generator
    scenery: int


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
    found = draft(logical, seed, index)
    key = SceneKey(logical.digest, seed, index)
    return compose(logical, found.choice, found.layout, key, found.stream, found.scenery)


def takes_first(logical: LogicalScenario, seed: int, index: int) -> bool:
    """Return whether a scene takes its first candidate, with the looks that this has.

    A scenario all of whose parameters are held has no other candidate, but finds room for bodies
    of other looks sooner or later: whether a draw can occur is asked of its first looks alone.

    Raises
    ------
    ScenarioError
        A value of the candidate makes no sense, with the place of its field.
    """
    validate(logical)
    key = SceneKey(logical.digest, seed, index)
    asked = with_constraints(logical, constraints_of_scene(logical, key))
    sieve, looks = Sieve(asked), _SceneLooks(logical, key)
    candidates = draw_candidates(asked, points_of(logical, key).take(1))
    rows = sieve.passing(candidates.columns, 1)
    if not rows.size:
        return False
    placed = sieve.place(candidates.columns, rows, looks.of(1))
    if (faults := placed[1].fault_rows()).size:
        raise placed[1].error(int(faults[0]))
    sceneries = Sceneries(asked, lambda: key, lambda _: copy.deepcopy(looks.stream))
    return bool(sieve.look(candidates.columns, rows, placed, sceneries, 1, 1).size)


def draft(logical: LogicalScenario, seed: int, index: int) -> Draft:
    """Return the draw of a scene, without what only a picture needs; see `draw`."""
    validate(logical)
    key = SceneKey(logical.digest, seed, index)
    asked = with_constraints(logical, constraints_of_scene(logical, key))
    sieve, looks, points = Sieve(asked), _SceneLooks(logical, key), points_of(logical, key)
    most, budget = _placements(logical)
    # What a draw that is looked at draws of behaviours, its scene draws again.
    sceneries = Sceneries(asked, lambda: key, lambda _: copy.deepcopy(looks.stream))
    rejections: Counter[str] = Counter()
    tried, placed, batch = 0, 0, FIRST_BATCH
    while tried < CANDIDATE_BUDGET and placed < budget and sceneries.made < LOOK_BUDGET:
        candidates = draw_candidates(asked, points.take(batch))
        tried += batch
        for rows in _chunks(
            sieve.passing(candidates.columns, len(candidates.log_weight)), placed, most
        ):
            layout, verdicts = sieve.place(candidates.columns, rows, looks.of(len(rows)))
            before = sceneries.made
            passed = sieve.look(
                candidates.columns, rows, (layout, verdicts), sceneries, 1, LOOK_BUDGET - before
            )
            decided = np.concatenate([passed, verdicts.fault_rows()])
            if decided.size:
                first = int(decided.min())
                if not verdicts.fine[first]:
                    raise verdicts.error(first)
                row, tries = int(rows[first]), placed + first + 1
                log_weight = float(candidates.log_weight[row]) + _log_room(
                    logical, sieve, key, tries
                )
                choice = Choice(candidates.row(row), log_weight)
                one = layout.take(np.array([first]))
                return Draft(choice, one, looks.stream, sceneries.number)
            rejections += verdicts.rejections()
            placed += len(rows)
            if placed >= budget or sceneries.made >= LOOK_BUDGET:
                break
        batch = min(BATCH, 8 * batch, max(CANDIDATE_BUDGET - tried, 1))
    raise unsatisfiable(asked, rejections, tried, part_of(logical, key, key.generator("remedies")))


def _log_room(logical: LogicalScenario, sieve: Sieve, key: SceneKey, tries: int) -> float:
    """Return ln of how often bodies find room in a scene's cell, which its weight contains.

    Parameters
    ----------
    logical : LogicalScenario
        With the constraints of every scene, which cells are made by.
    tries : int
        Draws that were placed for the scene, the last of which found room.
    """
    generator = key.generator("room")
    points = cell_points(logical, key, generator)
    if points is None:
        return 0.0
    enough, most = (ROOM_ON_MAP, MAP_BUDGET) if is_dear(logical) else (ROOM, PLACEMENT_BUDGET)
    return math.log(share_with_room(sieve, points, generator, enough, most, (tries, 1)))


def _placements(logical: LogicalScenario) -> tuple[int, int]:
    """Return how many draws are placed at once at most, and in all."""
    if on_map(logical):
        return 8, MAP_BUDGET
    return PLACED_AT_ONCE, CROSSING_BUDGET if on_crossings(logical) else PLACEMENT_BUDGET


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
