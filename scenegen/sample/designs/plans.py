"""Designs of a finite number of cells: full grids, and covering arrays.

A plan is made once for each block of a run and says which cell each scene has. A cell is
looked at by a fixed number of points: where none meets the constraints, or no bodies fit on a
road in closed form, it is left out and reported; where some do, a scene is made there, and its
weight contains the share that does, which keeps weighted means right (the expectation of share
times mean over what was found is the integral over the cell).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from scenegen.errors import InputError
from scenegen.records.base import F64
from scenegen.sample.cells import I64
from scenegen.sample.designs.boxes import Space, space_of
from scenegen.sample.designs.completion import completed
from scenegen.sample.designs.covering import covering_array
from scenegen.sample.designs.fitting import Fitting
from scenegen.sample.designs.possible import possible_of
from scenegen.sample.designs.screening import Run

TRIES = 256
MAX_CELLS = 20_000
MAX_COMBINATIONS = 2_000_000


@dataclass(frozen=True)
class Plan:
    """The scenes of one block.

    Attributes
    ----------
    u : ndarray, shape (n, d)
        A point for each scene, which meets the constraints.
    cells : ndarray, shape (n, k), int64
        The cell of each, along the axes of `space`.
    log_weight : ndarray, shape (n,)
    empty : tuple of str
        Cells, or the smallest combinations of them, in which no draw met the constraints, or
        could be placed.
    no_room : ndarray, shape (m, k), int64
        Of these, the ones that places rule out.
    """

    space: Space
    u: F64
    cells: I64
    log_weight: F64
    empty: tuple[str, ...]
    no_room: I64

    def __len__(self) -> int:
        return len(self.u)


@lru_cache(maxsize=8)
def plan_of(run: Run, block: int) -> Plan:
    """Return the plan of a block; its chance is its own."""
    generator = run.generator(run.logical.design.kind, block)
    space = space_of(run)
    fitting = Fitting(space, run.generator("room", block))
    make = _grid if run.logical.design.kind == "grid" else _covering
    return make(space, generator, fitting)


def without_room(run: Run) -> I64:
    """Return the combinations (m, k) that places rule out in a run's first block."""
    if not run.logical.design.planned or not run.dimension:
        return np.zeros((0, len(space_of(run).axes)), np.int64)
    return plan_of(run, 0).no_room


def _names(space: Space, no_room: I64) -> list[str]:
    return [f"{space.named(cell)} (no bodies fit)" for cell in no_room]


def _grid(space: Space, generator: np.random.Generator, fitting: Fitting) -> Plan:
    count = math.prod(space.levels)
    if count > MAX_CELLS:
        raise InputError(
            f"{space.run.logical.file}: a grid over {len(space.axes)} parameters has {count:,} "
            f"cells, at most {MAX_CELLS:,} will do; name fewer parameters with 'of', lower "
            "'levels', or take pairwise"
        )
    cells = np.array(list(product(*(range(n) for n in space.levels))), np.int64)
    cells = cells[generator.permutation(len(cells))]
    u, share = space.search(cells, TRIES, generator)
    empty = [space.named(cell) for cell in cells[share == 0]]
    kept = np.flatnonzero(share)
    fits = fitting.cells(cells[kept], u[kept])
    no_room, kept = cells[kept[~fits]], kept[fits]
    log_weight = np.log(share[kept]) - space.log_density(cells[kept])
    empty += _names(space, no_room)
    return Plan(space, u[kept], cells[kept], log_weight, tuple(sorted(empty)), no_room)


def _covering(space: Space, generator: np.random.Generator, fitting: Fitting) -> Plan:
    t, levels = space.run.logical.design.t, space.levels
    largest = math.comb(len(levels), t) * max(levels) ** t
    if largest > MAX_COMBINATIONS:
        raise InputError(
            f"{space.run.logical.file}: {len(levels)} parameters have up to {largest:,} "
            f"combinations of {t}, at most {MAX_COMBINATIONS:,} will do; name fewer parameters "
            "with 'of', or lower 'levels' or 't'"
        )
    rows = covering_array(levels, t, generator)
    u, share = space.search(rows, TRIES, generator)
    kept = np.flatnonzero(share)
    kept = kept[fitting.cells(rows[kept], u[kept])]
    more = completed(space, t, rows[kept], generator, fitting)
    points = np.concatenate([u[kept], more.u])
    cells = space.cells(points)
    # Each point might have come from any of the rows: the balance heuristic (Veach and Guibas
    # 1995) divides by all the densities that it could have been drawn with.
    log_density = space.log_density(cells) + np.log(len(rows) + more.density(cells))
    shares = np.concatenate([share[kept], more.share])
    log_weight = np.log(shares) - log_density + np.log(len(rows) + len(more))
    empty = (*possible_of(space.run, t).names, *sorted(_names(space, more.no_room)))
    return Plan(space, points, cells, log_weight, empty, more.no_room)
