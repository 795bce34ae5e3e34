"""What a covering array lacks once constraints have rejected some of its rows.

A combination that only a rejected row held may be possible with other values beside it: a row
of its own is then made for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records.base import F64
from scenegen.sample.cells import I64
from scenegen.sample.designs.boxes import FREE, Space
from scenegen.sample.designs.fitting import Fitting
from scenegen.sample.designs.possible import TRIES, missing, possible_of
from scenegen.sample.designs.screening import screened

RARE_TRIES = 65_536
"""Points of a combination that is known to be rare."""


@dataclass(frozen=True)
class Completion:
    """Rows beside those of a covering array.

    Attributes
    ----------
    u : ndarray, shape (m, d)
    share : ndarray, shape (m,)
        Of the points of the combination's box that meet the constraints.
    wanted : ndarray, shape (m, k), int64
        The combination that each row was made for, other axes `FREE`.
    factor : ndarray, shape (m,)
        How much denser points are in that combination's box than over all cells.
    no_room : ndarray, shape (r, k), int64
        The smallest combinations whose draws meet the constraints on values, and can't be placed.
    """

    u: F64
    share: F64
    wanted: I64
    factor: F64
    no_room: I64

    def __len__(self) -> int:
        return len(self.u)

    def density(self, cells: I64) -> F64:
        """Return how many rows' worth of density (n,) these rows add to cells (n, k)."""
        inside = (self.wanted == cells[:, None, :]) | (self.wanted == FREE)
        return np.asarray(inside.all(axis=2) @ self.factor)


def completed(
    space: Space, t: int, rows: I64, generator: np.random.Generator, fitting: Fitting
) -> Completion:
    """Return the rows that possible combinations of t axes lack.

    Parameters
    ----------
    rows : ndarray, shape (n, k), int64
        The rows that are there.
    """
    possible = possible_of(space.run, t)
    u: list[F64] = []
    share: list[float] = []
    wanted: list[I64] = []
    no_room = _smaller_without_room(space, t, rows, fitting)
    done = rows
    for combination in missing(rows, space.levels, t):
        which = combination != FREE
        if (done[:, which] == combination[which]).all(axis=1).any():
            continue
        if possible.holds_impossible(combination) or _holds(no_room, combination):
            continue
        tries = RARE_TRIES if possible.is_rare(combination) else TRIES
        cells = space.random_cells(tries, generator, combination)
        points = space.points(cells, generator)
        met, _ = screened(space.run.logical, points, marginal=True, soft=True)
        if met.any():
            found = fitting.first(points[met])
            if found is None:
                no_room = np.concatenate([no_room, combination[None]])
                continue
            first = int(np.flatnonzero(met)[found])
            u.append(points[first])
            share.append(float(met.mean()))
            wanted.append(combination)
            done = np.concatenate([done, cells[first : first + 1]])
    combinations = np.array(wanted, np.int64).reshape(-1, len(space.axes))
    sizes = np.where(combinations == FREE, 1.0, np.array(space.levels))
    return Completion(
        np.array(u).reshape(-1, space.run.dimension),
        np.array(share),
        combinations,
        np.asarray(sizes.prod(axis=1)),
        no_room,
    )


def _smaller_without_room(space: Space, t: int, rows: I64, fitting: Fitting) -> I64:
    """Return combinations of fewer than t axes that no row (n, k) holds and no bodies fit.

    What holds one of them need not be looked at. Nothing is looked for where rows hold them all.
    """
    possible = possible_of(space.run, t)
    found = np.zeros((0, len(space.axes)), np.int64)
    for size in range(1, t if fitting.judges else 1):
        for combination in missing(rows, space.levels, size):
            if possible.holds_impossible(combination) or _holds(found, combination):
                continue
            u, share = space.search(combination[None], TRIES, fitting.generator)
            if share[0] > 0 and not fitting.cells(combination[None], u)[0]:
                found = np.concatenate([found, combination[None]])
    return found


def _holds(combinations: I64, cells: I64) -> bool:
    """Say whether cells (k,) hold one of some combinations (m, k)."""
    return bool(((combinations == cells) | (combinations == FREE)).all(axis=1).any())
