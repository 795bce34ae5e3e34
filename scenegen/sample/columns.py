"""Fields of the logical scenario as columns of many draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.errors import ScenarioError, nearest
from scenegen.records.base import F64
from scenegen.roads import distinct
from scenegen.sample.values import Values
from scenegen.sample.verdicts import Mask, Verdicts, always
from scenegen.scenario.syntax import Column, evaluate
from scenegen.scenario.values import Value

Texts = npt.NDArray[np.str_]


class ColumnValues:
    """Evaluates fields for n draws at once; what `Values` does for one of them.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n,)
        Every parameter, drawn or derived.
    verdicts : Verdicts
        Takes note of values that make no sense.
    """

    def __init__(self, columns: Mapping[str, Column], n: int, verdicts: Verdicts) -> None:
        self.columns = columns
        self.n = n
        self.verdicts = verdicts

    def row(self, index: int) -> Values:
        """Return the values of one draw."""
        return Values({name: column[index : index + 1] for name, column in self.columns.items()})

    def _column(self, value: Value) -> npt.NDArray[Any]:
        return np.broadcast_to(evaluate(value.expression, self.columns), (self.n,))

    def number(self, value: Value | None, default: float = 0.0, rows: Mask | None = None) -> F64:
        """Return a column in SI units.

        A draw among `rows` for which it is not finite, or not whole where it has to be, is at
        fault; it gets the default.
        """
        if value is None:
            return np.full(self.n, default)
        column = self._column(value).astype(np.float64)
        wrong = ~np.isfinite(column)
        if value.expects.integer:
            with np.errstate(invalid="ignore"):
                wrong |= column != np.floor(column)
        if wrong.any():
            asked = wrong if rows is None else wrong & rows
            self.verdicts.note(asked, lambda row: _error_of(self.row(row), value))
            column[wrong] = default
        return column

    def flag(self, value: Value | None, default: bool) -> Mask:
        """Return a column of truth values."""
        if value is None:
            return np.full(self.n, default)
        return self._column(value).astype(bool)

    def text(self, value: Value | None, default: str = "", rows: Mask | None = None) -> Texts:
        """Return a column of texts, each one of the field's choices if it has any."""
        if value is None:
            return np.full(self.n, default)
        column = self._column(value)
        for text in distinct(column) if value.expects.choices else ():
            if text not in value.expects.choices:
                asked = column == text
                hint = nearest(text, value.expects.choices)
                error = ScenarioError(f"{value.name!r} can't be {text!r}{hint}", value.place)
                self.verdicts.note(asked if rows is None else asked & rows, always(error))
        return np.asarray(column)


def _error_of(values: Values, value: Value) -> ScenarioError:
    """Return the error that evaluating a field for one draw ends with."""
    try:
        values.number(value)
    except ScenarioError as error:
        return error
    raise AssertionError(f"{value.name!r} is no fault")
