"""What is wrong with each of many draws: the first thing that was found counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scenegen.errors import ScenarioError

Mask = npt.NDArray[np.bool_]
Fault = Callable[[int], ScenarioError]
"""Makes the error of a row: a value makes no sense there, whatever else is drawn."""


def always(error: ScenarioError) -> Fault:
    """Return the fault that is the same for every row."""
    return lambda _: error


class Verdicts:
    """Rejections (the draw is put back) and faults (the scenario is wrong) of n draws.

    Attributes
    ----------
    first : ndarray, shape (n,), int
        Number of the reason that was found first, -1 for none.
    reasons : list
        Names of rejections, and what makes the errors of faults.
    hints : dict of str to str
        What would help against a rejection, by its name, as far as that is known.
    """

    def __init__(self, n: int) -> None:
        self.first = np.full(n, -1, dtype=np.int64)
        self.reasons: list[str | Fault] = []
        self.hints: dict[str, str] = {}

    @property
    def fine(self) -> Mask:
        """Rows (n,) with which nothing is wrong so far."""
        return self.first < 0

    def note(self, rows: Mask, reason: str | Fault) -> None:
        """Note a reason for rows (n,), but for those that have one."""
        new = rows & self.fine
        if new.any():
            self.reasons.append(reason)
            self.first[new] = len(self.reasons) - 1

    def fault_rows(self) -> npt.NDArray[np.int64]:
        """Return the rows that have a fault, in order."""
        faulty = [k for k, reason in enumerate(self.reasons) if not isinstance(reason, str)]
        return np.flatnonzero(np.isin(self.first, faulty))

    def error(self, row: int) -> ScenarioError:
        """Return the error of a row that has a fault."""
        reason = self.reasons[int(self.first[row])]
        assert not isinstance(reason, str)
        return reason(row)

    def rejections(self, before: int | None = None) -> Counter[str]:
        """Return how many rows, of those before one, each rejection was the first to reject."""
        numbers = np.bincount(self.first[:before] + 1, minlength=len(self.reasons) + 1)[1:]
        counts: Counter[str] = Counter()
        for reason, number in zip(self.reasons, numbers.tolist(), strict=True):
            if isinstance(reason, str) and number:
                counts[reason] += number
        return counts
