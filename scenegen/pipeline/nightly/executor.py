"""Where tasks run: one protocol, and the processes of this machine."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures import TimeoutError as TimedOutError
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pebble import ProcessExpired, ProcessPool

from scenegen.errors import ScenegenError
from scenegen.pipeline.workers import start_worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

Task = TypeVar("Task")
Result = TypeVar("Result")

TRIES = 3
"""How often a task may lose its process before it is given up."""
AHEAD = 2
"""Tasks that wait for each process: as many as it takes for none to be idle."""
LOOK_S = 0.5
"""How often it is asked whether to stop."""


@dataclass(frozen=True)
class GivenUp:
    """A task that has no result: too long, or its process died each time."""

    reason: str


class Executor(Protocol):
    """Runs tasks anywhere; a task's result depends on the task alone."""

    def run(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        limit_s: float,
        stop: Callable[[], bool],
    ) -> Generator[tuple[Task, Result | ScenegenError | GivenUp], None, None]:
        """Yield each task with what came of it, in no promised order.

        Parameters
        ----------
        work : callable
            A module-level function.
        limit_s : float
            A task that takes longer is ended.
        stop : callable
            Asked again and again: once it says so, no further task begins, and those that have
            begun are finished.
        """


class LocalExecutor:
    """Processes of this machine.

    Parameters
    ----------
    workers : int
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        limit_s: float,
        stop: Callable[[], bool],
    ) -> Generator[tuple[Task, Result | ScenegenError | GivenUp], None, None]:
        """See `Executor`."""
        if not tasks:
            return
        waiting = list(reversed(tasks))
        lost: dict[int, int] = {}
        flying: dict[Future[Any], Task] = {}
        with _pool(min(self._workers, len(tasks))) as pool:
            while waiting or flying:
                while waiting and len(flying) < AHEAD * self._workers and not stop():
                    task = waiting.pop()
                    flying[pool.schedule(attempt, args=[work, task], timeout=limit_s)] = task
                if not flying:
                    return
                for future in wait(flying, LOOK_S, FIRST_COMPLETED).done:
                    task = flying.pop(future)
                    try:
                        yield task, future.result()
                    except TimedOutError:
                        yield task, GivenUp(f"took longer than {limit_s:g} s")
                    except ProcessExpired as error:
                        lost[id(task)] = lost.get(id(task), 0) + 1
                        if lost[id(task)] < TRIES:
                            waiting.append(task)
                            continue
                        code = f"exit code {error.exitcode}"
                        yield task, GivenUp(f"its process died {TRIES} times, last with {code}")


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPool]:
    """Give processes that end when this one is gone."""
    context = multiprocessing.get_context("spawn")
    stop_here, stop_there = context.Pipe(duplex=False)
    pool = ProcessPool(workers, context=context, initializer=start_worker, initargs=[stop_here])
    try:
        yield pool
        pool.close()  # type: ignore[no-untyped-call]
        pool.join()
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        stop_there.close()
        pool.join()
        stop_here.close()


def attempt(work: Callable[[Task], Result], task: Task) -> Result | ScenegenError:
    """Do a task; its own error is a result."""
    try:
        return work(task)
    except ScenegenError as error:
        return error
