"""Distributions of quantities over intervals, sampled by inversion or by numpy's own methods."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from scenegen.records.base import F64
from scenegen.scenario.distributions import Continuous
from scenegen.scenario.syntax import Column


def _inside(x: Column, low: float, high: float, log_density: F64 | float) -> F64:
    return np.where((x >= low) & (x <= high), log_density, -np.inf)


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
