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
from scipy import special

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


def _inside(x: Column, low: float, high: float, log_density: F64 | float) -> F64:
    return np.where((x >= low) & (x <= high), log_density, -np.inf)


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
class Uniform(Continuous):
    """Uniform on [low, high]."""

    kind: ClassVar[str] = "uniform"
    low: float
    high: float

    @property
    def bounds(self) -> tuple[float, float]:
        return (self.low, self.high)

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        return generator.uniform(self.low, self.high, n)

    def log_density(self, x: Column) -> F64:
        return _inside(x, self.low, self.high, -math.log(self.high - self.low))


@dataclass(frozen=True)
class LogUniform(Continuous):
    """The logarithm is uniform: density 1 / (x ln(high / low)), 0 < low < high."""

    kind: ClassVar[str] = "log_uniform"
    low: float
    high: float

    @property
    def bounds(self) -> tuple[float, float]:
        return (self.low, self.high)

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        drawn = np.exp(generator.uniform(math.log(self.low), math.log(self.high), n))
        # exp(log(high)) may lie an ulp outside, where the density is 0.
        return np.clip(drawn, self.low, self.high)

    def log_density(self, x: Column) -> F64:
        logs = np.log(np.maximum(x, np.finfo(float).tiny))
        return _inside(x, self.low, self.high, -logs - math.log(math.log(self.high / self.low)))


@dataclass(frozen=True)
class Normal(Continuous):
    """Gaussian, unbounded."""

    kind: ClassVar[str] = "normal"
    mean: float
    sd: float

    @property
    def bounds(self) -> tuple[float, float]:
        return (-math.inf, math.inf)

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        return generator.normal(self.mean, self.sd, n)

    def log_density(self, x: Column) -> F64:
        z = (x - self.mean) / self.sd
        return np.asarray(-0.5 * z * z - math.log(self.sd) - 0.5 * math.log(2 * math.pi))


@dataclass(frozen=True)
class TruncatedNormal(Continuous):
    """A Gaussian given that it lies in [low, high]; drawn by inversion."""

    kind: ClassVar[str] = "truncated_normal"
    mean: float
    sd: float
    low: float
    high: float

    @property
    def bounds(self) -> tuple[float, float]:
        return (self.low, self.high)

    @property
    def log_mass(self) -> float:
        """Log probability of [low, high] under the Gaussian before truncation."""
        a, b = self._tails()
        return float(_log_difference(special.log_ndtr(b), special.log_ndtr(a)))

    def _tails(self) -> tuple[float, float]:
        """Return the bounds in standard deviations, mirrored so that the lower tail is meant.

        ``ndtr`` saturates at 1 in the upper tail while ``log_ndtr`` is exact in the lower one.
        """
        a, b = (self.low - self.mean) / self.sd, (self.high - self.mean) / self.sd
        return (-b, -a) if a > 0 else (a, b)

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        a, b = self._tails()
        log_a, log_b = special.log_ndtr(a), special.log_ndtr(b)
        u = generator.uniform(size=n)
        # ln(Phi(a) + u (Phi(b) - Phi(a))) relative to ln Phi(b), which cannot underflow.
        ratio = math.exp(log_a - log_b)
        z = special.ndtri_exp(log_b + np.log(ratio + u * (1.0 - ratio) + np.finfo(float).tiny))
        if self.low > self.mean:
            z = -z
        return np.asarray(np.clip(self.mean + self.sd * z, self.low, self.high))

    def log_density(self, x: Column) -> F64:
        gaussian = Normal(self.dimension, self.mean, self.sd).log_density(x)
        return _inside(x, self.low, self.high, gaussian - self.log_mass)


def _log_difference(log_a: float, log_b: float) -> float:
    """Return ln(exp(log_a) - exp(log_b)) for log_a > log_b."""
    return float(log_a + math.log1p(-math.exp(log_b - log_a)))


@dataclass(frozen=True)
class Beta(Continuous):
    """Beta(a, b) stretched from [0, 1] to [low, high]."""

    kind: ClassVar[str] = "beta"
    a: float
    b: float
    low: float
    high: float

    @property
    def bounds(self) -> tuple[float, float]:
        return (self.low, self.high)

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        return self.low + (self.high - self.low) * generator.beta(self.a, self.b, n)

    def log_density(self, x: Column) -> F64:
        width = self.high - self.low
        u = np.clip((np.asarray(x) - self.low) / width, 0.0, 1.0)
        density = (
            special.xlogy(self.a - 1, u)
            + special.xlog1py(self.b - 1, -u)
            - special.betaln(self.a, self.b)
            - math.log(width)
        )
        return _inside(x, self.low, self.high, density)


@dataclass(frozen=True)
class Exponential(Continuous):
    """Exponential with a mean, counted from low."""

    kind: ClassVar[str] = "exponential"
    mean: float
    low: float = 0.0

    @property
    def bounds(self) -> tuple[float, float]:
        return (self.low, math.inf)

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        return self.low + generator.exponential(self.mean, n)

    def log_density(self, x: Column) -> F64:
        inside = -(np.asarray(x) - self.low) / self.mean - math.log(self.mean)
        return _inside(x, self.low, math.inf, inside)


@dataclass(frozen=True)
class Discrete(Distribution):
    """Integers with probabilities that add up to 1."""

    kind: ClassVar[str] = "discrete"
    values: tuple[int, ...]
    probabilities: tuple[float, ...]

    @property
    def type(self) -> Type:
        return NUMBER

    @property
    def bounds(self) -> tuple[float, float]:
        return (float(min(self.values)), float(max(self.values)))

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        return np.array(self.values, dtype=np.float64)[_choose(generator, self.probabilities, n)]

    def log_density(self, x: Column) -> F64:
        return _log_table(np.array(self.values, dtype=np.float64), self.probabilities, x)


@dataclass(frozen=True)
class Categorical(Distribution):
    """Texts with probabilities that add up to 1."""

    kind: ClassVar[str] = "categorical"
    values: tuple[str, ...]
    probabilities: tuple[float, ...]

    @property
    def type(self) -> Type:
        return TEXT

    @property
    def bounds(self) -> tuple[float, float]:
        return (-math.inf, math.inf)

    def sample(self, generator: np.random.Generator, n: int) -> Column:
        return np.array(self.values)[_choose(generator, self.probabilities, n)]

    def log_density(self, x: Column) -> F64:
        return _log_table(np.array(self.values), self.probabilities, x)


def _choose(generator: np.random.Generator, weights: tuple[float, ...], n: int) -> Column:
    edges = np.cumsum(weights)
    return np.searchsorted(edges[:-1], generator.uniform(0.0, edges[-1], n), side="right")


def _log_table(values: Column, probabilities: tuple[float, ...], x: Column) -> F64:
    hits = np.asarray(x)[..., None] == values
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.sum(hits * np.array(probabilities), axis=-1)))


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
