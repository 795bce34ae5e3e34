"""Which painted line every pixel of paint belongs to."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import shapely

from scenegen.annotate.pixels.seen import Seen
from scenegen.records import LaneLabel, LaneLine, RoadNetwork
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

SLACK_M = 0.03
"""How far paint may reach beyond half of its line's width: chords of bends, in mesh and line."""
LEVEL_M = 1.5
"""Paint that lies farther above or below a line is that of another road."""
_PAINT = CLASS_BY_NAME["lane marking"].id


def line_numbers(
    seen: Seen, network: RoadNetwork, lanes: Iterable[LaneLabel]
) -> npt.NDArray[np.uint16]:
    """Return the number (H, W) of the labelled line that each pixel of paint belongs to.

    0 is whatever is no paint, and paint of no labelled line: arrows, letters, lines out of range.
    """
    picture = np.zeros(len(seen.pixels), dtype=np.uint16)
    labelled = sorted({label.number for label in lanes if label.number is not None})
    painted = (seen.frame.semantic == _PAINT) & (seen.frame.instance == 0)
    index = np.flatnonzero(painted.ravel() & np.isfinite(seen.frame.depth_m).ravel())
    if labelled and index.size:
        lines = [network.lines[number - 1] for number in labelled]
        nearest = nearest_line(lines, seen.in_world(index))
        picture[index] = np.array([*labelled, 0], dtype=np.uint16)[nearest]
    return picture.reshape(seen.shape)


def nearest_line(lines: list[LaneLine], points: F64) -> npt.NDArray[np.int64]:
    """Return which of some lines points (N, 3) lie on, seen from above; -1 for none.

    Where lines meet, it is the one into which a point lies deepest.
    """
    half = np.array([0.5 * line.width_m for line in lines])
    best = np.full(len(points), np.inf)
    result = np.full(len(points), -1, dtype=np.int64)
    there = shapely.points(points[:, :2])
    for wide in np.unique(half).tolist():  # lines and crossings: few widths, far apart
        chosen = np.flatnonzero(half == wide)
        first = np.concatenate([lines[k].points[:-1] for k in chosen])
        last = np.concatenate([lines[k].points[1:] for k in chosen])
        owner = np.repeat(chosen, [len(lines[k].points) - 1 for k in chosen])
        segments = shapely.linestrings(np.stack([first[:, :2], last[:, :2]], axis=1))
        which, on = shapely.STRtree(segments).query(
            there, predicate="dwithin", distance=wide + SLACK_M
        )
        beyond, apart = _from_segments(points[which], first[on], last[on])
        beyond -= wide
        held = (beyond <= SLACK_M) & (apart <= LEVEL_M)
        which, on, beyond = which[held], on[held], beyond[held]
        # The deepest comes last and stays; of equals the first line.
        order = np.lexsort((-owner[on], -beyond))
        deepest, line = np.full(len(points), np.inf), np.full(len(points), -1)
        deepest[which[order]], line[which[order]] = beyond[order], owner[on[order]]
        deeper = deepest < best
        best[deeper], result[deeper] = deepest[deeper], line[deeper]
    return result


def _from_segments(points: F64, first: F64, last: F64) -> tuple[F64, F64]:
    """Return how far points (N, 3) are from segments, seen from above, and how far in height."""
    step, offset = last - first, points - first
    square = np.maximum((step[:, :2] ** 2).sum(axis=1), 1e-12)
    share = np.clip((step[:, :2] * offset[:, :2]).sum(axis=1) / square, 0.0, 1.0)
    gap = offset - share[:, None] * step
    return np.hypot(gap[:, 0], gap[:, 1]), np.abs(gap[:, 2])
