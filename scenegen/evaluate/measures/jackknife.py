"""Intervals by leaving out groups of blocks, for figures that repeated items would change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import t as student

from scenegen.evaluate.feature_store import FeatureSet
from scenegen.evaluate.statistics import LEVEL, Interval

GROUPS = 10
METHOD = f"jackknife over {GROUPS} groups of blocks"


def jackknife(statistic: Callable[..., float], *sets: FeatureSet) -> Interval:
    """Return a statistic of one or more independent sets with its 95 % interval.

    Of each set a tenth of its blocks is left out in turn, neighbours together; variances of
    unlike sets add up (Shao and Tu 1995, section 2.3). The interval is Student's with one degree
    of freedom less than there are groups in the smallest set.
    """
    value = statistic(*sets)
    variance, freedom = 0.0, GROUPS - 1
    for position, one in enumerate(sets):
        names, member = np.unique(one.blocks, return_inverse=True)
        count = min(GROUPS, len(names))
        if count < 2:
            continue
        group = member * count // len(names)
        without = [
            statistic(*sets[:position], one.subset(group != left_out), *sets[position + 1 :])
            for left_out in range(count)
        ]
        spread = np.array(without) - np.mean(without)
        variance += float((count - 1) / count * (spread**2).sum())
        freedom = min(freedom, count - 1)
    half = float(student.ppf((1 + LEVEL) / 2, freedom)) * float(np.sqrt(variance))
    return Interval(value, value - half, value + half)
