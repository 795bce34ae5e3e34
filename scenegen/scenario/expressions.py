"""Expressions over parameters: text in, a typed tree out.

Python's own parser reads the text, and only what is named here is let through to the
tree of `syntax`: no attribute of an object, no call of anything but our functions, no
code. Dimensions are inferred on the way, so ``speed + gap`` fails before anything is drawn.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from scenegen.errors import nearest
from scenegen.scenario import slips
from scenegen.scenario.functions import FUNCTIONS, GROUPS, LAMPS, Argument, Function, Moment
from scenegen.scenario.rules import (
    PLAIN,
    ExpressionError,
    NotAnExpressionError,
    binary,
    counted,
    need_condition,
    quantity_of,
    same,
)
from scenegen.scenario.syntax import (
    ACTOR,
    BOOLEAN,
    SENSOR,
    TEXT,
    Call,
    Constant,
    Node,
    Reference,
    Type,
)
from scenegen.scenario.units import (
    ANGLE,
    LENGTH,
    NUMBER_PATTERN,
    UNIT_PATTERN,
    UNITS,
    Quantity,
    parse_quantity,
)

__all__ = [
    "Builder",
    "Cast",
    "ExpressionError",
    "NotAnExpressionError",
    "parse_expression",
    "read_tree",
]

MAX_LENGTH = 600
MAX_DEPTH = 40

_TOKEN = re.compile(
    rf"\s*(?:(?P<quantity>{NUMBER_PATTERN})(?:\s*(?P<unit>{UNIT_PATTERN})(?![\w^]))?"
    r"(?:\s*(?!(?:and|or)\b)(?P<rest>[A-Za-z_]\w*))?"
    r"|(?P<name>[A-Za-z_]\w*(?:\.\w+)*)"
    r"|(?P<text>'[^'\\\n]*'|\"[^\"\\\n]*\")"
    r"|(?P<operator>\*\*|<=|>=|==|!=|[-+*/()<>,\[\]]))",
    re.ASCII,
)
_IF = re.compile(r"\s*if\b")
_WORDS = ("and", "or", "not", "true", "false")
_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_NAMED: dict[Argument, tuple[str, tuple[str, ...]]] = {
    "group": ("group of signals", GROUPS),
    "lamp": ("lamp", tuple(LAMPS)),
}
"""Arguments that are words of their own: what they name, and which there are."""
_COMPARE = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


@dataclass(frozen=True)
class Cast:
    """Who may be asked about, and when.

    Attributes
    ----------
    actors : collection of str
        Names of the scenario's actors.
    moment : str
        ``start`` or ``run``; see `functions.Function.moments`.
    sensors : collection of str
        Names of what looks beside actors, such as ``ego.front``.
    """

    actors: Collection[str]
    moment: Moment = "start"
    sensors: Collection[str] = ()


def parse_expression(text: str, types: Mapping[str, Type], cast: Cast | None = None) -> Node:
    """Read an expression.

    Parameters
    ----------
    text : str
        For instance ``"ego_speed * 1.2 s + 5 m"`` or ``"gap > 10 m and lanes == 2"``.
    types : mapping of str to Type
        Type of each parameter that may be named.
    cast : Cast, optional
        Where the expression may ask about actors, as in ``"distance(ego, child) > 1 m"``.

    Raises
    ------
    ExpressionError
        With one line that says what is wrong.
    """
    slots, tree = read_tree(text)
    try:
        return Builder(slots, types, cast).build(tree, 0)
    except ExpressionError as error:
        raise type(error)(f"{error}{slips.of_whole(text)}") from error


def read_tree(text: str) -> tuple[list[Slot], ast.expr]:
    """Return Python's tree of a text and what its placeholders stand for; raises as above."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters")
    if _IF.match(text):
        raise NotAnExpressionError(f"{text!r} is not an expression{slips.of_whole(text)}")
    source, slots = _tokens(text)
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotAnExpressionError(
            f"{text!r} is not an expression{slips.of_whole(text)}"
        ) from error
    return slots, tree.body


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
            rest = text[position:].strip()
            hint = slips.of_character(rest)
            raise ExpressionError(f"unexpected {rest[:12]!r} in {text!r}{hint}")
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
            hint = nearest(unit, UNITS)
            raise ExpressionError(f"unknown unit {unit!r}{hint}")
        try:
            return parse_quantity(f"{match['quantity']} {match['unit'] or ''}")
        except ValueError as error:
            raise ExpressionError(str(error)) from error
    return str(match["name"] or match["text"])


