"""Quantitative semantics of formulas: Fainekos and Pappas 2009, Donzé and Maler 2010.

At each step a condition is worth the margin by which it holds, negative if it doesn't:
``a < b`` is worth b - a, in the unit of both. `and` is the lesser of two, `or` the greater, `not`
the negation. What is only true or false is worth ``inf`` or ``-inf``.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from scenegen.monitor.windows import Steps, always, eventually, until
from scenegen.records.base import F64
from scenegen.scenario.formulas import TEMPORAL, conditions, interval
from scenegen.scenario.syntax import BOOLEAN, TEXT, Call, Column, Constant, Node, evaluate

_EPSILON = 1e-9

Measure = Callable[[Call], Column]
"""Answers a question about actors with a column (T,)."""


class Semantics:
    """What conditions on one run are worth.

    Parameters
    ----------
    measure : callable
        Answers a question with what it comes to.
    margin : callable
        Answers a question that is true or false with how far it is from the other.
    steps : int
        T, of the run.
    rate_hz : float
        Steps a second. A window holds the steps whose times lie within its interval.
    """

    def __init__(self, measure: Measure, margin: Measure, steps: int, rate_hz: float) -> None:
        self._measure, self._margin = measure, margin
        self.steps, self._rate = steps, rate_hz
        self._known: dict[Node, F64] = {}

    def worth(self, node: Node) -> F64:
        """Return what a condition is worth at each step (T,).

        Parameters
        ----------
        node : Node
            Of type boolean and without references.
        """
        if node not in self._known:
            self._known[node] = self._worth(node)
        return self._known[node]

    def window(self, node: Call) -> Steps:
        """Return the steps of an operator on time, counted from now; None for all that is left."""
        bounds = interval(node)
        if bounds is None:
            return None
        low, high = (float(evaluate(bound, {})) * self._rate for bound in bounds)
        return math.ceil(low - _EPSILON), math.floor(high + _EPSILON)

    def _worth(self, node: Node) -> F64:  # noqa: PLR0911 - one for each kind of node
        match node:
            case Constant(value=value):
                return self._flat(_sure(np.asarray(value)))
            case Call(operation="not", arguments=(inner,)):
                return -self.worth(inner)
            case Call(operation="and", arguments=(a, b)):
                return np.minimum(self.worth(a), self.worth(b))
            case Call(operation="or", arguments=(a, b)):
                return np.maximum(self.worth(a), self.worth(b))
            case Call(operation="implies", arguments=(a, b)):
                return np.maximum(-self.worth(a), self.worth(b))
            case Call(operation="where", arguments=(test, yes, no)):
                chosen = self.worth(test)
                return np.maximum(
                    np.minimum(chosen, self.worth(yes)), np.minimum(-chosen, self.worth(no))
                )
            case Call(operation=operation) if operation in TEMPORAL:
                return self._over_time(node)
            case Call(operation=("<" | "<=" | ">" | ">=" | "==" | "!="), arguments=(a, b)):
                return self._compared(node.operation, a, b)
            case Call():
                return self._flat(self._margin(node))
        raise ValueError(f"{node} has parameters; bind them first")

    def _compared(self, word: str, a: Node, b: Node) -> F64:
        if a.type is BOOLEAN:
            left, right = self.worth(a), self.worth(b)
            equal = np.maximum(np.minimum(left, right), np.minimum(-left, -right))
            return equal if word == "==" else -equal
        left, right = (evaluate(side, {}, self._measure) for side in (a, b))
        if a.type is TEXT:
            return self._flat(_sure((left == right) if word == "==" else (left != right)))
        with np.errstate(invalid="ignore"):  # inf - inf
            apart = np.asarray(right - left, dtype=np.float64)
            alike = -np.abs(np.where(left == right, 0.0, apart))
        margins = {"<": apart, "<=": apart, ">": -apart, ">=": -apart, "==": alike, "!=": -alike}
        # Nothing is known of nan, so no comparison with it holds.
        return self._flat(np.where(np.isnan(margins[word]), -np.inf, margins[word]))

    def _over_time(self, node: Call) -> F64:
        window = self.window(node)
        first, *rest = (self.worth(condition) for condition in conditions(node))
        if node.operation == "always":
            return always(first, window)
        return until(first, rest[0], window) if rest else eventually(first, window)

    def _flat(self, values: Column) -> F64:
        return np.array(np.broadcast_to(values, (self.steps,)), dtype=np.float64)


def _sure(truth: Column) -> F64:
    return np.where(truth, np.inf, -np.inf)
