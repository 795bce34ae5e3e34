"""Trainings at once: results in order, one error for the user, the same bits as one by one."""

from __future__ import annotations

import threading

import pytest
import torch

from scenegen.evaluate.study import Tick
from scenegen.evaluate.utility.side_by_side import Job, run_jobs


def counting(number: int, notes: list[int]) -> Job[int]:
    def work(tick: Tick) -> int:
        tick(0.5, "half")
        tick(1.0, "whole")
        notes.append(number)
        return number

    return Job(work, 1.0 + number)


@pytest.mark.parametrize("at_once", [None, 1, 3])
def test_results_come_in_order_and_progress_ends_at_one(at_once: int | None) -> None:
    shares: list[float] = []
    jobs = [counting(number, []) for number in range(5)]
    assert run_jobs(jobs, at_once, lambda share, note: shares.append(share)) == [0, 1, 2, 3, 4]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_the_first_error_is_raised_and_ends_the_others() -> None:
    started = threading.Event()
    rounds: list[int] = []

    def endless(tick: Tick) -> int:
        for number in range(100_000_000):
            started.set()
            rounds.append(number)
            tick(0.0, "")
        return 1

    def failing(tick: Tick) -> int:
        started.wait(10)
        raise ValueError("this one")

    with pytest.raises(ValueError, match="this one"):
        run_jobs([Job(endless, 1), Job(failing, 1), counting(3, [])], 2, lambda s, n: None)
    assert len(rounds) < 100_000_000


def test_torch_has_one_thread_within_and_its_own_number_afterwards() -> None:
    torch.set_num_threads(3)
    seen = run_jobs([Job(lambda tick: torch.get_num_threads(), 1)] * 4, 2, lambda s, n: None)
    assert seen == [1, 1, 1, 1]
    assert torch.get_num_threads() == 3
    torch.set_num_threads(1)
