"""Correlated sets: Gaussian copulas between the unit coordinates of parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from scenegen.records.base import F64
from scenegen.scenario.correlations import Correlation, pearson_of
from scenegen.scenario.distributions import LEAST_UNIT, Distribution
from scenegen.scenario.syntax import Column

MOST_UNIT = 1.0 - 2.0**-53


@dataclass(frozen=True)
class Copula:
    """The dependence within one correlated set.

    A draw's density is the product of its parameters' own densities and of the copula's, at
    the probabilities u that the values have each by itself (Sklar 1959).

    Attributes
    ----------
    correlation : Correlation
    index : tuple of int
        Which coordinates of a point are the set's.
    """

    correlation: Correlation
    index: tuple[int, ...]

    @cached_property
    def drawn(self) -> F64:
        """Correlations (k, k) of the Gaussians behind what is drawn."""
        return pearson_of(np.array(self.correlation.rank))

    @cached_property
    def nominal(self) -> F64:
        """Correlations (k, k) of the Gaussians behind the real world."""
        return pearson_of(np.array(self.correlation.nominal))

    def correlate(self, u: F64) -> F64:
        """Return points (n, d) with the set's coordinates made to go together.

        The first of them stays as it is, so that a design's even spread over it is kept.
        """
        root = np.linalg.cholesky(self.drawn)
        z = special.ndtri(u[:, self.index])
        # Not a product of matrices, whose rounding might depend on how many draws there are.
        joint = special.ndtr((z[:, None, :] * root).sum(axis=-1))
        result = u.copy()
        result[:, self.index] = np.clip(joint, LEAST_UNIT, MOST_UNIT)
        return result

    def log_density(self, u: F64) -> F64:
        """Return the log density (n,) of the copula that is drawn from at points (n, d)."""
        return _log_density(u[:, self.index], self.drawn)

    def log_weight(
        self, u: F64, columns: Mapping[str, Column], bound: Mapping[str, Distribution]
    ) -> F64:
        """Return ln nominal - ln drawn density (n,) of the dependence alone.

        Parameters
        ----------
        u : ndarray, shape (n, d)
            Where the draws lie in what is drawn, each parameter by itself.
        columns : mapping of str to ndarray, shape (n,)
        bound : mapping of str to Distribution
            Distribution of each parameter, bound to the draws.
        """
        names = self.correlation.names
        same = all(bound[name].as_nominal is bound[name] for name in names)
        if same and self.correlation.rank == self.correlation.nominal:
            return np.zeros(len(u))
        v = [
            _nominal_place(u[:, index], columns[name], bound[name])
            for index, name in zip(self.index, names, strict=True)
        ]
        return _log_density(np.stack(v, axis=-1), self.nominal) - self.log_density(u)


def _nominal_place(u: F64, x: Column, distribution: Distribution) -> F64:
    """Return where values lie in the nominal distribution, given where they lie in the drawn one.

    A value that has a probability of its own spans an interval in both; it lies at the same
    share of the two, which makes weights exact for numbers like these, too.
    """
    drawn, nominal = distribution.as_drawn, distribution.as_nominal
    if drawn is nominal:
        return u
    mass = drawn.mass(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(mass > 0, (u - drawn.cdf(x) + mass) / mass, 1.0)
    place = nominal.cdf(x) - (1.0 - np.clip(share, 0.0, 1.0)) * nominal.mass(x)
    return np.asarray(np.clip(place, LEAST_UNIT, MOST_UNIT))


def _log_density(u: F64, correlations: F64) -> F64:
    """Return ln of a Gaussian copula's density (n,) at points (n, k)."""
    z = special.ndtri(u)
    change = np.linalg.inv(correlations) - np.eye(len(correlations))
    quadratic = (z[:, :, None] * change * z[:, None, :]).sum(axis=(1, 2))
    return np.asarray(-0.5 * quadratic - 0.5 * np.linalg.slogdet(correlations)[1])


def copulas_of(correlations: tuple[Correlation, ...], names: list[str]) -> tuple[Copula, ...]:
    """Return the copulas of correlated sets, given which parameter each coordinate is."""
    place = {name: index for index, name in enumerate(names)}
    return tuple(Copula(c, tuple(place[name] for name in c.names)) for c in correlations)
