"""Distributions as values: frozen, printable, comparable, drawn from by inversion.

All numbers are in SI units. `log_density` is the natural logarithm of the density over
SI units, or of the probability for discrete ones, and ``-inf`` outside the support.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenegen.records.base import F64
from scenegen.scenario.syntax import TEXT, Column, Type
from scenegen.scenario.units import NUMBER, Dimension

LEAST_UNIT = 2.0**-54
"""Below every positive number that a generator draws from [0, 1): what stands for its zero."""


def open_unit(generator: np.random.Generator, shape: int | tuple[int, ...]) -> F64:
    """Draw numbers of the open interval (0, 1), whose ends are no quantiles of a Gaussian."""
    return np.maximum(generator.random(shape), LEAST_UNIT)


@dataclass(frozen=True)
class Distribution(ABC):
    """A probability distribution of one parameter."""

    kind: ClassVar[str] = ""

    @property
    @abstractmethod
    def type(self) -> Type:
        """Dimension of what is drawn, or `TEXT`."""

    @abstractmethod
    def quantile(self, u: F64) -> Column:
        """Return the column (n,) of least values x for which cdf(x) is u or more.

        Parameters
        ----------
        u : ndarray, shape (n,)
            In the open interval (0, 1).
        """

    @abstractmethod
    def cdf(self, x: Column) -> F64:
        """Return the probability (n,) of each value or a lesser one."""

    @abstractmethod
    def log_density(self, x: Column) -> F64:
        """Return the log density (n,) of each value of a column."""

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        """Draw a column of n values."""
        return self.quantile(open_unit(generator, n))

    def log_weight(self, x: Column) -> F64:
        """Return ln nominal - ln proposal (n,); 0 unless a nominal distribution is declared."""
        return np.zeros(np.shape(x))


@dataclass(frozen=True)
class Continuous(Distribution):
    """A distribution of a quantity."""

    dimension: Dimension

    @property
    def type(self) -> Type:
        return self.dimension


@dataclass(frozen=True)
class Fixed(Continuous):
    """Always the same value: a point mass, so its log density is 0 there."""

    kind: ClassVar[str] = "fixed"
    value: float

    def quantile(self, u: F64) -> Column:
        return np.full(np.shape(u), self.value)

    def cdf(self, x: Column) -> F64:
        return np.where(x >= self.value, 1.0, 0.0)

    def log_density(self, x: Column) -> F64:
        return np.where(x == self.value, 0.0, -np.inf)


@dataclass(frozen=True)
class _Choice(Distribution):
    """One of several values, with probabilities that add up to 1."""

    values: tuple[int, ...] | tuple[str, ...]
    probabilities: tuple[float, ...]

    def _ordered(self) -> tuple[Column, F64]:
        """Return the values as they stand in a column, and the probability of each or a lesser."""
        return np.array(self.values), np.cumsum(self.probabilities)

    def quantile(self, u: F64) -> Column:
        values, edges = self._ordered()
        drawn: Column = values[np.searchsorted(edges[:-1] / edges[-1], u, side="right")]
        return drawn

    def cdf(self, x: Column) -> F64:
        values, edges = self._ordered()
        hits = np.asarray(x)[..., None] == values
        return np.asarray(np.where(hits, edges / edges[-1], 0.0).max(axis=-1))

    def log_density(self, x: Column) -> F64:
        hits = np.asarray(x)[..., None] == np.array(self.values)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.sum(hits * np.array(self.probabilities), axis=-1)))


@dataclass(frozen=True)
class Discrete(_Choice):
    """Integers with probabilities that add up to 1."""

    kind: ClassVar[str] = "discrete"
    values: tuple[int, ...]

    @property
    def type(self) -> Type:
        return NUMBER

    def _ordered(self) -> tuple[Column, F64]:
        order = np.argsort(self.values)
        values = np.array(self.values, dtype=np.float64)[order]
        return values, np.cumsum(np.array(self.probabilities)[order])

    def cdf(self, x: Column) -> F64:
        values, edges = self._ordered()
        below = np.searchsorted(values, x, side="right")
        return np.asarray(np.concatenate([[0.0], edges / edges[-1]])[below])


@dataclass(frozen=True)
class Categorical(_Choice):
    """Texts with probabilities that add up to 1; each is less than those written after it."""

    kind: ClassVar[str] = "categorical"
    values: tuple[str, ...]

    @property
    def type(self) -> Type:
        return TEXT


@dataclass(frozen=True)
class Proposal(Distribution):
    """A sampling distribution beside the nominal one that the real world follows.

    Drawn from `sampling`; each draw weighs ``nominal / sampling``. Where rejection by
    constraints truncates both alike, the two normalising constants are common to all
    draws, so weights stay right up to one factor (self-normalised importance sampling).
    """

    kind: ClassVar[str] = "proposal"
    sampling: Distribution
    nominal: Distribution

    @property
    def type(self) -> Type:
        return self.sampling.type

    def quantile(self, u: F64) -> Column:
        return self.sampling.quantile(u)

    def cdf(self, x: Column) -> F64:
        return self.sampling.cdf(x)

    def log_density(self, x: Column) -> F64:
        return self.sampling.log_density(x)

    def log_weight(self, x: Column) -> F64:
        return self.nominal.log_density(x) - self.sampling.log_density(x)
