"""Reads distributions that follow from a few quantities, such as ``{uniform: [1 m, 3 m]}``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scenegen.scenario.arguments import (
    DistributionError,
    Reading,
    dimension_of,
    read_arguments,
)
from scenegen.scenario.continuous import FAMILIES, TruncatedNormal
from scenegen.scenario.dependent import Dependent
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import BOOLEAN, Call, Constant, Node
from scenegen.scenario.units import NUMBER, Dimension


@dataclass(frozen=True)
class Signature:
    """What a family takes.

    Attributes
    ----------
    names : tuple of str
        Its arguments in order, the last `optional` of which may be absent.
    plain : tuple of str
        Those that are plain numbers, whatever is drawn.
    positive : tuple of str
        Those that are greater than 0.
    """

    names: tuple[str, ...]
    optional: int = 0
    plain: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()


SIGNATURES = {
    "uniform": Signature(("low", "high")),
    "log_uniform": Signature(("low", "high"), positive=("low",)),
    "normal": Signature(("mean", "sd"), positive=("sd",)),
    "truncated_normal": Signature(("mean", "sd", "low", "high"), positive=("sd",)),
    "beta": Signature(("a", "b", "low", "high"), 2, plain=("a", "b"), positive=("a", "b")),
    "exponential": Signature(("mean", "low"), 1, positive=("mean",)),
}


def read_family(kind: str, raw: Any, reading: Reading) -> Distribution:
    """Read a distribution of a family; one with expressions in it depends on their parameters."""
    signature = SIGNATURES[kind]
    nodes = read_arguments(kind, raw, signature.names, reading, signature.optional)
    for name in signature.plain:
        if nodes[name].type != NUMBER:
            raise DistributionError(f"{name!r} of {kind} is a plain number", kind)
    if kind == "beta":
        if len(nodes) == 3:
            raise DistributionError(f"{kind} takes both of low and high, or neither", kind)
        nodes = {"low": Constant(0.0, NUMBER), "high": Constant(1.0, NUMBER), **nodes}
    drawn = {name: node for name, node in nodes.items() if name not in signature.plain}
    dimension = dimension_of(kind, drawn)
    if kind == "exponential":
        nodes.setdefault("low", Constant(0.0, dimension))
    values = {name: node.value for name, node in nodes.items() if isinstance(node, Constant)}
    numbers = {name: float(value) for name, value in values.items()}
    _check(kind, signature, numbers)
    if len(numbers) == len(nodes):
        return _settled(kind, dimension, numbers)
    for told, node in _guards(signature, nodes):
        reading.require(f"{kind} of {reading.name!r} has {told}", node)
    return Dependent(kind, dimension, tuple(sorted(nodes.items())))


def _settled(kind: str, dimension: Dimension, numbers: dict[str, float]) -> Distribution:
    made = FAMILIES[kind](dimension, **numbers)
    if isinstance(made, TruncatedNormal) and not made.log_mass > -700:
        raise DistributionError(f"{kind} has no mass in its range; move 'mean' towards it", kind)
    return made


def _check(kind: str, signature: Signature, numbers: dict[str, float]) -> None:
    """Refuse numbers that make no sense; what follows from expressions is left to guards."""
    for name in signature.positive:
        if name in numbers and not numbers[name] > 0:
            raise DistributionError(f"{name!r} of {kind} has to be greater than 0", kind)
    if "low" in numbers and "high" in numbers:
        check_range(kind, numbers["low"], numbers["high"])


def check_range(kind: str, low: float, high: float, *path: str | int) -> None:
    """Refuse a range that is empty, reversed, or wider than numbers go."""
    path = path or (kind,)
    if low == high:
        raise DistributionError(f"the range of {kind} is empty; write the value by itself", *path)
    if low > high:
        raise DistributionError(
            f"the range of {kind} is reversed; write the lower end first", *path
        )
    if math.isfinite(low) and math.isfinite(high) and not math.isfinite(high - low):
        raise DistributionError(f"the range of {kind} is too wide", *path)


def _guards(signature: Signature, nodes: dict[str, Node]) -> Iterator[tuple[str, Node]]:
    """Yield what has to hold of arguments that are only known draw by draw."""
    zero = {key: Constant(0.0, nodes[key].type) for key in signature.positive}
    pairs: list[tuple[str, Node, Node]]
    pairs = [(f"{key!r} above 0", zero[key], nodes[key]) for key in signature.positive]
    if "low" in nodes and "high" in nodes:
        pairs.append(("'low' below 'high'", nodes["low"], nodes["high"]))
    for told, less, more in pairs:
        if not (isinstance(less, Constant) and isinstance(more, Constant)):
            yield told, Call("<", (less, more), BOOLEAN)
