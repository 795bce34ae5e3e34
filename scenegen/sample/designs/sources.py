"""Where one scene's candidates come from, once a design has chosen its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scenegen.records.base import F64
from scenegen.sample.designs.screening import Mask
from scenegen.sample.points import PointSource, UnitPoints
from scenegen.scenario.distributions import open_unit

PATIENCE = 100_000
"""Points that are looked through for those of a stratum before there are no more."""


@dataclass
class BoxPoints:
    """A point that a design has chosen, then independent ones from the box around it.

    Attributes
    ----------
    low, high : ndarray, shape (d,)
        The box; all of the unit cube where nothing is gained by staying near.
    first : ndarray, shape (d,), or None
        The chosen point.
    log_weight : float
        Of every point in the box.
    marginal : bool
        See `UnitPoints`.
    """

    generator: np.random.Generator
    low: F64
    high: F64
    first: F64 | None = None
    log_weight: float = 0.0
    marginal: bool = False

    def take(self, n: int) -> UnitPoints:
        u = self.low + (self.high - self.low) * open_unit(self.generator, (n, len(self.low)))
        if self.first is not None and n:
            u[0] = self.first
            self.first = None
        return UnitPoints(u, np.full(n, self.log_weight), self.marginal)


@dataclass
class Sifted:
    """Points of another source that belong to a stratum, with the weight that this gives them.

    Attributes
    ----------
    belong : callable
        From points (n, d) to who of them belongs (n,), and a log weight (n,) for each.
    """

    source: PointSource
    belong: Callable[[F64], tuple[Mask, F64]]
    left: int = PATIENCE

    def take(self, n: int) -> UnitPoints:
        parts: list[UnitPoints] = []
        while sum(map(len, parts)) < n and self.left > 0:
            points = self.source.take(n)
            self.left -= n
            belongs, log_weight = self.belong(points.u)
            weights = (points.log_weight + log_weight)[belongs]
            parts.append(UnitPoints(points.u[belongs], weights))
        u = np.concatenate([part.u for part in parts])
        return UnitPoints(u[:n], np.concatenate([part.log_weight for part in parts])[:n])
