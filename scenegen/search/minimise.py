"""The smallest change from nominal that still fails, or as small a one as a budget finds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.search.problem import Problem

PARTS = 4
"""Blocks that coordinates are put back in at first; each further round halves them."""
SCALES = (0.25, 0.5, 0.75, 0.9)


@dataclass
class Smaller:
    """A failure, and how small it has become.

    Attributes
    ----------
    point : (D,) float64
    scene : int
        It stays the same.
    spent : int
        Simulations.
    """

    point: F64
    scene: int
    spent: int = 0


def minimised(problem: Problem, point: F64, scene: int, budget: int) -> Smaller:
    """Return a failing point (D,) with as much of it put back to nominal as still fails.

    Blocks of coordinates, those that are least off first, are put to 0, the median of each
    parameter: in rounds, of smaller and smaller blocks, as delta debugging does (Zeller and
    Hildebrandt 2002). What is left is then drawn towards 0 as a whole. Nothing is drawn at random.

    Parameters
    ----------
    point : ndarray, shape (D,)
        Fails.
    budget : int
        Simulations at most.
    """
    best = Smaller(point.copy(), scene)
    parts = PARTS
    while best.spent < budget:
        off = np.flatnonzero(best.point)
        if not off.size:
            break
        off = off[np.argsort(np.abs(best.point[off]), kind="stable")]
        blocks = np.array_split(off, min(parts, off.size))
        before = best.point
        _put_back(problem, best, blocks, budget)
        if len(blocks) == off.size and best.point is before:
            break
        parts = 2 * parts
    for _ in range(2):
        _drawn_in(problem, best, budget)
    return best


def _put_back(
    problem: Problem, best: Smaller, blocks: list[npt.NDArray[np.intp]], budget: int
) -> None:
    """Put back all blocks that can go by themselves; if not all at once, one after the other."""
    tried = np.repeat(best.point[None], len(blocks), axis=0)
    for row, block in enumerate(blocks):
        tried[row, block] = 0.0
    fails = _fails(problem, best, tried, budget)
    can = [block for block, failed in zip(blocks, fails, strict=True) if failed]
    if not can:
        return
    together = best.point.copy()
    together[np.concatenate(can)] = 0.0
    if len(can) == 1 or _fails(problem, best, together[None], budget)[0]:
        best.point = together
        return
    one = best.point.copy()
    one[can[0]] = 0.0
    for block in can[1:]:
        more = one.copy()
        more[block] = 0.0
        if _fails(problem, best, more[None], budget)[0]:
            one = more
    best.point = one


def _drawn_in(problem: Problem, best: Smaller, budget: int) -> None:
    """Go as far towards 0 as one of a few shares of the way allows."""
    if not best.point.any():
        return
    tried = np.array([scale * best.point for scale in SCALES])
    fails = _fails(problem, best, tried, budget)
    if fails.any():
        best.point = tried[int(np.argmax(fails))]


def _fails(problem: Problem, best: Smaller, tried: F64, budget: int) -> np.ndarray:
    """Return which points (n, D) fail; none of them where the budget doesn't suffice."""
    if best.spent + len(tried) > budget:
        best.spent = budget
        return np.zeros(len(tried), dtype=bool)
    before = problem.evaluations
    values = problem.ask(tried, np.full(len(tried), best.scene))
    best.spent += problem.evaluations - before
    return np.asarray(values < 0)
