"""Places the bodies of draws and holds them against what the scenario asks of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from scenegen.records import SWEPT
from scenegen.sample.lay import lay_out
from scenegen.sample.layout import Layout
from scenegen.sample.looked import Sceneries
from scenegen.sample.looks import LooksOf, looks_of_many
from scenegen.sample.road_columns import is_steady
from scenegen.sample.screen import Measure, Rows, Screen
from scenegen.sample.spatial import LaidScene
from scenegen.sample.unsure import asks_scenery, at_best, at_worst
from scenegen.sample.verdicts import Verdicts
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column, evaluate
from scenegen.scenario.values import Value


def on_map(logical: LogicalScenario) -> bool:
    """Say whether roads have to be built before lanes are known, which takes long.

    Those of maps, and crossings for walkers, do not follow from the road's numbers alone.
    """
    places = (entry.place.lane for entry in logical.actors.values())
    names = frozenset().union(*(logical.texts(lane) for lane in places if lane is not None))
    crossed = any(name.startswith("crosswalk") for name in names)
    return crossed or not logical.texts(logical.road.kind) <= SWEPT


def on_crossings(logical: LogicalScenario) -> bool:
    """Say whether crossings for walkers are regions, and the road may differ from draw to draw.

    Their lanes are then built for each draw, in a millisecond.
    """
    regions = [entry.place.on for entry in logical.actors.values()]
    named = [region for region in regions if isinstance(region, Value)]
    names = frozenset().union(*(logical.texts(region) for region in named))
    asked = any(name.startswith(("crosswalk", "crossing_area")) for name in names)
    return asked and not is_steady(logical.road)


def is_dear(logical: LogicalScenario) -> bool:
    """Say whether a draw's places take long to judge: on maps, or where scenery has a say."""
    return on_map(logical) or any(asks_scenery(c.node) for c in logical.constraints)


class Sieve:
    """What draws of one scenario pass through: constraints on values, on places, on scenery."""

    def __init__(self, logical: LogicalScenario) -> None:
        self.logical = logical
        plain = [c for c in logical.constraints if not c.spatial]
        self.values = Screen(plain)
        spatial = [c for c in logical.constraints if c.spatial]
        self.places = Screen([replace(c, node=at_best(c.node)) for c in spatial])
        self.seen = [c for c in spatial if asks_scenery(c.node)]

    def passing(self, columns: Mapping[str, Column], n: int) -> Rows:
        """Return the rows whose values meet every constraint that needs no places."""
        verdicts = Verdicts(n)
        self.values.judge(columns, verdicts)
        return np.flatnonzero(verdicts.fine)

    def place(
        self,
        columns: Mapping[str, Column],
        rows: Rows,
        looks_of: LooksOf,
    ) -> tuple[Layout, Verdicts]:
        """Place the bodies of some rows; returns what `lay_out` does, of these rows alone.

        Draws that are fine may still break what scenery has a say in: see `look`.
        """
        some = {name: column[rows] for name, column in columns.items()}
        layout, verdicts = lay_out(
            self.logical, some, len(rows), lambda counts: looks_of(some, counts)
        )
        if self.places.order:

            def measure_of(fine: Rows) -> Measure:
                here = {name: column[fine] for name, column in some.items()}
                return LaidScene(self.logical, layout.take(fine), here).measure

            self.places.judge(some, verdicts, measure_of)
        return layout, verdicts

    def look(
        self,
        columns: Mapping[str, Column],
        rows: Rows,
        placed: tuple[Layout, Verdicts],
        sceneries: Sceneries,
        enough: int,
        most: int | None = None,
    ) -> Rows:
        """Hold draws that were placed against what scenery has a say in, one after the other.

        Parameters
        ----------
        columns, rows, placed
            What `place` was given, and what it returned; verdicts note what rejects.
        enough : int
            Draws that pass after which no more are looked at.
        most : int, optional
            Draws that are made whole at the most.

        Returns
        -------
        ndarray of int64
            Which of the rows pass, ascending, `enough` at the most.
        """
        layout, verdicts = placed
        fine = np.flatnonzero(verdicts.fine)
        if not self.seen or not fine.size:
            return fine[:enough]
        here = {name: column[rows[fine]] for name, column in columns.items()}
        bodies = LaidScene(self.logical, layout.take(fine), here)
        sure = np.ones(fine.size, dtype=bool)
        for constraint in self.seen:
            sure &= evaluate(at_worst(constraint.node), here, bodies.measure)
        passed, last = list[int](), None if most is None else sceneries.made + most
        for k, row in enumerate(fine.tolist()):
            if len(passed) == enough or (not sure[k] and sceneries.made == last):
                break
            sceneries.advance()
            broken = None if sure[k] else self._broken(layout, row, here, k, sceneries)
            if broken is None:
                passed.append(row)
            else:
                verdicts.note(np.arange(len(rows)) == row, broken)
        return np.array(passed, dtype=np.int64)

    def _broken(
        self, layout: Layout, row: int, columns: Mapping[str, Column], k: int, sceneries: Sceneries
    ) -> str | None:
        """Return which constraint a draw breaks with what stands in it, if it breaks one."""
        one, here = layout.take(np.array([row])), {n: c[k : k + 1] for n, c in columns.items()}
        scene = LaidScene(self.logical, one, here, sceneries.around(here, one))
        for constraint in self.seen:
            if not np.all(evaluate(constraint.node, here, scene.measure)):
                return constraint.text
        return None

    def place_by_chance(
        self, columns: Mapping[str, Column], rows: Rows, generator: np.random.Generator
    ) -> tuple[Layout, Verdicts]:
        """Place the bodies of some rows, with looks that a generator draws column by column."""
        return self.place(
            columns,
            rows,
            lambda some, counts: looks_of_many(self.logical, some, counts, generator, len(rows)),
        )
