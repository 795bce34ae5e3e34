"""How many scenes of each cell bring a set nearest to its target."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from scenegen.evaluate.gaps.mixture import apportion
from scenegen.records.base import F64

I64 = npt.NDArray[np.int64]
_SUM = 1e3
"""How much more the number of scenes counts than a unit in a wrong cell."""


def allot(counts: F64, target: F64, shows: F64, scenes: int) -> I64:
    """Return how many scenes (K,) to add of each cell.

    Those by which what is there and what is added come nearest to the target, in the sum of
    squares, so the greatest lack is filled first.

    Parameters
    ----------
    counts : (K,) float64
        Tracks, objects or scenes that are there.
    target : (K,) float64
        The share that each cell should have.
    shows : (K, K) float64
        Units of each cell (columns) that a scene shows which is made for a cell (rows); rows of
        cells that no scene can be made for are zero.
    scenes : int
        To add in all.
    """
    able = np.flatnonzero(shows.sum(axis=1) > 0.0)
    if not able.size:
        return np.zeros(len(counts), np.int64)
    each = shows[able].sum(axis=1).mean()
    lack = target * (counts.sum() + scenes * each) - counts
    rows = np.vstack([shows[able].T, np.full((1, able.size), _SUM)])
    found, _ = nnls(rows, np.append(lack, _SUM * scenes))
    added = np.zeros(len(counts), np.int64)
    if found.sum() > 0.0:
        added[able] = apportion(scenes, np.round(found, 9))
    return added


def scenes_needed(counts: F64, target: F64, each: float, possible: npt.NDArray[np.bool_]) -> int:
    """Return how many scenes it takes until no cell that can be asked for has too little.

    The cell that is fullest against its target sets how large the whole has to be.
    """
    asked = (target > 0.0) & possible
    if not asked.any() or each <= 0.0:
        return 0
    whole = float((counts[asked] / target[asked]).max())
    lack = np.maximum(0.0, target * whole - counts)[asked].sum()
    return int(np.ceil(lack / each))
