"""How well draws cover the space of parameters: cells, combinations of them, evenness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from scenegen.sample.cells import I64, Axis, digits, unit_of
from scenegen.sample.designs.covering import covered
from scenegen.scenario.syntax import Column

CELLS = 10
COMBINED_CELLS = 4
"""Cells of a quantity in combinations, where the design doesn't say."""
MAX_COMBINATIONS = 2_000_000


@dataclass(frozen=True)
class Histogram:
    """Draws of one parameter, counted by cell.

    Attributes
    ----------
    labels : tuple of str
        A name for each cell: a range with its unit, or a value.
    counts : tuple of int
    span : str
        The least and the greatest value that were drawn, where cells are of what a value's own
        distribution is given others; empty elsewhere.
    """

    name: str
    labels: tuple[str, ...]
    counts: tuple[int, ...]
    span: str = ""

    @property
    def empty(self) -> tuple[str, ...]:
        """Cells that no draw fell into."""
        return tuple(label for label, n in zip(self.labels, self.counts, strict=True) if n == 0)


@dataclass(frozen=True)
class Combinations:
    """How many combinations of cells of any t parameters occur.

    Attributes
    ----------
    hit, possible : int
        Those that occur, and those that can: that hold draws which meet the constraints, or
        all of them where nobody has looked.
    """

    t: int
    hit: int
    possible: int

    @property
    def share(self) -> float:
        """Share of the possible ones that occur; 1 where there are none."""
        return self.hit / self.possible if self.possible else 1.0


@dataclass(frozen=True)
class Evenness:
    """The centred L2 discrepancy of the parameters that have a density (Hickernell 1998).

    Attributes
    ----------
    discrepancy : float
        0 would be perfectly even over the d-dimensional unit cube of their probabilities.
    of_chance : float
        What as many independent draws have, in the root mean square.
    """

    discrepancy: float
    of_chance: float
    dimension: int


def histogram(axis: Axis, columns: Mapping[str, Column]) -> Histogram:
    """Return the histogram of a parameter."""
    counts = np.bincount(axis.of(columns), minlength=len(axis))
    return Histogram(axis.name, axis.labels, tuple(int(n) for n in counts), _span(axis, columns))


def _span(axis: Axis, columns: Mapping[str, Column]) -> str:
    values = columns[axis.name]
    if not axis.distribution.as_drawn.references or values.dtype.kind not in "fiu":
        return ""
    size, unit = unit_of(axis.distribution)
    ends = f"{digits(values.min() / size, 3)} to {digits(values.max() / size, 3)} {unit}"
    return f"{ends.rstrip()}, in cells of its case"


def cells_of(axes: Sequence[Axis], columns: Mapping[str, Column]) -> I64:
    """Return the cell (n, k) of each draw along each axis."""
    return np.stack([axis.of(columns) for axis in axes], axis=-1)


def all_combinations(cells: I64, axes: Sequence[Axis], t: int) -> Combinations | None:
    """Count combinations of cells (n, k), whether constraints allow them or not.

    Returns
    -------
    Combinations or None
        None where there are fewer than t axes, or too many combinations to count.
    """
    levels = [len(axis) for axis in axes]
    if len(levels) < t or count_of(levels, t) > MAX_COMBINATIONS:
        return None
    hits = [hit for _, hit in covered(cells, levels, t)]
    return Combinations(t, sum(int(hit.sum()) for hit in hits), sum(hit.size for hit in hits))


def count_of(levels: Sequence[int], t: int) -> int:
    """Return how many combinations of cells of any t axes there are."""
    # The elementary symmetric polynomial of degree t.
    sums = [1] + [0] * t
    for level in levels:
        for degree in range(t, 0, -1):
            sums[degree] += level * sums[degree - 1]
    return sums[t]


def _single(axis: Axis, columns: Mapping[str, Column]) -> bool:
    """Whether a single value has a probability of its own, be it in one case alone."""
    drawn = axis.distribution.as_drawn
    if not drawn.references:
        return axis.single
    return bool(np.any(drawn.bind(columns).mass(columns[axis.name]) > 0.0))


def evenness(axes: Sequence[Axis], columns: Mapping[str, Column]) -> Evenness | None:
    """Return how evenly draws fill the cube; None where no parameter has a density throughout.

    Parameters a single value of which has a probability of its own, such as no rain, are left
    out: all draws of it lie at one place, which no design can make even.

    The mean of the square of n independent points' discrepancy is ((5/4)^d - (13/12)^d) / n
    (Hickernell 1998, A generalized discrepancy and quadrature error bound).
    """
    smooth = [a for a in axes if a.distribution.as_drawn.has_density and not _single(a, columns)]
    if not smooth:
        return None
    u = np.stack([axis.place(columns) for axis in smooth], axis=-1)
    n, d = u.shape
    measured = scipy.stats.qmc.discrepancy(np.clip(u, 0.0, 1.0), method="CD")
    chance = ((5 / 4) ** d - (13 / 12) ** d) / n
    return Evenness(float(np.sqrt(max(measured, 0.0))), float(np.sqrt(chance)), d)
