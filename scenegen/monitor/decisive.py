"""When a run decides a monitor: the step to look at for why it holds, or doesn't.

Of what comes to hold, or breaks, it is the first step at which that is known; of what merely
stays true, or never becomes so, the step that comes nearest to the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.monitor.judge import semantics_of
from scenegen.monitor.margins import margin_told
from scenegen.monitor.questions import Run
from scenegen.monitor.semantics import Semantics
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.scenario.formulas import TEMPORAL, conditions
from scenegen.scenario.syntax import Call, Node

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Verdict:
    """What a run's monitor came to.

    Attributes
    ----------
    name : str
    robustness : float
    row : int or None
        The decisive row of the trajectory; None where every step is as good as any other.
    unit: str
        Of the robustness; "" where its conditions have several.
    """

    name: str
    robustness: float
    row: int | None

    @property
    def holds(self) -> bool:
        """Whether the run keeps it."""
        return self.robustness >= 0.0

    def told(self, unit: str = "") -> str:
        """Return ``clear holds by 1.2 m`` or ``hit BROKEN``; the unit is that of the robustness."""
        text = f"{self.name} {'holds' if self.holds else 'BROKEN'}"
        if np.isinf(self.robustness):
            return text
        return f"{text} by {margin_told(abs(self.robustness), unit)}"


def verdicts(concrete: ConcreteScenario, trajectory: Trajectory) -> tuple[Verdict, ...]:
    """Return what every monitor of a scene came to, and when that was decided."""
    run = Run(concrete, trajectory)
    found = []
    for name, monitor in concrete.monitors.items():
        node, semantics = semantics_of(monitor, run, concrete.rates.control_hz)
        value = float(semantics.worth(node)[0])
        found.append(Verdict(name, value, decisive_row(node, semantics)))
    return tuple(found)


def decisive_row(node: Node, semantics: Semantics) -> int | None:
    """Return the row that decides a formula of a run; None if no row does."""
    return _decided(node, 0, semantics)


def _decided(node: Node, row: int, semantics: Semantics) -> int | None:
    """Return the row that decides a condition as it is asked at a row."""
    if not isinstance(node, Call):
        return None
    holds = bool(semantics.worth(node)[row] >= 0.0)
    match node:
        case Call(operation="not", arguments=(inner,)):
            return _decided(inner, row, semantics)
        case Call(operation="and" | "or" | "implies" as word, arguments=(a, b)):
            left, right = (float(semantics.worth(side)[row]) for side in (a, b))
            left = -left if word == "implies" else left
            first = left <= right if word == "and" else left >= right
            return _decided(a if first else b, row, semantics)
        case Call(operation=operation) if operation in TEMPORAL:
            return _over_time(node, row, holds, semantics)
    return row


def _over_time(node: Call, row: int, holds: bool, semantics: Semantics) -> int | None:
    """Return the row that decides an operator on time."""
    rows = _rows(node, row, semantics)
    if not len(rows):
        return None
    inner = conditions(node)
    if len(inner) > 1:
        return _until(inner[0], inner[1], rows, row if not holds else None, semantics)
    worth = semantics.worth(inner[0])[rows]
    always = node.operation == "always"
    known = worth < 0.0 if always else worth >= 0.0
    if known.any():
        return _decided(inner[0], int(rows[known.argmax()]), semantics)
    nearest = worth if always else -worth
    if np.isposinf(nearest.min()):
        return None
    return _decided(inner[0], int(rows[nearest.argmin()]), semantics)


def _until(
    before: Node, then: Node, rows: Rows, broken_from: int | None, semantics: Semantics
) -> int | None:
    """Return where the second condition came to hold, or the first broke too early.

    Parameters
    ----------
    rows : ndarray, shape (n,)
        At which the second one counts.
    broken_from : int or None
        The row at which it is asked, if it doesn't hold.
    """
    comes = semantics.worth(then)[rows]
    if broken_from is None:
        return _decided(then, int(rows[(comes >= 0.0).argmax()]), semantics)
    breaks = semantics.worth(before)[broken_from : int(rows[-1])] < 0.0
    if breaks.any():
        return _decided(before, broken_from + int(breaks.argmax()), semantics)
    if np.isneginf(comes.max()):
        return None
    return _decided(then, int(rows[comes.argmax()]), semantics)


def _rows(node: Call, row: int, semantics: Semantics) -> Rows:
    """Return the rows of the window of an operator on time, as it is asked at a row."""
    window = semantics.window(node)
    first, last = (0, semantics.steps) if window is None else window
    return np.arange(row + first, min(row + last, semantics.steps - 1) + 1)
