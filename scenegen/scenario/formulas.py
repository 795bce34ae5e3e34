"""Formulas of signal temporal logic over the run of a scene: text in, a typed tree out.

``always[0 s, 5 s](distance(ego, child) > 1 m)`` is an expression whose questions about actors
are asked at every step, below operators that say when. See docs/language/monitors.md.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Iterator, Mapping

from scenegen.scenario.expressions import Builder, Cast, ExpressionError, read_tree
from scenegen.scenario.functions import FUNCTIONS
from scenegen.scenario.rules import counted, need_condition
from scenegen.scenario.syntax import BOOLEAN, Call, Node, Type, evaluate, references
from scenegen.scenario.units import TIME

TEMPORAL = {"always": 1, "eventually": 1, "until": 2}
"""Operators on conditions over time, and how many conditions each takes."""

LOGICAL = ("and", "or", "not", "implies")
"""Operators below which others on time may stand."""


def parse_formula(
    text: str,
    types: Mapping[str, Type],
    actors: Collection[str],
    sensors: Collection[str] = (),
) -> Node:
    """Read a formula.

    Parameters
    ----------
    text : str
    types : mapping of str to Type
        Type of each parameter that may be named.
    actors : collection of str
        Names of the scenario's actors.
    sensors : collection of str
        Names of what looks beside them, such as ``ego.front``.

    Returns
    -------
    Node
        Of type boolean. ``always[a, b](c)`` is ``Call("always", (a, b, c))``, without an
        interval ``Call("always", (c,))``; `until` likewise with two conditions.

    Raises
    ------
    ExpressionError
        With one line that says what is wrong.
    """
    slots, tree = read_tree(text)
    node = FormulaBuilder(slots, types, Cast(actors, "run", sensors)).build(tree, 0)
    need_condition("a monitor", node)
    _check(node, timed=False)
    if not any(call.operation in FUNCTIONS for call in calls(node)):
        raise ExpressionError("a monitor asks about an actor or a signal, as in speed(ego)")
    return node


def interval(node: Call) -> tuple[Node, Node] | None:
    """Return the bounds of an operator on time, None for all that is left of the run."""
    return None if len(node.arguments) == TEMPORAL[node.operation] else node.arguments[:2]  # type: ignore[return-value]


def conditions(node: Call) -> tuple[Node, ...]:
    """Return the conditions that an operator on time is about."""
    return node.arguments[-TEMPORAL[node.operation] :]


def calls(node: Node) -> Iterator[Call]:
    """Return every call in a tree, the outer ones first."""
    if isinstance(node, Call):
        yield node
        for argument in node.arguments:
            yield from calls(argument)


class FormulaBuilder(Builder):
    """Knows the operators on time as well."""

    @property
    def known(self) -> set[str]:
        return {*super().known, *TEMPORAL}

    def call(self, name: str, arguments: list[ast.expr], depth: int) -> Node:
        if name not in TEMPORAL:
            return super().call(name, arguments, depth)
        counted(name, TEMPORAL[name], TEMPORAL[name], len(arguments))
        nodes = tuple(self.build(argument, depth + 1) for argument in arguments)
        for node in nodes:
            need_condition(name, node)
        return Call(name, nodes, BOOLEAN)

    def timed(self, name: str, within: ast.expr, arguments: list[ast.expr], depth: int) -> Node:
        if name not in TEMPORAL:
            raise ExpressionError(f"{name!r} takes no [from, to]; {', '.join(TEMPORAL)} do")
        ends = within.elts if isinstance(within, ast.Tuple) else []
        if len(ends) != 2:
            raise ExpressionError(f"{name} has an interval such as [0 s, 5 s]")
        bounds = tuple(self.build(end, depth + 1) for end in ends)
        for bound in bounds:
            if bound.type != TIME:
                raise ExpressionError(f"{name}[…] needs times such as '2 s', not {bound.type}")
            if any(call.operation in FUNCTIONS for call in calls(bound)):
                raise ExpressionError(f"the interval of {name} can't depend on the run")
        check_interval(name, *(None if references(b) else evaluate(b, {}).item() for b in bounds))
        node = self.call(name, arguments, depth)
        assert isinstance(node, Call)
        return Call(name, (*bounds, *node.arguments), BOOLEAN)


def check_interval(name: str, low: object = None, high: object = None) -> None:
    """Raise if bounds, in s, are no interval of time to come; None is not known yet.

    Raises
    ------
    ExpressionError
    """
    for bound in (low, high):
        if isinstance(bound, float) and not (math.isfinite(bound) and bound >= 0):
            raise ExpressionError(f"{name}[…] counts from 0 s on, so not from {bound:g} s")
    if isinstance(low, float) and isinstance(high, float) and low > high:
        raise ExpressionError(f"{name}[{low:g} s, {high:g} s] ends before it begins")


def _check(node: Node, timed: bool) -> None:
    """Raise if a question stands above all operators on time, or such an operator in a number."""
    if not isinstance(node, Call):
        return
    if node.operation in TEMPORAL:
        for condition in conditions(node):
            _check(condition, timed=True)
        return
    if node.operation in FUNCTIONS and not timed:
        raise ExpressionError(
            f"{node.operation}(…) says nothing about when: put it under always(…), eventually(…) "
            "or until(…, …); what shall hold at the start goes under 'require'"
        )
    for argument in node.arguments:
        if node.operation not in LOGICAL and any(c.operation in TEMPORAL for c in calls(argument)):
            raise ExpressionError(
                f"always, eventually and until can't stand in {node.operation!r}; "
                f"they go under {', '.join(LOGICAL)} and each other"
            )
        _check(argument, timed)