class Builder:
    """Turns Python's tree into ours, with types."""

    def __init__(
        self, slots: list[Slot], types: Mapping[str, Type], cast: Cast | None = None
    ) -> None:
        self.slots = slots
        self.types = types
        self.cast = cast

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
                return Call("negative", (inner,), quantity_of("-", inner))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                inner = self.build(operand, depth + 1)
                quantity_of("+", inner)
                return inner
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.build(operand, depth + 1)
                need_condition("not", inner)
                return Call("not", (inner,), BOOLEAN)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return binary(
                    _BINARY[type(op)], self.build(left, depth + 1), self.build(right, depth + 1)
                )
            case ast.BoolOp(op=op, values=values):
                return self._chain(op, values, depth)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                return self._compare(left, ops, comparators, depth)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.call(str(self.slots[int(name[1:])]), arguments, depth)
            case ast.Call(
                func=ast.Subscript(value=ast.Name(id=name), slice=within),
                args=arguments,
                keywords=[],
            ):
                return self.timed(str(self.slots[int(name[1:])]), within, arguments, depth)
        raise ExpressionError(
            "an expression is made of numbers with units, parameters, + - * / **, comparisons, "
            f"and/or/not and the functions {', '.join(sorted(self.known))}"
        )

    def _leaf(self, slot: Slot) -> Node:
        if isinstance(slot, Quantity):
            return Constant(slot.value, slot.dimension)
        if slot[0] in "'\"":
            return Constant(slot[1:-1], TEXT)
        if slot in self.types:
            return Reference(slot, self.types[slot])
        if self.cast is not None and slot in self.cast.actors:
            raise ExpressionError(f"{slot!r} is an actor; ask for a number, as in speed({slot})")
        if self.cast is not None and slot.partition(".")[0] in self.cast.actors:
            raise ExpressionError(f"{slot!r} is asked as a function, as in speed(ego)")
        hint = slips.of_name(slot, TEXT in self.types.values())
        raise ExpressionError(f"unknown parameter {slot!r}{nearest(slot, self.types)}{hint}")

    def _chain(self, op: ast.boolop, values: list[ast.expr], depth: int) -> Node:
        word = "and" if isinstance(op, ast.And) else "or"
        _short(values)
        nodes = [self.build(value, depth + 1) for value in values]
        result = nodes[0]
        need_condition(word, result)
        for node in nodes[1:]:
            need_condition(word, node)
            result = Call(word, (result, node), BOOLEAN)
        return result

    def _compare(
        self, left: ast.expr, ops: list[ast.cmpop], rights: list[ast.expr], depth: int
    ) -> Node:
        _short(rights)
        nodes = [self.build(value, depth + 1) for value in [left, *rights]]
        result: Node | None = None
        for op, a, b in zip(ops, nodes, nodes[1:], strict=False):
            word = _COMPARE.get(type(op))
            if word is None:
                raise ExpressionError("compare with < <= > >= == !=")
            same(word, a, b)
            if word not in {"==", "!="}:
                quantity_of(word, a)
            step = Call(word, (a, b), BOOLEAN)
            result = step if result is None else Call("and", (result, step), BOOLEAN)
        if result is None:
            raise ExpressionError("a comparison has two sides")
        return result

    def call(self, name: str, arguments: list[ast.expr], depth: int) -> Node:
        """Return the node of a function's call."""
        if name in FUNCTIONS:
            return self._ask(name, FUNCTIONS[name], arguments, depth)
        rule = PLAIN.get(name)
        if rule is None:
            hint = slips.of_function(name) or nearest(name, self.known)
            raise ExpressionError(f"unknown function {name!r}{hint}")
        least, most, infer = rule
        counted(name, least, most, len(arguments))
        nodes = tuple(self.build(argument, depth + 1) for argument in arguments)
        return Call(name, nodes, infer(name, nodes))

    def timed(self, name: str, within: ast.expr, arguments: list[ast.expr], depth: int) -> Node:
        """Return the node of an operator with an interval of time; only monitors have some."""
        raise ExpressionError(f"{name}[…] is for monitors, over the run of a scene")

    @property
    def known(self) -> set[str]:
        """Names of the functions that may be called here."""
        asked = set() if self.cast is None else {*FUNCTIONS}
        return {*PLAIN, *asked}

    def _ask(self, name: str, function: Function, arguments: list[ast.expr], depth: int) -> Node:
        """Return the node of a question about actors."""
        if self.cast is None:
            raise ExpressionError(f"{name}(…) asks about actors, as 'require' and 'monitors' may")
        if self.cast.moment not in function.moments:
            when = "monitors, over the run of a scene"
            raise ExpressionError(
                f"{name}(…) is for {when if self.cast.moment == 'start' else 'the start'}"
                + ("" if self.cast.moment == "start" else " of a scene: it goes under 'require'")
            )
        most = len(function.arguments)
        counted(name, most - function.optional, most, len(arguments))
        nodes = tuple(
            self._argument(name, kind, argument, depth)
            for kind, argument in zip(function.arguments, arguments, strict=False)
        )
        return Call(name, nodes, function.returns)

    def _argument(self, name: str, kind: Argument, argument: ast.expr, depth: int) -> Node:
        if kind == "lane":
            node = self.build(argument, depth + 1)
            if node.type != TEXT:
                raise ExpressionError(f"{name} needs a lane such as 'forward_0', not {node.type}")
            return node
        if kind in ("angle", "length"):
            node = self.build(argument, depth + 1)
            wanted = ANGLE if kind == "angle" else LENGTH
            if node.type != wanted:
                raise ExpressionError(f"{name} needs {wanted} here, not {node.type}")
            return node
        slot = self.slots[int(argument.id[1:])] if isinstance(argument, ast.Name) else None
        word = slot.strip("'\"") if isinstance(slot, str) else None
        whose = () if self.cast is None else self.cast.actors
        known = _NAMED[kind][1] if kind in _NAMED else whose
        if kind == "eye" and self.cast is not None:
            if word is not None and word in self.cast.sensors:
                return Constant(word, SENSOR)
            known = (*known, *self.cast.sensors)
        if word is None or word not in known:
            article, what = ("a", _NAMED[kind][0]) if kind in _NAMED else ("an", "actor")
            problem = f"{name} needs {article} {what}" if word is None else f"{word!r} is no {what}"
            raise ExpressionError(problem + nearest(word or "", known))
        return Constant(word, TEXT if kind in _NAMED else ACTOR)


def _short(chain: list[ast.expr]) -> None:
    """Refuse chains of conditions whose tree would be too deep to walk."""
    if len(chain) > MAX_DEPTH:
        raise ExpressionError(f"a condition joins at most {MAX_DEPTH} others")
