"""How far a run of unlike steps has come: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.progress import TaskProgressColumn

from scenegen.pipeline.progress import clock_text, live_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenegen.evaluate.study import Tick

PLAIN_EVERY_S = 10.0
"""Seconds between plain lines within a step."""


class StepProgress:
    """The share done, what is at work, and the time left.

    Parameters
    ----------
    what : str
        What is being done, for the head of the line.
    weights : mapping of str to float
        Expected cost of each step; only the ratios matter.
    stream : text file
        Where to write; its being a terminal decides the form.
    """

    def __init__(self, what: str, weights: Mapping[str, float], stream: TextIO) -> None:
        self._what = what
        self._weights = dict(weights)
        self._total = sum(weights.values())
        self._done = 0.0
        self._stream = stream
        self._start = self._said = time.monotonic()
        self.seconds: dict[str, float] = {}
        self._bar = live_bar(stream, TaskProgressColumn())
        if self._bar is not None:
            self._task = self._bar.add_task(what, total=self._total, note="")

    @contextmanager
    def running(self) -> Iterator[StepProgress]:
        """Show the bar while the steps run."""
        if self._bar is None:
            yield self
            return
        with self._bar:
            yield self

    @contextmanager
    def step(self, name: str) -> Iterator[Tick]:
        """Run one step: gives the function by which it says how far it is."""
        weight = self._weights[name]
        start = time.monotonic()
        self._say(name, 0.0, force=True)

        def tick(share: float, note: str) -> None:
            self._say(f"{name}: {note}" if note else name, weight * min(max(share, 0.0), 1.0))

        yield tick
        self.seconds[name] = round(time.monotonic() - start, 1)
        self._done += weight

    def _say(self, note: str, part: float, force: bool = False) -> None:
        now = time.monotonic()
        share = (self._done + part) / self._total
        left = (now - self._start) / share * (1 - share) if share > 0.02 else None
        text = note if left is None else f"{note}, {clock_text(left)} left"
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done + part, note=text)
        elif force or now - self._said >= PLAIN_EVERY_S:
            self._said = now
            print(f"{self._what} {share:4.0%} {text}", file=self._stream, flush=True)
