"""Gap acceptance: whether there is room for a vehicle in another lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.records import OnRoom
from scenegen.records.base import F64

if TYPE_CHECKING:
    from scenegen.simulate.world import World

LEAST_GAP_M = 2.0
"""Nobody moves in between two vehicles that are closer than this to where they will be."""


def is_room(world: World, k: int, wanted: OnRoom) -> bool:
    """Return whether nobody in a lane would reach actor `k` there, or be reached, too soon.

    The actor is thought to be abreast in the lane. It will meet who is ahead at the speed it
    wants, and be met by who is behind before it has that; everyone else goes on as now.
    """
    path = np.array(wanted.path)
    own = world.position_m[k, :2]
    s_own, _ = _along(path, own)
    heading = _heading(path, s_own)
    now = float(world.velocity_mps[k, :2] @ heading)
    half = 0.5 * world.bodies[k].asset.size_m[0]
    for j, body in enumerate(world.bodies):
        if j == k or world.carriage.attached[j] or world.leader(j) == k:
            continue
        s, aside = _along(path, world.position_m[j, :2])
        there = _heading(path, s)
        turn = world.yaw_rad[j] - np.arctan2(there[1], there[0])
        cos, sin = abs(np.cos(turn)), abs(np.sin(turn))
        length, width, _ = body.asset.size_m
        if abs(aside) > wanted.half_m + 0.5 * (width * cos + length * sin):
            continue
        gap = abs(s - s_own) - half - 0.5 * (length * cos + width * sin)
        theirs = float(world.velocity_mps[j, :2] @ there)
        closing = max(wanted.speed_mps, now) - theirs if s > s_own else theirs - now
        if gap < max(LEAST_GAP_M, closing * wanted.time_s):
            return False
    return True


def _along(path_m: F64, xy_m: F64) -> tuple[float, float]:
    """Return how far along a polyline (n, 2) a point (2,) is, and how far off it to the left."""
    legs = np.diff(path_m, axis=0)
    lengths = np.hypot(legs[:, 0], legs[:, 1])
    unit = legs / lengths[:, None]
    off = xy_m - path_m[:-1]
    run = (off * unit).sum(axis=1)
    # The first and the last leg go on, so that what is beyond the ends is not beside them.
    low, high = np.zeros(len(run)), lengths.copy()
    low[0], high[-1] = -np.inf, np.inf
    run = np.minimum(np.maximum(run, low), high)
    gap = off - run[:, None] * unit
    leg = int((gap * gap).sum(axis=1).argmin())
    aside = unit[leg, 0] * gap[leg, 1] - unit[leg, 1] * gap[leg, 0]
    return float(lengths[:leg].sum() + run[leg]), float(aside)


def _heading(path_m: F64, s_m: float) -> F64:
    """Return the direction (2,) of a polyline (n, 2) at a place along it."""
    legs = np.diff(path_m, axis=0)
    lengths = np.hypot(legs[:, 0], legs[:, 1])
    leg = int(np.clip(np.searchsorted(np.cumsum(lengths), s_m), 0, len(legs) - 1))
    return np.asarray(legs[leg] / lengths[leg])
