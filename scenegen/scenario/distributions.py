"""Distributions as values: frozen, printable, comparable, drawn from by inversion.

All numbers are in SI units. `log_density` is the natural logarithm of the density over
SI units, or of the probability for discrete ones, and ``-inf`` outside the support.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenegen.records.base import F64
from scenegen.scenario.syntax import Column, Type
from scenegen.scenario.units import Dimension

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

    def mass(self, x: Column) -> F64:
        """Return the probability (n,) of each value by itself: 0 where there is a density."""
        return np.zeros(np.shape(x))

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        """Draw a column of n values."""
        return self.quantile(open_unit(generator, n))

    def log_weight(self, x: Column) -> F64:
        """Return ln nominal - ln proposal (n,); 0 unless a nominal distribution is declared."""
        return np.zeros(np.shape(x))

    def bind(self, given: Mapping[str, Column]) -> Distribution:
        """Return what is drawn from once the parameters in `references` have their columns."""
        return self

    @property
    def references(self) -> frozenset[str]:
        """Parameters that the distribution depends on."""
        return frozenset()

    @property
    def as_drawn(self) -> Distribution:
        """What is drawn from, without the nominal distribution."""
        return self

    @property
    def as_nominal(self) -> Distribution:
        """What the real world follows, as far as it is declared."""
        return self

    @property
    def leaves(self) -> tuple[Distribution, ...]:
        """The distributions that one is chosen from by conditions; itself if there are none."""
        return (self,)

    @property
    def has_density(self) -> bool:
        """Whether more can be drawn than single values that have a probability each."""
        return True

    @property
    def atoms(self) -> tuple[float, ...]:
        """Numbers that have a probability of their own, ascending."""
        return ()

    @property
    def texts(self) -> frozenset[str]:
        """Every text that can be drawn."""
        return frozenset()

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are drawn."""
        return False

    @property
    def varied(self) -> bool:
        """Whether more than one value can be drawn."""
        return True


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

    def mass(self, x: Column) -> F64:
        return np.where(x == self.value, 1.0, 0.0)

    def log_density(self, x: Column) -> F64:
        return np.where(x == self.value, 0.0, -np.inf)

    @property
    def has_density(self) -> bool:
        return False

    @property
    def atoms(self) -> tuple[float, ...]:
        return (self.value,)

    @property
    def whole(self) -> bool:
        return self.value.is_integer()

    @property
    def varied(self) -> bool:
        return False


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

    def mass(self, x: Column) -> F64:
        return self.sampling.mass(x)

    def log_density(self, x: Column) -> F64:
        return self.sampling.log_density(x)

    def log_weight(self, x: Column) -> F64:
        return self.nominal.log_density(x) - self.sampling.log_density(x)

    def bind(self, given: Mapping[str, Column]) -> Distribution:
        return Proposal(self.sampling.bind(given), self.nominal.bind(given))

    @property
    def references(self) -> frozenset[str]:
        return self.sampling.references | self.nominal.references

    @property
    def as_drawn(self) -> Distribution:
        return self.sampling

    @property
    def as_nominal(self) -> Distribution:
        return self.nominal

    @property
    def has_density(self) -> bool:
        return self.sampling.has_density

    @property
    def atoms(self) -> tuple[float, ...]:
        return self.sampling.atoms

    @property
    def texts(self) -> frozenset[str]:
        return self.sampling.texts

    @property
    def whole(self) -> bool:
        return self.sampling.whole

    @property
    def varied(self) -> bool:
        return self.sampling.varied
