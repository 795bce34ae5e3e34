"""Vendi score: how many wholly unlike items a set amounts to (Friedman and Dieng 2022).

The exponential of the entropy of the eigenvalues of K / N, with K the cosine of features. It
grows with N, so sets are compared at equal N.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.feature_store import FeatureSet
from scenegen.evaluate.measures.jackknife import jackknife
from scenegen.evaluate.statistics import Interval


def vendi(features: npt.NDArray[np.floating]) -> float:
    """Return the score, in [1, N], of features (N, D) that are not all zero."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True).astype(np.float64)
    unit = features / np.maximum(lengths, np.finfo(np.float64).tiny)
    count, dimension = unit.shape
    # Both products have the same eigenvalues but for zeros; the smaller one is taken.
    gram = unit @ unit.T if count <= dimension else unit.T @ unit
    share = np.linalg.eigvalsh(gram / count)
    share = share[share > 0]
    return float(np.exp(-(share * np.log(share)).sum()))


def vendi_interval(items: FeatureSet) -> Interval:
    """Return the score with the interval of a delete-a-group jackknife over blocks."""
    return jackknife(lambda one: vendi(one.features), items)
