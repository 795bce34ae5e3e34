"""The processes of this machine."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures import TimeoutError as TimedOutError
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from scenegen.errors import ScenegenError
from scenegen.pipeline.nightly.executor import TRIES, GivenUp, Lost, attempt
from scenegen.pipeline.workers import start_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from multiprocessing.connection import Connection

AHEAD = 2
"""Tasks that are under way for each process: as many as it takes for none to be idle."""


class LocalBackend:
    """Processes that are started with the first task and stay until the end.

    Parameters
    ----------
    workers : int
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPool | None = None
        self._ends: tuple[Connection, Connection] | None = None
        self._flying: dict[Future[Any], float] = {}
        self._broken = 0

    def prepare(self, *, gpu: bool) -> None:
        """See `Backend`; all processes of a machine see its GPUs."""

    def free(self) -> int:
        """See `Backend`."""
        return AHEAD * self._workers - len(self._flying)

    def start(self, work: Callable[[Any], Any], task: object, limit_s: float) -> object:
        """See `Backend`."""
        try:
            future = self._started().schedule(attempt, args=[work, task], timeout=limit_s)
        except RuntimeError:  # its processes have died, and took the pool with them
            self._break()
            future = self._started().schedule(attempt, args=[work, task], timeout=limit_s)
        self._flying[future] = limit_s
        return future

    def ended(self, wait_s: float) -> Iterator[tuple[object, Any]]:
        """See `Backend`.

        Raises
        ------
        ScenegenError
            Processes die before they begin anything.
        """
        if self._pool is not None and not self._pool.active:
            self._break()
        for future in wait(self._flying, wait_s, FIRST_COMPLETED).done:
            limit_s = self._flying.pop(future)
            try:
                came = future.result()
                self._broken = 0
            except TimedOutError:
                came = GivenUp(f"took longer than {limit_s:g} s")
            except ProcessExpired as error:
                came = Lost(f"with exit code {error.exitcode}")
            except BrokenProcessPool:
                came = Lost("with its pool", begun=False)
            yield future, came

    def drop(self) -> None:
        """See `Backend`."""
        self._flying.clear()
        self._stop()

    def close(self) -> None:
        """See `Backend`."""
        if self._pool is not None and not self._flying:
            self._pool.close()  # type: ignore[no-untyped-call]
            self._pool.join()
        self._stop()

    def _started(self) -> ProcessPool:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._ends = context.Pipe(duplex=False)
            self._pool = ProcessPool(
                self._workers, context=context, initializer=start_worker, initargs=[self._ends[0]]
            )
        return self._pool

    def _break(self) -> None:
        """Let go of a pool whose processes are gone, with every task that it was given."""
        self._stop()
        for future in self._flying:
            if not future.done():  # it broke before it had taken this one from its queue
                future.set_exception(BrokenProcessPool("its pool is gone"))
        self._broken += 1
        if self._broken == TRIES:
            raise ScenegenError(
                f"processes died {TRIES} times before they began anything: killed, or out of "
                "memory; try fewer workers"
            )

    def _stop(self) -> None:
        if self._pool is None or self._ends is None:
            return
        here, there = self._ends
        self._pool.stop()  # type: ignore[no-untyped-call]
        there.close()
        self._pool.join()
        here.close()
        self._pool = self._ends = None
