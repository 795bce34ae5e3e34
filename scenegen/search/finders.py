"""What methods that only find failures minimise, and what they share."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64
from scenegen.search.problem import Problem, Scenes

FAR = 1e3
"""Stands for points that can't occur."""


def worth_of(values: F64, points: F64) -> F64:
    """Return what is least (n,) for the failures nearest to nominal.

    Whatever fails comes before whatever doesn't; of failures, the likelier one comes first.
    """
    norms = np.linalg.norm(points, axis=1) / np.sqrt(points.shape[1])
    return np.where(values < 0, norms / (1.0 + norms) - 1.0, np.minimum(values, FAR))


def inside(problem: Problem, points: F64, scenes: Scenes) -> F64:
    """Return points (n, D), those that can't occur drawn towards nominal until they can, if so."""
    points = points.copy()
    for share in (1.0, 0.8, 0.6, 0.4, 0.2):
        out = ~problem.accepts(share * points, scenes)
        if share == 1.0:
            left = out
        else:
            came = left & ~out
            points[came] *= share
            left = left & out
        if not left.any():
            break
    return points
