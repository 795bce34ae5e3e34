"""The typed syntax tree of expressions, and its evaluation over columns of many draws.

A node knows its type (a `Dimension`, or `BOOLEAN`, or `TEXT`) from the moment it is
built, so what is evaluated has been checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.scenario.units import Dimension

Column = npt.NDArray[Any]
"""Values of many draws: float64, bool or str."""


class Kind(Enum):
    """Types that are no quantities."""

    BOOLEAN = "true or false"
    TEXT = "a text"
    ACTOR = "an actor"
    SENSOR = "a sensor"

    def __str__(self) -> str:
        return self.value


BOOLEAN, TEXT, ACTOR, SENSOR = Kind.BOOLEAN, Kind.TEXT, Kind.ACTOR, Kind.SENSOR
Type = Dimension | Kind


@dataclass(frozen=True)
class Constant:
    """A literal in SI units, or the name of an actor."""

    value: float | bool | str
    type: Type

    def canonical(self) -> Any:
        """Return a JSON value that is equal for equal meanings."""
        return self.value


@dataclass(frozen=True)
class Reference:
    """A parameter."""

    name: str
    type: Type

    def canonical(self) -> Any:
        """Return a JSON value that is equal for equal meanings."""
        return {"parameter": self.name}


@dataclass(frozen=True)
class Call:
    """An operation of `OPERATIONS` on other nodes, or a question about actors."""

    operation: str
    arguments: tuple[Node, ...]
    type: Type

    def canonical(self) -> Any:
        """Return a JSON value that is equal for equal meanings."""
        return [self.operation, *(argument.canonical() for argument in self.arguments)]


Node = Constant | Reference | Call


def _minimum(*columns: Column) -> Column:
    result = columns[0]
    for column in columns[1:]:
        result = np.minimum(result, column)
    return result


def _maximum(*columns: Column) -> Column:
    result = columns[0]
    for column in columns[1:]:
        result = np.maximum(result, column)
    return result


OPERATIONS: dict[str, Callable[..., Column]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "negative": np.negative,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "implies": lambda a, b: np.logical_or(np.logical_not(a), b),
    "min": _minimum,
    "max": _maximum,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "sin": np.sin,
    "cos": np.cos,
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "where": np.where,
}
"""What a `Call` may do; each works on whole columns."""


def evaluate(
    node: Node,
    columns: Mapping[str, Column],
    measure: Callable[[Call], Column] | None = None,
) -> Column:
    """Return the column of a node's values.

    Parameters
    ----------
    node : Node
    columns : mapping of str to ndarray, shape (n,)
        A column for each parameter the node refers to.
    measure : callable, optional
        Answers the questions about actors (`functions.FUNCTIONS`), of nodes that have some.

    Returns
    -------
    ndarray
        Shape (n,), or () for an expression without parameters. Division by zero gives
        ``inf`` or ``nan``; no comparison with ``nan`` is true.
    """
    with np.errstate(all="ignore"):
        return _evaluate(node, columns, measure)


def _evaluate(
    node: Node, columns: Mapping[str, Column], measure: Callable[[Call], Column] | None
) -> Column:
    match node:
        case Constant(value=value):
            return np.asarray(value)
        case Reference(name=name):
            return columns[name]
        case Call(operation=operation, arguments=arguments):
            if measure is not None and operation not in OPERATIONS:
                return measure(node)
            given = (_evaluate(argument, columns, measure) for argument in arguments)
            return np.asarray(OPERATIONS[operation](*given))


def references(node: Node) -> frozenset[str]:
    """Return the parameters that a node depends on."""
    return frozenset(part.name for part in parts(node) if isinstance(part, Reference))


def parts(node: Node) -> Iterator[Node]:
    """Yield a node and all that it is made of, the outer ones first."""
    yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from parts(argument)


def is_spatial(node: Node) -> bool:
    """Say whether a node asks about actors, whose places are known once values are drawn."""
    return any(isinstance(part, Call) and part.operation not in OPERATIONS for part in parts(node))
