"""Which combinations of cells hold draws that meet the constraints at all."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from scenegen.sample.cells import I64
from scenegen.sample.designs.boxes import FREE, Space, space_of
from scenegen.sample.designs.covering import covered
from scenegen.sample.designs.screening import Run, screened
from scenegen.scenario.distributions import open_unit

POOL = 50_000
"""Points over all cells alike, which tell at once that most combinations are possible."""
TRIES = 4096
"""Points of a combination's own box before it counts as impossible."""
NEAR = 512
"""Points that hold all of a combination but one part, which are moved there."""
KEPT = 32
"""Points of a rare combination that are kept, for those that hold it."""


def missing(rows: I64, levels: list[int], t: int) -> Iterator[I64]:
    """Yield each combination (k,) of t axes that no row (n, k) holds, other axes `FREE`."""
    for columns, hit in covered(rows, levels, t):
        sizes = [levels[column] for column in columns]
        for key in np.flatnonzero(~hit):
            combination = np.full(len(levels), FREE)
            combination[list(columns)] = np.unravel_index(key, sizes)
            yield combination


class Possible:
    """What is possible, told from points: first everywhere, then where none was found.

    Attributes
    ----------
    impossible : ndarray, shape (m, k), int64
        The smallest combinations of cells, of t axes at most, in which no point met the
        constraints; other axes `FREE`.
    soft : bool
        Whether soft constraints had to be met, too: where the design makes scenes of cells, each
        of which has to serve a scene that is asked to meet them.
    """

    def __init__(self, space: Space, t: int) -> None:
        self.space = space
        self.soft = space.run.logical.design.planned
        self.impossible: I64 = np.zeros((0, len(space.axes)), np.int64)
        self._generator = space.run.generator("possible", t)
        u = space.points(space.random_cells(POOL, self._generator), self._generator)
        self._pool = u[screened(space.run.logical, u, marginal=True, soft=self.soft)[0]]
        self._cells = space.cells(self._pool)
        self._more = self._pool[:0]
        for size in range(1, t + 1):
            for combination in missing(self._cells, space.levels, size):
                if not self.holds_impossible(combination) and not self._found(combination):
                    self.impossible = np.concatenate([self.impossible, combination[None]])

    def is_rare(self, combination: I64) -> bool:
        """Say whether a combination (k,) is one that points everywhere don't come to."""
        which = combination != FREE
        return not (self._cells[:, which] == combination[which]).all(axis=1).any()

    def _found(self, combination: I64) -> bool:
        """Look for points of one combination: near those of parts of it, and anywhere in it."""
        space, generator = self.space, self._generator
        anywhere = space.points(space.random_cells(TRIES, generator, combination), generator)
        near = [anywhere]
        low, high = (end[0] for end in space.box(combination[None]))
        known = np.concatenate([self._pool, self._more])
        cells = np.concatenate([self._cells, space.cells(self._more)])
        for axis in np.flatnonzero(combination != FREE):
            others = combination != FREE
            others[axis] = False
            points = known[(cells[:, others] == combination[others]).all(axis=1)][-NEAR:].copy()
            place = space.place[axis]
            width = high[place] - low[place]
            points[:, place] = low[place] + width * open_unit(generator, len(points))
            near.append(points)
        u = np.concatenate(near)
        met, _ = screened(space.run.logical, u, marginal=True, soft=self.soft)
        self._more = np.concatenate([self._more, u[met][:KEPT]])
        return bool(met.any())

    def holds_impossible(self, combination: I64) -> bool:
        """Say whether a combination (k,) holds one that is known to be impossible."""
        same = (self.impossible == combination) | (self.impossible == FREE)
        return bool(same.all(axis=1).any())

    @property
    def names(self) -> tuple[str, ...]:
        """What the impossible combinations are called."""
        return tuple(sorted(self.space.named(combination) for combination in self.impossible))

    def count(self, cells: I64, t: int, no_room: I64 | None = None) -> tuple[int, int]:
        """Return how many combinations of t axes occur in cells (n, k), and how many can.

        Parameters
        ----------
        no_room : ndarray, shape (m, k), int64, optional
            Combinations that places rule out, as far as they are known; other axes `FREE`.
        """
        impossible = self.impossible
        if no_room is not None:
            impossible = np.concatenate([impossible, no_room])
        hits = total = 0
        for columns, hit in covered(cells, self.space.levels, t):
            ruled_out = np.zeros([self.space.levels[column] for column in columns], dtype=bool)
            others = np.delete(impossible, columns, axis=1)
            for combination in impossible[(others == FREE).all(axis=1)]:
                where = combination[list(columns)].tolist()
                ruled_out[tuple(slice(None) if cell == FREE else cell for cell in where)] = True
            hits += int(hit.sum())
            total += int((hit | ~ruled_out.ravel()).sum())
        return hits, total


@lru_cache(maxsize=4)
def possible_of(run: Run, t: int) -> Possible:
    """Return what is possible for combinations of up to t axes of a run's design."""
    return Possible(space_of(run), t)
