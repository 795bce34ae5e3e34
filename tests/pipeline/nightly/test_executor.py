"""The loop that all back ends share, and processes that stay."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from scenegen.pipeline.nightly.executor import TRIES, Executor, GivenUp, Listed, Lost
from scenegen.pipeline.nightly.local_backend import LocalBackend
from tests.pipeline.nightly.processes import workers_of


class Scripted:
    """A back end of one process, which comes to what is written down for each task."""

    def __init__(self, script: dict[str, list[Any]]) -> None:
        self.script, self.going, self.dropped = script, [], False

    def prepare(self, *, gpu: bool) -> None:
        pass

    def free(self) -> int:
        return 1 - len(self.going)

    def start(self, work: Callable[[Any], Any], task: str, limit_s: float) -> object:
        self.going.append(task)
        return task

    def ended(self, wait_s: float) -> Iterator[tuple[object, Any]]:
        for task in [*self.going]:
            self.going.remove(task)
            yield task, self.script[task].pop(0)

    def drop(self) -> None:
        self.dropped = True

    def close(self) -> None:
        pass


def results(backend: Scripted, *tasks: str, stop: Callable[[], bool] = lambda: False) -> Any:
    return list(Executor(backend).run(len, Listed(tasks), 1.0, stop))


def test_a_task_is_given_up_when_its_process_died_each_time() -> None:
    died = [Lost("with exit code 9")] * TRIES
    told = GivenUp("its process died 3 times, last with exit code 9")
    assert results(Scripted({"a": died, "b": [1]}), "a", "b") == [("a", told), ("b", 1)]


def test_a_process_that_had_not_begun_counts_for_nothing() -> None:
    died = [Lost("with its pool", begun=False)] * 5
    assert results(Scripted({"a": [*died, 7]}), "a") == [("a", 7)]


def test_what_has_begun_is_finished() -> None:
    asked = iter([False, True, True, True])
    found = results(Scripted({"a": [1], "b": [2]}), "a", "b", stop=lambda: next(asked))
    assert found == [("a", 1)]


def test_whoever_turns_away_ends_what_is_going_on() -> None:
    backend = Scripted({"a": [1], "b": [2], "c": [3]})
    backend.free = lambda: 2 - len(backend.going)
    run = Executor(backend).run(len, Listed(["a", "b", "c"]), 1.0, lambda: False)
    next(run)
    run.close()
    assert backend.dropped


class Growing:
    """A queue that gives a task for each that came back."""

    def __init__(self) -> None:
        self.left, self.tasks = 3, ["0"]

    def next(self) -> str | None:
        return self.tasks.pop() if self.tasks else None

    def came(self) -> None:
        self.left -= 1
        if self.left:
            self.tasks.append(str(self.left))


def test_a_queue_may_grow() -> None:
    queue, found = Growing(), []
    backend = Scripted({str(n): [n] for n in range(3)})
    for task, _ in Executor(backend).run(len, queue, 1.0, lambda: False):
        found.append(task)
        queue.came()
    assert found == ["0", "2", "1"]


def which(task: int) -> int:
    """Return the process that does a task."""
    return os.getpid()


@pytest.mark.slow
def test_processes_stay_from_run_to_run() -> None:
    with Executor(LocalBackend(1)) as executor:
        seen = [
            pid
            for _ in range(2)
            for _, pid in executor.run(which, Listed([1, 2, 3]), 60.0, lambda: False)
        ]
    assert len(seen) == 6
    assert len(set(seen)) == 1
    assert os.getpid() not in seen


@pytest.mark.parametrize("time", range(8))
def test_processes_that_die_at_once_keep_no_task(time: int) -> None:
    """Where the kill strikes decides what the pool knows of its tasks: hence several times."""
    killed: list[int] = []

    def kill() -> None:
        while not killed:
            for process in workers_of(psutil.Process()):
                process.kill()
                killed.append(process.pid)

    killer = threading.Thread(target=kill)
    killer.start()
    with Executor(LocalBackend(2)) as executor:
        found = dict(executor.run(abs, Listed([-1, -2, -3, -4]), 60.0, lambda: False))
    killer.join()
    assert found == {-1: 1, -2: 2, -3: 3, -4: 4}
