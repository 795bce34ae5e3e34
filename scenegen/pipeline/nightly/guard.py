"""What ends a run early, and in order: signals, the clock, a disk that fills up, memory."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

GIGABYTE = 1e9
LEAST_MEMORY = 0.05
"""Share of the memory that has to be available for another task to begin."""


class Guard:
    """A context that says whether to stop; once it does, it goes on saying so.

    SIGTERM and SIGINT ask for an end: what has begun is finished, nothing else begins. A second
    one ends the process as usual.

    Parameters
    ----------
    out : Path
        Whose disk is looked at.
    max_hours : float or None
    min_free_gb : float
    """

    def __init__(self, out: Path, max_hours: float | None, min_free_gb: float) -> None:
        self._out = out
        self._end = None if max_hours is None else time.monotonic() + 3600.0 * max_hours
        self._hours = max_hours
        self._free = min_free_gb * GIGABYTE
        self._before: dict[int, object] = {}
        self.reason = ""

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._before[number] = signal.signal(number, self._asked)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self.reason = self.reason or f"asked to stop by {signal.Signals(number).name}"
        signal.signal(number, self._before[number])  # type: ignore[arg-type]

    def stop(self) -> bool:
        """Say whether no further task may begin; `reason` is then why."""
        if not self.reason:
            self.reason = self._looked()
        return bool(self.reason)

    def _looked(self) -> str:
        if self._end is not None and time.monotonic() > self._end:
            return f"max_hours={self._hours:g} are over"
        free = shutil.disk_usage(self._out).free
        if free < self._free:
            return (
                f"{free / GIGABYTE:.1f} GB are free on the disk of {self._out}, less than "
                f"min_free_gb={self._free / GIGABYTE:g}"
            )
        if memory_short():
            return f"less than {LEAST_MEMORY:.0%} of the memory is available; try fewer workers"
        return ""


def memory_short() -> bool:
    """Whether hardly any memory is available, where Linux tells."""
    fields = {}
    path = Path("/proc/meminfo")
    if not path.is_file():
        return False
    for line in path.read_text().splitlines():
        name, _, value = line.partition(":")
        fields[name] = value.split()[0]
    return int(fields["MemAvailable"]) < LEAST_MEMORY * int(fields["MemTotal"])
