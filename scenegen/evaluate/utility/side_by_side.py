"""Several trainings at once in one process, a core each.

Small networks gain nothing from a second thread within a step (0.33 s with it, 0.27 without),
but two trainings of one thread each take 0.16 s a step of both. A training of one thread also
gives the same bits on any number of cores.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from scenegen.evaluate.study import Tick

Result = TypeVar("Result")


@dataclass(frozen=True)
class Job(Generic[Result]):
    """Something to do, and its share of all the work."""

    work: Callable[[Tick], Result]
    weight: float


class _StoppedError(Exception):
    """Another job failed, or the user asked to stop."""


def run_jobs(jobs: Sequence[Job[Result]], at_once: int | None, tick: Tick) -> list[Result]:
    """Do jobs and return their results in order.

    Parameters
    ----------
    at_once : int or None
        How many at a time, each limited to one thread of torch; None does one after the
        other and leaves torch's threads alone.

    Raises
    ------
    BaseException
        What the first failing job raised; the others end at their next tick.
    """
    board = _Board([job.weight for job in jobs], tick)
    if at_once is None:
        return [job.work(board.tick_of(i)) for i, job in enumerate(jobs)]
    with _one_thread_each() as limit, ThreadPoolExecutor(at_once, initializer=limit) as pool:
        futures = [pool.submit(job.work, board.tick_of(i)) for i, job in enumerate(jobs)]
        try:
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in futures:
                if future in done:
                    future.result()
        except BaseException:
            board.stop(pool)
            raise
        return [future.result() for future in futures]


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


class _Board:
    """Adds up how far the jobs are; `tick` is called by one thread at a time."""

    def __init__(self, weights: Sequence[float], tick: Tick) -> None:
        self._weights = weights
        self._total = sum(weights) or 1.0
        self._shares = [0.0] * len(weights)
        self._tick = tick
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def tick_of(self, number: int) -> Tick:
        """Return the tick of one job."""

        def tick(share: float, note: str) -> None:
            if self._stopped.is_set():
                raise _StoppedError
            with self._lock:
                self._shares[number] = share
                done = sum(w * s for w, s in zip(self._weights, self._shares, strict=True))
                self._tick(done / self._total, note)

        return tick

    def stop(self, pool: ThreadPoolExecutor) -> None:
        """End the jobs that run and forget those that wait."""
        self._stopped.set()
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[Callable[[], None]]:
    """Keep torch to one thread a training; gives what each training's thread must call first."""
    import torch  # noqa: PLC0415 - loaded only where something is trained

    threads, interval = torch.get_num_threads(), sys.getswitchinterval()
    torch.set_num_threads(1)
    # Steps are made of short operations: waiting 5 ms for the interpreter costs a sixth of them.
    sys.setswitchinterval(0.0002)
    try:
        yield lambda: torch.set_num_threads(1)
    finally:
        sys.setswitchinterval(interval)
        torch.set_num_threads(threads)
