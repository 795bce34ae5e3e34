"""Sorts out draws that break a constraint: cheapest and most selective constraint first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from scenegen.sample.verdicts import Mask, Verdicts
from scenegen.scenario import Constraint
from scenegen.scenario.functions import FUNCTIONS
from scenegen.scenario.syntax import Call, Column, Node, evaluate, parts, references

Rows = npt.NDArray[np.int64]
Measure = Callable[[Call], Column]
"""Answers questions about actors for some draws."""
LEARNT = 32
"""Draws on which every constraint is evaluated, whatever the others say."""


class Screen:
    """Constraints in the order in which they are cheapest to hold against draws.

    On the first draws, `LEARNT` of them or what comes with these, every constraint is evaluated,
    which tells how much each rejects; from then on each sees what those before it have left. What
    is accepted does not depend on it, and nothing is drawn.

    Parameters
    ----------
    constraints : sequence of Constraint

    Attributes
    ----------
    seen : int
        Draws on which every constraint was evaluated.
    broken : dict of str to int
        How many of them each rejects by itself.
    """

    def __init__(self, constraints: Sequence[Constraint]) -> None:
        self.order = sorted(constraints, key=lambda constraint: cost(constraint.node))
        self.seen = 0
        self.broken: Counter[str] = Counter()

    def judge(
        self,
        columns: Mapping[str, Column],
        verdicts: Verdicts,
        measure_of: Callable[[Rows], Measure] | None = None,
    ) -> None:
        """Reject, by the constraint's text, the draws that break one and are fine so far.

        Parameters
        ----------
        columns : mapping of str to ndarray, shape (n,)
        measure_of : callable or None
            Gives the places of some rows, for constraints about places.
        """
        rows = np.flatnonzero(verdicts.fine)
        if not rows.size:
            return
        learn = self.seen < LEARNT
        asked = _Asked(columns, rows, measure_of)
        for constraint in tuple(self.order):
            met = asked.met(constraint, rows)
            if learn:
                self.broken[constraint.text] += int(np.sum(~met))
            broken = np.zeros(len(verdicts.first), dtype=bool)
            broken[rows[~met]] = True
            verdicts.note(broken, constraint.text)
            if not learn:
                rows = rows[met]
            if not rows.size:
                break
        if learn:
            self.seen += len(rows)
            self.order.sort(key=self._price)

    def _price(self, constraint: Constraint) -> float:
        """Return what a constraint costs for each draw that it rejects."""
        return cost(constraint.node) / max(self.broken[constraint.text] / self.seen, 1e-3)


def cost(node: Node) -> int:
    """Return about how much a node costs for each draw, an addition being 1."""
    calls = (part for part in parts(node) if isinstance(part, Call))
    return sum(FUNCTIONS[c.operation].cost if c.operation in FUNCTIONS else 1 for c in calls)


class _Asked:
    """Some rows of columns, and their places, as constraints are asked about fewer and fewer.

    Places are taken anew once less than half of the rows are left: taking them has a price.
    """

    def __init__(
        self,
        columns: Mapping[str, Column],
        rows: Rows,
        measure_of: Callable[[Rows], Measure] | None,
    ) -> None:
        self.columns = columns
        self.rows = rows
        self.measure_of = measure_of
        self.measure = None if measure_of is None else measure_of(rows)

    def met(self, constraint: Constraint, rows: Rows) -> Mask:
        """Say which of some rows, all among those asked before, meet a constraint."""
        if 2 * len(rows) < len(self.rows):
            self.rows = rows
            self.measure = None if self.measure_of is None else self.measure_of(rows)
        some = {name: self.columns[name][self.rows] for name in references(constraint.node)}
        met = np.broadcast_to(evaluate(constraint.node, some, self.measure), self.rows.shape)
        return met.astype(bool)[np.searchsorted(self.rows, rows)]
