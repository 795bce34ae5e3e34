"""Plain Monte Carlo: the reference that everything else has to agree with."""

from __future__ import annotations

import numpy as np
from scipy.stats import binomtest

from scenegen.search.problem import CONFIDENCE, Estimate, Problem


def crude(problem: Problem, budget: int, generator: np.random.Generator) -> Estimate:
    """Return the share of failures among nominal draws.

    The interval is exact (Clopper and Pearson 1934): without any failure it still has an upper
    end.

    Parameters
    ----------
    budget : int
        Draws.
    """
    failed = int((problem.ask(generator.standard_normal((budget, problem.dimension))) < 0).sum())
    interval = binomtest(failed, budget).proportion_ci(CONFIDENCE, method="exact")
    return Estimate(
        method="crude Monte Carlo",
        probability=failed / budget,
        low=float(interval.low),
        high=float(interval.high),
        evaluations=budget,
        failures=failed,
        effective=float(failed),
    )
