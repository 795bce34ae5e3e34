"""Processes: every task once, errors as values, and an end when somebody dies."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from scenegen.errors import ScenegenError, SimulationError
from scenegen.pipeline.workers import run_tasks


def square(n: int) -> int:
    if n == 3:
        raise SimulationError("three")
    return n * n


def die(n: int) -> int:
    os._exit(9)


def sleep_and_touch(path: str) -> None:
    time.sleep(2.0)
    Path(path).touch()


@pytest.mark.parametrize("workers", [1, 2])
def test_every_task_comes_back_once(workers: int) -> None:
    results = dict(run_tasks(square, range(6), workers))
    assert isinstance(results.pop(3), SimulationError)
    assert results == {n: n * n for n in (0, 1, 2, 4, 5)}


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_to_do_is_done_at_once(workers: int) -> None:
    assert list(run_tasks(square, [], workers)) == []


def test_a_dead_worker_is_named_with_the_way_on() -> None:
    with pytest.raises(ScenegenError, match="resume=true"):
        list(run_tasks(die, range(4), 2))


def test_leaving_early_stops_the_scenes_in_flight(tmp_path: Path) -> None:
    marks = [str(tmp_path / str(n)) for n in range(6)]
    with closing(run_tasks(sleep_and_touch, marks, 2)) as results:
        next(results)
    time.sleep(2.5)
    assert len(list(tmp_path.iterdir())) <= 3


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_workers import sleep_and_touch
from scenegen.pipeline.workers import run_tasks
if __name__ == "__main__":
    print("started", flush=True)
    list(run_tasks(sleep_and_touch, [{str(tmp_path)!r} + f"/{{n}}" for n in range(40)], 2))
"""
    script = tmp_path.parent / "parent.py"
    script.write_text(code)
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    parent.stdout.readline()
    while not list(tmp_path.iterdir()):
        assert parent.poll() is None, "it ended before a task was done"
        time.sleep(0.1)
    parent.kill()
    parent.wait()
    time.sleep(1.0)
    before = len(list(tmp_path.iterdir()))
    assert before > 0
    time.sleep(3.0)
    assert len(list(tmp_path.iterdir())) == before
    parent.stdout.close()
