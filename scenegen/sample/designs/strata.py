"""Stratified designs: as many scenes of each stratum, whatever its probability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scenegen.errors import UnsatisfiableError
from scenegen.records.base import F64
from scenegen.sample.designs.screening import Mask, Run, screened
from scenegen.sample.placing import Sieve, is_dear
from scenegen.sample.points import GivenPoints, UniformPoints
from scenegen.sample.room import share_with_room
from scenegen.sample.soft import with_constraints
from scenegen.scenario.syntax import evaluate

ENOUGH = 400
"""Draws of each stratum from which its probability is told to a twentieth."""
ENOUGH_ON_MAP = 40
"""Of these that find room, where each draw may need another map to be built."""
KEPT = 4096
"""Draws of each stratum that may be placed."""
MOST = 500_000
BATCH = 50_000


@dataclass(frozen=True)
class Strata:
    """The strata that hold draws, and how probable each is among draws that become scenes.

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
    found = [np.zeros((0, run.dimension)) for _ in strata]
    while looked < MOST and hits.min() < ENOUGH:
        u = source.take(BATCH).u
        members = _members(run, u, tuple(range(len(strata))))
        found = [
            np.concatenate([kept, u[own][: KEPT - len(kept)]])
            for kept, own in zip(found, members.T, strict=True)
        ]
        hits += members.sum(axis=0)
        looked += BATCH
    which = np.flatnonzero(hits)
    empty = tuple(stratum.text for stratum, n in zip(strata, hits, strict=True) if n == 0)
    if not which.size:
        raise UnsatisfiableError(
            f"{run.logical.design_place}: no draw of {looked:,} that meets the constraints belongs"
            f" to a stratum, such as {strata[0].text!r}; widen the strata, or relax the constraints"
        )
    shares = hits[which] * [_room(run, int(index), found[index]) for index in which]
    shares /= shares.sum()
    return Strata(run, tuple(which.tolist()), tuple(shares.tolist()), empty)


def _room(run: Run, index: int, u: F64) -> float:
    """Return the share of a stratum's draws (n, d), all of which count, that can be placed.

    Where none of them can it is told as that of less than one: its scenes will say so.
    """
    firm = [c for c in run.logical.constraints if c.probability >= 1.0]
    sieve = Sieve(with_constraints(run.logical, firm))
    enough = ENOUGH_ON_MAP if is_dear(run.logical) else ENOUGH
    generator = run.generator("strata", "room", index)
    return max(share_with_room(sieve, GivenPoints(u), generator, enough, len(u)), 1.0 / len(u))
