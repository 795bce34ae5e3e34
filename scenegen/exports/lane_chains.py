"""Lane lines as drivers see them: pieces of one line joined, double lines once, counted sideways.

Everything is seen from above in the frame of the camera: x ahead, y to the left, z up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import numpy.typing as npt

from scenegen.records import LaneLabel
from scenegen.records.base import F64

Mask = npt.NDArray[np.bool_]

GAP_M = 30.0
"""Lines go on across junctions and crossings up to so far."""
ASIDE_M = 0.5
"""A line goes on within so far of the arc that it would have taken; double lines lie so close."""
STRAIGHT = cos(radians(30.0))
"""A line turns by so much at most where it has no paint."""
HEIGHT_M = 2.0
"""Lines higher above the ego's ground, or deeper below, are of another road."""


@dataclass(frozen=True)
class Chain:
    """One line, of pieces that follow each other away from the camera.

    Attributes
    ----------
    points : ndarray, shape (K, 3)
        In the frame that `joined` was given pieces in.
    shown : ndarray, shape (K,), bool
        Whether the picture shows the point.
    painted : ndarray, shape (K - 1,), bool
        Whether there is paint between a point and the next.
    type, color : str
        Of the piece of which most points show.
    """

    points: F64
    shown: Mask
    painted: Mask
    type: str
    color: str

    @property
    def begins_ahead(self) -> bool:
        """Whether it starts ahead of the camera, no farther than `GAP_M`."""
        return bool(0 < self.points[0, 0] <= GAP_M)

    def left_at(self, ahead_m: float, ground_m: float) -> float | None:
        """Return how far to the left it is at a distance ahead of the camera, m.

        None where it isn't, goes by more than 45 degrees across, or is more than `HEIGHT_M`
        from the ground's height; the nearest to the axis if it is there several times.
        """
        before, after = self.points[:-1], self.points[1:]
        way = after - before
        along = (before[:, 0] <= ahead_m) & (after[:, 0] > ahead_m)
        along &= np.abs(way[:, 1]) <= way[:, 0]
        start, way = before[along], way[along]
        there = start + way * ((ahead_m - start[:, :1]) / way[:, :1])
        level = there[np.abs(there[:, 2] - ground_m) <= HEIGHT_M]
        return float(level[np.abs(level[:, 1]).argmin(), 1]) if len(level) else None


def joined(pieces: Sequence[LaneLabel], camera_from_world: F64) -> list[Chain]:
    """Join the pieces of lines that run along roads; what crosses them is left out.

    Parameters
    ----------
    pieces : sequence of LaneLabel
    camera_from_world : ndarray, shape (4, 4)
        To x ahead, y to the left, z up.
    """
    chains = [_of(piece, camera_from_world) for piece in pieces if piece.type in _ALONG]
    while (pair := _nearest_ends(chains)) is not None:
        first, second = (chains[k] for k in pair)
        rest = [chain for k, chain in enumerate(chains) if k not in pair]
        chains = [*rest, _linked(first, second)]
    return chains


_ALONG = frozenset({"solid", "broken"})


def _of(piece: LaneLabel, camera_from_world: F64) -> Chain:
    world = np.array(piece.points_world_m)
    points = world @ camera_from_world[:3, :3].T + camera_from_world[:3, 3]
    shown = np.array(piece.points_visible)
    if points[-1, 0] < points[0, 0]:
        points, shown = points[::-1], shown[::-1]
    painted = np.ones(len(points) - 1, dtype=np.bool_)
    return Chain(points, shown, painted, piece.type, piece.color)


def _nearest_ends(chains: Sequence[Chain]) -> tuple[int, int] | None:
    """Return the two chains of which the second goes on where the first ends, by least gap."""
    found: list[tuple[float, int, int]] = []
    for i, first in enumerate(chains):
        for k, second in enumerate(chains):
            if i != k and (cost := _apart(first, second)) is not None:
                found.append((cost, i, k))
    return min(found)[1:] if found else None


def _apart(first: Chain, second: Chain) -> float | None:
    """Return how far from the end of a chain another one goes on, None if it doesn't."""
    end, start = first.points[-1, :2], second.points[0, :2]
    gap = start - end
    length = float(np.hypot(*gap))
    if length > GAP_M:
        return None
    before, after = _direction(first.points[:, :2], True), _direction(second.points[:, :2], False)
    if float(before @ after) < STRAIGHT:
        return None
    # An arc begins and ends at equal angles to its chord.
    way = (before + after) / np.hypot(*(before + after))
    ahead, aside = float(gap @ way), float(abs(gap[0] * way[1] - gap[1] * way[0]))
    if ahead < -ASIDE_M or aside > ASIDE_M:
        return None
    return length + aside * GAP_M  # of two lines side by side the one that is in line


def _direction(points: F64, last: bool) -> F64:
    """Return the unit direction of a line over its last or first 5 m."""
    away = np.hypot(*(points - points[-1 if last else 0]).T)
    near = np.flatnonzero(away <= max(5.0, away[-2 if last else 1]))
    way = points[near[-1]] - points[near[0]]
    return np.asarray(way / max(float(np.hypot(*way)), 1e-9))


def _linked(first: Chain, second: Chain) -> Chain:
    named = max((first, second), key=lambda chain: int(chain.shown.sum()))
    return Chain(
        np.vstack([first.points, second.points]),
        np.concatenate([first.shown, second.shown]),
        np.concatenate([first.painted, [False], second.painted]),
        named.type,
        named.color,
    )


def counted(chains: Sequence[Chain], ground_m: float) -> dict[int, Chain]:
    """Return the lines beside the camera by their numbers.

    1 is the next on its left, 2 the one
    beyond, -1 the next on its right, …; of double lines the nearer counts.

    Parameters
    ----------
    chains : sequence of Chain
    ground_m : float
        Height of the ego's ground.
    """
    passing = [
        (left_m, chain) for chain in chains if (left_m := chain.left_at(0.0, ground_m)) is not None
    ]
    starting = [(_back(chain, passing, ground_m), chain) for chain in chains if chain.begins_ahead]
    lines = passing + [(left_m, chain) for left_m, chain in starting if left_m is not None]
    numbered: dict[int, Chain] = {}
    for sign in (1, -1):
        number, last_m = 0, -np.inf
        side = [(sign * left_m, chain) for left_m, chain in lines if (left_m >= 0) == (sign > 0)]
        for away_m, chain in sorted(side, key=lambda line: line[0]):
            if away_m - last_m > ASIDE_M:
                number += 1
                numbered[sign * number] = chain
            last_m = away_m
    return numbered


def _back(chain: Chain, passing: Sequence[tuple[float, Chain]], ground_m: float) -> float | None:
    """Return how far left of the camera a line would pass that starts ahead.

    It would go beside the nearest of those that pass; without any, straight back.
    """
    ahead_m, left_m, _ = chain.points[0]
    beside = [
        (abs(left_m - there_m), left_m - there_m + here_m)
        for here_m, other in passing
        if (there_m := other.left_at(ahead_m, ground_m)) is not None
    ]
    if beside:
        return float(min(beside)[1])
    way = _direction(chain.points[:, :2], last=False)
    if way[0] < STRAIGHT or abs(chain.points[0, 2] - ground_m) > HEIGHT_M:
        return None
    return float(left_m - way[1] * ahead_m / way[0])
