"""Adaptive multilevel splitting: from level to level towards failure, by chains of small moves."""

from __future__ import annotations

import numpy as np
from scipy.stats import t

from scenegen.records.base import F64
from scenegen.search.problem import CONFIDENCE, Estimate, Problem, Scenes

DROPPED = 0.25
"""Share of the points that each level leaves behind."""
MOVES = 8
"""Moves of each point that is put in place of one left behind."""
STEPS = (0.1, 0.2, 0.4, 0.8)
"""Lengths of moves, of which each takes one at random."""
MOST_LEVELS = 400
NEW_SCENE = 0.25
"""Share of moves that go to another scene as well: what is random besides points is in the state,
and only what would let go of it is refused."""


class _OverBudgetError(Exception):
    """A run needs more simulations than are left."""


def splitting(
    problem: Problem,
    points: int,
    generator: np.random.Generator,
    *,
    repeats: int = 10,
    confidence: float = CONFIDENCE,
    budget: int | None = None,
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
    budget : int, optional
        Simulations at most. A run that it cuts short counts as none that failed, and the estimate
        as unreliable.

    Returns
    -------
    Estimate
        Its interval is that of the mean of the runs, on the scale of its logarithm.
    """
    before = problem.evaluations
    last = None if budget is None else before + budget
    runs, whole = list[tuple[float, int]](), True
    for _ in range(repeats):
        try:
            runs.append(_run(problem, points, generator, last))
        except _OverBudgetError:
            runs.append((0.0, 0))
            whole = False
    found = np.array([probability for probability, _ in runs])
    mean = float(found.mean())
    low, high = 0.0, 1.0
    if mean > 0 and repeats > 1:
        error = float(found.std(ddof=1)) / (mean * np.sqrt(repeats))
        reach = float(t.ppf(0.5 + 0.5 * confidence, repeats - 1)) * error
        low, high = mean * float(np.exp(-reach)), min(1.0, mean * float(np.exp(reach)))
    if not whole:
        low, high = 0.0, 1.0
    spread = float(found.std(ddof=1)) if repeats > 1 else 0.0
    return Estimate(
        method="adaptive multilevel splitting",
        probability=mean,
        low=low,
        high=high,
        confidence=confidence,
        evaluations=problem.evaluations - before,
        failures=sum(failures for _, failures in runs),
        effective=repeats * mean**2 / spread**2 if spread > 0 else 0.0,
        reliable=whole,
    )


def _run(
    problem: Problem, count: int, generator: np.random.Generator, last: int | None
) -> tuple[float, int]:
    """Return the estimate of one run, and how many of its points failed in the end."""
    at, scenes = problem.nominal_points(count, generator)
    values = _asked(problem, at, scenes, last)
    probability = 1.0
    for _ in range(MOST_LEVELS):
        level = float(np.sort(values)[-max(1, round(DROPPED * count))])
        if level <= 0.0:
            break
        problem.note(level)
        left = values >= level
        if left.all():
            return 0.0, 0
        probability *= 1.0 - float(left.mean())
        chosen = generator.choice(np.flatnonzero(~left), int(left.sum()))
        state = at[chosen], scenes[chosen], values[chosen]
        at[left], scenes[left], values[left] = _moved(problem, state, level, generator, last)
    failed = values < 0
    return probability * float(failed.mean()), int(failed.sum())


def _moved(
    problem: Problem,
    state: tuple[F64, Scenes, F64],
    level: float,
    generator: np.random.Generator,
    last: int | None,
) -> tuple[F64, Scenes, F64]:
    """Return copies of points (n, D) after some moves, none of which leads back over the level."""
    at, scenes, values = state[0].copy(), state[1].copy(), state[2].copy()
    for _ in range(MOVES):
        step = generator.choice(STEPS, (len(at), 1))
        noise = generator.standard_normal(at.shape)
        tried = np.sqrt(1.0 - step * step) * at + step * noise
        other = generator.random(len(at)) < NEW_SCENE
        there = np.where(other, problem.scenes(len(at)), scenes)
        found = _asked(problem, tried, there, last)
        taken = found < level
        at[taken], scenes[taken], values[taken] = tried[taken], there[taken], found[taken]
    return at, scenes, values


def _asked(problem: Problem, points: F64, scenes: Scenes, last: int | None) -> F64:
    """Return robustness (n,); the budget has to suffice for all points."""
    if last is not None and problem.evaluations + len(points) > last:
        raise _OverBudgetError
    return problem.ask(points, scenes)
