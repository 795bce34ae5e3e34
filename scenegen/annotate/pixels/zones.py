"""Which of several regions points lie in, quickly: most lie in cells that are of one region."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from scenegen.records.base import F64

CELL_M = 0.25
MOST_CELLS = 1 << 24
_UNKNOWN, _MIXED = 255, 254


class Zones:
    """Regions in the plane, of which the first that holds a point counts.

    A cell of a grid is classified when the first point falls into it; points in cells that no
    region fills or leaves free are tested themselves, so that the grid changes no result.

    Parameters
    ----------
    regions : sequence of (int, Geometry)
        Values from 0 to 253, and where they hold.
    outside : int
        The value of points in no region.
    """

    def __init__(self, regions: Sequence[tuple[int, shapely.Geometry]], outside: int) -> None:
        self._regions = [(value, shape) for value, shape in regions if not shape.is_empty]
        self._outside = outside
        for _, shape in self._regions:
            shapely.prepare(shape)
        bounds = np.array([shape.bounds for _, shape in self._regions]).reshape(-1, 4)
        low, high = bounds[:, :2].min(axis=0, initial=np.inf), bounds[:, 2:].max(axis=0, initial=0)
        if not self._regions:
            low = high = np.zeros(2)
        size = np.maximum(high - low, 1.0)
        self._cell = max(CELL_M, float(np.sqrt(size.prod() / MOST_CELLS)))
        self._low = low
        self._grid = np.full(np.ceil(size / self._cell).astype(int) + 1, _UNKNOWN, dtype=np.uint8)

    def values(self, xy: F64) -> npt.NDArray[np.uint8]:
        """Return the values (N,) of points (N, 2)."""
        result = np.full(len(xy), self._outside, dtype=np.uint8)
        cells = np.floor((xy - self._low) / self._cell)
        near = np.flatnonzero(((cells >= 0) & (cells < self._grid.shape)).all(axis=1))
        x, y = cells[near].astype(np.int64).T
        found = self._grid[x, y]
        new = found == _UNKNOWN
        if new.any():
            self._classify(np.unique(x[new] * self._grid.shape[1] + y[new]))
            found = self._grid[x, y]
        mixed = found == _MIXED
        found[mixed] = self.exact(xy[near[mixed]])
        result[near] = found
        return result

    def exact(self, xy: F64) -> npt.NDArray[np.uint8]:
        """Return the values (N,) of points (N, 2), each tested against the regions themselves."""
        result = np.full(len(xy), self._outside, dtype=np.uint8)
        left = np.arange(len(xy))
        for value, shape in self._regions:
            inside = shapely.intersects_xy(shape, *xy[left].T)
            result[left[inside]] = value
            left = left[~inside]
        return result

    def _classify(self, cells: npt.NDArray[np.int64]) -> None:
        x, y = np.divmod(cells, self._grid.shape[1])
        # A little wider, so that rounding puts no point into a cell that it isn't in.
        wide = 1e-6
        left, bottom = self._low[0] + x * self._cell - wide, self._low[1] + y * self._cell - wide
        step = self._cell + 2 * wide
        boxes = shapely.box(left, bottom, left + step, bottom + step)
        result = np.full(len(cells), self._outside, dtype=np.uint8)
        going = np.arange(len(cells))
        for value, shape in self._regions:
            touched = shapely.intersects(shape, boxes[going])
            filled = np.zeros_like(touched)
            filled[touched] = shapely.contains_properly(shape, boxes[going[touched]])
            result[going[touched]] = np.where(filled[touched], value, _MIXED)
            going = going[~touched]
        self._grid[x, y] = result
