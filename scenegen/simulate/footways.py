"""Compiled: paths of people on foot, and where along them they would like to go.

Paths are points with their arc lengths, (n, 3): x, y and s in m.
"""

from __future__ import annotations

from math import hypot, sqrt

from scenegen.records.base import F64
from scenegen.simulate.jit import compiled
from scenegen.simulate.tracks import RUN_OUT_M

LOOK_AHEAD_M = 0.35
STRIDE_M = 1.5
"""How far ahead on the path those aim who may leave it."""

ARRIVED_M = 0.3
_NEAR, _STEP_M = 21, 0.05
"""So many points on the path, so far apart, are tried for the one that is nearest."""

Pair = tuple[float, float]


@compiled
def point_at(path: F64, out: F64, s_m: float) -> Pair:
    """Return a path's point at an arc length, straight on along `out` past its end."""
    last = len(path) - 1
    k = 0
    while k < last - 1 and path[k + 1, 2] <= s_m:
        k += 1
    inside = min(max(s_m, 0.0), path[last, 2])
    length = path[k + 1, 2] - path[k, 2]
    x = (path[k + 1, 0] - path[k, 0]) / length * (inside - path[k, 2]) + path[k, 0]
    y = (path[k + 1, 1] - path[k, 1]) / length * (inside - path[k, 2]) + path[k, 1]
    if inside >= path[last, 2]:
        x, y = path[last, 0], path[last, 1]
    beyond = min(max(s_m - path[last, 2], 0.0), RUN_OUT_M)
    return x + beyond * out[0], y + beyond * out[1]


@compiled
def wish(
    path: F64, out: F64, here_m: Pair, s_m: float, finished: bool, wanted_mps: float, limit: float
) -> tuple[float, float, float, bool]:
    """Return the velocity that one who avoids others would like: back to the path.

    Parameters
    ----------
    s_m : float
        How far along the path one was.
    limit : float
        Of braking, m/s².

    Returns
    -------
    vx, vy : float
    s_m : float
        How far along one is.
    finished : bool
        Whether one is, or was, as good as there.
    """
    end, x, y = path[len(path) - 1, 2], here_m[0], here_m[1]
    best, nearest = 1e300, s_m
    for k in range(_NEAR):
        s = min(s_m + k * _STEP_M, end)
        px, py = point_at(path, out, s)
        gap = (px - x) * (px - x) + (py - y) * (py - y)
        if gap < best:
            best, nearest = gap, s
    left = end - nearest
    done = finished or left < ARRIVED_M
    speed = 0.0 if done else min(wanted_mps, sqrt(2.0 * limit * left))
    px, py = point_at(path, out, nearest + STRIDE_M)
    share = speed / max(hypot(px - x, py - y), 1e-6)
    return (px - x) * share, (py - y) * share, nearest, done


@compiled
def abreast(path: F64, out: F64, s_m: float) -> tuple[float, float, float, float]:
    """Return the path's point at an arc length, and its direction there."""
    x, y = point_at(path, out, s_m)
    ax, ay = point_at(path, out, s_m + LOOK_AHEAD_M)
    length = max(hypot(ax - x, ay - y), 1e-9)
    return x, y, (ax - x) / length, (ay - y) / length
