"""Conditions on monitors, by which runs are kept: ``keeps_clear and not stays``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from scenegen.errors import nearest
from scenegen.scenario.expressions import Builder, ExpressionError, Slot, read_tree
from scenegen.scenario.formulas import LOGICAL, calls
from scenegen.scenario.rules import need_condition
from scenegen.scenario.syntax import BOOLEAN, Call, Node, Reference, evaluate, references


@dataclass(frozen=True)
class KeepIf:
    """Monitors that hold, or don't, joined by and, or, not and implies.

    Attributes
    ----------
    text : str
        As the user wrote it.
    node : Node
        Of type boolean; its references are names of monitors.
    """

    text: str
    node: Node = field(compare=False)

    def holds(self, robustness: Mapping[str, float]) -> bool:
        """Say whether a run is kept, given each monitor's robustness; 0 and more hold."""
        truth = {name: np.asarray(value >= 0.0) for name, value in robustness.items()}
        return bool(evaluate(self.node, truth))

    def margin(self, robustness: Mapping[str, float]) -> float:
        """Return by how much the condition holds, negative if it doesn't.

        The quantitative semantics of the monitors themselves, so units mix as theirs do.
        """
        return _margin(self.node, robustness)


def parse_keep_if(text: str, monitors: Collection[str]) -> KeepIf:
    """Read a condition.

    Parameters
    ----------
    text : str
    monitors : collection of str
        Names of the scenario's monitors.

    Raises
    ------
    ExpressionError
        With one line that says what is wrong.
    """
    if not monitors:
        raise ExpressionError("the scenario has no 'monitors' by which runs could be kept")
    slots, tree = read_tree(text)
    node = _Builder(slots, dict.fromkeys(monitors, BOOLEAN)).build(tree, 0)
    need_condition("what runs are kept by", node)
    for call in calls(node):
        if call.operation not in LOGICAL:
            raise ExpressionError(f"monitors are joined by {', '.join(LOGICAL)} only")
    if not references(node):
        raise ExpressionError(f"it names no monitor, as {next(iter(monitors))!r}")
    return KeepIf(text, node)


class _Builder(Builder):
    """Knows monitors where others know parameters."""

    def _leaf(self, slot: Slot) -> Node:
        if isinstance(slot, str) and slot[0] not in "'\"" and slot not in self.types:
            raise ExpressionError(f"unknown monitor {slot!r}{nearest(slot, self.types)}")
        return super()._leaf(slot)


def _margin(node: Node, robustness: Mapping[str, float]) -> float:
    match node:
        case Reference(name=name):
            return robustness[name]
        case Call(operation="not", arguments=(inner,)):
            return -_margin(inner, robustness)
        case Call(operation="and", arguments=(a, b)):
            return min(_margin(a, robustness), _margin(b, robustness))
        case Call(operation="or", arguments=(a, b)):
            return max(_margin(a, robustness), _margin(b, robustness))
        case Call(operation="implies", arguments=(a, b)):
            return max(-_margin(a, robustness), _margin(b, robustness))
    return float("inf") if bool(evaluate(node, {})) else float("-inf")
