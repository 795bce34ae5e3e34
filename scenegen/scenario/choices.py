"""Distributions of single values, each with a probability: whole numbers, logged values, texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenegen.records.base import F64
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import TEXT, Column, Type
from scenegen.scenario.units import NUMBER, Dimension


@dataclass(frozen=True)
class Choice(Distribution):
    """One of several values, with probabilities that add up to 1."""

    values: tuple[int, ...] | tuple[float, ...] | tuple[str, ...]
    probabilities: tuple[float, ...]

    def ordered(self) -> tuple[Column, F64]:
        """Return the values (K,) in their order, and the probability (K,) of each or a lesser."""
        edges = np.cumsum(self.probabilities)
        return np.array(self.values), edges / edges[-1]

    def _index(self, values: Column, x: Column) -> tuple[Column, Column]:
        """Return which of the values (K,) each of a column is, and whether it is one at all."""
        order = np.argsort(values)
        found = order[np.clip(np.searchsorted(values[order], x), 0, len(values) - 1)]
        return found, values[found] == x

    def quantile(self, u: F64) -> Column:
        values, edges = self.ordered()
        drawn: Column = values[np.searchsorted(edges[:-1], u, side="left")]
        return drawn

    def cdf(self, x: Column) -> F64:
        values, edges = self.ordered()
        found, known = self._index(values, x)
        return np.where(known, edges[found], 0.0)

    def mass(self, x: Column) -> F64:
        values, edges = self.ordered()
        found, known = self._index(values, x)
        return np.where(known, np.diff(edges, prepend=0.0)[found], 0.0)

    def log_density(self, x: Column) -> F64:
        with np.errstate(divide="ignore"):
            return np.log(self.mass(x))

    @property
    def has_density(self) -> bool:
        return False

    @property
    def varied(self) -> bool:
        return sum(share > 0 for share in self.probabilities) > 1


@dataclass(frozen=True)
class _Numbers(Choice):
    """Numbers, which have an order of their own."""

    values: tuple[int, ...] | tuple[float, ...]

    def ordered(self) -> tuple[Column, F64]:
        order = np.argsort(self.values)
        edges = np.cumsum(np.array(self.probabilities)[order])
        return np.array(self.values, dtype=np.float64)[order], edges / edges[-1]

    def cdf(self, x: Column) -> F64:
        values, edges = self.ordered()
        below = np.searchsorted(values, x, side="right")
        return np.asarray(np.concatenate([[0.0], edges])[below])

    @property
    def atoms(self) -> tuple[float, ...]:
        return tuple(sorted(float(value) for value in self.values))


@dataclass(frozen=True)
class Discrete(_Numbers):
    """Integers with probabilities that add up to 1."""

    kind: ClassVar[str] = "discrete"
    values: tuple[int, ...]

    @property
    def type(self) -> Type:
        return NUMBER

    @property
    def whole(self) -> bool:
        return True


@dataclass(frozen=True)
class Resampled(_Numbers):
    """The very values of a log, each as often as it stands there."""

    kind: ClassVar[str] = "resampled"
    values: tuple[float, ...]
    dimension: Dimension

    @property
    def type(self) -> Type:
        return self.dimension


@dataclass(frozen=True)
class Categorical(Choice):
    """Texts with probabilities that add up to 1; each is less than those written after it."""

    kind: ClassVar[str] = "categorical"
    values: tuple[str, ...]

    @property
    def type(self) -> Type:
        return TEXT

    @property
    def texts(self) -> frozenset[str]:
        return frozenset(self.values)


@dataclass(frozen=True)
class Held(Distribution):
    """A text that a draw is held to, and what it was drawn from.

    Further bodies of a row, which draw anew what the first one is, still do.
    """

    kind: ClassVar[str] = "held"
    of: Distribution
    value: str

    @property
    def type(self) -> Type:
        return self.of.type

    def quantile(self, u: F64) -> Column:
        return np.full(np.shape(u), self.value)

    def cdf(self, x: Column) -> F64:
        return self.mass(x)

    def mass(self, x: Column) -> F64:
        return np.where(x == self.value, 1.0, 0.0)

    def log_density(self, x: Column) -> F64:
        return np.where(x == self.value, 0.0, -np.inf)

    @property
    def has_density(self) -> bool:
        return False

    @property
    def texts(self) -> frozenset[str]:
        return self.of.texts | {self.value}

    @property
    def varied(self) -> bool:
        return False
