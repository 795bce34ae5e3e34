"""Reads ``empirical``: the distribution of a column of real logs."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from scenegen.errors import nearest
from scenegen.scenario.arguments import MAX_CATEGORIES, DistributionError, Reading, read_quantity
from scenegen.scenario.choices import Categorical, Discrete, Resampled
from scenegen.scenario.distributions import Distribution, Fixed
from scenegen.scenario.empirical import Empirical, cells_for
from scenegen.scenario.tables import TableError, read_column
from scenegen.scenario.units import NUMBER, UNITS, Dimension

KEYS = ("file", "column", "unit", "smooth")
MAX_RESAMPLED = 10_000
"""Different values that are kept one by one; each goes into the scenario's digest."""


def read_empirical(kind: str, raw: Any, reading: Reading) -> Distribution:
    """Read a column of a file beside the scenario's: texts as they are, numbers smoothed or not."""
    if not isinstance(raw, dict):
        raise DistributionError(f"{kind} takes file, column, and unit and smooth if need be", kind)
    for key in raw:
        if key not in KEYS:
            raise DistributionError(f"unknown key {key!r}{nearest(key, KEYS)}", kind, key)
    for key in ("file", "column"):
        if not isinstance(raw.get(key), str) or not raw[key] or "\x00" in raw[key]:
            raise DistributionError(f"{kind} needs {key!r}, a text", kind, key)
    try:
        values = read_column(reading.folder / raw["file"], raw["column"])
    except TableError as error:
        raise DistributionError(str(error), kind, error.key) from error
    smooth = raw.get("smooth", True)
    if not isinstance(smooth, bool):
        raise DistributionError("'smooth' is true or false", kind, "smooth")
    texts = [value for value in values if isinstance(value, str)]
    if texts:
        if "unit" in raw or "smooth" in raw:
            raise DistributionError(f"{raw['column']!r} holds texts: no 'unit', no 'smooth'", kind)
        return _texts(kind, texts)
    size, dimension = _unit(kind, raw.get("unit"))
    numbers = np.array(values, np.float64) * size
    if numbers.min() == numbers.max():
        return Fixed(dimension, float(numbers[0]))
    return _smoothed(dimension, numbers) if smooth else _resampled(kind, dimension, numbers)


def _unit(kind: str, unit: Any) -> tuple[float, Dimension]:
    if unit is None:
        return 1.0, NUMBER
    if unit not in UNITS:
        raise DistributionError(f"unknown unit {unit!r}{nearest(str(unit), UNITS)}", kind, "unit")
    one = read_quantity(f"1 {unit}", kind, "unit")
    return one.value, one.dimension


def _texts(kind: str, texts: list[str]) -> Distribution:
    counts = sorted(Counter(texts).items())
    if len(counts) > MAX_CATEGORIES:
        raise DistributionError(
            f"the column has {len(counts):,} different texts, at most {MAX_CATEGORIES:,} will do",
            *(kind, "column"),
        )
    return Categorical(
        tuple(text for text, _ in counts), tuple(count / len(texts) for _, count in counts)
    )


def _smoothed(dimension: Dimension, numbers: np.ndarray[Any, np.dtype[np.float64]]) -> Distribution:
    levels = np.linspace(0.0, 1.0, cells_for(len(numbers)) + 1)
    return Empirical(dimension, tuple(np.quantile(numbers, levels).tolist()))


def _resampled(
    kind: str, dimension: Dimension, numbers: np.ndarray[Any, np.dtype[np.float64]]
) -> Distribution:
    values, counts = np.unique(numbers, return_counts=True)
    if len(values) > MAX_RESAMPLED:
        raise DistributionError(
            f"the column has {len(values):,} different values, of which at most "
            f"{MAX_RESAMPLED:,} are drawn one by one; leave out 'smooth: false'",
            *(kind, "smooth"),
        )
    probabilities = tuple((counts / len(numbers)).tolist())
    if dimension == NUMBER and bool((values == np.round(values)).all()):
        return Discrete(tuple(int(value) for value in values), probabilities)
    return Resampled(tuple(values.tolist()), probabilities, dimension)
