"""Compiled: the state vectors of many egos at once, as `observations.state_vector` has them."""

from __future__ import annotations

import numpy as np

from scenegen.drive.episode import ROUTE_M, ROUTE_STRIDE_M
from scenegen.drive.observations import AHEAD_M, EGO, FARTHEST, NEAREST, OTHER
from scenegen.simulate.jit import compiled
from scenegen.simulate.kinematic.tables import Table

_AT = tuple(min(round(m / ROUTE_STRIDE_M), ROUTE_M // ROUTE_STRIDE_M - 1) for m in AHEAD_M)
ON_WHEELS, ON_LEGS = 1, 2


@compiled
def observe(
    some: Table,
    egos: Table,
    kinds: Table,
    sizes: Table,
    gained: Table,
    scenes: Table,
    actors: Table,
    vehicles: Table,
    tracks: Table,
    out: Table,
    offsets: Table,
) -> None:
    """Write the state vectors of some scenes, and how far their egos are off their ways.

    Parameters
    ----------
    some : (n,) int64
        Which scenes.
    egos : (E,) int64
        Which vehicle of each scene is the ego.
    kinds : (E, A) uint8
        `ON_WHEELS` and `ON_LEGS`.
    sizes : (E, A, 2) float64
        Lengths and widths.
    gained : (E,) float64
        The egos' accelerations since the last decision.
    out : (E, STATE_SIZE) float32
    offsets : (E,) float64
        0 where there is no way.
    """
    for e in some:
        ego, me, row = vehicles[e, egos[e]], actors[e, 0], out[e]
        row[:] = 0.0
        cos, sin = np.cos(-me.yaw), np.sin(-me.yaw)
        x, y = me.position[0], me.position[1]
        row[0], row[1] = ego.speed, gained[e]
        row[2], row[3] = me.spin[2], ego.steer
        offsets[e] = 0.0
        if ego.has_track:
            track, last = tracks[e, egos[e]], ego.last
            best, least = 0, np.inf
            for k in range(ego.index - 3, ego.index + 12):
                at = min(max(k, 0), last)
                dx, dy = x - track[at, 0], y - track[at, 1]
                if dx * dx + dy * dy < least:
                    best, least = at, dx * dx + dy * dy
            dx, dy = x - track[best, 0], y - track[best, 1]
            tx, ty = track[best, 2], track[best, 3]
            offsets[e] = dy * tx - dx * ty
            off = me.yaw - np.arctan2(ty, tx)
            row[4], row[5] = 1.0, offsets[e]
            row[6] = np.arctan2(np.sin(off), np.cos(off))
            row[7] = best + dx * tx + dy * ty
            for i in range(len(_AT)):
                at = min(best + _AT[i] * ROUTE_STRIDE_M, last)
                dx, dy = track[at, 0] - x, track[at, 1] - y
                row[EGO + 3 * i] = cos * dx - sin * dy
                row[EGO + 3 * i + 1] = sin * dx + cos * dy
                row[EGO + 3 * i + 2] = track[at, 4]
        _others(e, scenes[e].actors, actors, kinds, sizes, cos, sin, row)
        for i in range(len(row)):
            row[i] = min(max(row[i], -FARTHEST), FARTHEST)


@compiled
def _others(
    e: int,
    count: int,
    actors: Table,
    kinds: Table,
    sizes: Table,
    cos: float,
    sin: float,
    row: Table,
) -> None:
    """Write the nearest others, nearest first."""
    me = actors[e, 0]
    nearest = np.zeros(NEAREST, np.int64)
    away = np.full(NEAREST, np.inf)
    found = 0
    for k in range(1, count):
        at = actors[e, k].position
        dx, dy = at[0] - me.position[0], at[1] - me.position[1]
        far = np.hypot(cos * dx - sin * dy, sin * dx + cos * dy)
        if found == NEAREST and far >= away[NEAREST - 1]:
            continue
        found = min(found + 1, NEAREST)
        place = found - 1
        while place > 0 and away[place - 1] > far:
            away[place], nearest[place] = away[place - 1], nearest[place - 1]
            place -= 1
        away[place], nearest[place] = far, k
    first = len(row) - NEAREST * OTHER
    for i in range(found):
        k = nearest[i]
        other, start = actors[e, k], first + i * OTHER
        dx, dy = other.position[0] - me.position[0], other.position[1] - me.position[1]
        vx, vy = other.velocity[0], other.velocity[1]
        row[start] = 1.0
        row[start + 1], row[start + 2] = cos * dx - sin * dy, sin * dx + cos * dy
        row[start + 3] = other.position[2] - me.position[2]
        row[start + 4], row[start + 5] = np.cos(other.yaw - me.yaw), np.sin(other.yaw - me.yaw)
        row[start + 6], row[start + 7] = cos * vx - sin * vy, sin * vx + cos * vy
        row[start + 8], row[start + 9] = sizes[e, k, 0], sizes[e, k, 1]
        row[start + 10] = 1.0 if kinds[e, k] & ON_WHEELS else 0.0
        row[start + 11] = 1.0 if kinds[e, k] & ON_LEGS else 0.0
