"""Lays out all bodies of many draws and says what is wrong with each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from scenegen.errors import ScenarioError
from scenegen.sample.collide import note_overlaps
from scenegen.sample.columns import ColumnValues
from scenegen.sample.laid import Laid
from scenegen.sample.lay_carried import lay_carried
from scenegen.sample.lay_flank import lay_flank
from scenegen.sample.lay_regions import lay_in_region
from scenegen.sample.lay_rows import MAX_ROW, lay_row
from scenegen.sample.layout import Layout
from scenegen.sample.looks import Counts, Looks
from scenegen.sample.verdicts import Verdicts, always
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column

MAX_ACTORS = 200


def lay_out(
    logical: LogicalScenario,
    columns: Mapping[str, Column],
    n: int,
    looks_of: Callable[[Mapping[str, Counts]], Looks],
) -> tuple[Layout, Verdicts]:
    """Lay out n draws at once.

    Each row comes out the same, to the last bit, whatever other rows there are.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n,)
        Every parameter, drawn or derived.
    looks_of : callable
        Draws the looks of bodies once it is known how many there are.

    Returns
    -------
    layout : Layout
    verdicts : Verdicts
        Draws whose bodies overlap, are beyond a road's end or in no place at all, and those
        in which a value of the scenario makes no sense.
    """
    verdicts = Verdicts(n)
    values = ColumnValues(columns, n, verdicts)
    counts = _counts(logical, values)
    total = sum(counts.values(), np.zeros(n, dtype=np.int64))
    crowded = ScenarioError(
        f"a scene has at most {MAX_ACTORS} actors", list(logical.actors.values())[-1].asset.place
    )
    verdicts.note(total > MAX_ACTORS, always(crowded))
    laid = Laid(logical, values, counts, looks_of(counts))
    for name, entry in logical.actors.items():
        if entry.place.attached_to is not None:
            lay_carried(laid, name, entry)
        elif entry.place.on is not None:
            lay_in_region(laid, name, entry)
        elif entry.place.flank is not None:
            lay_flank(laid, name, entry)
        else:
            lay_row(laid, name, entry)
    layout = laid.finished()
    note_overlaps(layout, verdicts)
    return layout, verdicts


def counts_of(logical: LogicalScenario, columns: Mapping[str, Column], n: int) -> dict[str, Counts]:
    """Return how many bodies (n,) each actor has in n draws, as `lay_out` does."""
    return _counts(logical, ColumnValues(columns, n, Verdicts(n)))


def _counts(logical: LogicalScenario, values: ColumnValues) -> dict[str, Counts]:
    return {name: _count(name, logical, values) for name in logical.actors}


def _count(name: str, logical: LogicalScenario, values: ColumnValues) -> npt.NDArray[np.int64]:
    """Return how many bodies (n,) an actor has."""
    entry = logical.actors[name]
    count = values.number(entry.count, 1.0)
    place = (entry.count or entry.asset).place
    if name == "ego":
        error = ScenarioError("there is one ego: leave out 'count'", entry.asset.place)
        values.verdicts.note(count != 1, always(error))
    wrong = (count < 0) | (count > MAX_ROW)
    values.verdicts.note(
        wrong,
        lambda row: ScenarioError(
            f"{name}: a row has 0 to {MAX_ROW} bodies, not {count[row]:g}", place
        ),
    )
    return np.where(wrong, 0.0, count).astype(np.int64)
