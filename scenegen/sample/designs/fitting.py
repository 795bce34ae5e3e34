"""Which cells of a plan hold draws whose bodies find room, and meet what is asked of places.

Only on roads in closed form: on maps each draw takes too long, and scenes find out themselves.
"""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64
from scenegen.sample.cells import I64
from scenegen.sample.designs.boxes import Space
from scenegen.sample.designs.screening import MOST_AT_ONCE, screened
from scenegen.sample.judged import judge_places
from scenegen.sample.placing import on_map
from scenegen.sample.verdicts import Mask

TRIES = 1024
"""Draws of a cell that are placed before no bodies fit it."""
LEAST = 64
BUDGET = 200_000
"""Draws that are placed for all cells of a plan, but for `LEAST` of each."""
GROWTH = 16


class Fitting:
    """Places draws of cells; soft constraints are to be met, so that a cell serves any scene.

    Parameters
    ----------
    space : Space
    generator : numpy.random.Generator
        Of looks, and of points beside those that are given: a stream of its own, so that plans
        whose cells all have room are what they would be without.
    """

    def __init__(self, space: Space, generator: np.random.Generator) -> None:
        self._space = space
        self.generator = generator
        self.judges = not on_map(space.run.logical)

    def points(self, u: F64) -> Mask:
        """Say which points (n, d), whose values meet the constraints, can be placed."""
        logical = self._space.run.logical
        _, columns = screened(logical, u, marginal=True, soft=True)
        found = judge_places(logical, columns, len(u), self.generator)
        return np.asarray(found.fits & found.met.all(axis=1))

    def first(self, u: F64) -> int | None:
        """Return which of some points of one cell is the first that can be placed."""
        if not self.judges:
            return 0
        at, size = 0, 1
        while at < min(len(u), TRIES):
            fits = np.flatnonzero(self.points(u[at : at + size]))
            if fits.size:
                return at + int(fits[0])
            at, size = at + size, GROWTH * size
        return None

    def cells(self, cells: I64, u: F64) -> Mask:
        """Say which cells (n, k) have room, given a point (n, d) of each.

        Cells whose point can't be placed are looked at by `TRIES` more, or fewer where so many
        of them are left that this would take too long.
        """
        fine = np.ones(len(cells), dtype=bool)
        if not self.judges or not len(cells):
            return fine
        fine = self.points(u)
        most = max(LEAST, min(TRIES, BUDGET // max(int((~fine).sum()), 1)))
        tried, size = 0, GROWTH
        while tried < most and not fine.all():
            left = np.flatnonzero(~fine)
            step = max(1, MOST_AT_ONCE // size)
            for start in range(0, left.size, step):
                self._look(cells, left[start : start + step], size, fine)
            tried, size = tried + size, min(4 * size, most)
        return fine

    def _look(self, cells: I64, rows: I64, size: int, fine: Mask) -> None:
        """Place so many points of each of some cells, and note the cells that have room."""
        whose = np.repeat(rows, size)
        u = self._space.points(cells[whose], self.generator)
        met, _ = screened(self._space.run.logical, u, marginal=True, soft=True)
        if met.any():
            fine[whose[met][self.points(u[met])]] = True
