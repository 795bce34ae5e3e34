"""How many scenes of which scenario bring a set's content near that of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from scenegen.evaluate.images import F64, I64

EVENNESS = 0.1
"""Weighted mean square misfit that is accepted for an even mixture instead of one scenario."""
_SUM = 1e3
"""Weight of the row that makes shares sum to one."""


@dataclass(frozen=True)
class Mixture:
    """A mixture of scenarios.

    Attributes
    ----------
    names : tuple of str
        The S scenarios.
    shares : (S,) float64
        Of the pictures to be added; sums to one.
    added : float
        Pictures to be added, as a share of the union.
    before, after : (K,) float64
        Mean content of the present set, and as expected with what is added.
    misfit_before, misfit_after : float
        Weighted mean of the relative distance to the target, in [0, 1].
    """

    names: tuple[str, ...]
    shares: F64
    added: float
    before: F64
    after: F64
    misfit_before: float
    misfit_after: float


def mix(
    names: tuple[str, ...],
    scenarios: F64,
    doubt: F64,
    present: F64,
    target: F64,
    weights: F64,
    added: float,
    even: float = EVENNESS,
) -> Mixture:
    """Choose shares x >= 0, sum 1, by non-negative least squares.

    What is minimised is ``E sum w ((p + x A - t) / s)²  +  even |x - 1/S|²`` with p and A
    the present content and that of the scenarios as they count in the union, t the target,
    and s the greater of the target and what scenarios have on average, so that neither what
    is rare in reality nor what is missing weighs beyond its weight. The expectation is over
    how well A is known: a scenario of which few scenes were seen is trusted less.

    Parameters
    ----------
    scenarios : (S, K) float64
        Mean content of a picture of each scenario.
    doubt : (S, K) float64
        Squared standard errors of these means.
    present, target : (K,) float64
        Mean content of the present set and of the real one.
    weights : (K,) float64
        How much each kind of content matters.
    added : float
        Pictures to be added, as a share of the union.
    """
    count = len(scenarios)
    scale = np.maximum(target, scenarios.mean(axis=0))
    used = (scale > 0) & (weights > 0)
    importance = np.where(used, weights, 0.0)
    importance = importance / importance.sum() if used.any() else importance
    factor = np.sqrt(importance[used]) / scale[used]
    old = (1 - added) * present
    risk = added * np.sqrt((doubt[:, used] * factor**2).sum(axis=1))
    rows = [
        (added * scenarios[:, used] * factor).T,
        np.diag(risk),
        np.sqrt(even) * np.eye(count),
    ]
    right = [
        (target - old)[used] * factor,
        np.zeros(count),
        np.full(count, np.sqrt(even) / count),
    ]
    shares, _ = nnls(
        np.concatenate([*rows, np.full((1, count), _SUM)]), np.concatenate([*right, [_SUM]])
    )
    shares = np.asarray(shares / shares.sum(), np.float64)
    after = old + added * shares @ scenarios
    return Mixture(
        names,
        shares,
        added,
        present,
        after,
        float(misfit(present, target, weights)),
        float(misfit(after, target, weights)),
    )


def misfit(content: F64, target: F64, weights: F64) -> F64:
    """Return how far content (…, K) is from a target (…, K).

    The mean of ``|x - t| / max(x, t)`` by weights (K,), over what either has: 0 if all is
    as it should be, 1 if nothing is shared.
    """
    greater = np.maximum(content, target)
    apart = np.divide(
        np.abs(content - target), greater, out=np.zeros_like(greater), where=greater > 0
    )
    counted = np.where(greater > 0, weights, 0.0)
    total = np.maximum(counted.sum(axis=-1), np.finfo(np.float64).tiny)
    return np.asarray((apart * counted).sum(axis=-1) / total, np.float64)


def apportion(total: int, shares: F64) -> I64:
    """Return whole numbers (S,) that sum to `total`, by largest remainder; ties go to the first."""
    exact = total * shares / shares.sum()
    counts: I64 = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: total - int(counts.sum())]] += 1
    return counts


def spread(rows: I64, shares: F64) -> I64:
    """Split each row's count (S,) over conditions (L,) so that the sums follow the shares too.

    One by one, each goes to the condition that is furthest behind; what rounding takes in
    one row, the next one gives back.

    Returns
    -------
    (S, L) int64
        Rows sum to `rows`.
    """
    result = np.zeros((len(rows), len(shares)), np.int64)
    aim = shares / shares.sum()
    given = np.zeros(len(shares))
    for row, count in enumerate(rows):
        for _ in range(int(count)):
            best = int(np.argmax(aim * (given.sum() + 1) - given))
            given[best] += 1
            result[row, best] += 1
    return result
