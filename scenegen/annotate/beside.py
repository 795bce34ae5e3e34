"""Which of the lane lines beside the ego a line is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenegen.geometry import apply, inverse
from scenegen.records import LaneLine
from scenegen.records.base import F64

DOUBLE_M = 0.5
"""Lines whose middles are closer than this where they pass the ego are one, a double line."""
BESIDE_RAD = 0.25 * np.pi
"""Lines that pass the ego at a greater angle aren't beside it: they cross its way."""
LEVEL_M = 2.0
"""Lines that pass the ego farther above or below are those of another road."""


def ego_indices(pieces: Sequence[tuple[LaneLine, F64]], world_from_ego: F64) -> list[int | None]:
    """Return for each line which one beside the ego it is.

    Lines count where they meet the plane across the ego through the origin of its body: 1 is the
    next on its left, 2 the one beyond, -1 the next on its right, and so on. The two lines of a
    double one have the same number.

    Parameters
    ----------
    pieces : sequence of (LaneLine, ndarray of shape (K, 3))
        Lines and the points of the piece of them that is labelled, world.
    world_from_ego : ndarray, shape (4, 4)

    Returns
    -------
    list of int or None
        None for what doesn't pass the ego, for stop lines and for crossings.
    """
    ego_from_world = inverse(world_from_ego)
    offsets = [
        _offset(apply(ego_from_world, points)) if line.type in ("solid", "broken") else None
        for line, points in pieces
    ]
    found: list[int | None] = [None] * len(offsets)
    for side in (1, -1):
        there = sorted(
            (abs(offset), k)
            for k, offset in enumerate(offsets)
            if offset is not None and (offset > 0) == (side > 0)
        )
        number, last = 0, -np.inf
        for apart, k in there:
            number += apart - last >= DOUBLE_M
            found[k], last = side * number, apart
    return found


def _offset(points: F64) -> float | None:
    """Return how far to the left of the ego a line (K, 3), body frame, passes it."""
    x = points[:, 0]
    passes = np.flatnonzero((x[1:] >= 0) != (x[:-1] >= 0))
    best: float | None = None
    for k in passes.tolist():
        a, b = points[k], points[k + 1]
        step = b - a
        place = a + step * (-a[0] / step[0])
        steep = abs(float(np.arctan2(step[1], abs(step[0])))) > BESIDE_RAD
        if steep or abs(float(place[2])) > LEVEL_M:
            continue
        if best is None or abs(float(place[1])) < abs(best):
            best = float(place[1])
    return best
