"""What a record's fields allow, in the units that users write."""

from __future__ import annotations

import math
from typing import Any

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel

from scenegen.scenario.units import (
    ACCELERATION,
    ANGLE,
    ANGULAR_SPEED,
    FREQUENCY,
    LENGTH,
    MASS,
    SPEED,
    TIME,
    Dimension,
)
from scenegen.scenario.values import Expects

_UNITS: dict[Dimension, tuple[str, float]] = {
    LENGTH: ("m", 1.0),
    TIME: ("s", 1.0),
    SPEED: ("m/s", 1.0),
    ACCELERATION: ("m/s^2", 1.0),
    ANGLE: ("deg", 180.0 / math.pi),
    ANGULAR_SPEED: ("deg/s", 180.0 / math.pi),
    FREQUENCY: ("Hz", 1.0),
    MASS: ("kg", 1.0),
}
_WORDS = {Ge: ("at least", "ge"), Gt: ("above", "gt"), Le: ("at most", "le"), Lt: ("below", "lt")}


def shown(number: float, expects: Expects) -> str:
    """Return a number of a record as a user would write it.

    Parameters
    ----------
    number : float
        In SI units, or in those of the record where the field's example has another one.
    expects : Expects
    """
    unit, factor = "", 1.0
    if isinstance(expects.type, Dimension):
        unit, factor = _UNITS.get(expects.type, (unit, factor))
    if expects.example:
        unit = expects.example.split()[-1]
    return f"{round(number * factor, 3):g} {unit}".strip()


def allowed(kind: type[BaseModel], name: str, expects: Expects) -> str:
    """Return the range of a record's field, such as ``at least 50 m and at most 3000 m``.

    Empty if the field has no bounds.
    """
    bounds: list[Any] = [
        bound for bound in kind.model_fields[name].metadata if type(bound) in _WORDS
    ]
    parts = []
    for bound in bounds:
        word, key = _WORDS[type(bound)]
        parts.append(f"{word} {shown(float(getattr(bound, key)), expects)}")
    return " and ".join(parts)
