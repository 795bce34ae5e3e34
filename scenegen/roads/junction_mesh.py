"""The mesh of a crossing: four swept arms, four rounded corners, the middle.

In each quadrant (u, v) are the distances beyond the two carriageways. The arms reach
out to d = radius beside the carriageway; the corner fills u, v < radius in rings about
the middle of the arc. Beyond, strips run along both roads from the diagonal u = v outward,
cut as often as the arms where they touch them and less often further away.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from scenegen.records.base import F64
from scenegen.roads.alignment import Alignment
from scenegen.roads.fill import Figure, sweep_painted
from scenegen.roads.junction import CORNER_CHORDS, Junction
from scenegen.roads.section import Group, Section
from scenegen.roads.sweep import (
    SNAP_M,
    Lift,
    Soup,
    Zone,
    join,
    snap_zones,
    zip_lines,
)

SLICE_M = 12.0
"""Longest stretch of a strip: two roads have more strips than one, so longer than theirs."""


def _group_beyond(junction: Junction, d: float) -> Group:
    edge = junction.edge
    k = int(np.searchsorted(edge.d_m, d, side="right")) - 1
    return edge.groups[k] if k < len(edge.groups) else "ground"


def _rings(junction: Junction) -> F64:
    """Return distances outward from 0 to the radius at which the profile bends."""
    d = junction.edge.d_m
    return np.concatenate([d[d < junction.radius_m], [junction.radius_m]])


def _outer(junction: Junction) -> F64:
    """Return the distances from the radius outward at which the profile bends."""
    d = junction.edge.d_m
    return np.concatenate([[junction.radius_m], d[d > junction.radius_m]])


def arm_profile(junction: Junction, section: Section) -> tuple[F64, F64, list[Group]]:
    """Return the lines and strips of an arm, out to the radius on both sides."""
    rings = _rings(junction)
    beyond: list[Group] = [_group_beyond(junction, 0.5 * (a + b)) for a, b in pairwise(rings)]
    t = np.concatenate(
        [-(section.right.carriageway_m + rings[::-1]), section.left.carriageway_m + rings]
    )
    z = junction.edge.height(np.concatenate([rings[::-1], rings]))
    return t, z, [*beyond[::-1], "road", *beyond]


def _slices(length_m: float, spacing_m: float = SLICE_M, start_m: float = 0.0) -> F64:
    """Return multiples of a spacing that lie well between a start and a length.

    Strips are cut there because rasterisers interpolate depth badly in triangles that are
    hundreds of metres long and as wide as a line of paint.
    """
    first = np.floor((start_m + SNAP_M) / spacing_m) + 1
    return np.arange(first, np.ceil((length_m - SNAP_M) / spacing_m)) * spacing_m


def arms(
    junction: Junction,
    section: Section,
    *,
    alignment: Alignment,
    crossing_s: float,
    sides: tuple[float, float],
    zones: Sequence[Zone],
    figures: Sequence[Figure],
    lift: Lift,
) -> tuple[Soup, F64]:
    """Return both arms of one road, and the lateral cuts of its carriageway.

    Parameters
    ----------
    crossing_s : float
        Station of the crossing's middle.
    sides : (2,)
        Where the arms begin, before and after the middle.
    """
    t, z, groups = arm_profile(junction, section)
    before = (float(alignment.s_m[0]), crossing_s - sides[0])
    after = (crossing_s + sides[1], float(alignment.s_m[-1]))
    breaks = (
        np.sort(before[1] - _slices(before[1] - before[0])),
        after[0] + _slices(after[1] - after[0]),
    )
    snapped = snap_zones(zones, np.array([*before, *after, *breaks[0], *breaks[1]]), t)
    cuts = np.array([(zone.t0, zone.t1) for zone in snapped]).ravel()
    finer = np.unique(np.concatenate([t, cuts]))
    owner = np.searchsorted(t, 0.5 * (finer[:-1] + finer[1:])) - 1
    soups = []
    for s_range, cut in ((before, breaks[0]), (after, breaks[1])):
        soups.append(
            sweep_painted(
                finer,
                np.interp(finer, t, z),
                [groups[k] for k in owner],
                s_range=s_range,
                breaks_m=cut,
                zones=snapped,
                figures=[f for f in figures if s_range[0] < f.place[0] < s_range[1]],
                lift=lift,
            )
        )
    edges = -section.right.carriageway_m - 1e-6, section.left.carriageway_m + 1e-6
    return join(soups), finer[(finer > edges[0]) & (finer < edges[1])]


def _level(plane: F64, group: Group = "road") -> Soup:
    position = np.concatenate([plane, np.zeros((*plane.shape[:2], 1))], axis=-1)
    normal = np.broadcast_to([0.0, 0.0, 1.0], position.shape)
    return Soup(position, normal, plane, np.full(len(plane), group))


def middle(junction: Junction, major_t: F64, minor_t: F64) -> Soup:
    """Return the level asphalt between the arms.

    Parameters
    ----------
    major_t, minor_t : ndarray
        Lateral cuts of the arms' carriageways, ascending.
    """
    cx, cy = junction.center_m
    r = junction.radius_m
    x = np.array([cx - junction.west_m, cx + junction.east_m])
    y = np.array([cy - junction.south_m, cy + junction.north_m])
    # One side may have no lanes, so the reference lines may cross on the very edge.
    center = np.array([x.mean(), y.mean()])

    def column(at: float, t: F64) -> F64:
        return np.column_stack([np.full_like(t, at), cy + t])

    def row(at: float, t: F64) -> F64:
        return np.column_stack([cx - t, np.full_like(t, at)])

    rim = np.concatenate(
        [
            column(x[1] + r, major_t),
            [[x[1], y[1]]],
            row(y[1] + r, minor_t),
            [[x[0], y[1]]],
            column(x[0] - r, major_t[::-1]),
            [[x[0], y[0]]],
            row(y[0] - r, minor_t[::-1]),
            [[x[1], y[0]]],
        ]
    )
    ahead = np.roll(rim, -1, axis=0)
    return _level(np.stack([np.broadcast_to(center, rim.shape), rim, ahead], axis=1))


def corner(junction: Junction, sx: float, sy: float, far: tuple[float, float]) -> Soup:
    """Return everything of one quadrant that the arms leave out.

    Parameters
    ----------
    sx, sy : float
        Signs of the quadrant.
    far : (2,)
        Coordinates x and y where the ground ends.
    """
    cx, cy = junction.center_m
    x0 = junction.east_m if sx > 0 else junction.west_m
    y0 = junction.north_m if sy > 0 else junction.south_m
    soup = join(
        [
            _spandrel(junction),
            _ring_soup(junction),
            _field_soup(junction, sx * (far[0] - cx) - x0, sy * (far[1] - cy) - y0),
        ]
    )
    sign = np.array([sx, sy, 1.0])
    position = (soup.position_m + np.array([x0, y0, 0.0])) * sign + np.array([cx, cy, 0.0])
    normal = soup.normal * sign
    if sx * sy < 0:
        position, normal = position[:, ::-1], normal[:, ::-1]
    return Soup(position, normal, position[..., :2], soup.group)


def _arc(junction: Junction, d: float) -> F64:
    """Return the points (u, v) of the kerb's arc moved outward by d."""
    phi = np.linspace(0.0, 0.5 * np.pi, CORNER_CHORDS + 1)
    r = junction.radius_m
    return r - (r - d) * np.column_stack([np.cos(phi), np.sin(phi)])


