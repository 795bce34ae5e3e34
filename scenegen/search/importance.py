"""Importance sampling from where failures are, found by the cross-entropy method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp
from scipy.stats import norm, t

from scenegen.records.base import F64
from scenegen.search.mixture import Mixture, fitted
from scenegen.search.problem import CONFIDENCE, Estimate, Problem, Scenes

ELITE = 0.2
"""Share of a round's points that the next one is drawn after (Rubinstein and Kroese 2004)."""
DEFENCE = 0.1
"""Share that is drawn from the nominal distribution, so that no weight exceeds ten (Hesterberg
1995)."""
MOST_SHAPE = 0.5
"""From this shape on, weights have no variance, and their mean no interval (Vehtari and others,
Pareto Smoothed Importance Sampling, 2024)."""
LEAST_TAIL = 8
LEAST_BUDGET, LEAST_WORTH = 1000, 40.0
"""Simulations, and failures that an estimate is worth, below which it doesn't trust itself."""
PROBES, PROBED_SHARE = 40, 0.04
"""Points that look for failures elsewhere, at most, and as a share of the budget."""
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
    confidence: float = CONFIDENCE,
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
    learnt = _Learnt([], [], [])
    while len(learnt.points) < MOST_ROUNDS and (
        problem.evaluations - before + size <= LEARNING * budget
    ):
        points, scenes, _ = _drawn(problem, proposal, size, generator)
        values = problem.ask(points, scenes, accepted=True)
        learnt.add(points, values, proposal)
        level = max(float(np.quantile(values, ELITE)), 0.0)
        problem.note(level)
        elite = values <= level if level > 0 else values < 0
        weights = np.exp(_log_weights(points[elite], proposal))
        proposal = _fitted(points[elite], weights, components, generator)
        if level <= 0.0 and len(learnt.points) > 1:
            break
    if _components(round(ELITE * size), problem.dimension, components) < components:
        # One round's points are few for a mixture: those of all rounds say more.
        failures, weights = learnt.failures()
        if len(failures) >= 0.8 * ELITE * size:
            proposal = _fitted(failures, weights, components, generator)
    missed = _misses(problem, proposal, learnt, min(PROBES, int(PROBED_SHARE * budget)))
    count = budget - (problem.evaluations - before)
    found = _estimate(problem, proposal, count, generator, before, confidence)
    enough = budget >= LEAST_BUDGET and found.effective >= LEAST_WORTH
    if found.reliable and (missed or not enough):
        return found.model_copy(update={"reliable": False, "high": 1.0})
    return found


@dataclass(frozen=True)
class _Learnt:
    """What was drawn in each round, from which distribution, and what came of it."""

    points: list[F64]
    values: list[F64]
    proposals: list[Mixture]

    def add(self, points: F64, values: F64, proposal: Mixture) -> None:
        """Keep a round."""
        self.points.append(points)
        self.values.append(values)
        self.proposals.append(proposal)

    def failures(self) -> tuple[F64, F64]:
        """Return all failures (n, D), and what they weigh as draws of all rounds together."""
        if not self.points:
            return np.zeros((0, 1)), np.zeros(0)
        points = np.concatenate(self.points)[np.concatenate(self.values) < 0]
        logs = np.array([proposal.log_density(points) for proposal in self.proposals])
        drawn = logsumexp(logs, axis=0) - np.log(len(logs))
        return points, np.exp(norm.logpdf(points).sum(axis=1) - drawn)


def _misses(problem: Problem, proposal: Mixture, learnt: _Learnt, probes: int) -> bool:
    """Return whether something fails that is likelier under the nominal distribution.

    Where a distribution has learnt a kind of failure, that is far likelier under it. Rounds may
    have lost a kind that the first of them was on the way to, so its points that are nearest to
    failing go on in their directions, to as far out as failures are.
    """
    failures, _ = learnt.failures()
    if len(failures) and (_log_weights(failures, proposal) > 0).any():
        return True
    if not len(failures) or not probes:
        return False
    first, values = learnt.points[0], learnt.values[0]
    near = first[np.argsort(values, kind="stable")[:probes]]
    out = np.quantile(np.linalg.norm(failures, axis=1), 0.9)
    tried = near * (out / np.maximum(np.linalg.norm(near, axis=1, keepdims=True), 1e-9))
    fails = problem.ask(tried) < 0
    return bool((_log_weights(tried[fails], proposal) > 0).any())


def _fitted(points: F64, weights: F64, most: int, generator: np.random.Generator) -> Mixture:
    """Return what to draw from next, of no more components than the points can tell apart."""
    count = _components(len(points), points.shape[1], most)
    return fitted(points, weights, count, generator).with_nominal(DEFENCE)


def _components(points: int, dimension: int, most: int) -> int:
    return int(np.clip(points // (dimension + 2), 1, most))


def _drawn(
    problem: Problem, proposal: Mixture, count: int, generator: np.random.Generator
) -> tuple[F64, Scenes, int]:
    return problem.accepted(count, lambda n: proposal.draw(n, generator))


def _log_weights(points: F64, proposal: Mixture) -> F64:
    nominal = norm.logpdf(points).sum(axis=1)
    return np.asarray(nominal - proposal.log_density(points))


def _estimate(
    problem: Problem,
    proposal: Mixture,
    count: int,
    generator: np.random.Generator,
    before: int,
    confidence: float,
) -> Estimate:
    """Estimate from draws of a distribution that none of them has shaped.

    Draws go on until `count` are accepted, so the share that is accepted has an estimate
    without bias, which doesn't depend on what becomes of these (Haldane 1945).
    """
    points, scenes, tried = _drawn(problem, proposal, count, generator)
    failed = problem.ask(points, scenes, accepted=True) < 0
    worth = np.zeros(count)
    worth[failed] = np.exp(_log_weights(points[failed], proposal))
    share = 1.0 if tried == count else (count - 1) / (tried - 1)
    # Relative variances of the shares of draws and of nominal draws that are accepted.
    loose = (1.0 - share) / count + problem.acceptance_error**2
    factor = share / problem.acceptance
    mean, failures = factor * float(worth.mean()), int(failed.sum())
    if failures:
        low, high = _interval(worth, mean, failures, loose, confidence)
    else:
        low = 0.0
        high = -float(np.log((1.0 - confidence) / 2.0)) * factor / (DEFENCE * count)
    reliable = tail_shape(worth[failed]) < MOST_SHAPE
    high = min(high, 1.0) if reliable else 1.0
    squares = float((worth * worth).sum())
    return Estimate(
        method="importance sampling (cross-entropy)",
        probability=min(mean, 1.0),
        low=low,
        high=high,
        confidence=confidence,
        evaluations=problem.evaluations - before,
        failures=failures,
        effective=worth.sum() ** 2 / squares if squares > 0 else 0.0,
        reliable=reliable,
    )


def _interval(
    worth: F64, mean: float, failures: int, loose: float, confidence: float
) -> tuple[float, float]:
    """Return the interval of a mean of weights, which are skewed: on the scale of its logarithm."""
    spread = float(worth.std(ddof=1)) / float(worth.mean())
    error = float(np.sqrt(spread * spread / len(worth) + loose))
    reach = float(t.ppf(0.5 + 0.5 * confidence, max(failures - 1, 1))) * error
    # Of one failure the quantile may be twelve errors: no more than a number can hold.
    reach = min(reach, 700.0)
    return mean * float(np.exp(-reach)), mean * float(np.exp(min(reach, 50.0)))


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
