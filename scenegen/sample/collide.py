"""Which bodies of many draws overlap: all pairs at once, near ones closely."""

from __future__ import annotations

import numpy as np

from scenegen.geometry import boxes_overlap
from scenegen.geometry.rectangles import Rectangles, overlaps
from scenegen.sample.layout import Layout, Mask
from scenegen.sample.verdicts import Verdicts

SHRINK_M = 0.005
"""Slack of the check: loads may stand edge to edge."""


def note_overlaps(layout: Layout, verdicts: Verdicts) -> None:
    """Reject draws in which two bodies overlap, by the first such pair.

    Nobody overlaps what holds them, at first or second hand. Heights are those above the
    ground on which bodies, or what carries them, stand. People who stand side by side with
    somebody take up no more among their company than their shoulders: their arms swing past.
    """
    count = len(layout.bodies)
    if not layout.models:
        return
    boxes = layout.boxes(SHRINK_M)
    base, low, high = boxes.base, boxes.low_m, boxes.high_m
    radius = base.radius_m
    free, company = _may_overlap(layout), _companies(layout)
    free &= ~company
    live = layout.present & verdicts.fine
    for k in range(1, count):
        dx, dy = base.x_m[:k] - base.x_m[k], base.y_m[:k] - base.y_m[k]
        near = dx * dx + dy * dy < (radius[:k] + radius[k]) ** 2
        near &= live[:k] & live[k] & free[:k, k][:, None]
        near &= np.minimum(high[:k], high[k]) > np.maximum(low[:k], low[k])
        other, row = np.nonzero(near)
        if not row.size:
            continue
        hit = overlaps(base[other, row], base[np.full(len(row), k), row])
        for number in np.unique(other[hit]).tolist():
            rows = np.zeros(len(verdicts.first), dtype=bool)
            rows[row[hit & (other == number)]] = True
            verdicts.note(rows, _reason(layout, number, k))
    for number, k in np.argwhere(np.triu(company, 1)).tolist():
        both = live[number] & live[k] & verdicts.fine
        a, b = (layout.shoulder_boxes(one, SHRINK_M) for one in (number, k))
        verdicts.note(both & boxes_overlap(a, b), _reason(layout, number, k))


def bases(layout: Layout, one: int, other: int) -> tuple[Rectangles, Rectangles]:
    """Return the rectangles (n,) of two bodies, by their numbers, that may not overlap."""
    if _companies(layout)[one, other]:
        return layout.shoulder_boxes(one).base, layout.shoulder_boxes(other).base
    boxes = layout.boxes().base
    return boxes[one], boxes[other]


def _reason(layout: Layout, one: int, other: int) -> str:
    return f"no_overlap({layout.bodies[one].name}, {layout.bodies[other].name})"


def _companies(layout: Layout) -> Mask:
    """Say for which pairs (B, B) bodies, or those that hold them, stand side by side."""
    count = len(layout.bodies)
    beside = {body.actor: body.entry.place.flank for body in layout.bodies}
    if not any(beside.values()):
        return np.zeros((count, count), dtype=bool)
    roots = []
    for number in range(count):
        held_by = (number, *layout.holders(number))[-1]
        root = layout.bodies[held_by].actor
        while (other := beside.get(root)) is not None:
            root = other
        roots.append(root)
    flanked = {r for body, r in zip(layout.bodies, roots, strict=True) if beside[body.actor]}
    same = np.array([[a == b and a in flanked for b in roots] for a in roots])
    return same & _may_overlap(layout)


def _may_overlap(layout: Layout) -> Mask:
    """Say for which pairs (B, B) overlap counts: neither holds the other."""
    count = len(layout.bodies)
    free = np.ones((count, count), dtype=bool)
    for number in range(count):
        for holder in layout.holders(number):
            free[number, holder] = free[holder, number] = False
    return free
