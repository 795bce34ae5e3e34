"""Which bodies of many draws overlap: all pairs at once, near ones closely."""

from __future__ import annotations

import numpy as np

from scenegen.geometry.rectangles import overlaps
from scenegen.sample.layout import Layout, Mask
from scenegen.sample.verdicts import Verdicts

SHRINK_M = 0.005
"""Slack of the check: loads may stand edge to edge."""


def note_overlaps(layout: Layout, verdicts: Verdicts) -> None:
    """Reject draws in which two bodies overlap, by the first such pair.

    Nobody overlaps what holds them, at first or second hand. Heights are those above the
    ground on which bodies, or what carries them, stand.
    """
    count = len(layout.bodies)
    if not layout.models:
        return
    boxes = layout.boxes(SHRINK_M)
    base, low, high = boxes.base, boxes.low_m, boxes.high_m
    radius = base.radius_m
    free = _may_overlap(layout)
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
            name = f"no_overlap({layout.bodies[number].name}, {layout.bodies[k].name})"
            verdicts.note(rows, name)


def _may_overlap(layout: Layout) -> Mask:
    """Say for which pairs (B, B) overlap counts: neither holds the other."""
    count = len(layout.bodies)
    free = np.ones((count, count), dtype=bool)
    for number in range(count):
        for holder in layout.holders(number):
            free[number, holder] = free[holder, number] = False
    return free
