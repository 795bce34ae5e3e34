"""Values of parameters as people write them."""

from __future__ import annotations

from scenegen.sample.cells import SLOWEST_MPS, digits, unit_of, usual_unit
from scenegen.scenario import LogicalScenario


def written(logical: LogicalScenario, name: str, value: float | str) -> str:
    """Return a parameter's value, which is in SI units, with the unit that people use for it.

    The unit of one that is worked out from others follows from the type of its expression.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    drawn, derived = logical.parameters.get(name), logical.derived.get(name)
    size, unit = 1.0, ""
    if drawn is not None:
        size, unit = unit_of(drawn)
    elif derived is not None:
        size, unit = usual_unit(derived.type, abs(value) or SLOWEST_MPS)
    return f"{digits(value / size, 3)} {unit}".rstrip()
