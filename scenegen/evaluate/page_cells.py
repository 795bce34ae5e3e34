"""Cells of the page's tables as text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scenegen.evaluate.axes import label
from scenegen.evaluate.results import Table


@dataclass(frozen=True)
class Column:
    """How the cells of a table's column are written: words to the left, shares with one step."""

    words: bool
    step: float | None

    def text(self, value: float | str | None) -> str:
        """Return a cell as a reader wants it."""
        if self.step is not None and isinstance(value, float):
            return label(value, self.step)
        return shown(value)


def columns_of(table: Table) -> list[Column]:
    """Return how each column is written.

    Numbers within [-1, 1] are mostly shares: they get the three digits that the largest
    has, so that they line up. Others may be of many units, and keep their own digits.
    """
    columns = []
    for i in range(len(table.columns)):
        cells = [row[i] for row in table.rows]
        sizes = [abs(cell) for cell in cells if isinstance(cell, float)]
        largest = max(sizes, default=0.0)
        step = 10.0 ** (math.floor(math.log10(largest)) - 2) if 1e-6 < largest <= 1 else None
        columns.append(Column(any(isinstance(cell, str) for cell in cells), step))
    return columns


def shown(value: float | str | None) -> str:
    """Return a cell as a reader wants it; a dash for what is not defined."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    return label(value)
