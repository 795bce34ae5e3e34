"""Outlines of what is painted on roads beside lines: arrows, bicycles, zigzags, crossings.

Each is polygons that don't touch, one within another being a hole in it; their corners are
metres ahead along the traffic, and to its left. Arrows are 5 m long, as RMS-1 has them in
towns; bicycles are stretched along the road, to be read under a flat angle.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from scenegen.records.base import F64, Vec2

Outlines = tuple[tuple[Vec2, ...], ...]
Way = Literal["straight", "left", "straight left", "straight right"]

ARROW_M = 5.0
BICYCLE_M = 1.8
ZIGZAG_M = 2.0
"""From one turn of a zigzag to the next."""
LINE_M = 0.12
_KERB_M = 0.03
"""Least distance of paint from a kerb."""
_STRAIGHT = [
    (0.0, 0.075), (3.3, 0.075), (3.3, 0.32), (5.0, 0.0), (3.3, -0.32), (3.3, -0.075), (0.0, -0.075),
]  # fmt: skip
_BRANCHED = [
    (0.0, 0.075), (1.5, 0.075), (2.3, 0.5), (1.9, 0.5), (2.5, 1.0), (3.2, 0.5), (2.8, 0.5),
    (2.2, 0.075), (3.5, 0.075), (3.5, 0.3), (5.0, 0.0), (3.5, -0.3), (3.5, -0.075), (0.0, -0.075),
]  # fmt: skip
_TURNING = [
    (0.0, 0.075), (2.6, 0.075), (3.4, 0.4), (2.9, 0.4), (3.7, 1.0), (4.5, 0.4), (4.0, 0.4),
    (3.0, -0.075), (0.0, -0.075),
]  # fmt: skip


def arrow(way: Way) -> Outlines:
    """Return a lane's arrow; it starts at 0."""
    if way == "straight":
        return (tuple(_STRAIGHT),)
    if way == "left":
        return (tuple(_TURNING),)
    side = 1.0 if way == "straight left" else -1.0
    return (tuple((x, side * y) for x, y in _BRANCHED),)


def _outline(points: F64) -> tuple[Vec2, ...]:
    return tuple((x, y) for x, y in np.round(points, 4).tolist())


def _ring(x: float, y: float, radius: float, count: int) -> F64:
    turn = 2.0 * np.pi * np.arange(count) / count
    return np.stack([x + radius * np.sin(turn), y + radius * np.cos(turn)], axis=1)


def bicycle() -> Outlines:
    """Return a bicycle seen from its side, ahead being up; its parts lie apart, as in a stencil."""
    wheels = [
        _ring(0.27, side * 0.47, r, n) for side in (-1, 1) for r, n in ((0.27, 10), (0.19, 7))
    ]
    frame = [(0.88, 0.17), (0.22, 0.0), (0.88, -0.36)], [(0.8, 0.07), (0.45, -0.02), (0.8, -0.22)]
    saddle = [(0.94, 0.32), (0.94, 0.04), (1.03, 0.04), (1.03, 0.32)]
    handle = [(0.94, -0.24), (0.94, -0.36), (1.05, -0.52), (1.05, -0.34)]
    fork = [(0.84, -0.4), (0.6, -0.43), (0.6, -0.5), (0.84, -0.47)]
    parts = [*wheels, *(np.array(part) for part in (*frame, saddle, handle, fork))]
    return tuple(_outline(part * [BICYCLE_M / 1.05, 0.74]) for part in parts)


def zigzag(length_m: float, width_m: float) -> Outlines:
    """Return a zigzag along a strip in which nobody may stand, about its middle."""
    turns = max(2, round(length_m / ZIGZAG_M))
    s = np.linspace(0.0, length_m, turns + 1)
    t = 0.5 * width_m * (1.0 - 2.0 * (np.arange(turns + 1) % 2))
    # So thick across the road that the slanted band is as wide as a line.
    half = 0.5 * LINE_M * float(np.hypot(1.0, width_m * turns / length_m))
    t = t * (1.0 - 2.0 * half / width_m)
    there, back = np.stack([s, t + half], axis=1), np.stack([s, t - half], axis=1)
    return (_outline(np.concatenate([there, back[::-1]])),)


def bars(length_m: float, width_m: float, bar_m: float) -> Outlines:
    """Return the bars of a crossing for walkers about its middle, the outermost ones white."""
    count = int(np.floor(width_m / bar_m))
    count -= 1 - count % 2
    wide = min(bar_m, (width_m - 2 * _KERB_M) / count)
    corners = np.array([(-0.5, 0), (0.5, 0), (0.5, 1), (-0.5, 1)]) * [length_m, wide]
    return tuple(
        _outline(corners + np.array([0.0, (k - 0.5 * count) * wide])) for k in range(0, count, 2)
    )
