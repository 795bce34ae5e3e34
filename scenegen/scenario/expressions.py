"""Expressions over parameters: text in, a typed tree out.

Python's own parser reads the text, and only what is named here is let through to the
tree of `syntax`: no attribute of an object, no call of anything but our functions, no
code. Dimensions are inferred on the way, so ``speed + gap`` fails before anything is drawn.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from scenegen.errors import nearest
from scenegen.scenario.syntax import BOOLEAN, TEXT, Call, Constant, Kind, Node, Reference, Type
from scenegen.scenario.units import (
    ANGLE,
    NUMBER,
    NUMBER_PATTERN,
    UNIT_PATTERN,
    UNITS,
    Dimension,
    Quantity,
    parse_quantity,
)

MAX_LENGTH = 600
MAX_DEPTH = 40
MAX_EXPONENT = 8

_TOKEN = re.compile(
    rf"\s*(?:(?P<quantity>{NUMBER_PATTERN})(?:\s*(?P<unit>{UNIT_PATTERN})(?![\w^]))?"
    r"(?:\s*(?!(?:and|or)\b)(?P<rest>[A-Za-z_]\w*))?"
    r"|(?P<name>[A-Za-z_]\w*(?:\.\w+)*)"
    r"|(?P<text>'[^'\\\n]*'|\"[^\"\\\n]*\")"
    r"|(?P<operator>\*\*|<=|>=|==|!=|[-+*/()<>,]))",
    re.ASCII,
)
_WORDS = ("and", "or", "not", "true", "false")
_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_COMPARE = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


class ExpressionError(ValueError):
    """An expression can't be read or its dimensions don't fit."""


class NotAnExpressionError(ExpressionError):
    """A text that can't be read as an expression at all."""


def parse_expression(text: str, types: Mapping[str, Type]) -> Node:
    """Read an expression.

    Parameters
    ----------
    text : str
        For instance ``"ego_speed * 1.2 s + 5 m"`` or ``"gap > 10 m and lanes == 2"``.
    types : mapping of str to Type
        Type of each parameter that may be named.

    Raises
    ------
    ExpressionError
        With one line that says what is wrong.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters")
    source, slots = _tokens(text)
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotAnExpressionError(f"{text!r} is not an expression") from error
    return _Builder(slots, types).build(tree.body, 0)


Slot = Quantity | str
"""What a placeholder stands for: a quantity, or a name (quoted text keeps its quotes)."""


def _tokens(text: str) -> tuple[str, list[Slot]]:
    """Return Python source in which every literal and name is a placeholder, and what they are."""
    slots: list[Slot] = []
    words: list[str] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(f"unexpected {text[position:].strip()[:12]!r} in {text!r}")
        position = match.end()
        if match["operator"]:
            words.append(match["operator"])
        elif match["name"] in _WORDS:
            words.append(match["name"].title() if match["name"] in _WORDS[3:] else match["name"])
        else:
            slots.append(_slot(match))
            words.append(f"_{len(slots) - 1}")
    return " ".join(words), slots


def _slot(match: re.Match[str]) -> Slot:
    if match["quantity"]:
        if match["rest"]:
            unit = match["rest"]
            raise ExpressionError(f"unknown unit {unit!r}{nearest(unit, UNITS)}")
        try:
            return parse_quantity(f"{match['quantity']} {match['unit'] or ''}")
        except ValueError as error:
            raise ExpressionError(str(error)) from error
    return str(match["name"] or match["text"])


class _Builder:
    """Turns Python's tree into ours, with types."""

    def __init__(self, slots: list[Slot], types: Mapping[str, Type]) -> None:
        self.slots = slots
        self.types = types

    def build(self, node: ast.expr, depth: int) -> Node:  # noqa: PLR0911 - one for each node
        if depth > MAX_DEPTH:
            raise ExpressionError(f"an expression nests at most {MAX_DEPTH} levels deep")
        match node:
            case ast.Name(id=name):
                return self._leaf(self.slots[int(name[1:])])
            case ast.Constant(value=bool() as value):
                return Constant(value, BOOLEAN)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.build(operand, depth + 1)
                return Call("negative", (inner,), _quantity("-", inner))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                inner = self.build(operand, depth + 1)
                _quantity("+", inner)
                return inner
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.build(operand, depth + 1)
                _boolean("not", inner)
                return Call("not", (inner,), BOOLEAN)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return _binary(
                    _BINARY[type(op)], self.build(left, depth + 1), self.build(right, depth + 1)
                )
            case ast.BoolOp(op=op, values=values):
                return self._chain(op, values, depth)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                return self._compare(left, ops, comparators, depth)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(str(self.slots[int(name[1:])]), arguments, depth)
        raise ExpressionError(
            "an expression is made of numbers with units, parameters, + - * / **, comparisons, "
            f"and/or/not and the functions {', '.join(sorted(_FUNCTIONS))}"
        )

    def _leaf(self, slot: Slot) -> Node:
        if isinstance(slot, Quantity):
            return Constant(slot.value, slot.dimension)
        if slot[0] in "'\"":
            return Constant(slot[1:-1], TEXT)
        if slot in self.types:
            return Reference(slot, self.types[slot])
        raise ExpressionError(f"unknown parameter {slot!r}{nearest(slot, self.types)}")

    def _chain(self, op: ast.boolop, values: list[ast.expr], depth: int) -> Node:
        word = "and" if isinstance(op, ast.And) else "or"
        nodes = [self.build(value, depth + 1) for value in values]
        result = nodes[0]
        _boolean(word, result)
        for node in nodes[1:]:
            _boolean(word, node)
            result = Call(word, (result, node), BOOLEAN)
        return result

    def _compare(
        self, left: ast.expr, ops: list[ast.cmpop], rights: list[ast.expr], depth: int
    ) -> Node:
        nodes = [self.build(value, depth + 1) for value in [left, *rights]]
        result: Node | None = None
        for op, a, b in zip(ops, nodes, nodes[1:], strict=False):
            word = _COMPARE.get(type(op))
            if word is None:
                raise ExpressionError("compare with < <= > >= == !=")
            _same(word, a, b)
            if word not in {"==", "!="}:
                _quantity(word, a)
            step = Call(word, (a, b), BOOLEAN)
            result = step if result is None else Call("and", (result, step), BOOLEAN)
        if result is None:
            raise ExpressionError("a comparison has two sides")
        return result

    def _call(self, name: str, arguments: list[ast.expr], depth: int) -> Node:
        rule = _FUNCTIONS.get(name)
        if rule is None:
            raise ExpressionError(f"unknown function {name!r}{nearest(name, _FUNCTIONS)}")
        least, most, infer = rule
        if not least <= len(arguments) <= most:
            count = str(least) if least == most else f"{least} to {most}"
            raise ExpressionError(f"{name} takes {count} values, not {len(arguments)}")
        nodes = tuple(self.build(argument, depth + 1) for argument in arguments)
        return Call(name, nodes, infer(name, nodes))


