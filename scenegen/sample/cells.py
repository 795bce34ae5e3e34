"""Cells of parameters: values of their own, or parts of equal probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.scenario import LogicalScenario
from scenegen.scenario.choices import Choice
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import Column

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Axis:
    """One parameter's cells.

    Attributes
    ----------
    name : str
    edges : ndarray, shape (K + 1,)
        Between cells, as probabilities from 0 to 1.
    labels : tuple of str
        K names: a value, a range in SI units, or a range of probabilities where quantiles
        depend on other parameters.
    """

    name: str
    distribution: Distribution
    edges: F64
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def widths(self) -> F64:
        """Probability (K,) of each cell."""
        return np.diff(self.edges)

    def at(self, u: F64) -> I64:
        """Return the cell (n,) of each probability."""
        found = np.searchsorted(self.edges[1:-1], u, side="left")
        return np.asarray(found, np.int64)

    def of(self, columns: Mapping[str, Column]) -> I64:
        """Return the cell (n,) that each value of the parameter lies in, given all columns."""
        drawn = self.distribution.as_drawn.bind(columns)
        x = columns[self.name]
        # The middle of what a value that has a probability of its own spans.
        return self.at(np.asarray(drawn.cdf(x) - 0.5 * drawn.mass(x)))


def axis_of(name: str, distribution: Distribution, levels: int) -> Axis:
    """Return a parameter's cells: `levels` of them, or as many as it has single values."""
    drawn = distribution.as_drawn
    if isinstance(drawn, Choice):
        values, up_to = drawn.ordered()
        possible = np.diff(up_to, prepend=0.0) > 0
        texts = tuple(_value(value) for value in values[possible].tolist())
        return Axis(name, distribution, np.concatenate([[0.0], up_to[possible]]), texts)
    edges = np.linspace(0.0, 1.0, levels + 1)
    if drawn.references:
        return Axis(
            name, distribution, edges, tuple(f"{a:.0%}..{b:.0%}" for a, b in pairwise(edges))
        )
    inner = np.clip(edges, 1e-9, 1.0 - 1e-9)
    ends = np.asarray(drawn.quantile(inner), np.float64)
    return Axis(name, distribution, edges, tuple(f"{a:.4g}..{b:.4g}" for a, b in pairwise(ends)))


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def axes_of(logical: LogicalScenario, levels: int) -> tuple[Axis, ...]:
    """Return the cells of every parameter that varies, by name."""
    return tuple(
        axis_of(name, distribution, levels)
        for name, distribution in sorted(logical.parameters.items())
        if distribution.varied
    )
