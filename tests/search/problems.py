"""Problems whose failure probability is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import chi2, norm

from scenegen.search import Problem

Made = Callable[[int, float], Problem]


def half_space(dimension: int, probability: float) -> Problem:
    """Fails beyond a plane: all coordinates have a part in it."""
    reach, along = -norm.ppf(probability), np.full(dimension, dimension**-0.5)
    return Problem(dimension, lambda x: reach - x @ along)


def two_sides(dimension: int, probability: float) -> Problem:
    """Fails on two opposite sides."""
    reach = -norm.ppf(probability / 2)
    return Problem(dimension, lambda x: reach - np.abs(x[:, 0]))


def four_sides(dimension: int, probability: float) -> Problem:
    """Fails on either side of each of two coordinates."""
    reach = -norm.ppf((1 - np.sqrt(1 - probability)) / 2)
    return Problem(dimension, lambda x: reach - np.maximum(np.abs(x[:, 0]), np.abs(x[:, 1])))


def outside(dimension: int, probability: float) -> Problem:
    """Fails outside of a ball, in every direction."""
    squared = chi2.isf(probability, dimension)
    return Problem(dimension, lambda x: squared - (x * x).sum(axis=1))


PROBLEMS: dict[str, Made] = {
    "half space": half_space,
    "two sides": two_sides,
    "four sides": four_sides,
    "outside": outside,
}
