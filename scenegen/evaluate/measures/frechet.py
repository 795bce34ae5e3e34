"""Fréchet distance of two sets as if both were Gaussian (Heusel et al. 2017, "FID").

Its bias falls only slowly with the number of items N and differs from network to network: a value
says something only beside another one at the same N, such as the floor of real against real.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.feature_store import FeatureSet
from scenegen.evaluate.measures.jackknife import jackknife
from scenegen.evaluate.statistics import F64, Interval

_Features = npt.NDArray[np.floating]
_ROWS = 4096


def frechet(x: _Features, y: _Features) -> float:
    """Return |μx - μy|² + tr(Σx + Σy - 2 (Σx Σy)^½) of features (N, D) and (M, D).

    With Σx = AᵀA and Σy = BᵀB, the eigenvalues of Σx Σy other than 0 are those of
    (A Bᵀ)(A Bᵀ)ᵀ, so the trace of the root is the sum of the singular values of A Bᵀ. No root of
    a singular matrix is taken, and for N < D nothing larger than (N, M) is decomposed.
    """
    mean_x, a = _root(x)
    mean_y, b = _root(y)
    shift = mean_x - mean_y
    cross = np.linalg.svd(a @ b.T, compute_uv=False).sum()
    return float(shift @ shift + (a**2).sum() + (b**2).sum() - 2 * cross)


def frechet_interval(x: FeatureSet, y: FeatureSet) -> Interval:
    """Return the distance with the interval of a delete-a-group jackknife over blocks.

    A bootstrap would not do: repeated items lower the rank of a covariance, and with it the bias.
    """
    return jackknife(lambda a, b: frechet(a.features, b.features), x, y)


def _root(features: _Features) -> tuple[F64, F64]:
    """Return the mean (D,) and a matrix A (R, D) with AᵀA the covariance, R = min(N, D)."""
    count, dimension = features.shape
    if count < 2:
        raise ValueError("a covariance needs two items")
    mean = np.asarray(features.mean(axis=0, dtype=np.float64))
    if count <= dimension:
        return mean, (features - mean) / np.sqrt(count - 1)
    covariance = np.zeros((dimension, dimension))
    for start in range(0, count, _ROWS):
        rows = features[start : start + _ROWS] - mean
        covariance += rows.T @ rows
    values, vectors = np.linalg.eigh(covariance / (count - 1))
    return mean, np.sqrt(np.clip(values, 0, None))[:, None] * vectors.T
