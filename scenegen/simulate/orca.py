"""Optimal reciprocal collision avoidance: the velocity nearest to the one wanted that is safe.

Each neighbour rules out a half-plane of velocities such that, if both keep to theirs, the
two discs don't touch within a time horizon (van den Berg, Guy, Lin, Manocha 2011). The
answer is the point of the remaining convex region nearest to the wanted velocity; with a
handful of half-planes, all points where it can lie are simply tried. Compiled.
"""

from __future__ import annotations

from math import acos, atan2, cos, hypot, pi, sin, sqrt

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.simulate.jit import compiled

HORIZON_S = 2.5
"""Within which two people keep clear of each other."""

SLACK_ROUNDS = 14
_TOLERANCE = 1e-9
_PARALLEL = 1e-6
FOOT, LEFT_RIM, RIGHT_RIM, CORNER = 0, 1, 2, 3
"""Where on a boundary: nearest to what is wanted, at the greatest speed, on another one too."""

Pair = tuple[float, float]
HalfPlane = tuple[float, float, float]
"""(nx, ny, c): velocities v with n v >= c are allowed; n is a unit vector."""


@compiled
def _from_disc(vx: float, vy: float, cx: float, cy: float, radius: float) -> HalfPlane:
    """Return the way out of a disc of velocities, and how far (negative outside it)."""
    wx, wy = vx - cx, vy - cy
    length = hypot(wx, wy)
    if length < 1e-9:
        wx, wy, length = -cx, -cy, max(hypot(cx, cy), 1e-9)
        return wx / length, wy / length, radius
    return wx / length, wy / length, radius - length


@compiled
def keep_clear(
    apart_m: Pair, own_mps: Pair, other_mps: Pair, reach_m: float, share: float, dt: float
) -> HalfPlane:
    """Return the half-plane of own velocities that keep clear of one neighbour.

    Parameters
    ----------
    apart_m : (2,)
        The neighbour's position seen from here.
    reach_m : float
        Sum of the two radii.
    share : float
        Part of the change of velocity that is one's own: 1/2 if the other does the same.
    dt : float
        Time within which discs that touch come apart.
    """
    px, py = apart_m
    vx, vy = own_mps[0] - other_mps[0], own_mps[1] - other_mps[1]
    distance = hypot(px, py)
    if distance <= reach_m:
        nx, ny, away = _from_disc(vx, vy, px / dt, py / dt, reach_m / dt)
    else:
        # The forbidden cone ahead is cut off by the disc of velocities that meet at the horizon.
        cx, cy, r = px / HORIZON_S, py / HORIZON_S, reach_m / HORIZON_S
        half = acos(min(reach_m / distance, 1.0))
        bearing, turned = atan2(-py, -px), atan2(vy - cy, vx - cx)
        aside = (turned - bearing + pi) % (2.0 * pi) - pi
        if abs(aside) <= half:
            nx, ny, away = _from_disc(vx, vy, cx, cy, r)
        else:
            # Beyond the disc's rim, the nearer leg of the cone bounds it.
            leg = bearing + (half if aside > 0.0 else -half)
            nx, ny = cos(leg), sin(leg)
            away = -(vx * nx + vy * ny)
    # Own velocity plus its share of the smallest change lies on the boundary.
    return nx, ny, own_mps[0] * nx + own_mps[1] * ny + share * away


@compiled
def _allowed(x: float, y: float, planes: F64, offset: F64, tolerance: float) -> bool:
    for k in range(len(planes)):
        if planes[k, 0] * x + planes[k, 1] * y < offset[k] - tolerance:
            return False
    return True


@compiled
def _nearest(wanted: Pair, planes: F64, offset: F64, fastest: float) -> tuple[bool, float, float]:
    """Return whether any velocity is allowed, and the nearest one.

    It is the wanted one, its foot on one boundary, or a corner of two; the greatest speed
    is a boundary too.
    """
    wx, wy = wanted
    count = len(planes)
    speed = hypot(wx, wy)
    sx, sy = (wx * (fastest / speed), wy * (fastest / speed)) if speed > fastest else (wx, wy)
    if _allowed(sx, sy, planes, offset, 0.0):
        return True, sx, sy
    most = fastest * fastest
    found, bx, by, best = False, 0.0, 0.0, np.inf
    for kind in range(CORNER + 1):
        for i in range(count):
            nx, ny, c = planes[i, 0], planes[i, 1], offset[i]
            for j in range(i + 1 if kind == CORNER else 0, count if kind == CORNER else 1):
                if kind == FOOT:
                    off = c - (nx * wx + ny * wy)
                    x, y = wx + off * nx, wy + off * ny
                elif kind == CORNER:
                    area = nx * planes[j, 1] - ny * planes[j, 0]
                    if abs(area) <= _PARALLEL:
                        continue
                    x = (c * planes[j, 1] - offset[j] * ny) / area
                    y = (nx * offset[j] - planes[j, 0] * c) / area
                else:
                    rim = sqrt(max(most - c * c, 0.0)) * (1.0 if kind == LEFT_RIM else -1.0)
                    x, y = c * nx - rim * ny, c * ny + rim * nx
                change = (x - wx) * (x - wx) + (y - wy) * (y - wy)
                fits = change < best and x * x + y * y <= most + _TOLERANCE
                if fits and _allowed(x, y, planes, offset, _TOLERANCE):
                    found, bx, by, best = True, x, y, change
    return found, bx, by


@compiled
def nearest_allowed(
    wanted_mps: Pair, planes: F64, firm: npt.NDArray[np.bool_], fastest_mps: float
) -> Pair:
    """Return the velocity nearest to the wanted one that all half-planes allow.

    Where they leave nothing, those that are not firm give way, all by the same least
    amount; where even the firm ones leave nothing, one stands.

    Parameters
    ----------
    planes : ndarray, shape (M, 3)
        `HalfPlane` rows.
    firm : ndarray, shape (M,), bool
        Walls, which never give way.
    """
    offset = planes[:, 2].copy()
    found, x, y = _nearest(wanted_mps, planes, offset, fastest_mps)
    if found:
        return x, y
    least, most = 0.0, 4.0 * fastest_mps
    if len(planes):
        most += max([abs(c) for c in planes[:, 2]])
    bx, by = 0.0, 0.0
    for _ in range(SLACK_ROUNDS):
        slack = 0.5 * (least + most)
        for k in range(len(planes)):
            offset[k] = planes[k, 2] - (0.0 if firm[k] else slack)
        found, x, y = _nearest(wanted_mps, planes, offset, fastest_mps)
        if found:
            bx, by, most = x, y, slack
        else:
            least = slack
    return bx, by
