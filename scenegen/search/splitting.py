"""Adaptive multilevel splitting: from level to level towards failure, by chains of small moves."""

from __future__ import annotations

import numpy as np
from scipy.stats import t

from scenegen.records.base import F64
from scenegen.search.problem import CONFIDENCE, Estimate, Problem

DROPPED = 0.25
"""Share of the points that each level leaves behind."""
MOVES = 8
"""Moves of each point that is put in place of one left behind."""
STEPS = (0.1, 0.2, 0.4, 0.8)
"""Lengths of moves, of which each takes one at random."""
MOST_LEVELS = 400


def splitting(
    problem: Problem,
    points: int,
    generator: np.random.Generator,
    *,
    repeats: int = 10,
) -> Estimate:
    """Return how often a system fails, by what share of points passes level after level.

    In each run, points that are farthest from failing are replaced by copies of others that move on
    by chains that keep the nominal distribution (preconditioned Crank-Nicolson) and are never
    farther from failing than the level. Shares multiply to an unbiased estimate (Cérou and
    Guyader 2007; Bréhier and others 2016); several runs, independent of each other, tell its
    error without any assumption on how good the chains are.

    Parameters
    ----------
    points : int
        Of each run.
    repeats : int
        Runs.

    Returns
    -------
    Estimate
        Its interval is that of the mean of the runs, on the scale of its logarithm.
    """
    before = problem.evaluations
    runs = [_run(problem, points, generator) for _ in range(repeats)]
    found = np.array([probability for probability, _ in runs])
    mean = float(found.mean())
    low, high = 0.0, 1.0
    if mean > 0 and repeats > 1:
        error = float(found.std(ddof=1)) / (mean * np.sqrt(repeats))
        reach = float(t.ppf(0.5 + 0.5 * CONFIDENCE, repeats - 1)) * error
        low, high = mean * float(np.exp(-reach)), min(1.0, mean * float(np.exp(reach)))
    spread = float(found.std(ddof=1)) if repeats > 1 else 0.0
    return Estimate(
        method="adaptive multilevel splitting",
        probability=mean,
        low=low,
        high=high,
        evaluations=problem.evaluations - before,
        failures=sum(failures for _, failures in runs),
        effective=repeats * mean**2 / spread**2 if spread > 0 else 0.0,
    )


def _run(problem: Problem, count: int, generator: np.random.Generator) -> tuple[float, int]:
    """Return the estimate of one run, and how many of its points failed in the end."""
    at = generator.standard_normal((count, problem.dimension))
    values = problem.ask(at)
    probability = 1.0
    for _ in range(MOST_LEVELS):
        level = float(np.sort(values)[-max(1, round(DROPPED * count))])
        if level <= 0.0:
            break
        left = values >= level
        if left.all():
            return 0.0, 0
        probability *= 1.0 - float(left.mean())
        chosen = generator.choice(np.flatnonzero(~left), int(left.sum()))
        at[left], values[left] = _moved(problem, at[chosen], values[chosen], level, generator)
    failed = values < 0
    return probability * float(failed.mean()), int(failed.sum())


def _moved(
    problem: Problem, at: F64, values: F64, level: float, generator: np.random.Generator
) -> tuple[F64, F64]:
    """Return copies of points (n, D) after some moves, none of which leads back over the level."""
    at, values = at.copy(), values.copy()
    for _ in range(MOVES):
        step = generator.choice(STEPS, (len(at), 1))
        noise = generator.standard_normal(at.shape)
        tried = np.sqrt(1.0 - step * step) * at + step * noise
        found = problem.ask(tried)
        taken = found < level
        at[taken], values[taken] = tried[taken], found[taken]
    return at, values
