"""Variance of features: of a whole set, and within its parts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.statistics import I64

_Features = npt.NDArray[np.floating]


def total_spread(features: _Features) -> float:
    """Return the unbiased trace of the covariance of features (N, D), N of at least 2."""
    return float(features.var(axis=0, ddof=1, dtype=np.float64).sum())


def spread_within(features: _Features, parts: I64) -> float:
    """Return the share in [0, 1] of the summed squares that lies within parts (N,)."""
    values = np.asarray(features, np.float64)
    whole = ((values - values.mean(axis=0)) ** 2).sum()
    if whole == 0:
        return 1.0
    inside = 0.0
    for part in np.unique(parts):
        rows = values[parts == part]
        inside += ((rows - rows.mean(axis=0)) ** 2).sum()
    return float(inside / whole)
