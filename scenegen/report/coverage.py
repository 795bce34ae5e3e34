"""What the page says about how well the scenes of a scenario cover what can be drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CombinationFact:
    """How many of all combinations of cells of any t parameters occur."""

    t: int
    hit: int
    total: int


@dataclass(frozen=True)
class CoverageFact:
    """What the scenes of one scenario cover.

    Attributes
    ----------
    odd : tuple of str
        Its tags.
    combinations : tuple of CombinationFact
        Of two and of three parameters; those that constraints rule out count as not hit.
    discrepancy, of_chance : float or None
        Centred L2 discrepancy, and that of as many independent draws; None without a
        parameter that has a density.
    empty : dict of str to tuple of str
        By parameter, the cells that no scene is in.
    conditions : dict of str to dict of str to int
        Scenes by condition of the operational design domain.
    """

    odd: tuple[str, ...]
    combinations: tuple[CombinationFact, ...]
    discrepancy: float | None
    of_chance: float | None
    empty: dict[str, tuple[str, ...]]
    conditions: dict[str, dict[str, int]]
