"""How far monitors are from changing, as people read it: in their unit, and without exponents."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen.scenario.formulas import LOGICAL, TEMPORAL, conditions
from scenegen.scenario.syntax import BOOLEAN, Call, Node
from scenegen.scenario.units import ACCELERATION, SPEED, Dimension

UNITS = {SPEED: "m/s", ACCELERATION: "m/s^2"}
"""Of what has another symbol than people write."""
MOST = 1000.0
"""A margin beyond this says only that nothing is near: a time to collision of who hardly close."""
_IN_METRES = frozenset({"in_lane", "occluded", "visible_from"})


def symbol_of(kind: object) -> str:
    """Return the unit of numbers of a type; "" of what has none."""
    return UNITS.get(kind, kind.symbol) if isinstance(kind, Dimension) else ""


def unit_of(formula: Node) -> str:
    """Return the unit of a formula's robustness; "" where its conditions have several, or none.

    Parameters
    ----------
    formula : Node
        Of a scenario: that of a scene knows no dimensions.
    """
    units = set(_units(formula))
    return units.pop() if len(units) == 1 else ""


def margin_told(value: float, unit: str = "") -> str:
    """Return a robustness such as ``-1.25 m``, ``>1000 s`` or, of what has no margin, ``inf``."""
    if np.isinf(value):
        return f"{value:g}"
    if abs(value) > MOST:
        return f"{'<-' if value < 0 else '>'}{MOST:.0f} {unit}".rstrip()
    digits = np.format_float_positional(value + 0.0, 3, fractional=False, trim="-")
    return f"{digits} {unit}".rstrip()


def _units(node: Node) -> Iterator[str]:
    """Yield the unit of each condition that a formula compares numbers or places by."""
    match node:
        case Call(operation=operation) if operation in TEMPORAL:
            for condition in conditions(node):
                yield from _units(condition)
        case Call(operation=operation) if operation in _IN_METRES:
            yield "m"
        case Call(operation=("<" | "<=" | ">" | ">=" | "==" | "!="), arguments=(a, b)):
            if isinstance(a.type, Dimension):
                yield symbol_of(a.type)
            elif a.type is BOOLEAN:
                yield from (*_units(a), *_units(b))
        case Call(operation=operation, arguments=inner) if operation in (*LOGICAL, "where"):
            for one in inner:
                yield from _units(one)
