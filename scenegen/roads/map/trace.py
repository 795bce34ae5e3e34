"""The lanes of a road map as strips between sampled borders, in plan.

Neighbouring strips have the very same border points, and a road's cross-sections run through
them, so that everything that is cut from strips fits together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scenegen.records.base import F64
from scenegen.records.road_map import Geometry, Line, MapLane, MapRoad
from scenegen.roads import lane_borders
from scenegen.roads.reference_line import frames, place

CHORD_ERROR_M = 0.008
"""Farthest that a bend's chords lie from it."""
SLICE_M = 8.0
"""Longest piece of road between two cuts across it."""
_LEAST_STEP_M, _VARYING_STEP_M, _PROFILE_STEP_M = 0.4, 2.0, 3.0
_SAME_M = 1e-6


@dataclass(frozen=True)
class Strip:
    """A lane of one lane section.

    Attributes
    ----------
    s_m : ndarray, shape (K,)
        Stations.
    inner_m, outer_m : ndarray, shape (K,)
        Offsets t of both borders.
    inner, outer : ndarray, shape (K, 2)
        The borders in the plane.
    """

    road: MapRoad
    section: int
    lane: MapLane
    s_m: F64
    inner_m: F64
    outer_m: F64
    inner: F64
    outer: F64


@dataclass(frozen=True)
class TracedRoad:
    """A road's strips, and the cuts across it.

    Attributes
    ----------
    reach_m : (2,)
        First and last station that are drawn: beyond the road's own ends where it simply ends.
    strips : tuple of Strip
    cuts : tuple of ndarray, shape (B, 2)
        Lines across the road through all borders; the first and last close its sections.
    """

    road: MapRoad
    reach_m: tuple[float, float]
    strips: tuple[Strip, ...]
    cuts: tuple[F64, ...]


def is_level(road: MapRoad) -> bool:
    """Say whether a road's surface is the plane z = 0."""
    return not any(c.a or c.b or c.c or c.d for c in (*road.elevation, *road.superelevation))


def trace_road(road: MapRoad, reach_m: tuple[float, float] | None = None) -> TracedRoad:
    """Return the strips of a road, sampled so that chords stay within `CHORD_ERROR_M`."""
    reach = reach_m or (0.0, road.length_m)
    strips: list[Strip] = []
    cuts: list[F64] = []
    known = stations_of(road, reach)
    for section in range(len(road.sections)):
        s0, s1 = section_reach(road, section, reach)
        if s1 - s0 < _SAME_M:
            continue
        s = np.unique(np.concatenate([[s0], known[(known > s0) & (known < s1)], [s1]]))
        found = lane_borders.borders(road, section, s)
        points = {lane: place(road, s, t) for lane, t in found.items()}
        for lane in road.sections[section].lanes:
            if lane.id != 0:
                inward = lane.id - int(np.sign(lane.id))
                strips.append(
                    Strip(road, section, lane, s, found[inward], found[lane.id],
                          points[inward], points[lane.id])
                )  # fmt: skip
        across = np.stack([points[lane] for lane in found], axis=1)
        cuts += [across[k] for k in _cut_at(road, s)]
    return TracedRoad(road, reach, tuple(strips), tuple(cuts))


def section_reach(road: MapRoad, section: int, reach_m: tuple[float, float]) -> tuple[float, float]:
    """Return the stations between which a section is drawn; the outer ones go on to the reach.

    The second is less than the first where the section lies outside of the reach.
    """
    s0, s1 = lane_borders.section_range(road, section)
    s0 = reach_m[0] if section == 0 else max(s0, reach_m[0])
    s1 = reach_m[1] if section == len(road.sections) - 1 else min(s1, reach_m[1])
    return s0, s1


def _cut_at(road: MapRoad, s: F64) -> list[int]:
    """Return which stations of a section have a cut across: both ends, and what is between."""
    last = len(s) - 1
    if not is_level(road):
        return list(range(last + 1))
    if road.junction is not None:
        return [0, last]
    wanted = np.arange(s[0] + SLICE_M, s[-1] - 0.5 * SLICE_M, SLICE_M)
    nearest = np.abs(s[:, None] - wanted).argmin(axis=0) if wanted.size else []
    return sorted({0, last, *(int(k) for k in nearest)})


def stations_of(road: MapRoad, reach_m: tuple[float, float]) -> F64:
    """Return the stations at which a road is sampled, its lane sections' starts among them."""
    fixed = {*reach_m, 0.0, road.length_m, *(section.s_m for section in road.sections)}
    fixed |= {g.s_m for g in road.geometries}
    varying = [c.s_m for c in (*road.elevation, *road.superelevation, *road.lane_offset)]
    varying += [
        section.s_m + width.s_m
        for section in road.sections
        for lane in section.lanes
        for width in lane.widths
    ]
    fixed |= set(varying)
    corners = np.array(sorted(x for x in fixed if reach_m[0] <= x <= reach_m[1]))
    corners = corners[np.concatenate([[True], np.diff(corners) > _SAME_M])]
    parts = [np.array([corners[0]])]
    for a, b in pairwise(corners):
        count = max(1, int(np.ceil((b - a) / _step_m(road, a, b) - 1e-9)))
        parts.append(np.linspace(a, b, count + 1)[1:])
    return np.concatenate(parts)


def _step_m(road: MapRoad, a: float, b: float) -> float:
    """Return the step between two stations between which nothing begins or ends."""
    step = SLICE_M
    if a >= 0.0 and b <= road.length_m:
        geometry = _geometry_at(road, 0.5 * (a + b))
        if not isinstance(geometry.shape, Line):
            bend = float(np.abs(frames(road, np.linspace(a, b, 9)).curvature_1pm).max())
            if bend > 0:
                step = min(step, float(np.sqrt(8.0 * CHORD_ERROR_M / bend)))
    if _varies(road, a, b):
        step = min(step, _VARYING_STEP_M)
    if not is_level(road):
        step = min(step, _PROFILE_STEP_M)
    return max(step, _LEAST_STEP_M)


def _geometry_at(road: MapRoad, s: float) -> Geometry:
    return [g for g in road.geometries if g.s_m <= s + _SAME_M][-1]


def _varies(road: MapRoad, a: float, b: float) -> bool:
    """Say whether a width or the lane offset changes between two stations."""
    middle = 0.5 * (a + b)
    curves = [[(c.s_m, c) for c in road.lane_offset]]
    section = road.sections[int(lane_borders.section_index(road, middle))]
    curves += [[(section.s_m + c.s_m, c) for c in lane.widths] for lane in section.lanes]
    for curve in curves:
        begun = [c for s, c in curve if s <= middle]
        if begun and (begun[-1].b or begun[-1].c or begun[-1].d):
            return True
    return False


def quads(strip: Strip) -> Iterator[F64]:
    """Yield the quadrilaterals (4, 2) between a strip's stations; those without width not."""
    wide = np.abs(strip.outer_m - strip.inner_m)
    for k in range(len(strip.s_m) - 1):
        if wide[k] > 1e-4 or wide[k + 1] > 1e-4:
            yield np.array([strip.inner[k], strip.inner[k + 1], strip.outer[k + 1], strip.outer[k]])
