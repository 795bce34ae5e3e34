"""An audit as the page shows it: charts of factors, heat maps of targets, a table of pairs."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from scenegen.report.audit.record import Association, Audit, CellCount, FactorCount, TargetGap

_ROW, _NAME, _BAR, _WIDE = 20.0, 104.0, 118.0, 340.0
_RATIO_STEPS = 3.0
"""Heat maps are strongest where a cell has eight times too much or too little."""
WORST = 4


@dataclass(frozen=True)
class FactorCard:
    """A factor with its chart, and the names of cells that nothing is in."""

    factor: FactorCount
    svg: Markup
    empty: str


@dataclass(frozen=True)
class HeatCell:
    """A cell of a heat map.

    Attributes
    ----------
    shade : float
        -1, far too few, to 1, far too many.
    """

    text: str
    title: str
    shade: float
    empty: bool


@dataclass(frozen=True)
class GapCard:
    """A target with its distance, its worst cells and, for two factors, its heat map."""

    gap: TargetGap
    svg: Markup
    worst: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]


@dataclass(frozen=True)
class BalanceView:
    """What the section on balance draws."""

    audit: Audit
    gaps: tuple[GapCard, ...]
    factors: tuple[FactorCard, ...]
    pairs: tuple[Association, ...]
    json: Markup


def balance_view(audit: Audit) -> BalanceView:
    """Return an audit ready to be drawn."""
    targets = {
        (gap.of[0], cell.cell[0]): cell.target
        for gap in audit.gaps
        if len(gap.of) == 1
        for cell in gap.cells
    }
    by_name = {factor.name: factor for factor in audit.factors}
    return BalanceView(
        audit,
        tuple(_gap_card(gap, by_name) for gap in audit.gaps),
        tuple(_factor_card(factor, targets) for factor in audit.factors),
        tuple(sorted(audit.associations, key=lambda a: -a.cramers_v)),
        _pairs_json(audit),
    )


def _factor_card(factor: FactorCount, targets: dict[tuple[str, str], float]) -> FactorCard:
    long = len(factor.cells) > 6
    shown = [c for c in factor.cells if c.state != "empty" or not long]
    empty = ", ".join(c.cell for c in factor.cells if c.state == "empty") if long else ""
    goals = [targets.get((factor.name, c.cell), 0.0) for c in shown]
    peak = max([1e-9, *goals, *(c.high for c in shown)])
    parts = [
        _bar(i, cell, targets.get((factor.name, cell.cell)), peak) for i, cell in enumerate(shown)
    ]
    return FactorCard(factor, _svg(parts, f"shares of {factor.title}", len(shown)), empty)


def _bar(row: int, cell: CellCount, target: float | None, peak: float) -> str:
    y, middle = row * _ROW, row * _ROW + 9.5
    scale = _BAR / peak
    whisker = (
        f'<path class="whisker" d="M{_NAME + cell.low * scale:.1f} {middle:.1f}'
        f'H{_NAME + cell.high * scale:.1f}"/>'
    )
    tick = ""
    if target is not None:
        at = _NAME + target * scale
        tick = f'<path class="goal" d="M{at:.1f} {y + 1:.1f}v17"/>'
    told = {"empty": "none", "thin": f"{cell.share:.1%} · thin"}.get(
        cell.state, f"{cell.share:.1%}"
    )
    title = (
        f"{cell.cell}: {cell.share:.1%} ({cell.low:.1%} to {cell.high:.1%}); {cell.tracks} tracks "
        f"in {cell.scenes} scenes, {cell.objects} labels; weighted {cell.weighted_share:.1%}; as "
        f"sure as {cell.effective:.0f} independent ones"
        + ("" if target is None else f"; target {target:.1%}")
    )
    return (
        f'<g class="is-{cell.state}"><title>{escape(title)}</title>'
        f'<text class="name" x="{_NAME - 6}" y="{y + 13:.1f}" text-anchor="end">'
        f"{escape(cell.cell)}</text>"
        f'<rect class="bar" x="{_NAME}" y="{y + 3:.1f}" '
        f'width="{max(cell.share * scale, 0.5):.1f}" height="13" rx="2"/>{whisker}{tick}'
        f'<text class="count" x="{_WIDE}" y="{y + 13:.1f}" text-anchor="end">{told} '
        f'<tspan class="soft">{cell.scenes} sc</tspan></text></g>'
    )


def _gap_card(gap: TargetGap, factors: dict[str, FactorCount]) -> GapCard:
    lacking = [c for c in gap.cells if c.gap < 0][:WORST]
    worst = "; ".join(
        f"{', '.join(c.cell)} {c.share:.1%} of {c.target:.1%}"
        + ("" if c.high < 0 else " (may be chance)")
        for c in lacking
    )
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...] = ()
    if len(gap.of) == 2:
        found = {cell.cell: cell for cell in gap.cells}
        down, across = (tuple(c.cell for c in factors[name].cells) for name in gap.of)
        columns = across
        rows = tuple(
            (
                a,
                tuple(
                    HeatCell(
                        text=f"{found[a, b].count:.1f}".removesuffix(".0"),
                        title=f"{a}, {b}: {found[a, b].share:.1%}, target {found[a, b].target:.1%};"
                        f" gap {found[a, b].gap:+.1%} ({found[a, b].low:+.1%} to"
                        f" {found[a, b].high:+.1%})",
                        shade=_shade(found[a, b].share, found[a, b].target),
                        empty=found[a, b].count == 0 and found[a, b].target > 0,
                    )
                    for b in across
                ),
            )
            for a in down
        )
    return GapCard(gap, _distance_svg(gap), worst, columns, rows)


def _shade(share: float, target: float) -> float:
    if target <= 0.0:
        return 0.0 if share <= 0.0 else 1.0
    if share <= 0.0:
        return -1.0
    return max(-1.0, min(1.0, math.log2(share / target) / _RATIO_STEPS))


def _distance_svg(gap: TargetGap) -> Markup:
    """Return a bar from 0 to 100 % with the interval, and what chance alone would show."""
    wide = 240.0
    parts = [
        f'<rect class="rail" x="0" y="4" width="{wide}" height="12" rx="2"/>',
        f'<rect class="chance" x="0" y="4" width="{wide * gap.of_chance:.1f}" height="12" rx="2"/>',
        f'<rect class="bar" x="0" y="7" width="{wide * gap.distance:.1f}" height="6" rx="1"/>',
        f'<path class="whisker" d="M{wide * gap.low:.1f} 10H{wide * gap.high:.1f}"/>',
    ]
    return Markup(  # numbers only
        f'<svg class="distance" viewBox="0 0 {wide:.0f} 20" role="img" '
        f'aria-label="{gap.distance:.0%} in other cells">{"".join(parts)}</svg>'
    )


def _svg(parts: list[str], name: str, rows: int) -> Markup:
    return Markup(  # every text in `parts` has been escaped
        f'<svg viewBox="0 0 {_WIDE:.0f} {max(rows, 1) * _ROW:.0f}" role="img" '
        f'aria-label="{escape(name)}">{"".join(parts)}</svg>'
    )


def _pairs_json(audit: Audit) -> Markup:
    """Return what balance.js reads: cells of factors, and counts of each two of them."""
    content: dict[str, Any] = {
        "factors": {
            f.name: {"title": f.title, "cells": [c.cell for c in f.cells]} for f in audit.factors
        },
        "joints": [
            {"a": j.a, "b": j.b, "objects": j.objects, "tracks": j.tracks, "scenes": j.scenes}
            for j in audit.joints
        ],
    }
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c"))  # nothing can end the script element
