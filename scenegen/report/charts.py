"""Small charts as inline SVG, coloured by the page's own style sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup, escape

from scenegen.geometry.stretches import stretches

_WIDTH, _HEIGHT, _BASE, _TOP = 240.0, 96.0, 78.0, 6.0
_HEAD = 16.0
"""Where curves begin, below the number that their top stands for."""


def histogram(values: Sequence[float], weights: Sequence[float] | None = None) -> Markup:
    """Return a histogram of numbers.

    Parameters
    ----------
    values : sequence of float
        Finite; at least one.
    weights : sequence of float, optional
        Drawn as an outline above the bars: the distribution under these weights, both
        scaled to the same area.
    """
    data = np.asarray(values, np.float64)
    low, high = float(data.min()), float(data.max())
    if high - low < 1e-12 * max(1.0, abs(low)):
        return bars({number(low): len(data)})
    edges = np.linspace(low, high, int(np.clip(round(2 * np.sqrt(len(data))), 5, 24)) + 1)
    counts = np.histogram(data, edges)[0]
    shares = counts / counts.sum()
    outline = np.zeros(0)
    if weights is not None:
        weighted = np.histogram(data, edges, weights=np.asarray(weights, np.float64))[0]
        outline = weighted / weighted.sum()
    peak = max(float(shares.max()), float(outline.max(initial=0.0)))
    step = _WIDTH / len(counts)
    parts = []
    for i, (count, share) in enumerate(zip(counts.tolist(), shares.tolist(), strict=True)):
        title = f"{number(edges[i])} to {number(edges[i + 1])}: {count}"
        parts.append(_bar(i * step, step - 1.2, share / peak, title))
    if outline.size:
        points = " ".join(
            f"{x:.1f},{_level(share / peak):.1f}"
            for i, share in enumerate(outline.tolist())
            for x in (i * step, (i + 1) * step - 1.2)
        )
        parts.append(f'<polyline class="nominal" points="{points}"/>')
    parts.append(_label(0, "start", number(low)) + _label(_WIDTH, "end", number(high)))
    return _svg(parts, f"histogram from {number(low)} to {number(high)}")


def bars(counts: Mapping[str, float]) -> Markup:
    """Return one labelled bar for each name, from the top down; names are escaped."""
    row = 19.0
    height = row * len(counts) + 2
    peak = max([*counts.values(), 1e-12])
    parts = []
    for i, (name, count) in enumerate(counts.items()):
        y = i * row
        width = 108 * count / peak
        shown = name if len(name) <= 17 else name[:16] + "…"
        parts.append(
            f"<g><title>{escape(name)}: {number(count)}</title>"
            f'<text class="name" x="86" y="{y + 13:.1f}" text-anchor="end">{escape(shown)}</text>'
            f'<rect class="bar" x="92" y="{y + 3:.1f}" width="{max(width, 1):.1f}" height="13" '
            'rx="2"/>'
            f'<text class="count" x="{96 + width:.1f}" y="{y + 13:.1f}">{number(count)}</text></g>'
        )
    return _svg(parts, "bar chart", height)


def strip(labels: Sequence[str], counts: Sequence[int]) -> Markup:
    """Return a row of cells, the fuller the darker; empty ones are outlined. Labels are escaped."""
    peak = max([*counts, 1])
    step = _WIDTH / len(counts)
    parts = []
    for i, (label, count) in enumerate(zip(labels, counts, strict=True)):
        kind = f'class="bar" fill-opacity="{0.25 + 0.75 * count / peak:.2f}"'
        if not count:
            kind = 'class="empty"'
        parts.append(
            f'<rect {kind} x="{i * step + 1:.1f}" y="1" width="{step - 2:.1f}" height="14" rx="2">'
            f"<title>{escape(label)}: {count}</title></rect>"
        )
        if 5.6 * len(str(count)) < step - 2:
            parts.append(
                f'<text class="cell" x="{(i + 0.5) * step:.1f}" y="11.5" text-anchor="middle">'
                f"{count}</text>"
            )
    return _svg(parts, "scenes by cell", 16.0)


def curve(
    x: Sequence[float],
    y: Sequence[float],
    name: str,
    *,
    limit: float | None = None,
    events: Sequence[float] = (),
    unit: str = "s",
) -> Markup:
    """Return numbers over time as a line, interrupted where they aren't finite.

    Parameters
    ----------
    x, y : sequence of float
        At least two; the axis of y contains 0.
    name : str
        What it shows, for readers who hear it.
    limit : float, optional
        A level that is marked.
    events : sequence of float
        Places along x that are marked.
    unit : str
        Of x.
    """
    across, values = np.asarray(x, np.float64), np.asarray(y, np.float64)
    finite = values[np.isfinite(values)]
    marked = [] if limit is None else [limit]
    low = min([0.0, *marked, *finite.tolist()])
    high = max([low + 1e-9, *marked, *finite.tolist()])
    px = _WIDTH * (across - across[0]) / max(float(across[-1] - across[0]), 1e-9)
    py = _BASE - (values - low) / (high - low) * (_BASE - _HEAD)
    parts = []
    for start, end in stretches(np.isfinite(values)):
        points = zip(px[start:end].tolist(), py[start:end].tolist(), strict=True)
        drawn = " ".join(f"{u:.1f},{v:.1f}" for u, v in points)
        parts.append(f'<polyline class="curve" points="{drawn}"/>')
    if limit is not None:
        level = _BASE - (limit - low) / (high - low) * (_BASE - _HEAD)
        parts.append(
            f'<line class="limit" x1="0" x2="{_WIDTH:.0f}" y1="{level:.1f}" y2="{level:.1f}"/>'
        )
    for event in events:
        at = _WIDTH * (event - across[0]) / max(float(across[-1] - across[0]), 1e-9)
        parts.append(f'<line class="event" x1="{at:.1f}" x2="{at:.1f}" y1="{_HEAD}" y2="{_BASE}"/>')
    parts.append(_label(0, "start", f"{number(across[0])} {unit}".rstrip()))
    parts.append(_label(_WIDTH, "end", f"{number(across[-1])} {unit}".rstrip()))
    top = f'<text class="axis" x="0" y="{_HEAD - 5:.0f}">{number(high)}</text>'
    return _svg([*parts, top], name)


def number(value: float) -> str:
    """Return a number in as few characters as a reader needs."""
    if value == round(value) and abs(value) < 1e6:
        return f"{value:.0f}"
    return f"{value:.3g}"


def _bar(x: float, width: float, share: float, title: str) -> str:
    top = _level(share)
    return (
        f'<rect class="bar" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" '
        f'height="{_BASE - top:.1f}" rx="1"><title>{escape(title)}</title></rect>'
    )


def _level(share: float) -> float:
    return _BASE - share * (_BASE - _TOP)


def _label(x: float, anchor: str, text: str) -> str:
    return f'<text class="axis" x="{x:.0f}" y="92" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(parts: Sequence[str], name: str, height: float = _HEIGHT) -> Markup:
    body = "".join(parts)
    return Markup(  # every text in `parts` has been escaped
        f'<svg viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(name)}">{body}</svg>'
    )
