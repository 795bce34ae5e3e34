"""Tests of whether something was among what a generator learnt from; arrays in, numbers out.

Members are what it was trained on, others are like them and weren't. Without memory the two
can't be told apart by what was generated: shares and areas are one half.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from scenegen.evaluate.statistics import F64, I64, Interval, block_weights, interval_of

Rows = npt.NDArray[np.floating]
NEXT = 50
"""Neighbours after the nearest one that its distance is measured by (Carlini et al. 2023)."""
DRAWS = 200
FPR = 0.01
_ROWS = 256


@dataclass(frozen=True)
class Nearest:
    """The nearest reference of each query.

    Attributes
    ----------
    index : (Q,) int64
        Its position.
    distance : (Q,) float64
    ratio : (Q,) float64
        Distance over the mean distance of the next `NEXT` references that aren't its
        neighbours in time; near one for a query that resembles nothing in particular.
    """

    index: I64
    distance: F64
    ratio: F64


def distances(queries: Rows, reference: Rows) -> F64:
    """Return Euclidean distances (Q, R) float64 of rows (Q, D) and (R, D)."""
    q, r = np.asarray(queries, np.float64), np.asarray(reference, np.float64)
    squares = (q**2).sum(axis=1)[:, None] + (r**2).sum(axis=1) - 2 * (q @ r.T)
    # What cancels to the last digits is equal.
    squares[squares < 1e-12 * (q**2).sum(axis=1)[:, None]] = 0.0
    return np.asarray(np.sqrt(squares))


def nearest(queries: Rows, reference: Rows, blocks: I64, count: int = NEXT) -> Nearest:
    """Return the nearest reference of each query, and how far out of the way it is.

    Parameters
    ----------
    queries, reference : (Q, D), (R, D)
    blocks : (R,) int64
        Neighbours in time of each reference; those of the nearest are passed over, or frames
        of one street would hide that one of them was copied.
    count : int
        How many others; as many as there are if fewer.
    """
    reference = np.asarray(reference, np.float64)
    index, distance, ratio = np.zeros(len(queries), np.int64), *np.zeros((2, len(queries)))
    for start in range(0, len(queries), _ROWS):
        rows = slice(start, start + _ROWS)
        apart = distances(queries[rows], reference)
        index[rows] = at = apart.argmin(axis=1)
        distance[rows] = apart[np.arange(len(at)), at]
        apart[blocks[None] == blocks[at][:, None]] = np.inf
        most = min(count, apart.shape[1])
        others = np.partition(apart, most - 1, axis=1)[:, :most]
        known = np.isfinite(others)
        mean = np.where(known, others, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        ratio[rows] = np.divide(distance[rows], mean, out=np.ones(len(at)), where=mean > 0)
    return Nearest(index, distance, ratio)


def nearer_share(to_members: F64, to_others: F64) -> F64:
    """Return the chance (Q,) that the nearest member is nearer than the nearest other.

    As many are drawn of the larger set as there are in the smaller one; the chance over all
    such draws is the hypergeometric probability that none of the nearer ones is drawn, so
    nothing needs to be. Ties count half. One half where members and others are alike.

    Parameters
    ----------
    to_members, to_others : (Q, M), (Q, H)
        Distances.
    """
    if to_members.shape[1] < to_others.shape[1]:
        return 1 - nearer_share(to_others, to_members)
    bound = to_others.min(axis=1, keepdims=True)
    drawn, total = to_others.shape[1], to_members.shape[1]
    return (
        _some_drawn((to_members < bound).sum(axis=1), drawn, total)
        + _some_drawn((to_members <= bound).sum(axis=1), drawn, total)
    ) / 2


def nearer_interval(
    to_members: F64,
    to_others: F64,
    blocks: tuple[I64, I64, I64],
    generator: np.random.Generator,
    draws: int = DRAWS,
) -> Interval:
    """Return the mean of `nearer_share` with its interval.

    Blocks of queries, of members and of others are resampled: a few real pictures that are
    near to everything must not pass for certainty.

    Parameters
    ----------
    blocks : tuple of (Q,), (M,), (H,) int64
        Bootstrap blocks of queries, members and others.
    """
    queries, members, others = (block_weights(b, generator, draws) for b in blocks)
    found = [
        np.average(nearer_share(to_members[:, m > 0], to_others[:, h > 0]), weights=q)
        for q, m, h in zip(queries, members, others, strict=True)
    ]
    return interval_of(float(nearer_share(to_members, to_others).mean()), np.array(found))


def area(members: F64, others: F64, weights: tuple[F64, F64] | None = None) -> float:
    """Return the area under the ROC curve: the chance that a member has the higher score.

    Parameters
    ----------
    members, others : (M,), (H,)
        Scores; ties count half.
    weights : tuple of (M,) and (H,), optional
    """
    w, v = weights or (np.ones(len(members)), np.ones(len(others)))
    order = np.argsort(others, kind="stable")
    below = np.concatenate([[0.0], np.cumsum(v[order])])
    left = below[np.searchsorted(others[order], members, side="left")]
    right = below[np.searchsorted(others[order], members, side="right")]
    return float((w * (left + right) / 2).sum() / (w.sum() * v.sum()))


def true_positives(
    members: F64, others: F64, weights: tuple[F64, F64] | None = None, rate: float = FPR
) -> float:
    """Return the share of members told at a threshold that takes at most `rate` of others.

    With fewer than 1 / `rate` others it is the share of members above all of them.
    """
    w, v = weights or (np.ones(len(members)), np.ones(len(others)))
    order = np.argsort(-others, kind="stable")
    taken = np.cumsum(v[order]) / v.sum()
    threshold = others[order][int(np.searchsorted(taken, rate * (1 + 1e-12), side="right"))]
    return float(w[members > threshold].sum() / w.sum())


def membership_intervals(
    members: F64, others: F64, blocks: tuple[I64, I64], generator: np.random.Generator
) -> tuple[Interval, Interval]:
    """Return `area` and `true_positives` with intervals over blocks (M,) and (H,)."""
    areas, rates = [], []
    for w, v in zip(*(block_weights(b, generator, DRAWS) for b in blocks), strict=True):
        weights = w.astype(np.float64), v.astype(np.float64)
        areas.append(area(members, others, weights))
        rates.append(true_positives(members, others, weights))
    return (
        interval_of(area(members, others), np.array(areas)),
        interval_of(true_positives(members, others), np.array(rates)),
    )


def _some_drawn(near: I64, drawn: int, total: int) -> F64:
    """Return the chance (Q,) that a draw of `drawn` out of `total` holds any of `near`."""
    rest = total - near
    possible = rest >= drawn
    left = np.where(possible, rest - drawn, 0)
    none = np.exp(
        gammaln(rest + 1) - gammaln(left + 1) - gammaln(total + 1) + gammaln(total - drawn + 1)
    )
    return np.asarray(np.where(near > 0, 1 - np.where(possible, none, 0.0), 0.0))
