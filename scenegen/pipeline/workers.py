"""Work on scenes in processes, one OpenGL context each; results in no promised order.

Workers are spawned, never forked: a forked OpenGL context is undefined behaviour.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Self, TypeVar

from scenegen.errors import ScenegenError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from types import TracebackType

Task = TypeVar("Task")
Result = TypeVar("Result")


def start_worker(stop: Connection) -> None:
    """Leave Ctrl-C to the parent, and end at once when the parent is gone or closes `stop`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Software OpenGL starts a thread a core. With a process a core they get in each other's way,
    # and even one beside the process's own costs two hundredths: none, then.
    os.environ.setdefault("LP_NUM_THREADS", "0")
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel, stop])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def run_tasks(
    work: Callable[[Task], Result], tasks: Sequence[Task], workers: int
) -> Generator[tuple[Task, Result | ScenegenError], None, None]:
    """Yield each task with its result, or with the `ScenegenError` that it ended in.

    Parameters
    ----------
    work : callable
        A module-level function; called in this process when `workers` is 1.
    tasks : sequence
        Pickled to the workers.
    workers : int
        Number of processes.

    Raises
    ------
    ScenegenError
        A worker died. What the others had finished has been yielded before.
    """
    if tasks:
        with Crew(workers) as crew:
            yield from crew.run(work, tasks)


class Crew:
    """Processes that stay for several lots of tasks, started with the first.

    Parameters
    ----------
    workers : int
        With 1, tasks are done in this process.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._ends: tuple[Connection, Connection] | None = None

    def run(
        self, work: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> Generator[tuple[Task, Result | ScenegenError], None, None]:
        """Yield as `run_tasks` does."""
        if self._workers == 1:
            for task in tasks:
                yield task, _attempt(work, task)
            return
        pool = self._pool or self._started()
        try:
            futures = {pool.submit(_attempt, work, task): task for task in tasks}
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool:
            raise ScenegenError(
                "a worker process died (killed, or out of memory); whole scenes are kept: "
                "run the same command with resume=true, and fewer workers if memory is short"
            ) from None

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        self._ends = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            self._workers, context, initializer=start_worker, initargs=(self._ends[0],)
        )
        return self._pool

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the processes; after an interrupt what is at work is dropped."""
        if self._pool is None or self._ends is None:
            return
        here, there = self._ends
        there.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        here.close()
        self._pool = None


def _attempt(work: Callable[[Task], Result], task: Task) -> Result | ScenegenError:
    try:
        return work(task)
    except ScenegenError as error:
        return error
