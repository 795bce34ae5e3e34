"""Places the bodies of draws and holds them against what the scenario asks of places."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scenegen.records import SWEPT
from scenegen.sample.lay import lay_out
from scenegen.sample.layout import Layout
from scenegen.sample.looks import LooksOf, looks_of_many
from scenegen.sample.road_columns import is_steady
from scenegen.sample.screen import Measure, Rows, Screen
from scenegen.sample.spatial import LaidScene
from scenegen.sample.verdicts import Verdicts
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column
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


class Sieve:
    """What draws of one scenario pass through: constraints on values, then on places."""

    def __init__(self, logical: LogicalScenario) -> None:
        self.logical = logical
        plain = [c for c in logical.constraints if not c.spatial]
        self.values = Screen(plain)
        self.places = Screen([c for c in logical.constraints if c.spatial])

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
        """Place the bodies of some rows; returns what `lay_out` does, of these rows alone."""
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

    def place_by_chance(
        self, columns: Mapping[str, Column], rows: Rows, generator: np.random.Generator
    ) -> tuple[Layout, Verdicts]:
        """Place the bodies of some rows, with looks that a generator draws column by column."""
        return self.place(
            columns,
            rows,
            lambda some, counts: looks_of_many(self.logical, some, counts, generator, len(rows)),
        )
