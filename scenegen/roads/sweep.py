"""Sweep a cross-section along a line, cut exactly where paint begins and ends.

Strips lie side by side, each cut into cells of one kind along the line. A line between
two strips carries the cuts of both, and each strip is zipped together between its two
lines, so that every edge is shared whole and a dash cuts only its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.roads.section import Group

SNAP_M = 0.01
"""Cuts nearer to each other than this are one: no slivers that float32 would collapse."""

SLICE_M = 8.0
"""Spacing of `slices`."""


@dataclass(frozen=True)
class Zone:
    """A rectangle in (s, t) that is made of something other than its strip."""

    group: Group
    s0: float
    s1: float
    t0: float
    t1: float

    @property
    def area_m2(self) -> float:
        """Area in (s, t)."""
        return (self.s1 - self.s0) * (self.t1 - self.t0)


@dataclass(frozen=True)
class Soup:
    """Triangles with what each corner carries.

    Attributes
    ----------
    position_m, normal : ndarray, shape (F, 3, 3)
    uv_m : ndarray, shape (F, 3, 2)
        Texture coordinates in metres.
    group : ndarray, shape (F,), str
    """

    position_m: F64
    normal: F64
    uv_m: F64
    group: npt.NDArray[np.str_]


def join(soups: Sequence[Soup]) -> Soup:
    """Return all triangles of several soups, in order."""
    return Soup(
        np.concatenate([s.position_m for s in soups]),
        np.concatenate([s.normal for s in soups]),
        np.concatenate([s.uv_m for s in soups]),
        np.concatenate([s.group for s in soups]),
    )


def snap(values: npt.ArrayLike, fixed: npt.ArrayLike) -> F64:
    """Move values (N,) onto fixed ones (M,), or onto each other, when within `SNAP_M`."""
    given = np.asarray(np.round(np.asarray(values, dtype=np.float64), 6), np.float64)
    unique, index = np.unique(given, return_inverse=True)
    anchors = np.concatenate([[-np.inf], np.sort(np.asarray(fixed, dtype=np.float64)), [np.inf]])
    after = np.searchsorted(anchors, unique)
    below, above = anchors[after - 1], anchors[after]
    moved = np.where(unique - below <= above - unique, below, above)
    free = np.abs(moved - unique) >= SNAP_M
    last = -np.inf
    for k in np.flatnonzero(free):
        last = moved[k] = last if unique[k] - last < SNAP_M else unique[k]
    return np.asarray(moved[index].reshape(given.shape))


def snap_zones(zones: Sequence[Zone], s_fixed: F64, t_fixed: F64) -> tuple[Zone, ...]:
    """Snap the borders of zones to fixed cuts and to each other; drop what vanishes."""
    if not zones:
        return ()
    s = snap([(z.s0, z.s1) for z in zones], s_fixed)
    t = snap([(z.t0, z.t1) for z in zones], t_fixed)
    moved = [
        Zone(z.group, float(s0), float(s1), float(t0), float(t1))
        for z, (s0, s1), (t0, t1) in zip(zones, s, t, strict=True)
    ]
    return tuple(z for z in moved if z.s1 > z.s0 and z.t1 > z.t0)


@dataclass(frozen=True)
class Strip:
    """Cells between two lines: cuts (C + 1,) along s, and the group of each cell."""

    cuts: F64
    groups: npt.NDArray[np.str_]


def _strip(group: Group, middle: float, s0: float, s1: float, zones: Sequence[Zone]) -> Strip:
    here = [z for z in zones if z.t0 < middle < z.t1 and z.s1 > s0 and z.s0 < s1]
    edges = [e for z in here for e in (z.s0, z.s1) if s0 < e < s1]
    cuts = np.unique([s0, s1, *edges])
    middles = 0.5 * (cuts[:-1] + cuts[1:])
    groups = np.full(len(middles), group, dtype="U8")
    for zone in here:
        groups[(middles > zone.s0) & (middles < zone.s1)] = zone.group
    keep = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    return Strip(np.concatenate([cuts[keep], [s1]]), groups[keep])


def zip_lines(right: F64, left: F64) -> npt.NDArray[np.int64]:
    """Return triangles (M + N - 2, 3, 2) between two cut lines that share their ends.

    Each corner is (side, index): side 0 is the right line (M,), 1 the left one (N,).
    Corners run counter-clockwise seen from above.
    """
    on_left = np.repeat([0, 1], [len(right) - 1, len(left) - 1])
    order = np.argsort(np.concatenate([right[1:], left[1:]]), kind="stable")
    moves = on_left[order]
    i = np.concatenate([[0], np.cumsum(1 - moves)])[:-1]
    k = np.concatenate([[0], np.cumsum(moves)])[:-1]
    corners = np.zeros((len(moves), 3, 2), dtype=np.int64)
    corners[:, 0, 1] = i
    corners[:, 2, 0], corners[:, 2, 1] = 1, k
    corners[:, 1, 0] = moves
    corners[:, 1, 1] = np.where(moves == 1, k + 1, i + 1)
    return corners


Lift = Callable[[F64, F64, F64, float], tuple[F64, F64, F64]]
"""(s, t, z across, dz/dt) to positions (N, 3), normals (N, 3) and texture metres (N, 2)."""


def slices(s_range: tuple[float, float], breaks_m: F64) -> F64:
    """Return breaks, filled up so that no strip goes on uncut for more than `SLICE_M`.

    Rasterisers interpolate depth badly, by up to a metre, in triangles that are hundreds of
    metres long and as wide as a line of paint.
    """
    s0, s1 = s_range
    regular = np.arange(np.ceil(s0 / SLICE_M), np.ceil(s1 / SLICE_M)) * SLICE_M
    return np.unique(snap(np.concatenate([breaks_m, regular]), [*breaks_m, s0, s1]))


def sweep(
    t_m: F64,
    z_m: F64,
    groups: Sequence[Group],
    *,
    s_range: tuple[float, float],
    breaks_m: F64,
    zones: Sequence[Zone],
    lift: Lift,
) -> tuple[Soup, tuple[F64, ...]]:
    """Sweep a profile over a range of stations; return the mesh, and where each line is cut.

    Parameters
    ----------
    t_m, z_m : ndarray, shape (K,)
        Lines of the profile from right to left, t increasing strictly.
    groups : sequence of str, K - 1
    s_range : (2,)
    breaks_m : ndarray
        Stations at which every line bends.
    zones : sequence of Zone
        Snapped; their t borders are among `t_m`. Later ones win.
    lift : callable
    """
    s0, s1 = s_range
    inner = breaks_m[(breaks_m > s0) & (breaks_m < s1)]
    strips = [
        _strip(group, 0.5 * (t_m[j] + t_m[j + 1]), s0, s1, zones) for j, group in enumerate(groups)
    ]
    lines = []
    for j in range(len(t_m)):
        cuts = [strip.cuts for strip in strips[max(j - 1, 0) : j + 1]] + [inner]
        lines.append(np.unique(np.concatenate(cuts)))
    soup = join(
        [_lift_strip(lines[j : j + 2], t_m[j : j + 2], z_m[j : j + 2], strip, lift)
         for j, strip in enumerate(strips)]
    )  # fmt: skip
    return soup, tuple(lines)


def _lift_strip(lines: Sequence[F64], t: F64, z: F64, strip: Strip, lift: Lift) -> Soup:
    corners = zip_lines(lines[0], lines[1])
    side, index = corners[..., 0], corners[..., 1]
    starts = np.array([0, len(lines[0])])
    s = np.concatenate(lines)[starts[side] + index]
    slope = float((z[1] - z[0]) / (t[1] - t[0]))
    position, normal, uv = lift(s.ravel(), t[side].ravel(), z[side].ravel(), slope)
    cell = np.searchsorted(strip.cuts, s.mean(axis=1), side="right") - 1
    shape = (*s.shape, 3)
    return Soup(
        position.reshape(shape),
        normal.reshape(shape),
        uv.reshape(*s.shape, 2),
        strip.groups[cell],
    )
