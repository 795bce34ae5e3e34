"""How far a long run has come: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)


def clock_text(seconds: float) -> str:
    """Return ``m:ss`` or ``h:mm:ss``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def live_bar(stream: TextIO, counter: ProgressColumn) -> Progress | None:
    """Return a bar whose tasks have a field ``note``; None where the stream is no terminal."""
    if not stream.isatty():
        return None
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        counter,
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
        console=Console(file=stream),
    )


class RunProgress:
    """Scenes done, frames a second and the time left.

    Parameters
    ----------
    what : str
        What is being done, for the head of the line.
    total : int
        Number of scenes.
    stream : text file
        Where to write; its being a terminal decides the form.
    """

    def __init__(self, what: str, total: int, stream: TextIO = sys.stderr) -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._frames = 0
        self._start = time.monotonic()
        self._stream = stream
        self._bar = live_bar(stream, MofNCompleteColumn())

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._total, note="")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, name: str, frames: int | None) -> None:
        """Count one scene as done; of one that is only simulated, `frames` is None."""
        self._done += 1
        self._frames += frames or 0
        elapsed = max(time.monotonic() - self._start, 1e-9)
        left = elapsed / self._done * (self._total - self._done)
        rate = f"{self._frames / elapsed:.1f} frames/s"
        if frames is None:
            rate = f"{self._done / elapsed:.1f} runs/s"
        note = f"{rate}, {clock_text(left)} left"
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done, note=note)
        else:
            made = "" if frames is None else f"{frames} frames, "
            line = f"{self._what} {self._done}/{self._total} {name}: {made}{note}"
            print(line, file=self._stream, flush=True)
