"""From what a user writes, such as ``{uniform: [30 km/h, 50 km/h]}``, to a distribution."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from scenegen.errors import nearest
from scenegen.scenario.continuous import (
    Beta,
    Exponential,
    LogUniform,
    Normal,
    TruncatedNormal,
    Uniform,
)
from scenegen.scenario.distributions import Categorical, Discrete, Distribution, Fixed, Proposal
from scenegen.scenario.units import NUMBER, Quantity, parse_quantity

MAX_CATEGORIES = 1000


class DistributionError(ValueError):
    """A distribution can't be read; `path` leads to the value that is wrong."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


def is_distribution(raw: Any) -> bool:
    """Say whether a value is meant as a distribution rather than as a number or a text."""
    return isinstance(raw, dict)


def parse_distribution(raw: dict[str, Any]) -> Distribution:
    """Read a distribution, with its ``nominal`` if it has one.

    Raises
    ------
    DistributionError
    """
    kinds = [key for key in raw if key != "nominal"]
    if len(kinds) != 1:
        raise DistributionError(
            f"a distribution has one kind{nearest('', DISTRIBUTIONS)} and perhaps 'nominal'"
        )
    kind = kinds[0]
    if kind not in DISTRIBUTIONS:
        raise DistributionError(
            f"unknown distribution {kind!r}{nearest(kind, DISTRIBUTIONS)}", kind
        )
    sampling = DISTRIBUTIONS[kind](kind, raw[kind])
    if "nominal" not in raw:
        return sampling
    if not isinstance(raw["nominal"], dict) or "nominal" in raw["nominal"]:
        raise DistributionError("'nominal' is a distribution without a nominal one", "nominal")
    try:
        nominal = parse_distribution(raw["nominal"])
    except DistributionError as error:
        raise DistributionError(str(error), "nominal", *error.path) from error
    if nominal.type != sampling.type:
        raise DistributionError(
            f"'nominal' is {nominal.type} but what is drawn is {sampling.type}", "nominal"
        )
    if (nominal.kind in _POINTS) != (sampling.kind in _POINTS):
        raise DistributionError(
            "a distribution with a density needs a nominal one with a density", "nominal"
        )
    return Proposal(sampling, nominal)


_POINTS = ("fixed", "discrete", "categorical")


def _quantities(kind: str, raw: Any, names: tuple[str, ...], optional: int = 0) -> list[Quantity]:
    """Read named or listed quantities; the last `optional` ones may be absent."""
    required = names[: len(names) - optional]
    if isinstance(raw, list):
        if not len(required) <= len(raw) <= len(names):
            raise DistributionError(f"{kind} takes [{', '.join(names)}]", kind)
        entries: dict[str | int, Any] = dict(enumerate(raw))
    elif isinstance(raw, dict):
        for key in raw:
            if key not in names:
                raise DistributionError(f"unknown key {key!r}{nearest(key, names)}", kind, key)
        missing = [name for name in required if name not in raw]
        if missing:
            raise DistributionError(f"{kind} needs {missing[0]!r}", kind)
        entries = {name: raw[name] for name in names if name in raw}
        if list(entries) != list(names[: len(entries)]):
            raise DistributionError(f"{kind} takes {', '.join(names)}", kind)
    else:
        raise DistributionError(f"{kind} takes [{', '.join(names)}]", kind)
    return [_quantity(value, kind, key) for key, value in entries.items()]


def _quantity(raw: Any, *path: str | int) -> Quantity:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise DistributionError("needs a number with a unit, such as '50 km/h'", *path)
    try:
        return parse_quantity(raw) if isinstance(raw, str) else Quantity(float(raw))
    except ValueError as error:
        raise DistributionError(str(error), *path) from error


def _alike(kind: str, quantities: list[Quantity]) -> None:
    for quantity in quantities[1:]:
        if quantity.dimension != quantities[0].dimension:
            raise DistributionError(
                f"{kind} mixes {quantities[0].dimension} and {quantity.dimension}", kind
            )


def _range(kind: str, low: float, high: float) -> None:
    if low == high:
        raise DistributionError(f"the range of {kind} is empty; write the value by itself", kind)
    if low > high:
        raise DistributionError(f"the range of {kind} is reversed; write the lower end first", kind)
    if not math.isfinite(high - low):
        raise DistributionError(f"the range of {kind} is too wide", kind)


def _positive(kind: str, name: str, value: float) -> None:
    if not value > 0:
        raise DistributionError(f"{name!r} of {kind} is greater than 0", kind)


def _fixed(kind: str, raw: Any) -> Distribution:
    quantity = _quantity(raw, kind)
    return Fixed(quantity.dimension, quantity.value)


def _uniform(kind: str, raw: Any) -> Distribution:
    low, high = both = _quantities(kind, raw, ("low", "high"))
    _alike(kind, both)
    _range(kind, low.value, high.value)
    return Uniform(low.dimension, low.value, high.value)


