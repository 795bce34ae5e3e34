"""Intervals drawn on a line, so that many stand below each other on one scale.

Places are shares of the width in per cent: a strip is as wide as where it stands, and its
points stay round.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from scenegen.evaluate.axes import Axis, label, linear_axis
from scenegen.evaluate.plots import color

_HEIGHT = 18


@dataclass(frozen=True)
class Span:
    """A number with its interval; the ends are None where there is none."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def numbers(self) -> tuple[float, ...]:
        """What an axis has to show."""
        return tuple(n for n in (self.value, self.low, self.high) if n is not None)

    @property
    def step(self) -> float | None:
        """The last digit worth showing: a tenth of the interval's width, as a power of ten."""
        if self.low is None or self.high is None or self.high - self.low < 1e-300:
            return None
        return 10.0 ** (math.floor(math.log10(self.high - self.low)) - 1)

    @property
    def text(self) -> str:
        """The number with the digits that its interval allows."""
        return label(self.value, self.step)

    @property
    def range_text(self) -> str:
        """The interval, with as many digits; a dash without."""
        if self.low is None or self.high is None:
            return "–"
        return f"{label(self.low, self.step)} to {label(self.high, self.step)}"

    def __str__(self) -> str:
        return self.text if self.low is None else f"{self.text} ({self.range_text})"


def strip_axis(spans: Iterable[Span]) -> Axis:
    """Return one axis for spans that are to be compared; it always shows zero."""
    found = [n for span in spans for n in span.numbers]
    return linear_axis([0.0, *found] if found else [])


def strip(span: Span | None, axis: Axis, slot: int = -1, reference: Span | None = None) -> Markup:
    """Return a number's interval as a bar with a dot, over a reference's band.

    Parameters
    ----------
    span : Span or None
        None draws the line alone.
    slot : int
        Colour of the style sheet; below zero that of real pictures.
    reference : Span, optional
        What it is held against, as the figure between real halves.
    """
    parts = ['<line class="rule" x1="0%" x2="100%" y1="9" y2="9"/>']
    if axis.low < 0 < axis.high:
        zero = _percent(axis, 0.0)
        parts.append(f'<line class="zero" x1="{zero}" x2="{zero}" y1="1" y2="17"/>')
    if reference is not None:
        parts.append(_reference(reference, axis))
    if span is not None:
        name = color(slot)
        if span.low is not None and span.high is not None:
            parts.append(
                f'<line class="whisker{name}" x1="{_percent(axis, span.low)}" '
                f'x2="{_percent(axis, span.high)}" y1="9" y2="9"/>'
            )
        parts.append(
            f'<circle class="mark{name}" cx="{_percent(axis, span.value)}" cy="9" r="3.4"/>'
        )
    said = "not defined" if span is None else str(span)
    if reference is not None:
        said += f", reference {reference}"
    return _svg("interval", _HEIGHT, parts, said)


def scale(axis: Axis) -> Markup:
    """Return the ticks of an axis, to stand below strips."""
    parts = []
    for tick in axis.ticks(4):
        anchor = "start" if tick.share < 0.06 else "end" if tick.share > 0.94 else "middle"
        place = f"{100 * tick.share:.2f}%"
        parts.append(
            f'<line class="tick" x1="{place}" x2="{place}" y1="0" y2="4"/>'
            f'<text x="{place}" y="15" text-anchor="{anchor}">{escape(tick.text)}</text>'
        )
    return _svg(
        "interval scale", _HEIGHT, parts, f"scale from {label(axis.low)} to {label(axis.high)}"
    )


def _reference(span: Span, axis: Axis) -> str:
    place = _percent(axis, span.value)
    line = f'<line class="reference" x1="{place}" x2="{place}" y1="0" y2="{_HEIGHT}"/>'
    if span.low is None or span.high is None:
        return line
    width = 100 * (axis.share(span.high) - axis.share(span.low))
    band = (
        f'<rect class="reference" x="{_percent(axis, span.low)}" width="{width:.2f}%" '
        f'y="0" height="{_HEIGHT}"/>'
    )
    return band + line


def _percent(axis: Axis, value: float) -> str:
    return f"{100 * axis.share(value):.2f}%"


def _svg(name: str, height: int, parts: Sequence[str], said: str) -> Markup:
    body = "".join(parts)
    return Markup(  # every text in `parts` has been escaped
        f'<svg class="{name}" width="100%" height="{height}" role="img" '
        f'aria-label="{escape(said)}">{body}</svg>'
    )
