"""Scales of plots: what range they show, where a number lies on them, where their ticks are."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

_MANY_DECADES = 2.0
_FEW_STOPS = 9


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its place as a share of the axis in [0, 1], and its text."""

    share: float
    text: str


@dataclass(frozen=True)
class Axis:
    """One scale.

    Attributes
    ----------
    low, high : float
        The ends, low < high.
    kind : str
        ``linear``, ``log`` (ends positive), or ``steps``: equal distances between `stops`,
        for a few numbers that lie too unevenly to be told apart otherwise.
    stops : tuple of float
        Ascending; for ``steps`` only.
    """

    low: float
    high: float
    kind: Literal["linear", "log", "steps"] = "linear"
    stops: tuple[float, ...] = ()

    def share(self, value: float) -> float:
        """Return where a number lies, 0 at the low end and 1 at the high end, held within."""
        if self.kind == "steps":
            places = (np.arange(len(self.stops)) + 0.5) / len(self.stops)
            return float(np.interp(value, self.stops, places))
        if self.kind == "log":
            if value <= self.low:
                return 0.0
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return min(max(share, 0.0), 1.0)

    def ticks(self, count: int = 5) -> tuple[Tick, ...]:
        """Return about `count` marks at round numbers; every stop of ``steps``."""
        if self.kind == "steps":
            return tuple(Tick(self.share(stop), label(stop)) for stop in self.stops)
        numbers = _decades(self.low, self.high, count) if self.kind == "log" else ()
        if len(numbers) >= 2:
            return tuple(Tick(self.share(n), _power(n)) for n in numbers)
        step = _round_step((self.high - self.low) / max(count, 1))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        places = [i * step for i in range(first, last + 1)]
        return tuple(Tick(self.share(n), label(n, step)) for n in places)


def linear_axis(values: Iterable[float], pad: float = 0.06) -> Axis:
    """Return a linear axis around numbers, with a margin of `pad` of their range.

    Without numbers it is [0, 1]; equal numbers lie in its middle. An axis doesn't cross zero
    only because of its margin.
    """
    found = list(values)
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    margin = pad * (high - low)
    if high - low <= 1e-9 * max(abs(low), abs(high)) or high - low < 1e-300:
        margin = abs(high) / 2 or 0.5
        return Axis(low - margin, high + margin)
    return Axis(
        max(low - margin, 0.0) if low >= 0 else low - margin,
        min(high + margin, 0.0) if high <= 0 else high + margin,
    )


def fitting_axis(values: Iterable[float], spread: bool = False) -> Axis:
    """Return the axis on which numbers can be told apart best.

    Positive numbers over two decades or more get a logarithmic axis. With `spread` they are
    places that were chosen: evenly chosen ones get a linear axis, a few uneven ones
    ``steps``.
    """
    found = sorted(set(values))
    gaps = np.diff(found)
    even = spread and len(gaps) > 0 and gaps.max() <= 2.5 * gaps.min()
    if spread and not even and 2 < len(found) <= _FEW_STOPS:
        return Axis(found[0], found[-1], "steps", tuple(found))
    if found and found[0] > 0 and math.log10(found[-1] / found[0]) >= _MANY_DECADES and not even:
        return Axis(found[0], found[-1], "log")
    if spread and len(found) > 1:
        return Axis(found[0], found[-1])
    return linear_axis(found)


def label(value: float, step: float | None = None) -> str:
    """Return a number as an axis shows it, with the digits that its `step` needs."""
    size = max(abs(value), step or 0.0)
    if value == 0:
        text = "0"
    elif step is not None and step >= 1e-4 and size < 1e6:
        text = f"{value:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"
    elif step is not None:
        text = f"{value:.{max(1, math.ceil(math.log10(size / step) + 1e-9) + 1)}g}"
    else:
        text = f"{value:.0f}" if value == round(value) and size < 1e6 else f"{value:.3g}"
    return text.replace("-", "−")


def _round_step(raw: float) -> float:
    """Return 1, 2 or 5 times a power of ten, the next at or above."""
    power = 10.0 ** math.floor(math.log10(raw))
    return next((m * power for m in (1.0, 2.0, 5.0) if m * power >= raw * 0.999), 10 * power)


def _decades(low: float, high: float, count: int) -> tuple[float, ...]:
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    every = max(1, math.ceil((last - first + 1) / (count + 1)))
    return tuple(10.0**power for power in range(first, last + 1, every))


def _power(value: float) -> str:
    """Return a power of ten as a logarithmic axis shows it."""
    exponent = round(math.log10(value))
    if -3 <= exponent <= 4:
        return label(value)
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
