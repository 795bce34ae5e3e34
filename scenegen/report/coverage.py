"""What the page says about how well the scenes of a scenario cover what can be drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class CombinationFact:
    """How many of all combinations of cells of any t parameters occur."""

    t: int
    hit: int
    total: int

    @property
    def percent(self) -> str:
        """What share of all that is, rounded down so that 100 % is whole."""
        return f"{math.floor(1000 * self.hit / self.total) / 10:.1f} %"


@dataclass(frozen=True)
class CellsFact:
    """Scenes by cell of one parameter.

    Attributes
    ----------
    labels : tuple of str
        A range with its unit, or a value.
    counts : tuple of int
    """

    name: str
    labels: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def empty(self) -> tuple[str, ...]:
        """Cells that no scene is in."""
        return tuple(label for label, n in zip(self.labels, self.counts, strict=True) if n == 0)


@dataclass(frozen=True)
class OddFact:
    """Scenes that share a tag of the operational design domain.

    Attributes
    ----------
    conditions : dict of str to dict of str to int
        Scenes by condition, such as illumination, and what it is, such as night.
    """

    tag: str
    scenes: int
    conditions: dict[str, dict[str, int]]


@dataclass(frozen=True)
class CoverageFact:
    """What the scenes of one scenario cover.

    Attributes
    ----------
    combinations : tuple of CombinationFact
        Of two and of three parameters; those that constraints rule out count as not hit.
    discrepancy, of_chance : float or None
        Centred L2 discrepancy, and that of as many independent draws; None without a
        parameter that has a density.
    cells : tuple of CellsFact
        By parameter that varies.
    units : dict of str to tuple of float and str
        By parameter, the unit in which people write it: its size in SI units, and its name.
    """

    combinations: tuple[CombinationFact, ...]
    discrepancy: float | None
    of_chance: float | None
    cells: tuple[CellsFact, ...]
    units: dict[str, tuple[float, str]]
