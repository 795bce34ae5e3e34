"""What a set has less or more of than another, as ratios with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.gaps.cells import SIZE_CELLS
from scenegen.evaluate.gaps.profile import UNKNOWN, Profile, cell_name
from scenegen.evaluate.images import F64
from scenegen.evaluate.statistics import Interval, block_weights, interval_of

KNOWN_SHARE = 0.5
"""Attributes that are unknown of more pictures than this are not compared."""


@dataclass(frozen=True)
class Lack:
    """How often something is in a synthetic picture and in a real one.

    Attributes
    ----------
    slice : str
        As ``class=car,size=small`` or ``time_of_day=night``.
    synthetic, real : float
        Mean over pictures: a share of pixels, a number of things, a share of pictures.
    ratio : Interval or None
        Synthetic over real; None where the real set has none.
    """

    slice: str
    synthetic: float
    real: float
    ratio: Interval | None

    @property
    def lacking(self) -> bool:
        """Whether the synthetic set surely has less of it."""
        return self.ratio is not None and self.ratio.high < 1

    @property
    def excessive(self) -> bool:
        """Whether the synthetic set surely has more of it."""
        return self.ratio is None or self.ratio.low > 1


def columns_of(profile: Profile, space: LabelSpace) -> dict[str, F64]:
    """Return everything that sets are compared by: name of the slice to a column (N,)."""
    columns = {
        cell_name(cell, space): profile.content[:, k] for k, cell in enumerate(profile.cells)
    }
    counted = np.array([cell.size for cell in profile.cells])
    if counted.any():
        columns["objects=all"] = profile.content[:, counted > 0].sum(axis=1)
    for size, name in enumerate(SIZE_CELLS):
        if size and (counted == size).any():
            columns[f"size={name}"] = profile.content[:, counted == size].sum(axis=1)
    for attribute, words in profile.words.items():
        if known(profile, attribute):
            array = np.array(words)
            for word in sorted(set(words) - {UNKNOWN}):
                columns[f"{attribute}={word}"] = (array == word).astype(np.float64)
    return columns


def known(profile: Profile, attribute: str) -> bool:
    """Whether an attribute is known of enough pictures to speak of its distribution."""
    words = profile.words[attribute]
    return sum(word != UNKNOWN for word in words) > KNOWN_SHARE * len(words)


def lacks(
    synthetic: Profile, real: Profile, space: LabelSpace, generator: np.random.Generator
) -> tuple[Lack, ...]:
    """Compare what is in the pictures of two sets.

    Slices that neither set has, and attributes that one of them doesn't tell, are left out.
    Both sets are resampled by blocks, independently of each other.
    """
    ours, theirs = columns_of(synthetic, space), columns_of(real, space)
    told = {name.partition("=")[0] for name in ours} & {name.partition("=")[0] for name in theirs}
    names = [n for n in dict.fromkeys([*theirs, *ours]) if n.partition("=")[0] in told]
    a = _matrix(ours, names, len(synthetic))
    b = _matrix(theirs, names, len(real))
    drawn_a, drawn_b = (
        _means(m, block_weights(p.blocks, generator).astype(np.float64))
        for m, p in ((a, synthetic), (b, real))
    )
    found = []
    for k, name in enumerate(names):
        x, y = float(a[:, k].mean()), float(b[:, k].mean())
        if x == y == 0:
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            draws = drawn_a[:, k] / drawn_b[:, k]
        ratio = interval_of(x / y, draws) if y > 0 and np.isfinite(draws).any() else None
        found.append(Lack(name, x, y, ratio))
    return tuple(found)


def _matrix(columns: dict[str, F64], names: list[str], count: int) -> F64:
    return np.stack([columns.get(name, np.zeros(count)) for name in names], axis=1)


def _means(values: F64, weights: F64) -> F64:
    """Return weighted means (draws, K) of columns (N, K)."""
    return np.asarray((weights @ values) / weights.sum(axis=1, keepdims=True), np.float64)
