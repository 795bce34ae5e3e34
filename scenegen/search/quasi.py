"""Draws that are spread more evenly than by chance: scrambled Sobol' points."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri
from scipy.stats import binomtest, qmc, t

from scenegen.search.problem import CONFIDENCE, Estimate, Problem

RANDOMISATIONS = 8
FEW = 50
"""Failures below which how much randomisations differ says too little of the error."""
EDGE = 2.0**-54


def sobol(
    problem: Problem,
    budget: int,
    generator: np.random.Generator,
    *,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """Return the share of failures among scrambled Sobol' points (Owen 1997).

    One set of them doesn't tell its own error: several, each scrambled anew, do, by how much they
    differ. The interval is that of their mean; of few failures it is the exact one of as many plain
    draws where that is wider.

    Parameters
    ----------
    budget : int
        Simulations at most. Each randomisation has a power of two of points.

    Raises
    ------
    ValueError
        The budget is less than two points for each randomisation.
    """
    size = int(budget / (RANDOMISATIONS * problem.acceptance))
    if size < 2:
        raise ValueError(f"sobol needs a budget of {2 * RANDOMISATIONS} or more")
    log_size = int(np.log2(size))
    failed, accepted = np.zeros(RANDOMISATIONS), np.zeros(RANDOMISATIONS)
    for run in range(RANDOMISATIONS):
        unit = qmc.Sobol(problem.dimension, rng=generator).random_base2(log_size)
        values = problem.ask(ndtri(np.clip(unit, EDGE, 1.0 - 2.0**-53)))
        failed[run], accepted[run] = (values < 0).sum(), np.isfinite(values).sum()
    return _estimate(failed, accepted, confidence)


def _estimate(failed: np.ndarray, accepted: np.ndarray, confidence: float) -> Estimate:
    total, draws = int(failed.sum()), int(accepted.sum())
    if not draws:
        raise ValueError("none of the points is accepted")
    share = total / draws
    # A ratio of two sums: by how much each randomisation's failures leave it (Cochran 1977, 6.4).
    off = failed - share * accepted
    error = float(np.sqrt((off * off).sum() * len(off) / (len(off) - 1))) / draws
    reach = float(t.ppf(0.5 + 0.5 * confidence, len(off) - 1)) * error
    low, high = max(share - reach, 0.0), min(share + reach, 1.0)
    if total < FEW:
        exact = binomtest(total, draws).proportion_ci(confidence, method="exact")
        low, high = min(low, float(exact.low)), max(high, float(exact.high))
    return Estimate(
        method="scrambled Sobol' points",
        probability=share,
        low=low,
        high=high,
        confidence=confidence,
        evaluations=draws,
        failures=total,
        effective=(share / error) ** 2 if error > 0 else float(total),
    )
