"""Stratified designs: as many scenes of each stratum, whatever its probability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scenegen.errors import UnsatisfiableError
from scenegen.records.base import F64
from scenegen.sample.designs.screening import Mask, Run, screened
from scenegen.sample.points import UniformPoints
from scenegen.scenario.syntax import evaluate

ENOUGH = 400
"""Draws of each stratum from which its probability is told to a twentieth."""
MOST = 500_000
BATCH = 50_000


@dataclass(frozen=True)
class Strata:
    """The strata that hold draws, and how probable each is among draws that meet the constraints.

    Attributes
    ----------
    which : ndarray, shape (s,)
        Their positions in the design's list.
    shares : ndarray, shape (s,)
    empty : tuple of str
        Strata in which no draw met the constraints.
    """

    run: Run
    which: tuple[int, ...]
    shares: tuple[float, ...]
    empty: tuple[str, ...]

    def belong(self, index: int) -> Callable[[F64], tuple[Mask, F64]]:
        """Return what tells points of a scene's stratum, and their log weights.

        A point may belong to several strata; it weighs one over the density with which
        scenes of all strata together are drawn there.
        """
        own = index % len(self.which)

        def tell(u: F64) -> tuple[Mask, F64]:
            member = _members(self.run, u, self.which)
            density = (member / np.array(self.shares)).mean(axis=1)
            with np.errstate(divide="ignore"):
                return member[:, own], -np.log(density)

        return tell


def _members(run: Run, u: F64, which: tuple[int, ...]) -> Mask:
    """Say which points (n, d) meet the constraints and belong to each of some strata (n, s)."""
    met, columns = screened(run.logical, u)
    strata = [run.logical.design.strata[index] for index in which]
    held = [np.broadcast_to(evaluate(s.condition, columns), met.shape) & met for s in strata]
    return np.stack(held, axis=-1)


@lru_cache(maxsize=8)
def strata_of(run: Run) -> Strata:
    """Tell how probable each stratum is, from as many draws as that takes.

    Raises
    ------
    UnsatisfiableError
        No stratum holds a draw that meets the constraints.
    """
    strata = run.logical.design.strata
    source = UniformPoints(run.generator("strata"), run.dimension)
    hits, looked = np.zeros(len(strata)), 0
    while looked < MOST and hits.min() < ENOUGH:
        hits += _members(run, source.take(BATCH).u, tuple(range(len(strata)))).sum(axis=0)
        looked += BATCH
    which = np.flatnonzero(hits)
    empty = tuple(stratum.text for stratum, n in zip(strata, hits, strict=True) if n == 0)
    if not which.size:
        raise UnsatisfiableError(
            f"{run.logical.file}: no draw of {looked:,} that meets the constraints belongs to a "
            f"stratum, such as {strata[0].text!r}; widen the strata, or relax the constraints"
        )
    shares = hits[which] / hits[which].sum()
    return Strata(run, tuple(which.tolist()), tuple(shares.tolist()), empty)
