"""Boxes of the unit cube, a cell of each axis: which of them hold draws, and how large a share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scenegen.records.base import F64
from scenegen.sample.cells import I64, Axis, axes_of
from scenegen.sample.designs.screening import MOST_AT_ONCE, Run, screened
from scenegen.scenario.distributions import open_unit

FREE = -1


@dataclass(frozen=True)
class Space:
    """The axes of a design, and where their coordinates are.

    Attributes
    ----------
    axes : tuple of Axis
        The k parameters that are combined.
    place : ndarray, shape (k,), int64
        Which of a point's d coordinates each is.
    """

    run: Run
    axes: tuple[Axis, ...]
    place: I64

    @property
    def levels(self) -> list[int]:
        """Number of cells of each axis."""
        return [len(axis) for axis in self.axes]

    def box(self, cells: I64) -> tuple[F64, F64]:
        """Return the ends (n, d) of boxes, given the cell (n, k) of each axis or `FREE`."""
        low = np.zeros((len(cells), self.run.dimension))
        high = np.ones_like(low)
        for axis, place, cell in zip(self.axes, self.place, cells.T, strict=True):
            bound = cell != FREE
            low[bound, place] = axis.edges[cell[bound]]
            high[bound, place] = axis.edges[cell[bound] + 1]
        return low, high

    def cells(self, u: F64) -> I64:
        """Return the cell (n, k) that points (n, d) lie in along each axis."""
        pairs = zip(self.axes, self.place, strict=True)
        return np.stack([axis.at(u[:, place]) for axis, place in pairs], axis=-1)

    def named(self, cells: I64) -> str:
        """Return what a combination of cells (k,) is called."""
        return ", ".join(
            f"{axis.name} = {axis.labels[cell]}"
            for axis, cell in zip(self.axes, cells.tolist(), strict=True)
            if cell != FREE
        )

    def random_cells(
        self, n: int, generator: np.random.Generator, within: I64 | None = None
    ) -> I64:
        """Return cells (n, k), each as likely as any other of its axis.

        Parameters
        ----------
        within : ndarray, shape (k,), int64, optional
            A combination that all of them hold; `FREE` where they need not.
        """
        u = generator.random((n, len(self.axes)))
        cells = np.asarray(np.floor(u * np.array(self.levels)), np.int64)
        return cells if within is None else np.where(within == FREE, cells, within)

    def log_density(self, cells: I64) -> F64:
        """Return the log density (n,) of points in boxes that are chosen as `random_cells` are."""
        widths = [axis.widths[cell] for axis, cell in zip(self.axes, cells.T, strict=True)]
        shares = np.array(widths) * np.array(self.levels)[:, None]
        return np.asarray(-np.log(shares).sum(axis=0))

    def points(self, cells: I64, generator: np.random.Generator) -> F64:
        """Return a random point (n, d) of each box."""
        low, high = self.box(cells)
        return np.asarray(low + (high - low) * open_unit(generator, low.shape))

    def search(self, cells: I64, tries: int, generator: np.random.Generator) -> tuple[F64, F64]:
        """Look for points that meet the constraints in each of some boxes (n, k).

        Parameters
        ----------
        tries : int
            Points looked at in each box.

        Returns
        -------
        u : ndarray, shape (n, d)
            The first that was found in each box.
        share : ndarray, shape (n,)
            Share of the points of each box that meet the constraints; 0 where none was found.
        """
        found, shares = np.zeros((len(cells), self.run.dimension)), np.zeros(len(cells))
        step = max(1, MOST_AT_ONCE // tries)
        for start in range(0, len(cells), step):
            some = cells[start : start + step]
            u = self.points(np.repeat(some, tries, axis=0), generator)
            u = u.reshape(len(some), tries, -1)
            met, _ = screened(
                self.run.logical, u.reshape(-1, u.shape[-1]), marginal=True, soft=True
            )
            met = met.reshape(len(some), tries)
            rows = slice(start, start + len(some))
            found[rows] = u[np.arange(len(some)), np.argmax(met, axis=1)]
            shares[rows] = met.mean(axis=1)
        return found, shares


@lru_cache(maxsize=8)
def space_of(run: Run) -> Space:
    """Return the axes that a run's design combines."""
    design, names = run.logical.design, sorted(run.logical.parameters)
    axes = [
        a
        for a in axes_of(run.logical.parameters, design.levels)
        if not design.of or a.name in design.of
    ]
    return Space(run, tuple(axes), np.array([names.index(axis.name) for axis in axes], np.int64))
