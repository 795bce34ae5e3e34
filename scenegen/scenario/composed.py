"""Distributions made of others: mixtures, and what is left of one between two bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from scipy import special

from scenegen.records.base import F64
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import Column, Type

BISECTIONS = 64
"""Halvings of the interval in which a quantile of a mixture lies: its last bit, and some."""


@dataclass(frozen=True)
class Mixture(Distribution):
    """Numbers drawn from one of several distributions, each chosen with a probability.

    A component may be a single value (``fixed``), such as no rain at all: such an atom
    has a probability, and everything else a density.
    """

    kind: ClassVar[str] = "mixture"
    weights: tuple[float, ...]
    components: tuple[Distribution, ...]

    @property
    def type(self) -> Type:
        return self.components[0].type

    def quantile(self, u: F64) -> Column:
        # The mixture's quantile lies between the least and the greatest of its components'.
        each = np.array([component.quantile(u) for component in self.components])
        low, high = each.min(axis=0), each.max(axis=0)
        for _ in range(BISECTIONS):
            middle = low + 0.5 * (high - low)
            enough = self.cdf(middle) >= u
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return self._snapped(u, high)

    def _snapped(self, u: F64, x: Column) -> Column:
        """Return a column with the very values of atoms where a quantile is one."""
        if not self.atoms:
            return x
        atoms = np.array(self.atoms)
        up_to = self.cdf(atoms)
        nearest = np.minimum(np.searchsorted(up_to, u), len(atoms) - 1)
        hit = (u <= up_to[nearest]) & (u > (up_to - self.mass(atoms))[nearest])
        return np.where(hit, atoms[nearest], x)

    def cdf(self, x: Column) -> F64:
        parts = zip(self.weights, self.components, strict=True)
        return np.asarray(sum(weight * component.cdf(x) for weight, component in parts))

    def mass(self, x: Column) -> F64:
        parts = zip(self.weights, self.components, strict=True)
        return np.asarray(sum(weight * component.mass(x) for weight, component in parts))

    def log_density(self, x: Column) -> F64:
        logs = [
            component.log_density(x) + np.log(weight)
            for weight, component in zip(self.weights, self.components, strict=True)
            if component.has_density
        ]
        mass = self.mass(x)
        with np.errstate(divide="ignore"):
            smooth = special.logsumexp(logs, axis=0) if logs else np.full(np.shape(x), -np.inf)
            return np.where(mass > 0, np.log(mass), smooth)

    def bind(self, given: Mapping[str, Column]) -> Distribution:
        return replace(self, components=tuple(part.bind(given) for part in self.components))

    @property
    def references(self) -> frozenset[str]:
        return frozenset().union(*(component.references for component in self.components))

    @property
    def has_density(self) -> bool:
        return any(component.has_density for component in self.components)

    @property
    def atoms(self) -> tuple[float, ...]:
        return tuple(sorted({atom for component in self.components for atom in component.atoms}))

    @property
    def whole(self) -> bool:
        return all(component.whole for component in self.components)


@dataclass(frozen=True)
class Truncated(Distribution):
    """A distribution of numbers given that they lie in [low, high]; either may be infinite."""

    kind: ClassVar[str] = "truncated"
    base: Distribution
    low: float
    high: float

    @property
    def type(self) -> Type:
        return self.base.type

    def _ends(self) -> tuple[F64, F64]:
        """Return the base's probabilities below `low`, and up to `high`."""
        low, high = np.array(self.low), np.array(self.high)
        return self.base.cdf(low) - self.base.mass(low), self.base.cdf(high)

    @property
    def share(self) -> F64:
        """Probability of [low, high] before truncation."""
        below, up_to = self._ends()
        return np.asarray(up_to - below)

    def quantile(self, u: F64) -> Column:
        below, up_to = self._ends()
        inner = np.clip(below + u * (up_to - below), np.finfo(float).tiny, 1.0 - 2.0**-53)
        return np.asarray(np.clip(self.base.quantile(inner), self.low, self.high))

    def cdf(self, x: Column) -> F64:
        below, up_to = self._ends()
        inside = self.base.cdf(np.minimum(x, self.high)) - below
        return np.where(x < self.low, 0.0, np.clip(inside / (up_to - below), 0.0, 1.0))

    def mass(self, x: Column) -> F64:
        return np.where(self._inside(x), self.base.mass(x) / self.share, 0.0)

    def log_density(self, x: Column) -> F64:
        return np.where(self._inside(x), self.base.log_density(x) - np.log(self.share), -np.inf)

    def _inside(self, x: Column) -> Column:
        return np.asarray((x >= self.low) & (x <= self.high))

    def bind(self, given: Mapping[str, Column]) -> Distribution:
        return replace(self, base=self.base.bind(given))

    @property
    def references(self) -> frozenset[str]:
        return self.base.references

    @property
    def has_density(self) -> bool:
        return self.base.has_density

    @property
    def atoms(self) -> tuple[float, ...]:
        return tuple(atom for atom in self.base.atoms if self.low <= atom <= self.high)

    @property
    def whole(self) -> bool:
        return self.base.whole

    @property
    def varied(self) -> bool:
        return self.has_density or len(self.atoms) > 1
