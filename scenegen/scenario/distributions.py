"""Distributions as values: frozen, printable, comparable, sampled with a generator passed in.

All numbers are in SI units. `log_density` is the natural logarithm of the density over
SI units, or of the probability for discrete ones, and ``-inf`` outside the support.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenegen.records.base import F64
from scenegen.scenario.syntax import TEXT, Column, Type
from scenegen.scenario.units import NUMBER, Dimension


@dataclass(frozen=True)
class Distribution(ABC):
    """A probability distribution of one parameter."""

    kind: ClassVar[str] = ""

    @property
    @abstractmethod
    def type(self) -> Type:
        """Dimension of what is drawn, or `TEXT`."""

    @property
    @abstractmethod
    def bounds(self) -> tuple[float, float]:
        """Least and greatest value; infinite where the distribution is unbounded."""

    @abstractmethod
    def sample(self, generator: np.random.Generator, n: int) -> Column:
        """Draw a column of n values."""

    @abstractmethod
    def log_density(self, x: Column) -> F64:
        """Return the log density (n,) of each value of a column."""

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

    @property
    def bounds(self) -> tuple[float, float]:
        return (self.value, self.value)

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        return np.full(n, self.value)

    def log_density(self, x: Column) -> F64:
        return np.where(x == self.value, 0.0, -np.inf)


@dataclass(frozen=True)
class _Choice(Distribution):
    """One of several values, with probabilities that add up to 1."""

    values: tuple[int, ...] | tuple[str, ...]
    probabilities: tuple[float, ...]

    def _column(self) -> Column:
        """Return the values as they stand in a drawn column."""
        return np.array(self.values)

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        edges = np.cumsum(self.probabilities)
        drawn = generator.uniform(0.0, edges[-1], n)
        return self._column()[np.searchsorted(edges[:-1], drawn, side="right")]

    def log_density(self, x: Column) -> F64:
        hits = np.asarray(x)[..., None] == self._column()
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

    @property
    def bounds(self) -> tuple[float, float]:
        return (float(min(self.values)), float(max(self.values)))

    def _column(self) -> Column:
        return np.array(self.values, dtype=np.float64)


@dataclass(frozen=True)
class Categorical(_Choice):
    """Texts with probabilities that add up to 1."""

    kind: ClassVar[str] = "categorical"
    values: tuple[str, ...]

    @property
    def type(self) -> Type:
        return TEXT

    @property
    def bounds(self) -> tuple[float, float]:
        return (-math.inf, math.inf)


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

    @property
    def bounds(self) -> tuple[float, float]:
        return self.sampling.bounds

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        return self.sampling.sample(generator, n)

    def log_density(self, x: Column) -> F64:
        return self.sampling.log_density(x)

    def log_weight(self, x: Column) -> F64:
        return self.nominal.log_density(x) - self.sampling.log_density(x)
