"""Distributions of quantities over intervals, each with its quantiles in closed form.

Their arguments are numbers, or columns (n,) of them where a distribution has been bound
to the draws that its arguments depend on; every formula works on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import numpy as np
from scipy import special

from scenegen.records.base import F64
from scenegen.scenario.distributions import Continuous
from scenegen.scenario.syntax import Column

Real: TypeAlias = float | F64


def _inside(x: Column, low: Real, high: Real, log_density: Real) -> F64:
    return np.where((x >= low) & (x <= high), log_density, -np.inf)


@dataclass(frozen=True)
class Uniform(Continuous):
    """Uniform on [low, high]."""

    kind: ClassVar[str] = "uniform"
    low: Real
    high: Real

    def quantile(self, u: F64) -> Column:
        return np.minimum(self.low + (self.high - self.low) * u, self.high)

    def cdf(self, x: Column) -> F64:
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)

    def log_density(self, x: Column) -> F64:
        return _inside(x, self.low, self.high, -np.log(self.high - self.low))


@dataclass(frozen=True)
class LogUniform(Continuous):
    """The logarithm is uniform: density 1 / (x ln(high / low)), 0 < low < high."""

    kind: ClassVar[str] = "log_uniform"
    low: Real
    high: Real

    def quantile(self, u: F64) -> Column:
        drawn = self.low * np.exp(u * np.log(self.high / self.low))
        # The product may lie an ulp outside, where the density is 0.
        return np.clip(drawn, self.low, self.high)

    def cdf(self, x: Column) -> F64:
        inside = np.clip(x, self.low, self.high)
        return np.asarray(np.log(inside / self.low) / np.log(self.high / self.low))

    def log_density(self, x: Column) -> F64:
        logs = np.log(np.maximum(x, np.finfo(float).tiny))
        return _inside(x, self.low, self.high, -logs - np.log(np.log(self.high / self.low)))


@dataclass(frozen=True)
class Normal(Continuous):
    """Gaussian, unbounded."""

    kind: ClassVar[str] = "normal"
    mean: Real
    sd: Real

    def quantile(self, u: F64) -> Column:
        return np.asarray(self.mean + self.sd * special.ndtri(u))

    def cdf(self, x: Column) -> F64:
        return np.asarray(special.ndtr((x - self.mean) / self.sd))

    def log_density(self, x: Column) -> F64:
        z = (x - self.mean) / self.sd
        return np.asarray(-0.5 * z * z - np.log(self.sd) - 0.5 * np.log(2 * np.pi))


@dataclass(frozen=True)
class TruncatedNormal(Continuous):
    """A Gaussian given that it lies in [low, high], either of which may be infinite."""

    kind: ClassVar[str] = "truncated_normal"
    mean: Real
    sd: Real
    low: Real
    high: Real

    @property
    def log_mass(self) -> F64:
        """Log probability of [low, high] under the Gaussian before truncation."""
        log_b, ratio = self._tails()
        return np.asarray(log_b + np.log1p(-ratio))

    @property
    def _mirrored(self) -> Column:
        """Say where to work on the mirror image, so that the lower tail is meant.

        ``ndtr`` saturates at 1 in the upper tail while ``log_ndtr`` is exact in the lower one.
        """
        return np.asarray(self.low > self.mean)

    def _tails(self) -> tuple[F64, F64]:
        """Return ln Phi at the upper end of the lower tail, and Phi at the lower end over that."""
        a, b = (self.low - self.mean) / self.sd, (self.high - self.mean) / self.sd
        below = special.log_ndtr(np.where(self._mirrored, -b, a))
        above = special.log_ndtr(np.where(self._mirrored, -a, b))
        return above, np.exp(below - above)

    def quantile(self, u: F64) -> Column:
        log_b, ratio = self._tails()
        p = np.where(self._mirrored, 1.0 - u, u)
        # ln(Phi(a) + p (Phi(b) - Phi(a))) relative to ln Phi(b), which cannot underflow.
        z = special.ndtri_exp(log_b + np.log(ratio + p * (1.0 - ratio)))
        drawn = self.mean + self.sd * np.where(self._mirrored, -z, z)
        return np.asarray(np.clip(drawn, self.low, self.high))

    def cdf(self, x: Column) -> F64:
        log_b, ratio = self._tails()
        z = (np.clip(x, self.low, self.high) - self.mean) / self.sd
        share = np.exp(special.log_ndtr(np.where(self._mirrored, -z, z)) - log_b)
        p = np.clip((share - ratio) / (1.0 - ratio), 0.0, 1.0)
        return np.asarray(np.where(self._mirrored, 1.0 - p, p))

    def log_density(self, x: Column) -> F64:
        gaussian = Normal(self.dimension, self.mean, self.sd).log_density(x)
        return _inside(x, self.low, self.high, gaussian - self.log_mass)


@dataclass(frozen=True)
class Beta(Continuous):
    """Beta(a, b) stretched from [0, 1] to [low, high]."""

    kind: ClassVar[str] = "beta"
    a: Real
    b: Real
    low: Real
    high: Real

    def _share(self, x: Column) -> F64:
        return np.clip((np.asarray(x) - self.low) / (self.high - self.low), 0.0, 1.0)

    def quantile(self, u: F64) -> Column:
        return np.asarray(self.low + (self.high - self.low) * special.betaincinv(self.a, self.b, u))

    def cdf(self, x: Column) -> F64:
        return np.asarray(special.betainc(self.a, self.b, self._share(x)))

    def log_density(self, x: Column) -> F64:
        u = self._share(x)
        density = (
            special.xlogy(self.a - 1, u)
            + special.xlog1py(self.b - 1, -u)
            - special.betaln(self.a, self.b)
            - np.log(self.high - self.low)
        )
        return _inside(x, self.low, self.high, density)


@dataclass(frozen=True)
class Exponential(Continuous):
    """Exponential with a mean, counted from low."""

    kind: ClassVar[str] = "exponential"
    mean: Real
    low: Real = 0.0

    def quantile(self, u: F64) -> Column:
        return np.asarray(self.low - self.mean * np.log1p(-u))

    def cdf(self, x: Column) -> F64:
        return np.asarray(-np.expm1(-np.maximum(x - self.low, 0.0) / self.mean))

    def log_density(self, x: Column) -> F64:
        inside = -(np.asarray(x) - self.low) / self.mean - np.log(self.mean)
        return _inside(x, self.low, np.inf, inside)


FAMILIES: dict[str, type[Continuous]] = {
    family.kind: family
    for family in (Uniform, LogUniform, Normal, TruncatedNormal, Beta, Exponential)
}
"""Distributions that follow from a few quantities, by kind."""
