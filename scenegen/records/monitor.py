"""What a scene's run is held against: formulas of signal temporal logic, every value fixed."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue, PlainSerializer

from scenegen.records.base import Record


def _number(value: object) -> object:
    return float(value) if value in ("inf", "-inf") else value


def _text(value: float) -> float | str:
    return value if value - value == 0 else str(value)


Robustness = Annotated[
    float,
    Field(allow_inf_nan=True),
    BeforeValidator(_number),
    PlainSerializer(_text, when_used="json"),
]
"""How far a run is from breaking a formula: negative if it does. JSON has ``"inf"``, ``"-inf"``."""


class Monitor(Record):
    """A formula over a run.

    Attributes
    ----------
    text : str
        As the user wrote it.
    formula : JSON
        Its tree: numbers in SI units, ``[operation, argument, …]``, and
        ``{"actor": name, "ids": […]}`` for an actor, with all instance ids of a row, and
        ``{"sensor": name, "ids": […]}`` for what looks, with that of the ego.
    """

    text: str
    formula: JsonValue
