"""What some draws of a scenario cover, in numbers and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scenegen.records.odd import CONDITIONS, conditions
from scenegen.sample.cells import axes_of
from scenegen.sample.conditions import light_of, weather_of
from scenegen.sample.coverage import (
    CELLS,
    MAX_COMBINATIONS,
    Combinations,
    Evenness,
    Histogram,
    cells_of,
    count_of,
    evenness,
    histogram,
)
from scenegen.sample.designs.boxes import space_of
from scenegen.sample.designs.plans import without_room
from scenegen.sample.designs.possible import possible_of
from scenegen.sample.designs.screening import Run
from scenegen.sample.placing import on_map
from scenegen.sample.values import Values
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column

STRENGTHS = (2, 3)
CONDITION_ROWS = 400
"""Draws whose conditions are worked out, at most."""
LISTED = 12


@dataclass(frozen=True)
class Survey:
    """What draws cover.

    Attributes
    ----------
    scenes : int
    histograms : tuple of Histogram
        By parameter that varies.
    combinations : tuple of Combinations
        Of two and of three parameters, where there are so many.
    impossible : tuple of str
        The smallest combinations in which no draw meets the constraints on values that always
        hold.
    soft_as_met : bool
        Whether soft ones count among these, as in designs of cells, each of which serves any scene.
    places_aside : bool
        Whether nobody has looked which combinations places rule out, as designs of cells do.
    no_room : tuple of str
        The smallest combinations that a design of cells leaves out because no bodies fit them.
    evenness : Evenness or None
    conditions : dict of str to dict of str to int
        Draws by condition of the operational design domain.
    odd : tuple of str
        The scenario's tags, which all draws share.
    """

    scenes: int
    histograms: tuple[Histogram, ...]
    combinations: tuple[Combinations, ...]
    impossible: tuple[str, ...]
    soft_as_met: bool
    places_aside: bool
    no_room: tuple[str, ...]
    evenness: Evenness | None
    conditions: dict[str, dict[str, int]]
    odd: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"coverage by {self.scenes:,} scenes"]
        lines += [
            f"  {found.t}-way: {found.share:.1%} ({found.hit:,} of {found.possible:,} possible "
            f"combinations of cells{', places aside' if self.places_aside else ''})"
            for found in self.combinations
        ]
        soft = ", soft ones counted as met" if self.soft_as_met else ""
        lines += _listed(f"  not possible under the constraints on values{soft}:", self.impossible)
        lines += _listed("  no bodies fit:", self.no_room)
        if self.evenness is not None:
            even = self.evenness
            lines.append(
                f"  centred L2 discrepancy in {even.dimension} dimensions: {even.discrepancy:.4g} "
                f"({even.of_chance:.4g} for as many independent draws)"
            )
        tags = ", ".join(f"{tag} {self.scenes:,}" for tag in self.odd)
        lines.append(f"  scenes by ODD tag: {tags or 'the scenario has none'}")
        lines.append("  scenes by condition of the ODD" + self._of_rows())
        for name, counts in self.conditions.items():
            told = ", ".join(f"{word} {n}" for word, n in counts.items() if n)
            missing = ", ".join(word for word, n in counts.items() if not n)
            lines.append(f"    {name}: {told}" + (f"  (never: {missing})" if missing else ""))
        if self.histograms:
            lines.append("  scenes by parameter, in cells that are equally probable, or of a value")
        return "\n".join([*lines, *(_bar(entry) for entry in self.histograms)])

    def _of_rows(self) -> str:
        return f" (of the first {CONDITION_ROWS})" if self.scenes > CONDITION_ROWS else ""


def _listed(heading: str, names: tuple[str, ...]) -> list[str]:
    """Return lines with the first of some names below a heading; none without names."""
    more = len(names) - LISTED
    lines = [heading, *(f"    {name}" for name in names[:LISTED])] if names else []
    return [*lines, f"    and {more:,} more"] if more > 0 else lines


def _bar(entry: Histogram) -> str:
    """Return one line with a bar for each cell."""
    ticks = " ▁▂▃▄▅▆▇█"
    top = max(entry.counts)
    bars = "".join(ticks[-(-8 * n // top)] if top else " " for n in entry.counts)
    ends = f"{entry.labels[0]} to {entry.labels[-1]}" if len(entry.labels) > 1 else entry.labels[0]
    ends = entry.span or ends
    if not entry.empty:
        return f"    {entry.name:<32} |{bars}| {ends}"
    count, shown = len(entry.empty), ", ".join(entry.empty[:LISTED])
    more = f", and {count - LISTED} more" if count > LISTED else ""
    return (
        f"    {entry.name:<32} |{bars}| {ends}; {count} of {len(entry.labels)} empty: {shown}{more}"
    )


def survey(logical: LogicalScenario, seed: int, columns: Mapping[str, Column]) -> Survey:
    """Say what draws cover.

    Parameters
    ----------
    logical : LogicalScenario
        Whose design says which parameters are combined, and into how many cells they are cut.
    seed : int
        Of the points that tell what is possible.
    columns : mapping of str to ndarray, shape (n,)
        Every parameter of the draws, n of them above 0.
    """
    every = axes_of(logical.parameters, CELLS)
    n = len(next(iter(columns.values()), np.zeros(1)))
    run = Run(logical.digest, seed, logical)
    combinations, impossible, no_room = _combinations(run, columns)
    soft = any(c.probability < 1.0 and not c.spatial for c in logical.constraints)
    return Survey(
        scenes=n,
        histograms=tuple(histogram(axis, columns) for axis in every),
        combinations=combinations,
        impossible=impossible,
        places_aside=not logical.design.planned or on_map(logical),
        soft_as_met=soft and logical.design.planned,
        no_room=no_room,
        evenness=evenness(every, columns),
        conditions=conditions_of(logical, columns, n),
        odd=logical.odd,
    )


def _combinations(
    run: Run, columns: Mapping[str, Column]
) -> tuple[tuple[Combinations, ...], tuple[str, ...], tuple[str, ...]]:
    """Count the possible combinations that occur, as far as there are not too many.

    Returns
    -------
    tuple of Combinations
    tuple of str, tuple of str
        What constraints on values rule out, and what places do.
    """
    found: list[Combinations] = []
    impossible: tuple[str, ...] = ()
    no_room = without_room(run)
    for t in STRENGTHS:
        levels = space_of(run).levels
        if len(levels) < t or count_of(levels, t) > MAX_COMBINATIONS:
            continue
        possible = possible_of(run, t)
        hit, total = possible.count(cells_of(possible.space.axes, columns), t, no_room)
        found.append(Combinations(t, hit, total))
        impossible = possible.names
    return tuple(found), impossible, tuple(sorted(map(space_of(run).named, no_room)))


def conditions_of(
    logical: LogicalScenario, columns: Mapping[str, Column], n: int
) -> dict[str, dict[str, int]]:
    """Count draws by condition of the operational design domain; of many, the first ones."""
    counts = {name: Counter[str]() for name in CONDITIONS}
    for row in range(min(n, CONDITION_ROWS)):
        values = Values({name: column[row : row + 1] for name, column in columns.items()})
        found = conditions(weather_of(logical, values), light_of(logical, values))
        for name, word in found.items():
            counts[name][word] += 1
    return {name: {word: counts[name][word] for word in CONDITIONS[name]} for name in CONDITIONS}
