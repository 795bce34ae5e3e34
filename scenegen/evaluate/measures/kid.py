"""Kernel inception distance: an unbiased comparison of two sets, good at small numbers.

Bińkowski, Sutherland, Arbel and Gretton 2018, "Demystifying MMD GANs": the squared maximum mean
discrepancy under the kernel (x·y / D + 1)³, here of any features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.feature_store import FeatureSet
from scenegen.evaluate.statistics import DRAWS, F64, I64, Interval, block_weights, interval_of

LIMIT = 5000
"""Items beyond which a set is cut at random into parts, and pairs are taken within parts."""
MAX_BLOCKS = 500
"""Bootstrap blocks beyond which neighbouring ones are joined."""
_ROWS = 1000


@dataclass(frozen=True)
class PairSums:
    """Sums of the kernel over pairs of items, by the blocks of both.

    Attributes
    ----------
    total, count : (A, B) float64
        Sum over pairs, and how many there are. No item is paired with itself.
    """

    total: F64
    count: F64


@dataclass(frozen=True)
class KernelSums:
    """All that the distance and its bootstrap need of two sets."""

    xx: PairSums
    yy: PairSums
    xy: PairSums


def kernel(x: npt.NDArray[np.floating], y: npt.NDArray[np.floating]) -> F64:
    """Return the polynomial kernel (N, M) float64 of features (N, D) and (M, D)."""
    base = np.asarray(x, np.float64) @ np.asarray(y, np.float64).T / x.shape[1] + 1.0
    return np.asarray(base * base * base)  # a general power takes ten times as long


def kid(x: FeatureSet, y: FeatureSet, generator: np.random.Generator) -> float:
    """Return the distance alone; see `kid_interval`."""
    return _distance(kernel_sums(x, y, generator))


def kid_interval(
    x: FeatureSet, y: FeatureSet, generator: np.random.Generator, draws: int = DRAWS
) -> Interval:
    """Return the squared distance of two sets with its block-bootstrap interval.

    The value is the U-statistic over all pairs of unlike items, as customary; negative values
    mean that the sets are alike. Of sets beyond `LIMIT` it is the same over a random part of the
    pairs, unbiased as well.

    A draw holds some blocks several times. Pairs between two copies of one block are not pairs of
    independent items, and of copies of one item not even of two: they never count, while each
    copy brings its own inner pairs. So draws centre on the value.

    Raises
    ------
    ValueError
        A set has fewer than two items.
    """
    if min(len(x), len(y)) < 2:
        raise ValueError("the distance needs two items in each set")
    sums = kernel_sums(x, y, generator)
    blocks_x, blocks_y = (np.arange(count, dtype=np.int64) for count in sums.xy.total.shape)
    w = block_weights(blocks_x, generator, draws).astype(np.float64)
    v = block_weights(blocks_y, generator, draws).astype(np.float64)
    drawn = kid_under(sums, w, v)
    value = _distance(sums)
    # One block is one draw: nothing is known about the spread.
    return interval_of(value, drawn) if np.isfinite(drawn).any() else Interval(value, value, value)


def kid_under(sums: KernelSums, w: F64, v: F64) -> F64:
    """Return the distance (draws,) where blocks count w (draws, A) and v (draws, B) times.

    All ones give the distance itself; see `kid_interval` for pairs that never count.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        cross = ((w @ sums.xy.total) * v).sum(1) / ((w @ sums.xy.count) * v).sum(1)
        return np.asarray(_within(sums.xx, w) + _within(sums.yy, v) - 2 * cross)


def kernel_sums(x: FeatureSet, y: FeatureSet, generator: np.random.Generator) -> KernelSums:
    """Return the sums over pairs, in which blocks are numbered anew from 0."""
    blocks_x, blocks_y = joined(x.blocks), joined(y.blocks)
    parts_x, parts_y = _parts(len(x), generator), _parts(len(y), generator)
    most = max(len(parts_x), len(parts_y))
    matched = [(parts_x[i % len(parts_x)], parts_y[i % len(parts_y)]) for i in range(most)]
    return KernelSums(
        _sums(x, x, blocks_x, blocks_x, [(part, part) for part in parts_x]),
        _sums(y, y, blocks_y, blocks_y, [(part, part) for part in parts_y]),
        _sums(x, y, blocks_x, blocks_y, matched),
    )


def joined(blocks: I64) -> I64:
    """Return blocks (N,) numbered from 0, neighbours joined where they are too many."""
    names, member = np.unique(blocks, return_inverse=True)
    if len(names) > MAX_BLOCKS:
        member = member * MAX_BLOCKS // len(names)
    return np.asarray(member, np.int64)


def _parts(count: int, generator: np.random.Generator) -> list[I64]:
    if count <= LIMIT:
        return [np.arange(count, dtype=np.int64)]
    shuffled = generator.permutation(count)
    return [np.sort(part) for part in np.array_split(shuffled, -(-count // LIMIT))]


def _sums(
    x: FeatureSet, y: FeatureSet, blocks_x: I64, blocks_y: I64, parts: list[tuple[I64, I64]]
) -> PairSums:
    """Sum the kernel over the pairs of each part, a thousand rows in memory at a time."""
    shape = (int(blocks_x.max()) + 1, int(blocks_y.max()) + 1)
    total, count = np.zeros(shape), np.zeros(shape)
    for part_x, part_y in parts:
        columns = np.asarray(y.features[part_y], np.float64)
        into_y = _membership(blocks_y[part_y], shape[1])
        for start in range(0, len(part_x), _ROWS):
            rows = part_x[start : start + _ROWS]
            values = kernel(x.features[rows], columns)
            pairs = np.ones_like(values)
            if x is y:
                itself = (np.arange(len(rows)), np.arange(start, start + len(rows)))
                values[itself] = pairs[itself] = 0.0
            into_x = _membership(blocks_x[rows], shape[0])
            total += into_x.T @ values @ into_y
            count += into_x.T @ pairs @ into_y
    return PairSums(total, count)


def _membership(blocks: I64, count: int) -> F64:
    return np.asarray(blocks[:, None] == np.arange(count), np.float64)


def _distance(sums: KernelSums) -> float:
    means = [s.total.sum() / s.count.sum() for s in (sums.xx, sums.yy, sums.xy)]
    return float(means[0] + means[1] - 2 * means[2])


def _within(sums: PairSums, weights: F64) -> F64:
    """Return the mean over pairs (draws,) where blocks are drawn with weights (draws, B)."""

    def weighted(table: F64) -> F64:
        inner = np.diagonal(table)
        between = ((weights @ table) * weights).sum(1) - (weights**2) @ inner
        return np.asarray(between + weights @ inner)

    return np.asarray(weighted(sums.total) / weighted(sums.count))
