"""Works out what every field means: parameters first, then each `Value` of the document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any, TypeVar

from scenegen.errors import nearest
from scenegen.scenario.arguments import DistributionError, Guard, Reading
from scenegen.scenario.distributions import Distribution, Fixed
from scenegen.scenario.document import Section
from scenegen.scenario.drawn import is_distribution, parse_distribution
from scenegen.scenario.expressions import ExpressionError, NotAnExpressionError, parse_expression
from scenegen.scenario.needs import in_order_of_need
from scenegen.scenario.problems import Problems
from scenegen.scenario.source import Path
from scenegen.scenario.syntax import (
    BOOLEAN,
    TEXT,
    Call,
    Constant,
    Node,
    Reference,
    Type,
)
from scenegen.scenario.units import NUMBER, UNITS, Dimension, parse_quantity
from scenegen.scenario.values import Expects, Value

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RESERVED = {"and", "or", "not", "true", "false", *UNITS}
_PLAIN_TEXT = re.compile(r"\+?[\w.\- ]+")

T = TypeVar("T")


@dataclass
class Scope:
    """Parameters as they become known.

    Attributes
    ----------
    parameters : dict
        What is drawn, by name; inline distributions are named by their path.
    derived : dict
        Expressions over other parameters, each after those it needs.
    guards : list
        What has to hold of arguments that are expressions, and the path it was written at.
    actors : frozenset of str
        Names that fields may hold which take an actor.
    """

    problems: Problems
    parameters: dict[str, Distribution] = field(default_factory=dict)
    derived: dict[str, Node] = field(default_factory=dict)
    guards: list[tuple[Guard, Path]] = field(default_factory=list)
    actors: frozenset[str] = frozenset()

    @property
    def types(self) -> Mapping[str, Type]:
        """Type of every parameter known so far."""
        return {
            **{name: drawn.type for name, drawn in self.parameters.items()},
            **{name: node.type for name, node in self.derived.items()},
        }


def resolve_parameters(raw: dict[str, Any], scope: Scope) -> None:
    """Read the ``parameters`` section into a scope; problems are noted there."""
    pending: dict[str, Any] = {}
    for name, value in raw.items():
        path: Path = ("parameters", name)
        if not _NAME.fullmatch(name) or name in _RESERVED:
            place = scope.problems.source.key_place(path)
            scope.problems.add_at(
                place, f"{name!r} can't name a parameter: letters, digits and _, and no unit"
            )
        elif is_distribution(value):
            pending[name] = value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            scope.parameters[name] = Fixed(NUMBER, float(value))
        elif isinstance(value, str):
            try:
                quantity = parse_quantity(value)
                scope.parameters[name] = Fixed(quantity.dimension, quantity.value)
            except ValueError:
                pending[name] = value
        else:
            several = "; one of several is {categorical: [a, b]}, a range {uniform: [1 m, 3 m]}"
            scope.problems.add(
                path,
                f"{name!r} is a number with a unit, an expression or a distribution"
                f"{several if isinstance(value, list) else ''}",
            )
    _order(pending, set(raw), scope)


def _order(pending: dict[str, Any], names: set[str], scope: Scope) -> None:
    """Read what may depend on other parameters, each once everything it names is known."""
    pending = in_order_of_need(pending)
    while pending:
        progress = False
        blocked = set(names) - set(scope.types)
        for name, raw in list(pending.items()):
            path: Path = ("parameters", name)
            try:
                if isinstance(raw, str):
                    scope.derived[name] = parse_expression(raw, scope.types)
                else:
                    scope.parameters[name] = _read(raw, path, name, scope)
            except (ExpressionError, DistributionError) as error:
                if _mentions(raw, blocked):
                    continue
                scope.problems.add((*path, *getattr(error, "path", ())), str(error))
            del pending[name]
            progress = True
        if not progress:
            break
    circle = [name for name, raw in pending.items() if _mentions(raw, pending)]
    circle.sort(key=lambda name: scope.problems.source.key_place(("parameters", name)).line or 0)
    if circle:
        chain = ", ".join(repr(name) for name in circle)
        scope.problems.add(
            ("parameters", circle[0]), f"circular: {chain} need each other; give one a value"
        )


def _mentions(raw: Any, names: Iterable[str]) -> bool:
    """Say whether one of some names stands anywhere in what a user wrote."""
    words = _words(raw)
    return any(name in words for name in names)


def _words(raw: Any, conditions: bool = False) -> set[str]:
    """Return the names in all expressions of what a user wrote, and in no name of a file."""
    if isinstance(raw, list):
        return set().union(*(_words(item) for item in raw))
    if not isinstance(raw, dict):
        return set(_NAME.findall(str(raw)))
    found = set(_NAME.findall(" ".join(raw))) if conditions else set()
    for key, item in raw.items():
        if key not in {"file", "column", "unit"}:
            found |= _words(item, conditions=key == "when")
    return found


def _read(raw: dict[str, Any], path: Path, name: str, scope: Scope) -> Distribution:
    """Read a distribution and note what has to hold of its arguments."""
    folder = FilePath(scope.problems.source.place(path).file).parent
    reading = Reading(scope.types, folder, name)
    drawn = parse_distribution(raw, reading)
    scope.guards += [(guard, path) for guard in reading.guards]
    return drawn


def _distribution(raw: dict[str, Any], path: Path, name: str, scope: Scope) -> Distribution | None:
    try:
        return _read(raw, path, name, scope)
    except DistributionError as error:
        scope.problems.add((*path, *error.path), str(error))
        return None


def resolve(item: T, path: Path, scope: Scope) -> T:
    """Return a copy of a section, or of anything inside it, with every `Value` resolved."""
    if isinstance(item, Value):
        return _resolve_value(item, path, scope)  # type: ignore[return-value]
    if isinstance(item, Section):
        update = {
            name: resolve(getattr(item, name), (*path, field.alias or name), scope)
            for name, field in type(item).model_fields.items()
        }
        return item.model_copy(update=update)
    if isinstance(item, tuple):
        return tuple(resolve(child, (*path, i), scope) for i, child in enumerate(item))  # type: ignore[return-value]
    if isinstance(item, dict):
        return {key: resolve(child, (*path, key), scope) for key, child in item.items()}  # type: ignore[return-value]
    return item


def _resolve_value(value: Value, path: Path, scope: Scope) -> Value:
    name = ".".join(str(step) for step in path)
    placed = replace(value, place=scope.problems.source.place(path), name=name)
    try:
        node = _node(placed, path, scope)
    except NotAnExpressionError as error:
        scope.problems.add(path, f"{error}; {_called(path)} needs {value.expects}")
        return placed
    except (ExpressionError, ValueError) as error:
        needs = (
            f"; {_called(path)} needs {value.expects}"
            if _is_word(value.raw) and " needs " not in str(error)
            else ""
        )
        scope.problems.add(path, f"{error}{needs}")
        return placed
    if node is None:
        return placed
    if node.type != value.expects.type and not (value.expects.names and node.type is TEXT):
        scope.problems.add(
            path, f"{_called(path)} needs {value.expects}, {_but(node, value.expects)}"
        )
        return placed
    message = _unfit(node, value.expects, scope)
    if message:
        scope.problems.add(path, f"{_called(path)} {message}")
    return replace(placed, node=node)


def _called(path: Path) -> str:
    """Return what messages call a value: its key, or its number in the list of a key."""
    steps = [step for step in path if isinstance(step, str)]
    if not isinstance(path[-1], int) or not steps:
        return repr(path[-1])
    return f"value {path[-1] + 1} of {steps[-1]!r}"


def _is_word(raw: Any) -> bool:
    return isinstance(raw, str) and _NAME.fullmatch(raw) is not None


def _but(node: Node, expects: Expects) -> str:
    if isinstance(node, Constant) and node.type == NUMBER and isinstance(expects.type, Dimension):
        return "so add a unit"
    return f"not {node.type}"


def _node(  # noqa: PLR0911, PLR0912 - one for each way to write a value
    value: Value, path: Path, scope: Scope
) -> Node | None:
    """Return the expression that a field holds; None if a problem was noted."""
    raw, expects = value.raw, value.expects
    if expects.type is TEXT and isinstance(raw, list):
        raw = {"categorical": raw}
    if is_distribution(raw):
        drawn = _distribution(raw, path, value.name, scope)
        if drawn is None:
            return None
        scope.parameters[value.name] = drawn
        return Reference(value.name, drawn.type)
    if expects.names and isinstance(raw, str) and _is_name(raw, scope):
        if raw != "lane" and raw not in scope.actors:
            raise ExpressionError(f"{_called(path)} needs {expects}{nearest(raw, scope.actors)}")
        return Constant(raw, TEXT)
    if isinstance(raw, bool):
        return Constant(raw, BOOLEAN)
    if expects.steps and isinstance(raw, int):
        return Constant(f"{raw:+d}", TEXT)
    if isinstance(raw, int | float):
        return Constant(float(raw), NUMBER)
    if not isinstance(raw, str):
        raise ExpressionError(f"{_called(path)} needs {expects}")
    if expects.type is TEXT and _PLAIN_TEXT.fullmatch(raw) and scope.types.get(raw) != TEXT:
        return Constant(raw, TEXT)
    if isinstance(expects.type, Dimension):
        try:
            quantity = parse_quantity(raw)
            return Constant(quantity.value, quantity.dimension)
        except ValueError as error:
            if str(error).startswith("unknown unit") and not re.search(r"[-+*/(]", raw):
                raise
    return parse_expression(raw, scope.types)


def _is_name(raw: str, scope: Scope) -> bool:
    """Say whether a text names who is faced: it looks like a name, and is no parameter's."""
    known = raw == "lane" or raw in scope.actors
    return known or (_NAME.fullmatch(raw) is not None and raw not in scope.types)