def _quantity(word: str, node: Node) -> Dimension:
    if isinstance(node.type, Kind):
        raise ExpressionError(f"{word!r} needs a number, not {node.type}")
    return node.type


def _boolean(word: str, node: Node) -> None:
    if node.type is not BOOLEAN:
        raise ExpressionError(f"{word!r} needs conditions such as 'a < b', not {node.type}")


def _same(word: str, a: Node, b: Node) -> Type:
    if a.type != b.type:
        raise ExpressionError(f"{word!r} needs two alike, not {a.type} and {b.type}")
    return a.type


def _binary(word: str, a: Node, b: Node) -> Node:
    left, right = _quantity(word, a), _quantity(word, b)
    if word in "+-":
        return Call(word, (a, b), _same(word, a, b))
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
        _quantity(word, node)
        _same(word, nodes[0], node)
    return nodes[0].type


def _root(word: str, nodes: tuple[Node, ...]) -> Type:
    return _quantity(word, nodes[0]) ** Fraction(1, 2)


def _angle(word: str, nodes: tuple[Node, ...]) -> Type:
    if nodes[0].type != ANGLE:
        raise ExpressionError(f"{word} needs an angle such as '30 deg', not {nodes[0].type}")
    return NUMBER


def _where(word: str, nodes: tuple[Node, ...]) -> Type:
    _boolean(word, nodes[0])
    return _same(word, nodes[1], nodes[2])


_FUNCTIONS: dict[str, tuple[int, int, Callable[[str, tuple[Node, ...]], Type]]] = {
    "min": (2, 8, _alike),
    "max": (2, 8, _alike),
    "clip": (3, 3, _alike),
    "abs": (1, 1, _alike),
    "sqrt": (1, 1, _root),
    "sin": (1, 1, _angle),
    "cos": (1, 1, _angle),
    "where": (3, 3, _where),
}