def _spandrel(junction: Junction) -> Soup:
    """Return the asphalt between the corner of the carriageways and the arc."""
    arc = _arc(junction, 0.0)[::-1]
    origin = np.zeros_like(arc[:-1])
    return _level(np.stack([origin, arc[:-1], arc[1:]], axis=1))


def _ring_soup(junction: Junction) -> Soup:
    rings = _rings(junction)
    heights = junction.edge.height(rings)
    phi = np.linspace(0.0, 0.5 * np.pi, CORNER_CHORDS + 1)
    position, normal, group = [], [], []
    for k in range(len(rings) - 1):
        slope = (heights[k + 1] - heights[k]) / (rings[k + 1] - rings[k])
        up = np.column_stack([-slope * np.cos(phi), -slope * np.sin(phi), np.ones_like(phi)])
        up /= np.linalg.norm(up, axis=1, keepdims=True)
        near = np.column_stack([_arc(junction, rings[k]), np.full_like(phi, heights[k])])
        away = np.column_stack([_arc(junction, rings[k + 1]), np.full_like(phi, heights[k + 1])])
        quads = [(near[:-1], near[1:], away[1:]), (near[:-1], away[1:], away[:-1])]
        ups = [(up[:-1], up[1:], up[1:]), (up[:-1], up[1:], up[:-1])]
        # The innermost ring ends in the middle of the arc: one triangle a chord.
        halves = 1 if k == len(rings) - 2 else 2
        for corners, n in list(zip(quads, ups, strict=True))[:halves]:
            position.append(np.stack(corners, axis=1))
            normal.append(np.stack(n, axis=1))
            group += [_group_beyond(junction, 0.5 * (rings[k] + rings[k + 1]))] * CORNER_CHORDS
    p = np.concatenate(position)
    return Soup(p, np.concatenate(normal), p[..., :2], np.array(group))


def _field_soup(junction: Junction, far_u: float, far_v: float) -> Soup:
    """Return what lies beyond the radius; heights depend on the lesser of u and v."""
    outer = _outer(junction)
    end = min(far_u, far_v)
    doublings = np.arange(1, 24)
    graded = outer[-1] + SLICE_M * (2.0**doublings - 1.0)
    at = np.concatenate([outer, graded[graded < end - SLICE_M], [end]])
    spacing = SLICE_M * 2.0 ** np.maximum(np.arange(len(at)) - len(outer) + 1, 0)
    return join(
        [
            _field_strip(junction, at[j : j + 2], spacing[j : j + 2], far, mirrored=mirrored)
            for far, mirrored in ((far_u, False), (far_v, True))
            for j in range(len(at) - 1)
        ]
    )


def _field_strip(junction: Junction, at: F64, spacing: F64, far: float, *, mirrored: bool) -> Soup:
    """Return the strip between v = at[0] and v = at[1], from u = v to the far end.

    Mirrored, u and v are swapped. Each of its two lines is cut at its own spacing.
    """
    r = junction.radius_m
    lines = []
    for v, step in zip(at, spacing, strict=True):
        inner = r + _slices(far - r, step, v - r)
        lines.append(np.concatenate([[v], inner, [far]]) if far > v else np.array([v]))
    corners = zip_lines(lines[0], lines[1])
    side, index = corners[..., 0], corners[..., 1]
    along = np.concatenate(lines)[np.array([0, len(lines[0])])[side] + index]
    plane = [along, at[side]]
    # The profile goes on level beyond its last bend.
    height = junction.edge.height(at)[side]
    p = np.stack([*(plane[::-1] if mirrored else plane), height], axis=-1)
    if mirrored:
        p = p[:, ::-1]
    normal = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    group = _group_beyond(junction, 0.5 * float(at.sum()))
    return Soup(
        p, np.repeat(normal[:, None], 3, axis=1), p[..., :2], np.full(len(p), group, dtype="U8")
    )
