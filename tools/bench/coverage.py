"""How often intervals hold known truths: ``PYTHONPATH=tools:. python -m bench.coverage 10000``.

The argument is the first of 100 seeds; the tests take those from 0 on. A second argument names one
method, a third one problem. Of 100 intervals at 95 %, 88 or more hold the truth but once in a
hundred times of chance (binomial, 0.95). Takes a quarter of an hour, most of it splitting's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from scenegen.search import Estimate, Problem, cross_entropy, splitting
from tests.search.problems import PROBLEMS

REPEATS = 100
CASES = ((2, 1e-3), (10, 1e-4), (5, 1e-6))
METHODS: dict[str, Callable[[Problem, np.random.Generator], Estimate]] = {
    "cross_entropy": lambda problem, generator: cross_entropy(problem, 4000, generator),
    "splitting": lambda problem, generator: splitting(problem, 60, generator),
}


@dataclass(frozen=True)
class Coverage:
    """What came of `REPEATS` estimates of one known probability.

    Attributes
    ----------
    held, trusted, trusted_held : int
        Intervals that hold it; estimates that call themselves reliable, and those of them that
        hold it.
    mean, scatter : float
        Of the estimates, in units of the truth.
    """

    held: int
    trusted: int
    trusted_held: int
    mean: float
    scatter: float


def covered(method: str, problem: str, dimension: int, truth: float, first: int) -> Coverage:
    """Repeat estimates with seeds from `first` on."""
    made = [
        METHODS[method](PROBLEMS[problem](dimension, truth), np.random.default_rng(first + k))
        for k in range(REPEATS)
    ]
    holds = [one.low <= truth <= one.high for one in made]
    found = np.array([one.probability for one in made]) / truth
    return Coverage(
        sum(holds),
        sum(one.reliable for one in made),
        sum(h and one.reliable for h, one in zip(holds, made, strict=True)),
        float(found.mean()),
        float(found.std()),
    )


def rows(first: int, methods: list[str], problems: list[str]) -> Iterator[str]:
    """Yield a line for each method, problem and truth."""
    for method in methods:
        for problem in problems:
            for dimension, truth in CASES:
                told = covered(method, problem, dimension, truth, first)
                yield (
                    f"{method:<14} {problem:<11} {dimension:>2} {truth:g}: {told.held} of "
                    f"{REPEATS} hold it; reliable {told.trusted}, of which {told.trusted_held} "
                    f"hold it; mean {told.mean:.3f}, scatter {told.scatter:.3f} of the truth"
                )


if __name__ == "__main__":
    asked = sys.argv[2:3] or list(METHODS)
    for row in rows(int(sys.argv[1]), asked, sys.argv[3:4] or list(PROBLEMS)):
        print(row, flush=True)