def _unfit(node: Node, expects: Expects, scope: Scope) -> str:
    """Say what is wrong with the values that a field can take, or nothing."""
    if expects.integer and not _whole(node, scope.parameters):
        return f"needs {expects}, or a 'discrete' distribution"
    if expects.choices:
        for text in sorted(possible_texts(node, scope.parameters, scope.derived)):
            if text not in expects.choices:
                return f"can't be {text!r}{nearest(text, expects.choices)}"
    return ""


def possible_texts(
    node: Node, parameters: Mapping[str, Distribution], derived: Mapping[str, Node]
) -> frozenset[str]:
    """Return every text that a text expression can come to."""
    # In the order of `derived`, so that parameters over parameters don't double the work.
    known: dict[str, frozenset[str]] = {}
    for name, inner in derived.items() if not isinstance(node, Constant) else ():
        if inner.type is TEXT:
            known[name] = _texts(inner, parameters, known)
    return _texts(node, parameters, known)


def _texts(
    node: Node, parameters: Mapping[str, Distribution], known: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    match node:
        case Constant(value=str() as text):
            return frozenset({text})
        case Reference(name=name) if name in parameters:
            return parameters[name].texts
        case Reference(name=name) if name in known:
            return known[name]
        case Call(operation="where", arguments=(_, yes, no)):
            both = (_texts(side, parameters, known) for side in (yes, no))
            return frozenset().union(*both)
    return frozenset()


def _whole(node: Node, parameters: Mapping[str, Distribution]) -> bool:
    """Say whether an expression may come to whole numbers; what is computed is checked later."""
    match node:
        case Constant(value=float() as number):
            return number.is_integer()
        case Reference(name=name) if name in parameters:
            return parameters[name].whole
    return True
