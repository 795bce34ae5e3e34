"""How well draws cover the space of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from scenegen.scenario.choices import Choice
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import Column

CELLS = 10
PAIR_CELLS = 5


@dataclass(frozen=True)
class Histogram:
    """Accepted draws of one parameter.

    Attributes
    ----------
    labels : tuple of str
        A name for each cell: a range in SI units, or a value.
    counts : tuple of int
    """

    name: str
    labels: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def empty(self) -> tuple[str, ...]:
        """Cells that no draw fell into."""
        return tuple(label for label, n in zip(self.labels, self.counts, strict=True) if n == 0)


def cells_of(
    distribution: Distribution, candidates: Column, cells: int
) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Return labels of cells and the cell (n,) of each value of a column.

    Values of discrete distributions are cells of their own. Continuous ones are cut into
    cells of equal probability, at quantiles of all candidates, accepted or not, so that a
    cell is empty only because constraints keep draws out of it.
    """
    drawn = distribution.as_drawn
    if isinstance(drawn, Choice):
        values = np.array(drawn.values)
        order = np.argsort(values)
        index = order[np.searchsorted(values[order], candidates)]
        return tuple(str(value) for value in drawn.values), index.astype(np.int64)
    edges = np.quantile(candidates, np.linspace(0.0, 1.0, cells + 1))
    index = np.clip(np.searchsorted(edges[1:-1], candidates, side="right"), 0, cells - 1)
    labels = tuple(f"{a:.4g}..{b:.4g}" for a, b in pairwise(edges))
    return labels, index.astype(np.int64)


def histogram(
    name: str, distribution: Distribution, column: Column, accepted: npt.NDArray[np.int64]
) -> Histogram:
    """Return the histogram of the accepted rows of a column."""
    labels, index = cells_of(distribution, column, CELLS)
    counts = np.bincount(index[accepted], minlength=len(labels))
    return Histogram(name, labels, tuple(int(n) for n in counts))


def pairwise_coverage(
    parameters: dict[str, Distribution],
    columns: dict[str, Column],
    accepted: npt.NDArray[np.int64],
) -> float:
    """Return the share of cells hit, over all pairs of varied parameters (2-way coverage).

    Continuous parameters count `PAIR_CELLS` cells each. 1 if fewer than two are varied.
    """
    cells = {}
    for name, distribution in parameters.items():
        if distribution.varied:
            labels, index = cells_of(distribution, columns[name], PAIR_CELLS)
            cells[name] = (len(labels), index[accepted])
    hit = total = 0
    for (n, a), (m, b) in combinations(cells.values(), 2):
        hit += len(np.unique(a * m + b))
        total += n * m
    return hit / total if total else 1.0
