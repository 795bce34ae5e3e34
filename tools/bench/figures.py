"""A measured figure, and the bar it is held against."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Figure:
    """One row of a benchmark.

    Attributes
    ----------
    bar : float or None
        What the project promises; None for information.
    sense : str
        Whether the value must be ``at most`` or ``at least`` the bar.
    """

    benchmark: str
    name: str
    value: float
    unit: str
    bar: float | None = None
    sense: Literal["at most", "at least"] = "at most"

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without one."""
        if self.bar is None:
            return None
        return self.value <= self.bar if self.sense == "at most" else self.value >= self.bar

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**asdict(self), "met": self.met}


def cpu_ms(work: Callable[[], object], repeats: int, warm_up: int = 1) -> float:
    """Return the median CPU time of this process in ms of calling `work`."""
    for _ in range(warm_up):
        work()
    return 1000 * statistics.median(_seconds(work) for _ in range(repeats))


def cpu_ms_each(calls: Iterable[Callable[[], object]]) -> float:
    """Return the median CPU time in ms over different calls."""
    return 1000 * statistics.median(_seconds(call) for call in calls)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
