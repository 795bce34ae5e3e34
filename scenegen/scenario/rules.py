"""Which types an operation of expressions takes, and which it gives."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from scenegen.scenario.syntax import BOOLEAN, Call, Constant, Kind, Node, Reference, Type
from scenegen.scenario.units import ANGLE, NUMBER, Dimension

MAX_EXPONENT = 8


class ExpressionError(ValueError):
    """An expression can't be read or its dimensions don't fit."""


class NotAnExpressionError(ExpressionError):
    """A text that can't be read as an expression at all."""


def counted(name: str, least: int, most: int, given: int) -> None:
    """Raise if a function is given more or fewer values than it takes."""
    if not least <= given <= most:
        count = str(least) if least == most else f"{least} to {most}"
        raise ExpressionError(f"{name} takes {count} values, not {given}")


def quantity_of(word: str, node: Node) -> Dimension:
    """Return the dimension of a number; raise for anything else."""
    if isinstance(node.type, Kind):
        raise ExpressionError(f"{word!r} needs a number, not {told(node)}")
    return node.type


def need_condition(word: str, node: Node) -> None:
    """Raise if a node is not true or false."""
    if node.type is not BOOLEAN:
        raise ExpressionError(f"{word!r} needs conditions such as 'a < b', not {node.type}")


def same(word: str, a: Node, b: Node) -> Type:
    """Return the type that two nodes share; raise if they differ."""
    if a.type != b.type:
        plain = [node for node in (a, b) if isinstance(node, Constant) and node.type == NUMBER]
        unit = "; add a unit" if plain and isinstance(a.type, Dimension) else ""
        raise ExpressionError(f"{word!r} needs two alike, not {told(a)} and {told(b)}{unit}")
    return a.type


def told(node: Node) -> str:
    """Return the type of a node, and its name if it has one."""
    name = f" ({node.name!r})" if isinstance(node, Reference) else ""
    return f"{node.type}{name}"


def binary(word: str, a: Node, b: Node) -> Node:
    """Return a sum, difference, product, quotient or power."""
    left, right = quantity_of(word, a), quantity_of(word, b)
    if word in "+-":
        return Call(word, (a, b), same(word, a, b))
    if word == "*":
        return Call(word, (a, b), left * right)
    if word == "/":
        return Call(word, (a, b), left / right)
    if isinstance(b, Constant) and isinstance(b.value, float) and right == NUMBER:
        exponent = Fraction(b.value).limit_denominator(16)
        if abs(exponent) <= MAX_EXPONENT and float(exponent) == b.value:
            return Call(word, (a, b), left**exponent)
    raise ExpressionError(f"the exponent of ** is a plain number up to {MAX_EXPONENT}")


def _alike(word: str, nodes: tuple[Node, ...]) -> Type:
    for node in nodes:
        quantity_of(word, node)
        same(word, nodes[0], node)
    return nodes[0].type


def _root(word: str, nodes: tuple[Node, ...]) -> Type:
    return quantity_of(word, nodes[0]) ** Fraction(1, 2)


def _plain(word: str, nodes: tuple[Node, ...]) -> Type:
    if nodes[0].type != NUMBER:
        raise ExpressionError(f"{word} needs a plain number, not {nodes[0].type}")
    return NUMBER


def _angle(word: str, nodes: tuple[Node, ...]) -> Type:
    if nodes[0].type != ANGLE:
        raise ExpressionError(f"{word} needs an angle such as '30 deg', not {nodes[0].type}")
    return NUMBER


def _implies(word: str, nodes: tuple[Node, ...]) -> Type:
    for node in nodes:
        need_condition(word, node)
    return BOOLEAN


def _where(word: str, nodes: tuple[Node, ...]) -> Type:
    need_condition(word, nodes[0])
    return same(word, nodes[1], nodes[2])


PLAIN: dict[str, tuple[int, int, Callable[[str, tuple[Node, ...]], Type]]] = {
    "min": (2, 8, _alike),
    "max": (2, 8, _alike),
    "clip": (3, 3, _alike),
    "abs": (1, 1, _alike),
    "sqrt": (1, 1, _root),
    "exp": (1, 1, _plain),
    "sin": (1, 1, _angle),
    "cos": (1, 1, _angle),
    "where": (3, 3, _where),
    "implies": (2, 2, _implies),
}
"""Functions of values: least and most arguments, and the type that they come to."""
