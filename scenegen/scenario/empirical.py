"""The distribution of logged values, smoothed: even between quantiles of the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenegen.records.base import F64
from scenegen.scenario.distributions import Continuous
from scenegen.scenario.syntax import Column

MAX_CELLS = 200


def cells_for(n: int) -> int:
    """Return how many cells of equal probability n values are smoothed over: 2 n^(2/5).

    Mann and Wald (1942) derive this rate for tests of fit with equiprobable cells; it keeps
    enough values in a cell (n = 1,000: 32 cells of 31) for its density to be worth something.
    """
    return int(np.clip(round(2.0 * n**0.4), 1, MAX_CELLS))


@dataclass(frozen=True)
class Empirical(Continuous):
    """As many values between any two neighbouring knots; nothing beyond the outermost.

    Attributes
    ----------
    knots : tuple of float
        Quantiles of the log at levels 0, 1/K, … 1, ascending. Where several are equal, that
        value has a probability of its own.
    """

    kind: ClassVar[str] = "empirical"
    knots: tuple[float, ...]

    @property
    def _cells(self) -> int:
        return len(self.knots) - 1

    def quantile(self, u: F64) -> Column:
        return np.interp(u, np.linspace(0.0, 1.0, len(self.knots)), self.knots)

    def cdf(self, x: Column) -> F64:
        knots = np.array(self.knots)
        left = np.searchsorted(knots, x, side="right") - 1
        cell = np.clip(left, 0, self._cells - 1)
        width = knots[cell + 1] - knots[cell]
        with np.errstate(divide="ignore", invalid="ignore"):
            within = np.where(width > 0, (x - knots[cell]) / width, 1.0)
        share = (cell + np.clip(within, 0.0, 1.0)) / self._cells
        return np.where(left < 0, 0.0, np.where(left >= self._cells, 1.0, share))

    def mass(self, x: Column) -> F64:
        knots = np.array(self.knots)
        equal = np.searchsorted(knots, x, side="right") - np.searchsorted(knots, x, side="left")
        return np.asarray(np.maximum(equal - 1, 0) / self._cells)

    def log_density(self, x: Column) -> F64:
        knots = np.array(self.knots)
        cell = np.clip(np.searchsorted(knots, x, side="right") - 1, 0, self._cells - 1)
        # The greatest value belongs to the last cell that has a width.
        cell = np.where(x >= knots[-1], np.searchsorted(knots, knots[-1], side="left") - 1, cell)
        width = knots[cell + 1] - knots[cell]
        inside = (x >= knots[0]) & (x <= knots[-1])
        mass = self.mass(x)
        with np.errstate(divide="ignore"):
            density = np.where(inside, -np.log(self._cells * width), -np.inf)
            return np.where(mass > 0, np.log(mass), density)

    @property
    def atoms(self) -> tuple[float, ...]:
        knots = np.array(self.knots)
        return tuple(np.unique(knots[1:][np.diff(knots) == 0]).tolist())
