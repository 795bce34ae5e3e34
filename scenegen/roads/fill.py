"""Paint of any outline: a rectangle of the road's mesh is cut anew around it.

A rectangular zone cuts lines along all of the road; an outline needs none. The points that
a rectangle's border shares with its neighbours stay, so the mesh stays whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.spatial import Delaunay

from scenegen.records.base import F64
from scenegen.roads.outlines import Outlines
from scenegen.roads.section import Group
from scenegen.roads.sweep import Lift, Soup, Zone, join, snap, sweep

_HOLE: Group = "hole"
_MARGIN_M = 0.01
"""From the outlines to the rectangle that is cut around them."""
_ENDS_M = 0.1
"""From there to the ends of the hole in the swept mesh."""
_LEAST_M2 = 1e-9

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Figure:
    """Outlines painted on level, straight road.

    Attributes
    ----------
    outlines : Outlines
    place : (2,)
        Station and lateral position of their origin.
    ahead : float
        1 along the road, -1 against it.
    wide : float
        Stretches them across the road.
    """

    outlines: Outlines
    place: tuple[float, float]
    ahead: float = 1.0
    wide: float = 1.0

    def triangles(self) -> tuple[F64, Flags]:
        """Return the triangles (F, 3, 2) in (s, t) of a rectangle, and which are painted (F,)."""
        plane, painted = _cut(self.outlines)
        return self.ahead * np.array([1.0, self.wide]) * plane + self.place, painted


def sweep_painted(
    t_m: F64,
    z_m: F64,
    groups: Sequence[Group],
    *,
    s_range: tuple[float, float],
    breaks_m: F64,
    zones: Sequence[Zone],
    figures: Sequence[Figure],
    lift: Lift,
) -> Soup:
    """Sweep a profile as `sweep` does, with figures on what is level of it."""
    stations = np.array([(zone.s0, zone.s1) for zone in zones]).ravel()
    taken = np.concatenate([stations, breaks_m, s_range])
    drawn = [figure.triangles() for figure in figures]
    holes = [_hole(plane, taken, t_m) for plane, _ in drawn]
    soup, lines = sweep(
        t_m, z_m, groups, s_range=s_range, breaks_m=breaks_m, zones=[*zones, *holes], lift=lift
    )
    if not figures:
        return soup
    bare = soup.group != _HOLE
    swept = Soup(soup.position_m[bare], soup.normal[bare], soup.uv_m[bare], soup.group[bare])
    around = [
        _frame(_border(hole, lines, t_m), plane)
        for (plane, _), hole in zip(drawn, holes, strict=True)
    ]
    white = np.concatenate([painted for _, painted in drawn])
    planes = np.concatenate([*(plane for plane, _ in drawn), *around])
    group = np.full(len(planes), "road", dtype=soup.group.dtype)
    group[: len(white)][white] = "paint"
    return join([swept, _level(planes, group, lift)])


def _hole(plane: F64, taken: F64, t_m: F64) -> Zone:
    """Return a rectangle around triangles: from line to line, its ends clear of those taken."""
    (s0, t0), (s1, t1) = plane.min(axis=(0, 1)), plane.max(axis=(0, 1))
    start, end = snap([s0 - _ENDS_M, s1 + _ENDS_M], taken)
    right, left = t_m[t_m < t0][-1], t_m[t_m > t1][0]
    return Zone(_HOLE, float(start), float(end), float(right), float(left))


def _border(hole: Zone, lines: Sequence[F64], t_m: F64) -> tuple[F64, F64, F64, F64]:
    """Return the points (N, 2) on each side of a hole, counter-clockwise, corners included."""
    at = np.flatnonzero((t_m >= hole.t0) & (t_m <= hole.t1))
    right, left = (lines[j][(lines[j] >= hole.s0) & (lines[j] <= hole.s1)] for j in (at[0], at[-1]))
    across = t_m[at]
    return (
        np.column_stack([right, np.full_like(right, hole.t0)]),
        np.column_stack([np.full_like(across, hole.s1), across]),
        np.column_stack([left, np.full_like(left, hole.t1)])[::-1],
        np.column_stack([np.full_like(across, hole.s0), across])[::-1],
    )


def _frame(border: Sequence[F64], plane: F64) -> F64:
    """Return the triangles (F, 3, 2) between a hole's border and the rectangle within it."""
    (s0, t0), (s1, t1) = plane.min(axis=(0, 1)), plane.max(axis=(0, 1))
    inner = np.array([(s0, t0), (s1, t0), (s1, t1), (s0, t1)])
    found = []
    for side, a, b in zip(border, inner, np.roll(inner, -1, axis=0), strict=True):
        middle = int(np.argmin(np.linalg.norm(side - 0.5 * (a + b), axis=1)))
        found += [(side[k], side[k + 1], a if k < middle else b) for k in range(len(side) - 1)]
        found.append((side[middle], b, a))
    return np.array(found)


