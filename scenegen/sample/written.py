"""Values of parameters as people write them."""

from __future__ import annotations

from scenegen.sample.cells import unit_of
from scenegen.scenario import LogicalScenario


def written(logical: LogicalScenario, name: str, value: float | str) -> str:
    """Return a parameter's value, which is in SI units, with the unit that people use for it."""
    if isinstance(value, str):
        return value
    drawn = logical.parameters.get(name)
    size, unit = (1.0, "") if drawn is None else unit_of(drawn)
    shown = value / size
    digits = f"{shown:.0f}" if 1e3 <= abs(shown) < 1e6 else f"{shown:.3g}"
    return f"{digits} {unit}".rstrip()
