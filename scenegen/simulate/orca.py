"""Optimal reciprocal collision avoidance: the velocity nearest to the one wanted that is safe.

Each neighbour rules out a half-plane of velocities such that, if both keep to theirs, the
two discs don't touch within a time horizon (van den Berg, Guy, Lin, Manocha 2011). The
answer is the point of the remaining convex region nearest to the wanted velocity; with a
handful of half-planes, all points where it can lie are simply tried.
"""

from __future__ import annotations

from functools import lru_cache
from math import acos, atan2, cos, hypot, pi, sin

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64

HORIZON_S = 2.5
"""Within which two people keep clear of each other."""

SLACK_ROUNDS = 14
_TOLERANCE = 1e-9

HalfPlane = tuple[float, float, float]
"""(nx, ny, c): velocities v with n v >= c are allowed; n is a unit vector."""


def keep_clear(
    apart_m: tuple[float, float],
    own_mps: tuple[float, float],
    other_mps: tuple[float, float],
    reach_m: float,
    share: float,
    dt: float,
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


def _from_disc(
    vx: float, vy: float, cx: float, cy: float, radius: float
) -> tuple[float, float, float]:
    """Return the way out of a disc of velocities, and how far (negative outside it)."""
    wx, wy = vx - cx, vy - cy
    length = hypot(wx, wy)
    if length < 1e-9:
        wx, wy, length = -cx, -cy, max(hypot(cx, cy), 1e-9)
        return wx / length, wy / length, radius
    return wx / length, wy / length, radius - length


def nearest_allowed(
    wanted_mps: F64, planes: F64, firm: npt.NDArray[np.bool_], fastest_mps: float
) -> F64:
    """Return the velocity (2,) nearest to the wanted one that all half-planes allow.

    Where they leave nothing, those that are not firm give way, all by the same least
    amount; where even the firm ones leave nothing, one stands.

    Parameters
    ----------
    wanted_mps : ndarray, shape (2,)
    planes : ndarray, shape (M, 3)
        `HalfPlane` rows.
    firm : ndarray, shape (M,), bool
        Walls, which never give way.
    """
    found = _nearest(wanted_mps, planes, fastest_mps)
    if found is not None:
        return found
    least, most = 0.0, 4.0 * fastest_mps + float(np.abs(planes[:, 2]).max())
    best = np.zeros(2)
    for _ in range(SLACK_ROUNDS):
        slack = 0.5 * (least + most)
        eased = planes - np.where(firm, 0.0, slack)[:, None] * np.array([0.0, 0.0, 1.0])
        found = _nearest(wanted_mps, eased, fastest_mps)
        if found is None:
            least = slack
        else:
            best, most = found, slack
    return best


@lru_cache(maxsize=64)
def _pairs(count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    i, j = np.triu_indices(count, 1)
    return i, j


def _nearest(wanted: F64, planes: F64, fastest: float) -> F64 | None:
    """Return the nearest allowed velocity, or None if there is none.

    It is the wanted one, its foot on one boundary, or a corner of two; the greatest speed
    is a boundary too.
    """
    speed = float(np.hypot(wanted[0], wanted[1]))
    start = wanted * (fastest / speed) if speed > fastest else wanted
    normal, offset = planes[:, :2], planes[:, 2]
    if (normal @ start >= offset).all():
        return start
    points = [start[None], wanted + (offset - normal @ wanted)[:, None] * normal]
    along = np.stack([-normal[:, 1], normal[:, 0]], axis=1)
    reach = np.sqrt(np.maximum(fastest * fastest - offset * offset, 0.0))[:, None] * along
    foot = offset[:, None] * normal
    points += [foot + reach, foot - reach]
    i, j = _pairs(len(planes))
    area = normal[i, 0] * normal[j, 1] - normal[i, 1] * normal[j, 0]
    crossing = np.abs(area) > 1e-6
    i, j, area = i[crossing], j[crossing], area[crossing]
    x = (offset[i] * normal[j, 1] - offset[j] * normal[i, 1]) / area
    y = (normal[i, 0] * offset[j] - normal[j, 0] * offset[i]) / area
    points.append(np.stack([x, y], axis=1))
    tried = np.concatenate(points)
    allowed = (tried @ normal.T >= offset - _TOLERANCE).all(axis=1)
    allowed &= (tried * tried).sum(axis=1) <= fastest * fastest + _TOLERANCE
    tried = tried[allowed]
    if not len(tried):
        return None
    change = tried - wanted
    return np.asarray(tried[(change * change).sum(axis=1).argmin()])
