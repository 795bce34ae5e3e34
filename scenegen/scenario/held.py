"""The ``held`` section: one draw of a scenario, with the streams that it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scenegen.errors import nearest
from scenegen.scenario.arguments import DistributionError, read_quantity
from scenegen.scenario.choices import Held
from scenegen.scenario.designs import RANDOM
from scenegen.scenario.distributions import Distribution, Fixed
from scenegen.scenario.disturbances import read_held_values
from scenegen.scenario.document import HeldEntry
from scenegen.scenario.logical import LogicalScenario
from scenegen.scenario.problems import Problems
from scenegen.scenario.syntax import TEXT
from scenegen.scenario.units import UNITS, Dimension, parse_quantity


def hold(
    logical: LogicalScenario,
    values: Mapping[str, float | str],
    streams: str,
    disturbances: Mapping[str, tuple[float, ...]] | None = None,
) -> LogicalScenario:
    """Return a scenario whose draws have these values, from streams of that name.

    Parameters
    ----------
    values : mapping
        By name of the parameter, in SI units; others are drawn as ever.
    streams : str
        64 hex digits, in place of the scenario's digest.
    disturbances : mapping, optional
        Values of disturbances by name, in SI units; others are drawn as ever.
    """
    fixed: dict[str, Distribution] = {}
    for name, value in values.items():
        drawn = logical.parameters[name]
        if isinstance(value, str):
            fixed[name] = Held(drawn.of if isinstance(drawn, Held) else drawn, value)
        else:
            assert isinstance(drawn.type, Dimension)
            fixed[name] = Fixed(drawn.type, float(value))
    steps = {
        name: replace(logical.disturbances[name], held=told)
        for name, told in (disturbances or {}).items()
    }
    return replace(
        logical,
        disturbances=logical.disturbances | steps,
        parameters=logical.parameters | fixed,
        correlations=(),
        design=RANDOM,
        streams=streams,
    )


def read_held(entry: HeldEntry, logical: LogicalScenario, problems: Problems) -> LogicalScenario:
    """Return a scenario with what its ``held`` section says."""
    values: dict[str, float | str] = {}
    for name, raw in entry.values.items():
        path = ("held", "values", name)
        drawn = logical.parameters.get(name)
        if drawn is None:
            known = nearest(name, logical.parameters)
            problems.add(path, f"{logical.name} draws no parameter {name!r}{known}")
        elif drawn.type is TEXT:
            if raw in drawn.texts:
                values[name] = raw
            else:
                problems.add(path, f"{name!r} can't be {raw!r}{nearest(str(raw), drawn.texts)}")
        else:
            assert isinstance(drawn.type, Dimension)
            try:
                quantity = read_quantity(raw)
            except DistributionError as error:
                problems.add(path, str(error))
                continue
            exact = isinstance(raw, int | float) and not _unit(drawn.type)
            if quantity.dimension != drawn.type and not exact:
                example = drawn.type.example
                told = f"{name!r} is {drawn.type} such as {example}, not {quantity.dimension}"
                problems.add(path, told)
            values[name] = quantity.value
    steps = read_held_values(entry.disturbances, logical.disturbances, problems)
    return hold(logical, values, entry.streams, steps)


def exactly(drawn: Distribution, value: float | str) -> float | str:
    """Return how a value is written so that it is read back to the last bit."""
    if isinstance(value, str) or not isinstance(drawn.type, Dimension):
        return value
    unit = _unit(drawn.type)
    return f"{float(value)!r} {unit}" if unit else float(value)


def _unit(dimension: Dimension) -> str:
    """Return the unit that is 1 in SI; empty for plain numbers, and for what has none."""
    for unit in UNITS:
        one = parse_quantity(f"1 {unit}")
        if one.dimension == dimension and one.value == 1.0:
            return unit
    return ""
