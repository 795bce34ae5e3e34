"""Values of an earlier draw, or of the author, in place of drawn ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from scenegen.errors import InputError, nearest
from scenegen.sample.designs.sequences import BLOCKS
from scenegen.scenario import LogicalScenario, hold
from scenegen.scenario.choices import Categorical
from scenegen.scenario.designs import RANDOM
from scenegen.scenario.distributions import LEAST_UNIT, Distribution, Fixed
from scenegen.scenario.syntax import TEXT, Constant, Type
from scenegen.scenario.units import Dimension, parse_quantity

GREATEST_UNIT = 1.0 - 2.0**-53


@dataclass(frozen=True)
class Kept:
    """A scenario whose parameters have the values of an earlier draw, as far as it has them.

    Attributes
    ----------
    logical : LogicalScenario
        Its draws come from the random streams of the earlier one, so that looks and scenery
        are alike as well.
    anew : tuple of str
        Parameters that the earlier draw doesn't have, or whose texts are others now.
    moved : tuple of str
        Those whose range no longer holds the earlier value: they take the nearest that it does.
    """

    logical: LogicalScenario
    anew: tuple[str, ...]
    moved: tuple[str, ...]


def keeping(
    logical: LogicalScenario, values: Mapping[str, float | str | bool], streams: str
) -> Kept:
    """Return a scenario that draws what an earlier draw of it, before it was edited, had.

    Parameters
    ----------
    values : mapping
        By name of the parameter, in SI units; what is worked out from others is worked out again.
    streams : str
        Digest of the scenario as it was.
    """
    held: dict[str, float | str] = {}
    moved = []
    for name, drawn in logical.parameters.items():
        value = values.get(name)
        if drawn.type is TEXT and isinstance(value, str) and value in drawn.texts:
            held[name] = value
        elif isinstance(drawn.type, Dimension) and isinstance(value, int | float):
            number = _within(drawn, float(value))
            held[name] = number
            moved += [name] if number != value else []
    return Kept(
        hold(logical, held, streams),
        tuple(name for name in logical.parameters if name not in held),
        tuple(moved),
    )


def _within(drawn: Distribution, value: float) -> float:
    """Return a value, or the nearest that a distribution draws that depends on no other."""
    if drawn.references:
        return value
    x = np.array([value])
    with np.errstate(all="ignore"):
        if np.isfinite(drawn.log_density(x)[0]) or drawn.mass(x)[0] > 0.0:
            return value
        u = np.clip(drawn.cdf(x), LEAST_UNIT, GREATEST_UNIT)
    return float(drawn.quantile(u)[0])


def setting(logical: LogicalScenario, text: str) -> LogicalScenario:
    """Return a scenario with some parameters set, such as ``speed:60 km/h,gap:20 m``.

    A value may lie outside of what would be drawn. Draws come from the streams of the scenario
    as it is, so other parameters keep their values where constraints take the same candidate.
    Designs of cells, strata and importance are left out: they are about the space that was.

    Raises
    ------
    InputError
        There is no such parameter, or the value has another unit.
    """
    parameters, derived = dict(logical.parameters), dict(logical.derived)
    for part in filter(None, (word.strip() for word in text.split(","))):
        name, colon, written = (word.strip() for word in part.partition(":"))
        if not colon or not written:
            raise InputError(f"set={text!r}: {part!r} is written NAME:VALUE, such as gap:20 m")
        if name in parameters:
            parameters[name] = _fixed(parameters[name].type, written, part)
        elif name in derived:
            made = _fixed(derived[name].type, written, part)
            derived[name] = Constant(made.quantile(np.array([0.5]))[0].item(), made.type)
        else:
            known = (*parameters, *derived)
            raise InputError(
                f"set={text!r}: {logical.name} has no parameter {name!r}{nearest(name, known)}"
            )
    if parameters == logical.parameters and derived == logical.derived:
        return logical
    return replace(
        logical,
        parameters=parameters,
        derived=derived,
        design=logical.design if logical.design.kind in BLOCKS else RANDOM,
        streams=logical.digest,
    )


def _fixed(of: Type, written: str, part: str) -> Distribution:
    if of is TEXT:
        return Categorical((written,), (1.0,))
    if not isinstance(of, Dimension):
        raise InputError(f"set={part!r}: {of} is worked out and can't be set")
    try:
        quantity = parse_quantity(written)
    except ValueError as error:
        raise InputError(f"set={part!r}: {error}") from error
    if quantity.dimension != of:
        raise InputError(f"set={part!r}: needs {of} such as {of.example}, not {quantity.dimension}")
    return Fixed(of, quantity.value)
