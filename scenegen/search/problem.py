"""What is searched, and what an estimate of its probability says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from scenegen.records.base import F64, Record

CONFIDENCE = 0.95


@dataclass
class Problem:
    """A system whose failures are looked for.

    Attributes
    ----------
    dimension : int
        D.
    robustness : callable
        Of points (n, D): (n,), negative where the system fails; how far it is from failing has to
        be comparable from point to point, for the methods that learn from it.
    evaluations : int
        Points that were asked about.
    """

    dimension: int
    robustness: Callable[[F64], F64]
    evaluations: int = field(default=0, init=False)

    def ask(self, points: F64) -> F64:
        """Return the robustness (n,) of points (n, D).

        Raises
        ------
        ValueError
            It isn't a number for each point.
        """
        values = np.asarray(self.robustness(points), dtype=np.float64)
        if values.shape != (len(points),) or np.isnan(values).any():
            raise ValueError(f"robustness of {len(points)} points came as {values.shape}, or NaN")
        self.evaluations += len(points)
        return values


class Estimate(Record):
    """How often a system fails under the nominal distribution.

    Attributes
    ----------
    method : str
    probability : float
    low, high : float
        Interval that holds the true probability in `confidence` of all estimates.
    evaluations : int
        Simulations that it took.
    failures : int
        Of these, that failed.
    effective : float
        How many failures drawn from the nominal distribution are worth as much (Kish 1965); 0
        without any. An interval of few says little.
    reliable : bool
        Whether the method trusts its own interval. If it doesn't, the upper end is 1: it has
        found failures, but not how many there are.
    """

    method: str
    probability: float
    low: float
    high: float
    confidence: float = CONFIDENCE
    evaluations: int
    failures: int
    effective: float
    reliable: bool = True

    def __str__(self) -> str:
        return (
            f"{self.probability:.3g} ({self.low:.3g} to {self.high:.3g}, {self.confidence:.0%}) by "
            f"{self.method}, {self.evaluations:,} simulations, {self.failures:,} failures "
            f"worth {self.effective:.0f}"
        )