def _log_uniform(kind: str, raw: Any) -> Distribution:
    low, high = both = _quantities(kind, raw, ("low", "high"))
    _alike(kind, both)
    _positive(kind, "low", low.value)
    _range(kind, low.value, high.value)
    return LogUniform(low.dimension, low.value, high.value)


def _normal(kind: str, raw: Any) -> Distribution:
    mean, sd = both = _quantities(kind, raw, ("mean", "sd"))
    _alike(kind, both)
    _positive(kind, "sd", sd.value)
    return Normal(mean.dimension, mean.value, sd.value)


def _truncated_normal(kind: str, raw: Any) -> Distribution:
    mean, sd, low, high = every = _quantities(kind, raw, ("mean", "sd", "low", "high"))
    _alike(kind, every)
    _positive(kind, "sd", sd.value)
    _range(kind, low.value, high.value)
    result = TruncatedNormal(mean.dimension, mean.value, sd.value, low.value, high.value)
    if not result.log_mass > -700:
        raise DistributionError(f"{kind} has no mass in its range; move 'mean' towards it", kind)
    return result


def _beta(kind: str, raw: Any) -> Distribution:
    a, b, *ends = _quantities(kind, raw, ("a", "b", "low", "high"), optional=2)
    for name, shape in (("a", a), ("b", b)):
        if shape.dimension != NUMBER:
            raise DistributionError(f"{name!r} of {kind} is a plain number", kind)
        _positive(kind, name, shape.value)
    if len(ends) == 1:
        raise DistributionError(f"{kind} takes both of low and high, or neither", kind)
    low, high = ends or (Quantity(0.0), Quantity(1.0))
    _alike(kind, [low, high])
    _range(kind, low.value, high.value)
    return Beta(low.dimension, a.value, b.value, low.value, high.value)


def _exponential(kind: str, raw: Any) -> Distribution:
    mean, *low = every = _quantities(kind, raw, ("mean", "low"), optional=1)
    _alike(kind, every)
    _positive(kind, "mean", mean.value)
    return Exponential(mean.dimension, mean.value, low[0].value if low else 0.0)


def _weighted(kind: str, raw: Any) -> tuple[list[Any], tuple[float, ...]]:
    """Read ``[a, b]`` or ``{a: weight, b: weight}`` into values and probabilities."""
    if isinstance(raw, list):
        values, weights = list(raw), [1.0] * len(raw)
    elif isinstance(raw, dict):
        values, weights = list(raw), []
        for key, raw_weight in raw.items():
            weight = _quantity(raw_weight, kind, key)
            if weight.dimension != NUMBER or weight.value < 0:
                raise DistributionError("a weight is a plain number from 0", kind, key)
            weights.append(weight.value)
    else:
        raise DistributionError(f"{kind} takes a list, or values with weights", kind)
    if not 1 <= len(values) <= MAX_CATEGORIES:
        raise DistributionError(f"{kind} takes 1 to {MAX_CATEGORIES} values", kind)
    total = math.fsum(weights)
    if not 0 < total < math.inf:
        raise DistributionError(f"the weights of {kind} add up to more than 0", kind)
    return values, tuple(weight / total for weight in weights)


def _discrete(kind: str, raw: Any) -> Distribution:
    values, probabilities = _weighted(kind, raw)
    numbers = []
    for index, value in enumerate(values):
        quantity = _quantity(value, kind, index if isinstance(raw, list) else value)
        if quantity.dimension != NUMBER or not quantity.value.is_integer():
            raise DistributionError(f"{kind} takes whole numbers, not {value!r}", kind)
        numbers.append(int(quantity.value))
    if len(set(numbers)) < len(numbers):
        raise DistributionError(f"{kind} names a value twice; give it a weight instead", kind)
    return Discrete(tuple(numbers), probabilities)


def _categorical(kind: str, raw: Any) -> Distribution:
    values, probabilities = _weighted(kind, raw)
    for index, value in enumerate(values):
        if not isinstance(value, str) or not value or len(value) > 200:
            raise DistributionError(f"{kind} takes texts, not {value!r}", kind, index)
    if len(set(values)) < len(values):
        raise DistributionError(f"{kind} names a value twice; give it a weight instead", kind)
    return Categorical(tuple(values), probabilities)


DISTRIBUTIONS: dict[str, Callable[[str, Any], Distribution]] = {
    "fixed": _fixed,
    "uniform": _uniform,
    "log_uniform": _log_uniform,
    "normal": _normal,
    "truncated_normal": _truncated_normal,
    "beta": _beta,
    "exponential": _exponential,
    "discrete": _discrete,
    "categorical": _categorical,
}
"""Every kind of distribution and how it is read."""
