"""A night on the terminal: stages, what every process is at, memory and disk."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import psutil
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from scenegen.pipeline.nightly.observing import at_work
from scenegen.pipeline.progress import RunProgress, clock_text

ROWS = 16
"""Processes that are shown."""
GIGABYTE = 1e9


class Board:
    """Scenes as they are made: a table that changes on a terminal, plain lines elsewhere.

    Parameters
    ----------
    what : str
        What is being done, for the head.
    todo : mapping of str to int
        Scenes of each stage that are to be made.
    scenes : int
        That are to be made in all.
    store : Path
    stream : text file
        Its being a terminal decides the form.
    console : Console, optional
        In place of one on the stream.
    """

    def __init__(
        self,
        what: str,
        todo: dict[str, int],
        scenes: int,
        store: Path,
        stream: TextIO,
        console: Console | None = None,
    ) -> None:
        self._what, self._todo, self._scenes, self._store = what, todo, scenes, store
        self._done: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._frames = self._ended = 0
        self._begin = time.monotonic()
        self._live: Live | None = None
        self._plain: RunProgress | None = None
        if console is not None or stream.isatty():
            shown = console or Console(file=stream)
            self._live = Live(console=shown, get_renderable=self.table, refresh_per_second=2)
        else:
            self._plain = RunProgress(what, scenes, stream)

    def __enter__(self) -> Self:
        if self._live is not None and self._scenes:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None and self._scenes:
            self._live.stop()

    def made(self, scene: str, stages: tuple[str, ...], frames: int | None) -> None:
        """Count a scene whose stages are made; of one that is only simulated, `frames` is None."""
        self._done.update(stages)
        self._ended += 1
        self._frames += frames or 0
        if self._plain is not None:
            self._plain.advance(scene, frames)

    def failed(self) -> None:
        """Count a scene that can't be made; at which stage isn't known here, so at its first."""
        self._failed[next(iter(self._todo), "")] += 1
        self._ended += 1

    def table(self) -> Group:
        """Return what is shown just now."""
        seconds = max(time.monotonic() - self._begin, 1e-9)
        return Group(self._head(seconds), self._stages(seconds), self._workers(), self._machine())

    def _head(self, seconds: float) -> Text:
        left = seconds / self._ended * (self._scenes - self._ended) if self._ended else None
        told = f"{self._what} {self._ended}/{self._scenes} scenes, {clock_text(seconds)}"
        if left is not None:
            told += f", {clock_text(left)} left"
        return Text(f"{told}, {self._frames / seconds:.1f} frames/s", style="bold")

    def _stages(self, seconds: float) -> Table:
        table = Table("stage", "done", "failed", "waiting", "a minute", "left")
        for name, todo in self._todo.items():
            done, failed = self._done[name], self._failed[name]
            # What fails at an early stage is awaited by no later one.
            waiting = max(todo - done - self._failed.total(), 0)
            left = clock_text(seconds / done * waiting) if done else "–"
            rate = f"{60.0 * done / seconds:.1f}"
            row = (name, str(done), str(failed), str(waiting), rate, left)
            table.add_row(*row, style="red" if failed else None)
        return table

    def _workers(self) -> Table:
        table = Table("process", "scene", "stage", "for")
        now, busy = time.time(), at_work(self._store)
        for at in busy[:ROWS]:
            table.add_row(at.worker, at.scene, at.stage, clock_text(max(now - at.since, 0.0)))
        if len(busy) > ROWS:
            table.add_row(f"and {len(busy) - ROWS} more", "", "", "")
        return table

    def _machine(self) -> Text:
        memory, disk = psutil.virtual_memory(), shutil.disk_usage(self._store)
        return Text(
            f"memory {memory.available / GIGABYTE:.1f} of {memory.total / GIGABYTE:.1f} GB free, "
            f"disk {disk.free / GIGABYTE:.1f} of {disk.total / GIGABYTE:.1f} GB free"
        )
