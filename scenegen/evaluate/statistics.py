"""Intervals and tests for numbers on video: whole blocks of neighbouring frames are resampled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
LEVEL = 0.95
DRAWS = 400


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


def block_weights(blocks: I64, generator: np.random.Generator, draws: int = DRAWS) -> I64:
    """Return how often each item is drawn when whole blocks are, (draws, N) int64.

    Parameters
    ----------
    blocks : (N,) int64
        The block of each item, as `images.blocks` gives it.
    """
    names, member = np.unique(blocks, return_inverse=True)
    picked = generator.integers(0, len(names), (draws, len(names)))
    counts = np.zeros((draws, len(names)), np.int64)
    np.add.at(counts, (np.arange(draws)[:, None], picked), 1)
    return counts[:, member]


def interval_of(value: float, draws: F64, level: float = LEVEL) -> Interval:
    """Return the basic-percentile interval of bootstrap draws, made to contain the value.

    Raises
    ------
    ValueError
        No draw is finite.
    """
    finite = draws[np.isfinite(draws)]
    if not finite.size:
        raise ValueError("no bootstrap draw is finite")
    low, high = np.quantile(finite, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(min(low, value)), float(max(high, value)))


def bootstrap(
    statistic: Callable[[F64], float],
    blocks: I64,
    generator: np.random.Generator,
    draws: int = DRAWS,
) -> Interval:
    """Return a statistic of item weights with its block-bootstrap interval.

    Parameters
    ----------
    statistic : callable
        From weights (N,) float64 to a number; called with ones for the value itself.
    """
    value = statistic(np.ones(len(blocks)))
    weights = block_weights(blocks, generator, draws)
    return interval_of(value, np.array([statistic(row.astype(np.float64)) for row in weights]))


def mean_interval(
    values: F64, blocks: I64, generator: np.random.Generator, draws: int = DRAWS
) -> Interval:
    """Return the mean of values (N,) with its block-bootstrap interval."""
    return bootstrap(lambda w: float(np.average(values, weights=w)), blocks, generator, draws)


def paired_p_value(differences: F64, generator: np.random.Generator, draws: int = 10_000) -> float:
    """Return the two-sided p-value of a sign-flip test on paired differences (B,), one a block.

    Exact for up to 13 blocks, by `draws` random flips beyond; the observed flip counts
    itself (Phipson and Smyth 2010), so the value is never 0.
    """
    count = len(differences)
    if count == 0:
        return 1.0
    observed = abs(float(differences.mean()))
    if count <= 13:
        bits = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
        means = np.abs(((1.0 - 2.0 * bits) * differences).mean(axis=1))
        return float(np.mean(means >= observed - 1e-15))
    signs = generator.integers(0, 2, (draws, count)) * 2.0 - 1.0
    means = np.abs((signs * differences).mean(axis=1))
    return float((1 + np.sum(means >= observed - 1e-15)) / (1 + draws))
