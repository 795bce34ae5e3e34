"""A formula with every value fixed, as JSON and back: what a concrete scenario keeps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import JsonValue

from scenegen.scenario.formulas import LOGICAL, TEMPORAL, calls
from scenegen.scenario.functions import FUNCTIONS, Argument
from scenegen.scenario.rules import ExpressionError
from scenegen.scenario.syntax import (
    ACTOR,
    BOOLEAN,
    OPERATIONS,
    SENSOR,
    TEXT,
    Call,
    Constant,
    Node,
    Type,
    evaluate,
    parts,
)
from scenegen.scenario.units import NUMBER

Value = float | str | bool

_WANTED: dict[Argument, tuple[Type, ...]] = {
    "actor": (ACTOR,),
    "eye": (ACTOR, SENSOR),
    "angle": (NUMBER,),
    "length": (NUMBER,),
}
"""Types of arguments that are no texts."""
_CONDITIONS = frozenset({*LOGICAL, *TEMPORAL, "<", "<=", ">", ">=", "==", "!="})
MAX_DEPTH = 64


@dataclass(frozen=True)
class BoundFormula:
    """A formula whose only unknown is the run.

    Attributes
    ----------
    node : Node
        Without references; dimensions are left out, as all numbers are in SI units.
    bodies : dict of str to tuple of int
        Instance ids of every actor that it asks about; of a sensor, that of the ego.
    """

    node: Node
    bodies: dict[str, tuple[int, ...]]

    @property
    def sensors(self) -> frozenset[str]:
        """Names of the ego's sensors that look in it."""
        constants = (part for part in parts(self.node) if isinstance(part, Constant))
        looks = (str(one.value) for one in constants if one.type is SENSOR)
        return frozenset(name.partition(".")[2] for name in looks)


def value_of(node: Node, parameters: Mapping[str, Value]) -> Value:
    """Return what an expression over parameters comes to.

    Raises
    ------
    ExpressionError
        It is not finite.
    """
    columns = {name: np.asarray(value) for name, value in parameters.items()}
    value: Value = evaluate(node, columns).item()
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionError(f"a value of the monitor comes to {value}, no finite number")
    return value


def bind(
    node: Node, parameters: Mapping[str, Value], bodies: Mapping[str, Sequence[int]]
) -> JsonValue:
    """Return the JSON form of a formula, with parameters and actors of one scene put in.

    Raises
    ------
    ExpressionError
        A value that it uses is not finite.
    """
    if isinstance(node, Constant) and node.type is ACTOR:
        name = str(node.value)
        return {"actor": name, "ids": [int(body) for body in bodies[name]]}
    if isinstance(node, Constant) and node.type is SENSOR:
        ego, _, sensor = str(node.value).partition(".")
        return {"sensor": sensor, "ids": [int(body) for body in bodies[ego]]}
    if not any(call.operation not in OPERATIONS for call in calls(node)):
        return value_of(node, parameters)
    assert isinstance(node, Call)
    return [node.operation, *(bind(argument, parameters, bodies) for argument in node.arguments)]


def read_bound(content: JsonValue) -> BoundFormula:
    """Return a formula from its JSON form.

    Raises
    ------
    ValueError
        It is none.
    """
    bodies: dict[str, tuple[int, ...]] = {}
    node = _node(content, bodies, 0)
    if node.type is not BOOLEAN:
        raise ValueError("a formula is true or false")
    return BoundFormula(node, bodies)


def _node(content: Any, bodies: dict[str, tuple[int, ...]], depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise ValueError("a formula nests too deep")
    match content:
        case bool():
            return Constant(content, BOOLEAN)
        case int() | float():
            return Constant(float(content), NUMBER)
        case str():
            return Constant(content, TEXT)
        case {"actor": str() as name, "ids": list() as ids} if all(type(i) is int for i in ids):
            bodies[name] = tuple(ids)
            return Constant(name, ACTOR)
        case {"sensor": str() as name, "ids": list() as ids} if all(type(i) is int for i in ids):
            bodies[f"ego.{name}"] = tuple(ids)
            return Constant(f"ego.{name}", SENSOR)
        case [str() as operation, *arguments]:
            nodes = tuple(_node(argument, bodies, depth + 1) for argument in arguments)
            _check(operation, nodes)
            return Call(operation, nodes, _type(operation, nodes))
    raise ValueError(f"{str(content)[:40]!r} is no part of a formula")


def _type(operation: str, nodes: tuple[Node, ...]) -> Type:
    if operation in _CONDITIONS:
        return BOOLEAN
    if operation == "where":
        return nodes[1].type
    known = FUNCTIONS.get(operation)
    return known.returns if known is not None and not _is_number(known.returns) else NUMBER


def _is_number(kind: Type) -> bool:
    return kind is not BOOLEAN and kind is not TEXT


def _check(operation: str, nodes: tuple[Node, ...]) -> None:
    """Raise ValueError for an unknown operation, or one with the wrong kinds of arguments."""
    kinds = tuple(node.type for node in nodes)
    if operation in TEMPORAL:
        most = TEMPORAL[operation]
        allowed = [(BOOLEAN,) * most, (NUMBER, NUMBER, *(BOOLEAN,) * most)]
        fits = kinds in allowed
    elif operation in FUNCTIONS:
        function = FUNCTIONS[operation]
        wanted = [_WANTED.get(kind, (TEXT,)) for kind in function.arguments]
        least = len(wanted) - function.optional
        fits = least <= len(kinds) <= len(wanted) and all(
            kind in allowed for kind, allowed in zip(kinds, wanted, strict=False)
        )
    elif operation in _CONDITIONS or operation in OPERATIONS:
        fits = _fits(operation, kinds)
    else:
        raise ValueError(f"unknown operation {operation!r}")
    if not fits:
        raise ValueError(f"{operation!r} doesn't take {', '.join(map(str, kinds)) or 'nothing'}")


_ARITY = {
    **dict.fromkeys(("negative", "abs", "sqrt", "exp", "sin", "cos", "not"), (1, 1)),
    **dict.fromkeys(("clip", "where"), (3, 3)),
    **dict.fromkeys(("min", "max"), (2, 8)),
}
"""Least and most arguments of what has others than two."""


def _fits(operation: str, kinds: tuple[Type, ...]) -> bool:
    least, most = _ARITY.get(operation, (2, 2))
    if not least <= len(kinds) <= most:
        return False
    if operation in LOGICAL:
        return all(kind is BOOLEAN for kind in kinds)
    if operation in {"==", "!="}:
        return kinds[0] == kinds[1] and kinds[0] is not ACTOR
    if operation == "where":
        return kinds[0] is BOOLEAN and kinds[1] == kinds[2] and kinds[1] is not ACTOR
    return all(kind == NUMBER for kind in kinds)
