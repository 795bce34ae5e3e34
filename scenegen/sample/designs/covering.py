"""Covering arrays: few rows in which every combination of any t columns' symbols occurs.

Grown a column at a time, as IPOG does (Lei, Kacker, Kuhn, Okun and Lawrence 2008, IPOG-IPOD):
each row takes the symbol that covers most of what is missing, and what is missing after
that goes into free places of rows, or into new ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]
FREE = -1
"""Stands where a row may have any symbol."""


def covering_array(
    levels: Sequence[int], t: int, generator: np.random.Generator, tries: int = 8
) -> I64:
    """Return a covering array of strength t.

    Parameters
    ----------
    levels : sequence of int
        Number of symbols of each of the d columns.
    t : int
        From 1; no more than d.
    generator : numpy.random.Generator
        Breaks ties and fills what may be anything.
    tries : int
        How many arrays are made, of which the shortest is returned.

    Returns
    -------
    ndarray, shape (N, d), int64
        Symbols from 0. Symbols of a column are relabelled and rows shuffled at random, so
        that each row by itself is distributed uniformly over all combinations.
    """
    found = [_grown(levels, t, generator) for _ in range(tries)]
    best = min(found, key=len)
    for column, count in enumerate(levels):
        best[:, column] = generator.permutation(count)[best[:, column]]
    return best[generator.permutation(len(best))]


def _grown(levels: Sequence[int], t: int, generator: np.random.Generator) -> I64:
    """Return an array with columns in their own order, grown from the largest column on."""
    d = len(levels)
    order = sorted(range(d), key=lambda column: -levels[column])
    counts = [levels[column] for column in order]
    rows = np.array(list(product(*(range(n) for n in counts[:t]))), np.int64)
    for column in range(t, d):
        rows = _with_column(rows, counts[: column + 1], t, generator)
    free = rows == FREE
    fill = np.floor(generator.random(rows.shape) * np.array(counts)).astype(np.int64)
    rows = np.where(free, fill, rows)
    result = np.empty_like(rows)
    result[:, order] = rows
    return result


class _Missing:
    """Which combinations of t - 1 earlier columns and the new one are not covered yet.

    Attributes
    ----------
    open : ndarray, shape (K, v), bool
        A row for each combination of symbols of each set of columns, a column for each
        symbol of the new one.
    """

    def __init__(self, counts: Sequence[int], t: int) -> None:
        self.sets = np.array(list(combinations(range(len(counts) - 1), t - 1)), np.int64)
        sizes = np.array(counts, np.int64)[self.sets]
        self.radix = np.concatenate(
            [
                np.cumprod(sizes[:, ::-1], axis=1)[:, ::-1][:, 1:],
                np.ones((len(sizes), 1), np.int64),
            ],
            axis=1,
        )
        lengths = sizes.prod(axis=1)
        self.start = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.open = np.ones((int(lengths.sum()), counts[-1]), dtype=bool)

    def keys(self, row: I64) -> I64:
        """Return the rows of `open` that a row of symbols belongs to, where none is free."""
        symbols = row[self.sets]
        whole = (symbols != FREE).all(axis=1)
        keys: I64 = (self.start + (symbols * self.radix).sum(axis=1))[whole]
        return keys

    def left(self) -> Iterator[tuple[I64, I64, int]]:
        """Yield what is not covered: columns, their symbols, and the new column's symbol."""
        for key, symbol in np.argwhere(self.open):
            which = int(np.searchsorted(self.start, key, side="right")) - 1
            rest, symbols = int(key - self.start[which]), []
            for radix in self.radix[which]:
                symbols.append(rest // int(radix))
                rest %= int(radix)
            if self.open[key, symbol]:
                yield self.sets[which], np.array(symbols, np.int64), int(symbol)


def _with_column(rows: I64, counts: Sequence[int], t: int, generator: np.random.Generator) -> I64:
    """Return rows with one more column, and as many more rows as that takes."""
    missing = _Missing(counts, t)
    grown = np.concatenate([rows, np.full((len(rows), 1), FREE)], axis=1)
    for row in grown:
        keys = missing.keys(row)
        gains = missing.open[keys].sum(axis=0)
        if gains.max(initial=0) > 0:
            best = np.flatnonzero(gains == gains.max())
            row[-1] = generator.choice(best)
            missing.open[keys, row[-1]] = False
    added = _Rows(grown)
    for columns, symbols, symbol in missing.left():
        where = np.append(columns, len(counts) - 1)
        row = added.take(where, np.append(symbols, symbol))
        missing.open[missing.keys(row), symbol] = False
    return added.rows


class _Rows:
    """Rows with free places, which grow in number as they have to."""

    def __init__(self, rows: I64) -> None:
        self._rows, self._count = rows, len(rows)

    @property
    def rows(self) -> I64:
        return self._rows[: self._count]

    def take(self, columns: I64, symbols: I64) -> I64:
        """Put symbols into a row where they fit, a new one if need be, and return it."""
        there: npt.NDArray[Any] = self.rows[:, columns]
        fits = ((there == symbols) | (there == FREE)).all(axis=1)
        if fits.any():
            # The row in which most of them stand already leaves most places free.
            row = int(np.argmax(np.where(fits, (there == symbols).sum(axis=1), -1)))
        else:
            if self._count == len(self._rows):
                more = np.full_like(self._rows, FREE)
                self._rows = np.concatenate([self._rows, more])
            row, self._count = self._count, self._count + 1
            self._rows[row] = FREE
        self._rows[row, columns] = symbols
        taken: I64 = self._rows[row]
        return taken


def covered(
    rows: I64, levels: Sequence[int], t: int
) -> Iterator[tuple[tuple[int, ...], npt.NDArray[np.bool_]]]:
    """Yield each set of t columns, and which of their combinations (prod of levels,) occur.

    Parameters
    ----------
    rows : ndarray, shape (N, d), int64
    """
    for columns in combinations(range(len(levels)), t):
        sizes = [levels[column] for column in columns]
        keys = np.ravel_multi_index(tuple(rows[:, list(columns)].T), sizes)
        hit = np.zeros(int(np.prod(sizes)), dtype=bool)
        hit[keys] = True
        yield columns, hit
