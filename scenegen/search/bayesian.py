"""Finds failures by Bayesian optimisation: a Gaussian process, and expected improvement."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.stats import norm

from scenegen.records.base import F64
from scenegen.search.finders import worth_of
from scenegen.search.problem import Findings, Problem

START_SHARE = 0.2
CANDIDATES = 2000
BATCH = 4
"""Points a round: the best of the candidates that keep their distance from each other."""
MOST_KEPT = 400
"""Points that the process is fitted to: its cost grows with their cube."""
WIDE = 1.5
LOCAL = 0.3


def bayesian(problem: Problem, budget: int, generator: np.random.Generator) -> Findings:
    """Look for failures, those nearest to nominal first (Jones, Schonlau and Welch 1998).

    Parameters
    ----------
    budget : int
        Simulations at most.
    """
    before, d = problem.evaluations, problem.dimension
    first = max(2, min(budget, int(max(START_SHARE * budget, min(2 * d, 0.5 * budget)))))
    points, scenes, _ = problem.accepted(
        min(first, budget), lambda n: WIDE * generator.standard_normal((n, d))
    )
    values = problem.ask(points, scenes, accepted=True)
    problem.note(max(float(values.min()), 0.0))
    while (left := budget - (problem.evaluations - before)) > 0:
        worth = worth_of(values, points)
        chosen = _chosen(points, worth, generator, min(BATCH, left))
        numbers = problem.scenes(len(chosen))
        can = problem.accepts(chosen, numbers)
        if not can.any():
            chosen, numbers, _ = problem.accepted(
                1, lambda n: WIDE * generator.standard_normal((n, d))
            )
        else:
            chosen, numbers = chosen[can], numbers[can]
        found = problem.ask(chosen, numbers, accepted=True)
        points, values = np.vstack([points, chosen]), np.concatenate([values, found])
        problem.note(max(float(values.min()), 0.0))
    return Findings(
        method="Bayesian optimisation",
        evaluations=problem.evaluations - before,
        failures=int((values < 0).sum()),
    )


def _chosen(points: F64, worth: F64, generator: np.random.Generator, count: int) -> F64:
    """Return where an improvement on the best is expected most, some places (count, D)."""
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - takes its time
    from sklearn.gaussian_process import GaussianProcessRegressor  # noqa: PLC0415
    from sklearn.gaussian_process.kernels import Matern, WhiteKernel  # noqa: PLC0415

    d = points.shape[1]
    kept = np.sort(np.argsort(worth, kind="stable")[:MOST_KEPT])
    some, told = points[kept], np.clip(worth[kept], None, np.quantile(worth, 0.9) + 1e-9)
    process = GaussianProcessRegressor(
        Matern(np.sqrt(d), nu=2.5) + WhiteKernel(0.1), normalize_y=True, alpha=1e-8
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its bound is one, too
        process.fit(some, told)
    best = some[np.argsort(told, kind="stable")[:5]]
    near = best[generator.integers(len(best), size=CANDIDATES // 2)]
    tried = np.vstack(
        [
            WIDE * generator.standard_normal((CANDIDATES // 2, d)),
            near + LOCAL * generator.standard_normal(near.shape),
        ]
    )
    mean, sd = process.predict(tried, return_std=True)
    gain = float(told.min()) - mean
    sd = np.maximum(sd, 1e-9)
    expected = gain * norm.cdf(gain / sd) + sd * norm.pdf(gain / sd)
    taken: list[int] = []
    for k in np.argsort(-expected, kind="stable").tolist():
        if all(np.linalg.norm(tried[k] - tried[j]) > LOCAL for j in taken):
            taken.append(k)
        if len(taken) == count:
            break
    return tried[taken]
