"""Finds failures by covariance matrix adaptation (Hansen and Ostermeier 2001)."""

from __future__ import annotations

import numpy as np
from cmaes import CMA

from scenegen.search.finders import inside, worth_of
from scenegen.search.problem import Findings, Problem

SIGMA = 0.8
REACH = 5.0
"""Nothing is looked for beyond so many standard deviations."""
FOUND_FOR = 4
"""Generations that a run goes on for once half of one fails, towards likelier failures."""


def cma_es(problem: Problem, budget: int, generator: np.random.Generator) -> Findings:
    """Look for failures, those nearest to nominal first.

    Each run keeps to one scene, so that what it learns from is the point alone; once it has found
    failures, or is stuck, another starts from a nominal draw.

    Parameters
    ----------
    budget : int
        Simulations at most.
    """
    before, failures = problem.evaluations, 0
    while (left := budget - (problem.evaluations - before)) > 0:
        start, scene = problem.nominal_points(1, generator)
        limit = np.full((problem.dimension, 1), REACH)
        run = CMA(
            np.clip(start[0], -REACH + 0.1, REACH - 0.1),
            SIGMA,
            bounds=np.hstack([-limit, limit]),
            seed=int(generator.integers(2**31)),
        )
        found_for, spent = 0, problem.evaluations
        while left > 0 and found_for < FOUND_FOR and not run.should_stop():
            asked = np.array([run.ask() for _ in range(run.population_size)])
            size = min(len(asked), left)
            scenes = np.full(len(asked), scene[0])
            points = inside(problem, asked, scenes)
            values = np.full(len(asked), np.inf)
            values[:size] = problem.ask(points[:size], scenes[:size])
            failures += int((values < 0).sum())
            found_for += int((values < 0).mean() >= 0.5)
            worth = worth_of(values, points)
            run.tell(list(zip(asked, worth.tolist(), strict=True)))
            problem.note(max(float(values.min()), 0.0))
            left = budget - (problem.evaluations - before)
        if problem.evaluations == spent:
            break
    return Findings(method="CMA-ES", evaluations=problem.evaluations - before, failures=failures)
