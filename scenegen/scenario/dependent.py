"""Distributions that depend on other parameters: through conditions, or through arguments.

They are drawn from once they are bound to the columns of those parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NoReturn

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.scenario.continuous import FAMILIES
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import Column, Node, Type, evaluate, references
from scenegen.scenario.units import Dimension


class Unbound(Distribution):
    """What has no quantiles by itself."""

    def quantile(self, u: F64) -> NoReturn:
        raise TypeError(f"a distribution that depends on {sorted(self.references)} is bound first")

    def cdf(self, x: Column) -> NoReturn:
        self.quantile(x)

    def log_density(self, x: Column) -> NoReturn:
        self.quantile(x)


@dataclass(frozen=True)
class Dependent(Unbound):
    """A distribution of a known family whose arguments are expressions.

    Attributes
    ----------
    family : str
        One of `continuous.FAMILIES`.
    arguments : tuple of (str, Node)
    """

    kind: ClassVar[str] = "dependent"
    family: str
    dimension: Dimension
    arguments: tuple[tuple[str, Node], ...]

    @property
    def type(self) -> Type:
        return self.dimension

    @property
    def references(self) -> frozenset[str]:
        return frozenset().union(*(references(node) for _, node in self.arguments))

    def bind(self, given: Mapping[str, Column]) -> Distribution:
        values = {name: evaluate(node, given) for name, node in self.arguments}
        return FAMILIES[self.family](self.dimension, **values)


@dataclass(frozen=True)
class Conditional(Unbound):
    """One of several distributions, by the first condition that holds.

    Attributes
    ----------
    conditions : tuple of Node
        Of type boolean.
    branches : tuple of Distribution
        One for each condition, and a last one for where none of them holds.
    """

    kind: ClassVar[str] = "when"
    conditions: tuple[Node, ...]
    branches: tuple[Distribution, ...]

    @property
    def type(self) -> Type:
        return self.branches[0].type

    @property
    def references(self) -> frozenset[str]:
        conditions = (references(node) for node in self.conditions)
        return frozenset().union(*conditions, *(branch.references for branch in self.branches))

    def bind(self, given: Mapping[str, Column]) -> Distribution:
        held = [np.asarray(evaluate(node, given)) for node in self.conditions]
        # argmax finds the first that holds; the last row always does.
        rows = np.broadcast_arrays(*held, np.array(True))
        choice = np.argmax(np.array(rows), axis=0)
        return Chosen(tuple(branch.bind(given) for branch in self.branches), choice)

    @property
    def as_drawn(self) -> Distribution:
        return Conditional(self.conditions, tuple(branch.as_drawn for branch in self.branches))

    @property
    def as_nominal(self) -> Distribution:
        return Conditional(self.conditions, tuple(branch.as_nominal for branch in self.branches))

    @property
    def leaves(self) -> tuple[Distribution, ...]:
        return tuple(leaf for branch in self.branches for leaf in branch.leaves)

    @property
    def texts(self) -> frozenset[str]:
        return frozenset().union(*(branch.texts for branch in self.branches))

    @property
    def whole(self) -> bool:
        return all(branch.whole for branch in self.branches)


@dataclass(frozen=True, eq=False)
class Chosen(Distribution):
    """A conditional distribution that knows which branch each draw takes."""

    branches: tuple[Distribution, ...]
    choice: npt.NDArray[np.int64]

    @property
    def type(self) -> Type:
        return self.branches[0].type

    def _pick(self, columns: list[Column]) -> Column:
        """Return of several columns (n,) the values of the branches that the draws take."""
        rows = np.array(np.broadcast_arrays(*columns))
        taken: Column = np.take_along_axis(
            rows, np.broadcast_to(self.choice, rows.shape[1:])[None], axis=0
        )[0]
        return taken

    def quantile(self, u: F64) -> Column:
        return self._pick([branch.quantile(u) for branch in self.branches])

    def cdf(self, x: Column) -> F64:
        return self._pick([branch.cdf(x) for branch in self.branches])

    def mass(self, x: Column) -> F64:
        return self._pick([branch.mass(x) for branch in self.branches])

    def log_density(self, x: Column) -> F64:
        return self._pick([branch.log_density(x) for branch in self.branches])

    def log_weight(self, x: Column) -> F64:
        # Where a branch is not taken, its two densities may both be 0.
        with np.errstate(invalid="ignore"):
            return self._pick([branch.log_weight(x) for branch in self.branches])

    @property
    def as_drawn(self) -> Distribution:
        return Chosen(tuple(branch.as_drawn for branch in self.branches), self.choice)

    @property
    def as_nominal(self) -> Distribution:
        return Chosen(tuple(branch.as_nominal for branch in self.branches), self.choice)
