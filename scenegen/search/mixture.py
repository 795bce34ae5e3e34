"""Mixtures of normal distributions, fitted to weighted points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import logsumexp

from scenegen.records.base import F64

ROUNDS = 12
LEAST_SD = 0.8
"""Nothing is drawn more narrowly than this: what failed so far is not all that fails."""
_LOG_2PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True)
class Mixture:
    """Components of K normal distributions with independent coordinates.

    Attributes
    ----------
    share : (K,) float64
        Adds up to 1.
    mean, sd : (K, D) float64
    """

    share: F64
    mean: F64
    sd: F64

    @classmethod
    def nominal(cls, dimension: int) -> Self:
        """Return the standard normal distribution."""
        return cls(np.ones(1), np.zeros((1, dimension)), np.ones((1, dimension)))

    def draw(self, count: int, generator: np.random.Generator) -> F64:
        """Return points (count, D)."""
        which = generator.choice(len(self.share), count, p=self.share)
        noise = generator.standard_normal((count, self.mean.shape[1]))
        return np.asarray(self.mean[which] + self.sd[which] * noise)

    def by_component(self, points: F64) -> F64:
        """Return ln of share times density (n, K)."""
        scaled = (points[:, None] - self.mean) / self.sd
        peak = np.log(self.sd).sum(axis=1) + 0.5 * self.mean.shape[1] * _LOG_2PI
        return np.asarray(np.log(self.share) - peak - 0.5 * (scaled * scaled).sum(axis=2))

    def log_density(self, points: F64) -> F64:
        """Return ln of the density (n,)."""
        return np.asarray(logsumexp(self.by_component(points), axis=1))

    def with_nominal(self, share: float) -> Mixture:
        """Return a mixture of this one and of the nominal distribution."""
        d = self.mean.shape[1]
        return Mixture(
            np.append((1.0 - share) * self.share, share),
            np.vstack([self.mean, np.zeros((1, d))]),
            np.vstack([self.sd, np.ones((1, d))]),
        )


def fitted(points: F64, weights: F64, components: int, generator: np.random.Generator) -> Mixture:
    """Return the mixture that weighted points (n, D) are most likely under.

    Expectation maximisation from points that are far from each other (k-means++, Arthur and
    Vassilvitskii 2007). A component that few points are left for goes.
    """
    weights = weights / weights.sum()
    mean = _spread(points, weights, components, generator)
    mixture = Mixture(np.full(len(mean), 1.0 / len(mean)), mean, np.ones_like(mean))
    for _ in range(ROUNDS):
        logs = mixture.by_component(points)
        duty = np.exp(logs - logsumexp(logs, axis=1, keepdims=True)) * weights[:, None]
        share = duty.sum(axis=0)
        kept = share > 1e-3
        duty, share = duty[:, kept], share[kept]
        mean = (duty.T @ points) / share[:, None]
        spread = (duty.T @ (points * points)) / share[:, None] - mean * mean
        sd = np.sqrt(np.maximum(spread, LEAST_SD**2))
        mixture = Mixture(share / share.sum(), mean, sd)
    return mixture


def _spread(points: F64, weights: F64, count: int, generator: np.random.Generator) -> F64:
    """Return some of the points (count, D), each the likelier the farther from those before."""
    chosen = [points[generator.choice(len(points), p=weights)]]
    for _ in range(count - 1):
        away = np.min([((points - one) ** 2).sum(axis=1) for one in chosen], axis=0) * weights
        if away.sum() <= 0:
            break
        chosen.append(points[generator.choice(len(points), p=away / away.sum())])
    return np.array(chosen)
