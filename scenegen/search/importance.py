"""Importance sampling from where failures are, found by the cross-entropy method."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm, t

from scenegen.records.base import F64
from scenegen.search.mixture import Mixture, fitted
from scenegen.search.problem import CONFIDENCE, Estimate, Problem

ELITE = 0.2
"""Share of a round's points that the next one is drawn after (Rubinstein and Kroese 2004)."""
DEFENCE = 0.1
"""Share that is drawn from the nominal distribution, so that no weight exceeds ten (Hesterberg
1995)."""
MOST_SHAPE = 0.5
"""From this shape on, weights have no variance, and their mean no interval (Vehtari and others,
Pareto Smoothed Importance Sampling, 2024)."""
LEAST_TAIL = 8
MOST_ROUNDS = 30
LEARNING = 0.5
"""Part of the budget that finding failures may take."""


def cross_entropy(
    problem: Problem,
    budget: int,
    generator: np.random.Generator,
    *,
    components: int = 6,
    round_size: int | None = None,
) -> Estimate:
    """Return how often a system fails, by draws from where it does.

    In rounds, draws move towards the points that are nearest to failing, until enough fail.
    The estimate itself is made of draws of one last distribution that no draw of it has shaped, so
    it is unbiased, and its interval is that of a mean. What fails where no draw came near is in
    neither: where failures may be of many kinds, hold it against `splitting`.

    Parameters
    ----------
    budget : int
        Evaluations in all.
    components : int
        Of the mixture that is drawn from: as many kinds of failure are found at once.
    round_size : int, optional
        Draws a round; a twelfth of the budget if not given.

    Returns
    -------
    Estimate
        Without any failure among the last draws: 0, up to where plain draws of the nominal part
        alone would have shown one.
    """
    size = round_size or max(50, budget // 10)
    before = problem.evaluations
    proposal = Mixture.nominal(problem.dimension)
    rounds = 0
    while rounds < MOST_ROUNDS and problem.evaluations - before + size <= LEARNING * budget:
        points = proposal.draw(size, generator)
        values = problem.ask(points)
        level = max(float(np.quantile(values, ELITE)), 0.0)
        elite = values <= level if level > 0 else values < 0
        weights = np.exp(_log_weights(points[elite], proposal))
        proposal = fitted(points[elite], weights, components, generator).with_nominal(DEFENCE)
        rounds += 1
        if level <= 0.0 and rounds > 1:
            break
    return _estimate(problem, proposal, budget - (problem.evaluations - before), generator, before)


def _log_weights(points: F64, proposal: Mixture) -> F64:
    nominal = norm.logpdf(points).sum(axis=1)
    return np.asarray(nominal - proposal.log_density(points))


def _estimate(
    problem: Problem,
    proposal: Mixture,
    count: int,
    generator: np.random.Generator,
    before: int,
) -> Estimate:
    points = proposal.draw(count, generator)
    failed = problem.ask(points) < 0
    worth = np.zeros(count)
    worth[failed] = np.exp(_log_weights(points[failed], proposal))
    mean, failures = float(worth.mean()), int(failed.sum())
    low, high = _interval(worth, mean, failures)
    reliable = tail_shape(worth[failed]) < MOST_SHAPE
    high = high if reliable else 1.0
    squares = float((worth * worth).sum())
    return Estimate(
        method="importance sampling (cross-entropy)",
        probability=mean,
        low=low,
        high=high,
        evaluations=problem.evaluations - before,
        failures=failures,
        effective=worth.sum() ** 2 / squares if squares > 0 else 0.0,
        reliable=reliable,
    )


def _interval(worth: F64, mean: float, failures: int) -> tuple[float, float]:
    """Return the interval of a mean of weights, which are skewed: on the scale of its logarithm."""
    count = len(worth)
    if not failures:
        return 0.0, min(1.0, -float(np.log((1.0 - CONFIDENCE) / 2.0)) / (DEFENCE * count))
    error = float(worth.std(ddof=1)) / (mean * np.sqrt(count))
    reach = float(t.ppf(0.5 + 0.5 * CONFIDENCE, max(failures - 1, 1))) * error
    return mean * float(np.exp(-reach)), min(1.0, mean * float(np.exp(reach)))


def tail_shape(worth: F64) -> float:
    """Return the shape of the generalised Pareto distribution of the greatest weights (n,).

    By Zhang and Stephens (2009), whose estimate needs no optimisation; infinite of too few.
    """
    count = min(len(worth) // 5, int(3 * np.sqrt(len(worth))))
    if count < LEAST_TAIL:
        return float("inf")
    ordered = np.sort(worth)
    over = ordered[-count:] - ordered[-count - 1]
    if over[-1] <= 1e-9 * ordered[-1]:
        return float("-inf")
    tried = 30 + int(np.sqrt(count))
    quarter = max(over[int(count / 4 + 0.5) - 1], 1e-12 * over[-1])
    b = (1 - np.sqrt(tried / (np.arange(1, tried + 1) - 0.5))) / (3 * quarter) + 1 / over[-1]
    shape = np.log1p(-b[:, None] * over).mean(axis=1)
    fit = count * (np.log(-b / shape) - shape - 1)
    share = 1.0 / np.exp(fit - fit[:, None]).sum(axis=1)
    best = float((b * share).sum())
    return float(np.log1p(-best * over).mean() * count / (count + 10) + 0.5 * 10 / (count + 10))
