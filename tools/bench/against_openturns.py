"""Estimates beside those of OpenTURNS on the same functions: `python -m bench.against_openturns`.

It needs an environment of its own with openturns, cmaes, pydantic, scikit-learn and scipy in it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import openturns as ot

from scenegen.records.base import F64
from scenegen.search import Problem, cross_entropy, splitting

DRAWS = 2_000_000


def four_branches(x: F64) -> F64:
    """Fails in any of four branches (Waarts 2000): the usual test of methods that lose some."""
    a, b = x[:, 0], x[:, 1]
    curved = 3.0 + 0.1 * (a - b) ** 2
    straight = 6.0 / np.sqrt(2.0)
    each = [
        curved - (a + b) / np.sqrt(2.0),
        curved + (a + b) / np.sqrt(2.0),
        a - b + straight,
        b - a + straight,
    ]
    return np.asarray(np.min(each, axis=0))


def oscillator(x: F64) -> F64:
    """Fails where a pulse moves a mass on a spring too far (Rackwitz 2001), in six dimensions."""
    mean = np.array([1.0, 1.0, 0.1, 0.5, 1.0, 1.0])
    spread = np.array([0.05, 0.1, 0.01, 0.05, 0.2, 0.2])
    mass, first, second, reach, time, force = (mean + spread * x).T
    pitch = np.sqrt((first + second) / mass)
    moved = 2.0 * force / (mass * pitch**2) * np.sin(0.5 * pitch * time)
    return np.asarray(3.0 * reach - np.abs(moved))


PROBLEMS: dict[str, tuple[int, Callable[[F64], F64]]] = {
    "four branches": (2, four_branches),
    "oscillator": (6, oscillator),
}


def subsets(dimension: int, robustness: Callable[[F64], F64]) -> tuple[float, float, float]:
    """Return OpenTURNS' probability by subset sampling, and its interval."""
    function = ot.PythonFunction(
        dimension, 1, func_sample=lambda x: robustness(np.array(x))[:, None]
    )
    drawn = ot.RandomVector(ot.Normal(dimension))
    event = ot.ThresholdEvent(ot.CompositeRandomVector(function, drawn), ot.Less(), 0.0)
    ot.RandomGenerator.SetSeed(1)
    run = ot.SubsetSampling(event)
    run.setMaximumOuterSampling(20_000)
    run.setBlockSize(1)
    run.run()
    result = run.getResult()
    half = 0.5 * result.getConfidenceLength(0.95)
    p = result.getProbabilityEstimate()
    return p, p - half, p + half


def main() -> None:
    """Print both, and the share of very many plain draws."""
    for name, (dimension, robustness) in PROBLEMS.items():
        plain = robustness(np.random.default_rng(0).standard_normal((DRAWS, dimension))) < 0
        print(f"{name}: {plain.mean():.4g} of {DRAWS:,} plain draws")
        p, low, high = subsets(dimension, robustness)
        print(f"  OpenTURNS, subset sampling: {p:.4g} ({low:.4g} to {high:.4g})")
        print(f"  {cross_entropy(Problem(dimension, robustness), 4000, np.random.default_rng(1))}")
        print(f"  {splitting(Problem(dimension, robustness), 60, np.random.default_rng(1))}")


if __name__ == "__main__":
    main()
