"""One draw's values: fields of the logical scenario as plain numbers, texts and flags."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from scenegen.errors import ScenarioError, nearest
from scenegen.records.base import Vec3
from scenegen.sample.ranges import allowed, shown
from scenegen.scenario.syntax import Column, evaluate
from scenegen.scenario.values import Value

R = TypeVar("R", bound=BaseModel)


class Values:
    """Evaluates fields for one draw.

    Parameters
    ----------
    row : mapping of str to ndarray, shape (1,)
        The value of every parameter, drawn or derived.
    """

    def __init__(self, row: Mapping[str, Column]) -> None:
        self.row = row

    def _scalar(self, value: Value) -> Any:
        return np.asarray(evaluate(value.expression, self.row)).reshape(-1)[0]

    def number(self, value: Value | None, default: float = 0.0) -> float:
        """Return a number in SI units.

        Raises
        ------
        ScenarioError
            The expression is not finite, or not whole where it has to be.
        """
        if value is None:
            return default
        number = float(self._scalar(value))
        if not math.isfinite(number):
            raise ScenarioError(f"{value.name!r} comes to {number}, no finite number", value.place)
        if value.expects.integer and not number.is_integer():
            raise ScenarioError(f"{value.name!r} comes to {number:g}, no whole number", value.place)
        return number

    def count(self, value: Value | None, default: int = 0) -> int:
        """Return a whole number."""
        return int(self.number(value, default))

    def flag(self, value: Value | None, default: bool) -> bool:
        """Return a truth value."""
        return default if value is None else bool(self._scalar(value))

    def text(self, value: Value | None, default: str = "") -> str:
        """Return a text, which is one of the field's choices if it has any."""
        if value is None:
            return default
        text = str(self._scalar(value))
        if value.expects.choices and text not in value.expects.choices:
            hint = nearest(text, value.expects.choices)
            raise ScenarioError(f"{value.name!r} can't be {text!r}{hint}", value.place)
        return text

    def vector(self, values: tuple[Value, Value, Value] | None) -> Vec3:
        """Return three numbers, zeros if not given."""
        if values is None:
            return (0.0, 0.0, 0.0)
        x, y, z = (self.number(value) for value in values)
        return (x, y, z)

    def any(self, value: Value) -> float | int | str | bool:
        """Return a field's value in the type that a record's field takes."""
        kind = np.asarray(evaluate(value.expression, self.row)).dtype.kind
        if kind == "U":
            return self.text(value)
        if kind == "b":
            return self.flag(value, False)
        return self.count(value) if value.expects.integer else self.number(value)

    def record(
        self,
        kind: type[R],
        fields: Mapping[str, Value | None],
        scale: Mapping[str, float] | None = None,
        **others: Any,
    ) -> R:
        """Build a record from fields, leaving absent ones at the record's defaults.

        Parameters
        ----------
        kind : type
        fields : mapping
            From the record's names to fields of the YAML.
        scale : mapping
            Factors from SI units to the record's, where those differ.
        **others
            Further values of the record.

        Raises
        ------
        ScenarioError
            A value is outside the range that the record allows.
        """
        given = {name: value for name, value in fields.items() if value is not None}
        plain = {name: self.any(value) for name, value in given.items()}
        for name, factor in (scale or {}).items():
            if name in plain:
                plain[name] = float(plain[name]) * factor
        try:
            return kind(**plain, **others)
        except ValidationError as error:
            details = error.errors()[0]
            culprit = given.get(str(details["loc"][0]) if details["loc"] else "")
            if culprit is None:
                whole = next(iter(given.values()), None)
                if whole is None or details["loc"]:
                    raise
                raise ScenarioError(
                    details["msg"].removeprefix("Value error, "), whole.place
                ) from error
            name = str(details["loc"][0])
            number, expects = plain[name], culprit.expects
            bounds = allowed(kind, name, expects) or details["msg"].removeprefix("Input should be ")
            told = shown(number, expects) if isinstance(number, float | int) else repr(number)
            raise ScenarioError(
                f"{culprit.name!r} comes to {told} and should be {bounds}", culprit.place
            ) from error
