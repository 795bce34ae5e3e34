"""Cells of parameters: values of their own, or parts of equal probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.scenario.choices import Choice
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import Column, Kind, Type
from scenegen.scenario.units import (
    ACCELERATION,
    ANGLE,
    ANGULAR_SPEED,
    AREA,
    FREQUENCY,
    LENGTH,
    MASS,
    NUMBER,
    SPEED,
    TIME,
    UNITS,
)

SLOWEST_MPS = 0.001
"""Speeds below this are rates of rain."""
_USUAL = {
    LENGTH: "m",
    TIME: "s",
    ACCELERATION: "m/s^2",
    ANGLE: "deg",
    ANGULAR_SPEED: "deg/s",
    FREQUENCY: "Hz",
    MASS: "kg",
    AREA: "m^2",
}

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Axis:
    """One parameter's cells.

    Attributes
    ----------
    name : str
    edges : ndarray, shape (K + 1,)
        Between cells, as probabilities from 0 to 1.
    labels : tuple of str
        K names: a value, a range with its unit, or a range of probabilities where quantiles
        depend on other parameters.
    single : bool
        Whether a cell is a single value of a quantity, which has a probability of its own.
    """

    name: str
    distribution: Distribution
    edges: F64
    labels: tuple[str, ...]
    single: bool = False

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def widths(self) -> F64:
        """Probability (K,) of each cell."""
        return np.diff(self.edges)

    def at(self, u: F64) -> I64:
        """Return the cell (n,) of each probability."""
        found = np.searchsorted(self.edges[1:-1], u, side="left")
        return np.asarray(found, np.int64)

    def place(self, columns: Mapping[str, Column]) -> F64:
        """Return where each value lies in its distribution, as a probability (n,).

        Of a value that has a probability of its own, it is the middle of what that spans.
        """
        drawn = self.distribution.as_drawn.bind(columns)
        x = columns[self.name]
        return np.asarray(drawn.cdf(x) - 0.5 * drawn.mass(x))

    def of(self, columns: Mapping[str, Column]) -> I64:
        """Return the cell (n,) that each value of the parameter lies in, given all columns."""
        return self.at(self.place(columns))


def axis_of(name: str, distribution: Distribution, levels: int) -> Axis:
    """Return a parameter's cells: `levels` of equal probability, or as many as it has values.

    A single value of a quantity that is as probable as a cell is one of its own, and what is
    left of the cells that it would cut stays, unless it comes to less than half a cell.
    """
    drawn = distribution.as_drawn
    if isinstance(drawn, Choice):
        values, up_to = drawn.ordered()
        possible = np.diff(up_to, prepend=0.0) > 0
        texts = tuple(_value(value) for value in values[possible].tolist())
        return Axis(name, distribution, np.concatenate([[0.0], up_to[possible]]), texts)
    edges = np.linspace(0.0, 1.0, levels + 1)
    if drawn.references:
        return Axis(
            name, distribution, edges, tuple(f"{a:.0%}..{b:.0%}" for a, b in pairwise(edges))
        )
    spans = _spans(drawn, edges)
    edges = _beside(edges, spans)
    inner = np.clip(edges, 1e-9, 1.0 - 1e-9)
    ends = np.asarray(drawn.quantile(inner), np.float64)
    size, unit = usual_unit(drawn.type, float(np.abs(ends).max()))
    unit = unit and f" {unit}"
    # What is next to nothing beside the whole range is the end of one that begins at 0.
    ends = np.where(np.abs(ends) < 1e-6 * np.ptp(ends), 0.0, ends) / size
    singles = {low: value / size for low, _, value in spans}
    texts = tuple(
        digits(singles[start]) + unit if start in singles else f"{digits(a)}..{digits(b)}{unit}"
        for start, (a, b) in zip(edges[:-1].tolist(), pairwise(ends.tolist()), strict=True)
    )
    return Axis(name, distribution, edges, texts, single=bool(spans))


def _spans(drawn: Distribution, edges: F64) -> list[tuple[float, float, float]]:
    """Return single values that an edge or more fall into: from and to which probability, value."""
    values = np.unique(np.asarray(drawn.quantile(edges[1:-1]), np.float64))
    mass = drawn.mass(values)
    below = np.asarray(drawn.cdf(values)) - mass
    return [
        (float(low), float(low + span), float(value))
        for low, span, value in zip(below, mass, values, strict=True)
        if span >= np.diff(edges).min()
    ]


def _beside(edges: F64, spans: list[tuple[float, float, float]]) -> F64:
    """Return edges at the ends of spans of probability, and those that are well outside of them."""
    least = 0.5 * float(np.diff(edges).min())
    kept = [
        edge
        for edge in edges[1:-1].tolist()
        if all(edge < low - least or edge > high + least for low, high, _ in spans)
    ]
    ends = [end for low, high, _ in spans for end in (low, high) if 1e-9 < end < 1.0 - 1e-9]
    return np.array([0.0, *sorted({*kept, *ends}), 1.0])


def digits(value: float, most: int = 4) -> str:
    """Return a number's first digits; as people write it, so without exponent up to a million."""
    return f"{value:.0f}" if 1e3 <= abs(value) < 1e6 else f"{value:.{most}g}"


def unit_of(distribution: Distribution) -> tuple[float, str]:
    """Return the unit in which people write what is drawn: its size in SI units, and its name."""
    drawn = distribution.as_drawn
    return usual_unit(drawn.type, max(map(_most, drawn.leaves)) or SLOWEST_MPS)


def _most(drawn: Distribution) -> float:
    """Return the greatest magnitude that is drawn; of what depends on others, that of a speed."""
    if isinstance(drawn, Choice) or drawn.references:
        return SLOWEST_MPS
    ends = np.asarray(drawn.quantile(np.array([1e-9, 1.0 - 1e-9])), np.float64)
    return float(np.abs(ends).max())


def usual_unit(of: Type, most: float) -> tuple[float, str]:
    """Return the size and the name of the unit in which people write a type.

    That of SI where there is none of their own; the name is empty of what has no unit.

    Parameters
    ----------
    most : float
        The greatest magnitude that is written, in SI units: rain isn't counted in km/h.
    """
    if isinstance(of, Kind) or of == NUMBER:
        return 1.0, ""
    name = _USUAL.get(of)
    if of == SPEED:
        name = "mm/h" if most < SLOWEST_MPS else "km/h"
    return (UNITS[name][0], name) if name else (1.0, of.symbol)


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def axes_of(parameters: Mapping[str, Distribution], levels: int) -> tuple[Axis, ...]:
    """Return the cells of every parameter that varies, by name."""
    return tuple(
        axis_of(name, distribution, levels)
        for name, distribution in sorted(parameters.items())
        if distribution.varied
    )