def _level(plane: F64, group: npt.NDArray[np.str_], lift: Lift) -> Soup:
    s, t = plane.reshape(-1, 2).T
    position, normal, uv = lift(s, t, np.zeros_like(s), 0.0)
    shape = (*plane.shape[:2], 3)
    return Soup(position.reshape(shape), normal.reshape(shape), uv.reshape(plane.shape), group)


@lru_cache(maxsize=64)
def _cut(outlines: Outlines) -> tuple[F64, Flags]:
    """Return counter-clockwise triangles (F, 3, 2) of a rectangle, and which are painted (F,).

    Sides of outlines are halved until all are edges of the Delaunay triangulation.
    """
    points = np.concatenate([np.array(outline) for outline in outlines])
    counts = np.array([len(outline) for outline in outlines])
    k = np.arange(len(points))
    first, last = np.cumsum(counts) - counts, np.cumsum(counts) - 1
    after = k + 1
    after[last] = first
    sides = np.stack([k, after], axis=1)
    (x0, y0), (x1, y1) = points.min(axis=0) - _MARGIN_M, points.max(axis=0) + _MARGIN_M
    points = np.concatenate([points, [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]])
    while (missing := _missing(corners := Delaunay(points).simplices, sides)).any():
        a, b = sides[missing].T
        new = len(points) + np.arange(len(a))
        points = np.concatenate([points, 0.5 * (points[a] + points[b])])
        halves = [np.stack([a, new], axis=1), np.stack([new, b], axis=1)]
        sides = np.concatenate([sides[~missing], *halves])
    plane = points[corners]
    u, v = plane[:, 1] - plane[:, 0], plane[:, 2] - plane[:, 0]
    doubled = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    plane[doubled < 0] = plane[doubled < 0][:, ::-1]
    plane = plane[np.abs(doubled) > _LEAST_M2]
    painted = _inside(points[sides], plane.mean(axis=1))
    for array in (plane, painted):
        array.setflags(write=False)
    return plane, painted


def _missing(corners: npt.NDArray[np.int32], sides: npt.NDArray[np.int64]) -> Flags:
    """Return which sides (N, 2) are no edge of triangles (F, 3)."""
    ends = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    edges = np.sort(ends.astype(np.int64), axis=1) @ [1 << 32, 1]
    return ~np.isin(np.sort(sides, axis=1) @ [1 << 32, 1], edges)


def _inside(sides: F64, points: F64) -> Flags:
    """Return which points (N, 2) lie within outlines (M, 2, 2), by counting sides to the right."""
    (ax, ay), (bx, by) = sides[:, 0].T, sides[:, 1].T
    x, y = points[:, :1], points[:, 1:]
    spans = (ay > y) != (by > y)
    rise = np.where(ay == by, 1.0, by - ay)
    crosses = spans & (x < ax + (y - ay) * (bx - ax) / rise)
    return np.asarray(crosses.sum(axis=1) % 2 == 1)
