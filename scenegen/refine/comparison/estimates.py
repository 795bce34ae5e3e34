"""Figures with the values they take when blocks are drawn again, so that methods pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.stats import t as student

from scenegen.evaluate.comparison import share_interval
from scenegen.evaluate.feature_store import FeatureSet
from scenegen.evaluate.images import F64, I64
from scenegen.evaluate.measures.jackknife import GROUPS
from scenegen.evaluate.statistics import DRAWS, LEVEL, Interval, interval_of
from scenegen.evaluate.utility.figures import Resampling, resampling
from scenegen.seeds import named_generator


@dataclass(frozen=True)
class Estimate:
    """A figure, and what it is on other draws of the same blocks.

    Attributes
    ----------
    value : float
    again : (R,) float64
        Of R draws; those of two methods pair if both come from equal blocks and words.
    way : {"bootstrap", "jackknife"}
        Whether a draw draws blocks, or leaves a group of them out.
    exact : Interval or None
        Where it is known without draws.
    """

    value: float
    again: F64
    way: Literal["bootstrap", "jackknife"] = "bootstrap"
    exact: Interval | None = None

    def interval(self) -> Interval:
        """Return the value with its 95 % interval; a point where nothing can be drawn."""
        if self.exact is not None:
            return self.exact
        if self.way == "bootstrap":
            if not np.isfinite(self.again).any():
                return Interval(self.value, self.value, self.value)
            return interval_of(self.value, self.again)
        count = len(self.again)
        if count < 2:
            return Interval(self.value, self.value, self.value)
        # Shao and Tu 1995, section 2.3, as `measures.jackknife` has it.
        variance = (count - 1) / count * ((self.again - self.again.mean()) ** 2).sum()
        half = float(student.ppf((1 + LEVEL) / 2, count - 1) * np.sqrt(variance))
        return Interval(self.value, self.value - half, self.value + half)

    def minus(self, other: Estimate) -> Estimate:
        """Return the difference, draw by draw."""
        return Estimate(self.value - other.value, self.again - other.again, self.way)

    def over(self, other: Estimate) -> Estimate:
        """Return the ratio, draw by draw."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.float64(self.value) / np.float64(other.value)
            return Estimate(float(ratio), self.again / other.again, self.way)


def of_draws(draws: F64) -> Estimate:
    """Return the estimate of values (1 + D,), the figure itself first."""
    return Estimate(float(draws[0]), draws[1:])


@dataclass(frozen=True)
class Chance:
    """What all figures of a comparison are drawn by; equal words and blocks, equal draws.

    Attributes
    ----------
    seed : int
    runs : int
        Seeds that every method is tried with.
    """

    seed: int
    runs: int

    def draws(self, purpose: str, blocks: I64) -> Resampling:
        """Return draws of the blocks (N,) of some pictures, and of the runs."""
        return resampling(blocks, self.runs, DRAWS, named_generator("compare", self.seed, purpose))

    def mean(self, values: F64, purpose: str, blocks: I64) -> Estimate:
        """Return the mean of values (runs, N) of pictures in blocks (N,)."""
        drawn = self.draws(purpose, blocks)
        each = (drawn.weights @ values.T) / drawn.weights.sum(axis=1, keepdims=True)
        return of_draws((each * drawn.seeds).sum(axis=1))

    def share(self, hits: F64, purpose: str, blocks: I64) -> Estimate:
        """Return the mean of hits (runs, N), each 0 or 1.

        Where all agree no draw differs, and the interval is the exact one of so many blocks.
        """
        found = self.mean(hits, purpose, blocks)
        if hits.min() < hits.max():
            return found
        generator = named_generator("compare", self.seed, purpose)
        return replace(found, exact=share_interval(hits[0], blocks, generator))


def without_groups(
    statistic: Callable[[FeatureSet], float], sets: Sequence[FeatureSet]
) -> Estimate:
    """Return the mean of a statistic over sets of the same blocks, leaving out tenths of them."""
    names, member = np.unique(sets[0].blocks, return_inverse=True)
    count = min(GROUPS, len(names))
    group = member * count // len(names)

    def mean(keep: I64) -> float:
        return float(np.mean([statistic(one.subset(keep)) for one in sets]))

    value = mean(np.arange(len(member)))
    left = [mean(np.flatnonzero(group != k)) for k in range(count)] if count > 1 else []
    return Estimate(value, np.array(left), "jackknife")
