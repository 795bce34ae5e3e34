"""Precision, recall, density and coverage by nearest neighbours.

Precision and recall: Kynkäänniemi et al. 2019; density and coverage: Naeem et al. 2020. A set's
manifold is the union of balls around its items, each as wide as the distance to its k-th
neighbour. All four depend on how many items the sets have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.statistics import F64, I64

K = 5
_ROWS = 512
_Features = npt.NDArray[np.floating]
_Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Neighbours:
    """What each item says to the four figures, which are means.

    Attributes
    ----------
    precision, density : (M,) float64
        Of each synthetic item: whether it lies in the real manifold, and in how many balls over k.
    recall, coverage : (N,) float64
        Of each real item: whether it lies in the synthetic manifold, and whether a synthetic item
        lies in its own ball.
    nearest_real : (M,) int64
        Position of the nearest real item of each synthetic one.
    distance : (M,) float64
        How far away that is.
    """

    precision: F64
    density: F64
    recall: F64
    coverage: F64
    nearest_real: I64
    distance: F64


def neighbours(real: _Features, synthetic: _Features, k: int = K) -> Neighbours:
    """Compare synthetic features (M, D) with real ones (N, D).

    Raises
    ------
    ValueError
        A set has no more than k items.
    """
    if min(len(real), len(synthetic)) <= k:
        raise ValueError(f"{k} neighbours need {k + 1} items in each set")
    radius_real, radius_synthetic = radii(real, k), radii(synthetic, k)
    recall = np.zeros(len(real), np.bool_)
    coverage = np.zeros(len(real), np.bool_)
    hits = np.zeros(len(synthetic))
    nearest = np.zeros(len(synthetic), np.int64)
    gap = np.zeros(len(synthetic))
    for start in range(0, len(synthetic), _ROWS):
        rows = slice(start, start + _ROWS)
        away = distances(synthetic[rows], real)
        within: _Bool = away < radius_real
        hits[rows] = within.sum(axis=1)
        coverage |= within.any(axis=0)
        recall |= (away < radius_synthetic[rows, None]).any(axis=0)
        nearest[rows] = away.argmin(axis=1)
        gap[rows] = away.min(axis=1)
    return Neighbours(
        (hits > 0).astype(np.float64),
        hits / k,
        recall.astype(np.float64),
        coverage.astype(np.float64),
        nearest,
        gap,
    )


def radii(features: _Features, k: int = K) -> F64:
    """Return the distance (N,) of each item to its k-th neighbour among the others."""
    found = np.zeros(len(features))
    for start in range(0, len(features), _ROWS):
        away = distances(features[start : start + _ROWS], features)
        # An item is its own nearest, so the k-th other one is at position k.
        found[start : start + _ROWS] = np.partition(away, k, axis=1)[:, k]
    return found


def distances(x: _Features, y: _Features) -> F64:
    """Return Euclidean distances (N, M) float64 of features (N, D) and (M, D)."""
    a, b = np.asarray(x, np.float64), np.asarray(y, np.float64)
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * (a @ b.T)
    return np.asarray(np.sqrt(np.maximum(squares, 0)))
