"""Runs tasks anywhere: one loop for all back ends, which only start tasks and say what came."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from scenegen.errors import ScenegenError

if TYPE_CHECKING:
    from types import TracebackType

Task = TypeVar("Task")
Result = TypeVar("Result")
Given_co = TypeVar("Given_co", covariant=True)

TRIES = 3
"""How often a task may lose its process before it is given up."""
LOOK_S = 0.5
"""How often it is asked whether to stop."""


@dataclass(frozen=True)
class GivenUp:
    """A task that has no result: too long, or its process died each time."""

    reason: str


@dataclass(frozen=True)
class Lost:
    """A task whose process died.

    Attributes
    ----------
    how : str
    begun : bool
        Whether the process had begun it, so that the task may be what it died of.
    """

    how: str
    begun: bool = True


class Queue(Protocol[Given_co]):
    """Gives tasks; which ones may depend on what came of those before."""

    def next(self) -> Given_co | None:
        """Return a task; None if there is none, or none before another has come back."""


class Listed(Generic[Task]):
    """A queue of tasks that are all known."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._left = iter(tasks)

    def next(self) -> Task | None:
        """Return the next task; None after the last."""
        return next(self._left, None)


class Backend(Protocol):
    """Processes that do one task at a time, and keep between tasks what they have loaded."""

    def prepare(self, *, gpu: bool) -> None:
        """Get ready for tasks that a GPU makes faster, or for others."""

    def free(self) -> int:
        """Return how many more tasks may be started now."""

    def start(self, work: Callable[[Any], Any], task: object, limit_s: float) -> object:
        """Start a task; return what `ended` calls it.

        Parameters
        ----------
        limit_s : float
            It is ended if it takes longer, counted from when a process begins it.
        """

    def ended(self, wait_s: float) -> Iterator[tuple[object, Any]]:
        """Yield the tasks that have ended with results, `GivenUp` or `Lost`; wait for one."""

    def drop(self) -> None:
        """End whatever is going on."""

    def close(self) -> None:
        """End all processes."""


class Executor:
    """Runs tasks on a back end; a task's result depends on the task alone.

    A context that ends the processes.

    Parameters
    ----------
    backend : Backend
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._backend.close()

    def run(
        self,
        work: Callable[[Task], Result],
        queue: Queue[Task],
        limit_s: float,
        stop: Callable[[], bool],
        *,
        gpu: bool = False,
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
        gpu : bool
            Whether each task may have a GPU, where there are some.
        """
        backend, again = self._backend, list[Task]()
        flying: dict[object, Task] = {}
        lost: dict[int, int] = {}
        backend.prepare(gpu=gpu)
        try:
            while True:
                more = not stop()
                while more and backend.free() > 0:
                    task = again.pop() if again else queue.next()
                    if task is None:
                        more = False
                    else:
                        flying[backend.start(work, task, limit_s)] = task
                        more = not stop()
                if not more and not flying:
                    return
                for handle, came in backend.ended(LOOK_S):
                    task = flying.pop(handle)
                    if not isinstance(came, Lost):
                        yield task, came
                        continue
                    lost[id(task)] = lost.get(id(task), 0) + came.begun
                    if lost[id(task)] < TRIES:
                        again.append(task)
                    else:
                        told = f"its process died {TRIES} times, last {came.how}"
                        yield task, GivenUp(told)
        finally:
            if flying:
                backend.drop()


def attempt(work: Callable[[Task], Result], task: Task) -> Result | ScenegenError:
    """Do a task; its own error is a result."""
    try:
        return work(task)
    except ScenegenError as error:
        return error
