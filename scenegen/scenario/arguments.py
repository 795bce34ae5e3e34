"""Reads the arguments of distributions: quantities, expressions, weighted values."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from scenegen.errors import nearest
from scenegen.scenario.expressions import ExpressionError, parse_expression
from scenegen.scenario.syntax import BOOLEAN, Call, Constant, Node, Type
from scenegen.scenario.units import NUMBER, Dimension, Quantity, parse_quantity

MAX_CATEGORIES = 1000


class DistributionError(ValueError):
    """A distribution can't be read; `path` leads to the value that is wrong."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True)
class Guard:
    """A condition without which the arguments of a distribution make no sense."""

    text: str
    node: Node


@dataclass(frozen=True)
class Reading:
    """What a distribution is read with.

    Attributes
    ----------
    types : mapping of str to Type
        Parameters that its expressions may name.
    folder : pathlib.Path
        Where the paths of its files start.
    name : str
        The parameter, for messages.
    guards : list of Guard
        What has to hold of what is read; grows while reading.
    taken : Node or None
        The condition under which the part that is being read is drawn from.
    """

    types: Mapping[str, Type] = field(default_factory=dict)
    folder: FilePath = FilePath()
    name: str = "it"
    guards: list[Guard] = field(default_factory=list)
    taken: Node | None = None

    def where(self, taken: Node) -> Reading:
        """Return the reading of a part that is drawn from only where a condition holds."""
        both = Call("and", (self.taken, taken), BOOLEAN) if self.taken else taken
        return replace(self, taken=both)

    def require(self, text: str, node: Node) -> None:
        """Note what has to hold, wherever the part that is being read is drawn from."""
        if self.taken is not None:
            node = Call("or", (Call("not", (self.taken,), BOOLEAN), node), BOOLEAN)
        self.guards.append(Guard(text, node))


def read_arguments(
    kind: str, raw: Any, names: tuple[str, ...], reading: Reading, optional: int = 0
) -> dict[str, Node]:
    """Read named or listed arguments; the last `optional` ones may be absent."""
    required = names[: len(names) - optional]
    takes = f"{kind} takes [{', '.join(names)}]"
    if isinstance(raw, list):
        if not len(required) <= len(raw) <= len(names):
            raise DistributionError(takes, kind)
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
        raise DistributionError(takes, kind)
    nodes = [_argument(value, reading, kind, key) for key, value in entries.items()]
    return dict(zip(names, nodes, strict=False))


def _argument(raw: Any, reading: Reading, *path: str | int) -> Node:
    """Read a quantity, or an expression over other parameters."""
    try:
        quantity = read_quantity(raw, *path)
    except DistributionError as error:
        slip = str(error).startswith("unknown unit") and not re.search(r"[-+*/(]", raw)
        if slip or not isinstance(raw, str):
            raise
        return read_expression(raw, reading, *path)
    return Constant(quantity.value, quantity.dimension)


def read_expression(text: str, reading: Reading, *path: str | int) -> Node:
    """Read an expression over the parameters that are known."""
    try:
        return parse_expression(text, reading.types)
    except ExpressionError as error:
        raise DistributionError(str(error), *path) from error


def read_quantity(raw: Any, *path: str | int) -> Quantity:
    """Read a number with its unit."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise DistributionError("needs a number with a unit, such as '50 km/h'", *path)
    try:
        return parse_quantity(raw) if isinstance(raw, str) else Quantity(float(raw))
    except ValueError as error:
        raise DistributionError(str(error), *path) from error


def read_weight(raw: Any, *path: str | int) -> float:
    """Read a plain number from 0."""
    weight = read_quantity(raw, *path)
    if weight.dimension != NUMBER or weight.value < 0:
        raise DistributionError("a weight is a plain number from 0", *path)
    return weight.value


def shares(kind: str, weights: list[float]) -> tuple[float, ...]:
    """Return weights as probabilities that add up to 1."""
    total = math.fsum(weights)
    if not 0 < total < math.inf:
        raise DistributionError(f"the weights of {kind} have to add up to more than 0", kind)
    return tuple(weight / total for weight in weights)


def weighted_values(kind: str, raw: Any) -> tuple[list[Any], tuple[float, ...]]:
    """Read ``[a, b]`` or ``{a: weight, b: weight}`` into values and probabilities."""
    if isinstance(raw, list):
        values, weights = list(raw), [1.0] * len(raw)
    elif isinstance(raw, dict):
        values = list(raw)
        weights = [read_weight(weight, kind, key) for key, weight in raw.items()]
    else:
        raise DistributionError(f"{kind} takes a list, or values with weights", kind)
    if not 1 <= len(values) <= MAX_CATEGORIES:
        raise DistributionError(f"{kind} takes 1 to {MAX_CATEGORIES} values", kind)
    return values, shares(kind, weights)


def dimension_of(kind: str, nodes: Mapping[str, Node]) -> Dimension:
    """Return the dimension that all of some arguments share."""
    first: Dimension | None = None
    for name, node in nodes.items():
        if not isinstance(node.type, Dimension):
            raise DistributionError(f"{name!r} of {kind} is a quantity, not {node.type}", kind)
        if first is not None and node.type != first:
            unit = "; add a unit to each" if NUMBER in (first, node.type) else ""
            raise DistributionError(f"{kind} mixes {first} and {node.type}{unit}", kind)
        first = node.type
    assert first is not None
    return first
