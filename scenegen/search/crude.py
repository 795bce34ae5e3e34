"""Plain Monte Carlo: the reference that everything else has to agree with."""

from __future__ import annotations

import numpy as np
from scipy.stats import binomtest

from scenegen.search.problem import CONFIDENCE, Estimate, Problem


def crude(
    problem: Problem,
    budget: int,
    generator: np.random.Generator,
    *,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """Return the share of failures among nominal draws.

    The interval is exact (Clopper and Pearson 1934): without any failure it still has an upper
    end.

    Parameters
    ----------
    budget : int
        Draws.
    """
    points, scenes = problem.nominal_points(budget, generator)
    failed = int((problem.ask(points, scenes, accepted=True) < 0).sum())
    interval = binomtest(failed, budget).proportion_ci(confidence, method="exact")
    return Estimate(
        method="plain draws",
        probability=failed / budget,
        low=float(interval.low),
        high=float(interval.high),
        confidence=confidence,
        evaluations=budget,
        failures=failed,
        effective=float(failed),
    )
