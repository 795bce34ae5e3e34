"""Sequences of points that fill the cube evenly: Sobol's, and Latin hypercubes one by one.

Points that constraints reject are passed over: scene i has the i-th that is left, so what is
left is filled as evenly as the cube was.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import scipy

from scenegen.records.base import F64
from scenegen.sample.designs.screening import Run, screened
from scenegen.scenario.distributions import LEAST_UNIT

BLOCK = 1024
"""Points looked at together, a power of two as Sobol's sequence likes it."""
PATIENCE = 100_000
"""Points in a row that are rejected before the sequence is given up."""
HYPERCUBE = 64
"""Points of a Latin hypercube where nobody says how many."""


def sobol_blocks(run: Run) -> Iterator[F64]:
    """Yield Sobol's points (Joe and Kuhn 2008), scrambled as Owen's by the seed."""
    sequence = scipy.stats.qmc.Sobol(run.dimension, scramble=True, rng=run.generator("sobol"))
    while True:
        yield sequence.random(BLOCK)


def hypercube_blocks(run: Run) -> Iterator[F64]:
    """Yield independent Latin hypercubes (McKay, Beckman and Conover 1979), several at once."""
    size = run.logical.design.size or HYPERCUBE
    generator = run.generator("latin_hypercube")
    while True:
        cubes = [
            scipy.stats.qmc.LatinHypercube(run.dimension, rng=generator).random(size)
            for _ in range(max(1, BLOCK // size))
        ]
        yield np.concatenate(cubes)


BLOCKS = {"sobol": sobol_blocks, "latin_hypercube": hypercube_blocks}


class Sequence:
    """The points of a design's sequence that meet the constraints, found as far as asked for."""

    def __init__(self, run: Run) -> None:
        self._logical = run.logical
        self._blocks = BLOCKS[run.logical.design.kind](run)
        self._found = np.zeros((0, run.dimension))
        self._rejected = 0

    def point(self, index: int) -> F64 | None:
        """Return the point (d,) of a scene; None if so many were rejected that there is none."""
        while index >= len(self._found) and self._rejected < PATIENCE:
            u = np.clip(next(self._blocks), LEAST_UNIT, 1.0 - 2.0**-53)
            met, _ = screened(self._logical, u)
            self._found = np.concatenate([self._found, u[met]])
            self._rejected = 0 if met.any() else self._rejected + len(u)
        return self._found[index] if index < len(self._found) else None


@lru_cache(maxsize=8)
def sequence_of(run: Run) -> Sequence:
    """Return a run's sequence; what it has found so far stays."""
    return Sequence(run)
