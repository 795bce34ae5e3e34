"""Line plots with bands as inline SVG, coloured by the page's own style sheet.

Lines differ in colour, in dashes and in the shape of their points, so that they are told
apart in print and by every reader. Colours are `slots`, numbers of the style sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from scenegen.evaluate.axes import Axis, fitting_axis, label, linear_axis
from scenegen.evaluate.results import Curve, Plot

SLOTS = 7
"""Colours that the style sheet has."""
_WIDTH, _HEIGHT = 420.0, 250.0
_RIGHT, _TOP, _BOTTOM = 408.0, 10.0, 206.0
_LETTER = 6.3  # width of a digit in px, generously
_MANY_POINTS = 24


def slots_of(labels: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """Return a colour for each label: the one it has already, or one that is free.

    Labels that begin with "real" get those of real pictures.
    """
    others = [name for name in dict.fromkeys(labels) if name not in known]
    real = [name for name in others if name.startswith("real")]
    made = [name for name in others if name not in real]
    free = [slot for slot in range(SLOTS) if slot not in known.values()] or list(range(SLOTS))
    # Beyond what is free the colours come again, with other dashes: see `_dash`.
    chosen = {name: free[i % len(free)] + SLOTS * (i // len(free)) for i, name in enumerate(made)}
    chosen |= {name: -1 - i for i, name in enumerate(real)}
    return chosen | {name: known[name] for name in labels if name in known}


def line_plot(plot: Plot, known: Mapping[str, int] | None = None) -> Markup:
    """Return the curves of a plot on one pair of axes.

    Parameters
    ----------
    known : mapping of str to int, optional
        Colours that labels have already, as those of data sets.
    """
    slots = slots_of([curve.label for curve in plot.curves], known or {})
    area = _Area.around(plot.curves)
    drawn = [(curve, slots[curve.label]) for curve in plot.curves if curve.x]
    parts = [_frame(area, plot), *(_band(area, *pair) for pair in drawn)]
    parts += [_line(area, *pair) for pair in drawn]
    name = f"{plot.title}: {plot.y_label} over {plot.x_label}, {len(plot.curves)} curves"
    body = "".join(parts)
    return Markup(  # every text in `parts` has been escaped
        f'<svg class="plot" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(name)}">{body}</svg>'
    )


@dataclass(frozen=True)
class _Area:
    """The axes of a plot, and the px from which it is drawn: right of its widest label."""

    x_axis: Axis
    y_axis: Axis
    left: float

    @classmethod
    def around(cls, curves: Sequence[Curve]) -> _Area:
        x_axis = fitting_axis((x for curve in curves for x in curve.x), spread=True)
        found = [y for curve in curves for y in (*curve.y, *curve.low, *curve.high)]
        y_axis = linear_axis(found)
        # Both logarithmic or none: densities over a plain axis are read by their area.
        if x_axis.kind == "log":
            y_axis = fitting_axis(found)
        # Zero is shown where little is lost by it.
        if y_axis.kind == "linear" and found and 0 < min(found) < 0.5 * max(found):
            y_axis = linear_axis((0.0, *found))
        widest = max((len(tick.text) for tick in y_axis.ticks()), default=0)
        return cls(x_axis, y_axis, 30.0 + _LETTER * widest)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies, in px."""
        return (
            self.left + self.x_axis.share(x) * (_RIGHT - self.left),
            _BOTTOM - self.y_axis.share(y) * (_BOTTOM - _TOP),
        )

    def path(self, pairs: Iterable[tuple[float, float]]) -> str:
        """Return the places of points as an SVG attribute."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.place(*pair) for pair in pairs))


def legend(labels: Sequence[str], known: Mapping[str, int] | None = None) -> Markup:
    """Return the names of curves, each with a piece of its line."""
    slots = slots_of(labels, known or {})
    items = "".join(
        f'<li><svg class="key" viewBox="0 0 26 12" aria-hidden="true">'
        f'<line class="line{color(slots[name])}" x1="0" x2="26" y1="6" y2="6"'
        f"{_dash(slots[name])}/>{mark(slots[name], 13, 6)}</svg>{escape(name)}</li>"
        for name in dict.fromkeys(labels)
    )
    return Markup(f'<ul class="legend">{items}</ul>')


def mark(slot: int, x: float, y: float, radius: float = 3.6, title: str = "") -> str:
    """Return the point of a slot around (x, y) px: circle, square, diamond or triangle."""
    inside = f"<title>{escape(title)}</title>" if title else ""
    name = f'class="mark{color(slot)}"'
    r = radius
    shape = (slot if slot >= 0 else -1 - slot) % 4
    if shape == 0:
        return f'<circle {name} cx="{x:.1f}" cy="{y:.1f}" r="{r}">{inside}</circle>'
    corners = {
        1: ((-r, -r), (r, -r), (r, r), (-r, r)),
        2: ((0, -1.4 * r), (1.4 * r, 0), (0, 1.4 * r), (-1.4 * r, 0)),
        3: ((0, -1.3 * r), (1.25 * r, r), (-1.25 * r, r)),
    }[shape]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon {name} points="{points}">{inside}</polygon>'


def color(slot: int) -> str:
    """Return the class of a slot in the style sheet, led by a space; none for real pictures."""
    return f" c{slot % SLOTS}" if slot >= 0 else ""


def _frame(area: _Area, plot: Plot) -> str:
    parts = []
    left = area.left
    for tick in area.y_axis.ticks():
        y = _BOTTOM - tick.share * (_BOTTOM - _TOP)
        parts.append(
            f'<line class="rule" x1="{left:.1f}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{left - 6:.1f}" y="{y + 3.5:.1f}" text-anchor="end">{tick.text}</text>'
        )
    for tick in area.x_axis.ticks():
        x = left + tick.share * (_RIGHT - left)
        parts.append(
            f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{_BOTTOM}" y2="{_BOTTOM + 4}"/>'
            f'<text x="{x:.1f}" y="{_BOTTOM + 16}" text-anchor="middle">{tick.text}</text>'
        )
    parts.append(
        f'<line class="base" x1="{left:.1f}" x2="{_RIGHT}" y1="{_BOTTOM}" y2="{_BOTTOM}"/>'
        f'<text class="title" x="{(left + _RIGHT) / 2:.1f}" y="{_BOTTOM + 34}" '
        f'text-anchor="middle">{escape(plot.x_label)}{_scale_words(area.x_axis)}</text>'
        f'<text class="title" transform="translate(11 {(_TOP + _BOTTOM) / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(plot.y_label)}{_scale_words(area.y_axis)}</text>'
    )
    return "".join(parts)


def _scale_words(axis: Axis) -> str:
    return {"linear": "", "log": " (logarithmic)", "steps": " (not to scale)"}[axis.kind]


def _band(area: _Area, curve: Curve, slot: int) -> str:
    there = list(zip(curve.x, curve.low, strict=True))
    back = list(zip(curve.x, curve.high, strict=True))[::-1]
    # One point has no area to fill: its interval is a line.
    name = "band" if len(there) > 1 else "whisker"
    return f'<polygon class="{name}{color(slot)}" points="{area.path(there + back)}"/>'


def _line(area: _Area, curve: Curve, slot: int) -> str:
    points = area.path(zip(curve.x, curve.y, strict=True))
    parts = [
        f'<polyline class="line{color(slot)}" points="{points}"{_dash(slot)}>'
        f"<title>{escape(curve.label)}</title></polyline>"
    ]
    if len(curve.x) <= _MANY_POINTS:
        rows = zip(curve.x, curve.y, curve.low, curve.high, strict=True)
        for x, y, low, high in rows:
            said = f"{curve.label}, {label(x)}: {label(y)} ({label(low)} to {label(high)})"
            parts.append(mark(slot, *area.place(x, y), title=said))
    return "".join(parts)


def _dash(slot: int) -> str:
    number = slot + slot // SLOTS if slot >= 0 else -1 - slot
    dashes = ("", "6 3", "2 2.5", "8 3 2 3")[number % 4]
    return f' stroke-dasharray="{dashes}"' if dashes else ""
