"""Lanes: strips of the cross-section as centre lines in the direction of traffic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from scenegen.records import Lane, RoadSpec
from scenegen.records.base import F64
from scenegen.records.road import LaneKind
from scenegen.roads.alignment import Alignment
from scenegen.roads.paint import ZEBRA_M
from scenegen.roads.section import Section, Side

STEP_M = 2.0
SHORTEST_M = 1.0
"""What would be shorter is no lane."""
WALK_LIMIT_MPS = 2.0
WALK_REACH_M = 1.0
"""How far a crossing for walkers reaches onto the sidewalks."""

Surface = Callable[[F64], F64]


def lane_stations(s0: float, s1: float, breaks_m: F64) -> F64:
    """Return stations from s0 to s1 at every break and at most `STEP_M` apart."""
    inner = breaks_m[(breaks_m > s0 + 1e-6) & (breaks_m < s1 - 1e-6)]
    corners = np.concatenate([[s0], inner, [s1]])
    parts = [
        np.linspace(a, b, max(1, int(np.ceil((b - a) / (0.95 * STEP_M)))), endpoint=False)
        for a, b in pairwise(corners)
    ]
    return np.concatenate([*parts, [s1]])


def _strips(side: Side, name: str, direction: str) -> Iterator[tuple[str, LaneKind, float, float]]:
    """Yield id, kind and reach (d0, d1) from the reference line outward."""
    for k in range(side.lanes):
        yield f"{direction}_{k}", "driving", k * side.lane_m, (k + 1) * side.lane_m
    at = side.lanes_m
    widths: tuple[tuple[LaneKind, float], ...] = (
        ("shoulder", side.shoulder_m),
        ("parking", side.parking_m),
    )
    for kind, width in widths:
        if width > 0:
            yield f"{kind}_{name}", kind, at, at + width
            at += width
    if side.sidewalk_m > 0:
        at += side.kerb_m
        yield f"sidewalk_{name}", "sidewalk", at, at + side.sidewalk_m
        at += side.sidewalk_m
    if side.verge_m > 0:
        yield f"verge_{name}", "verge", at, at + side.verge_m


def lanes_of(
    spec: RoadSpec,
    alignment: Alignment,
    section: Section,
    s_range: tuple[float, float],
    *,
    prefix: str = "",
    parking_gap: tuple[float, float] | None = None,
    surface: Surface | None = None,
) -> dict[str, Lane]:
    """Return the lanes of one road, by id, from right to left.

    Parameters
    ----------
    s_range : (2,)
        First and last station that lanes reach.
    prefix : str
        Before every id: ``cross_`` for the crossing road.
    parking_gap : (2,) or None
        Stations between which nothing parks, at a crossing; the strip beyond it
        (in the direction of its traffic) is called ``parking_right_far``.
    surface : callable or None
        Heights (...,) of points (..., 2), where the cross-section alone doesn't say.
    """
    lanes: dict[str, Lane] = {}
    right = list(_strips(section.right, "right", "forward"))
    left = list(_strips(section.left, "left", "backward"))
    ordered = [(strip, -1.0) for strip in reversed(right)] + [(strip, 1.0) for strip in left]
    for (name, kind, d0, d1), sign in ordered:
        ranges = [s_range]
        if kind == "parking" and parking_gap is not None:
            ranges = [(s_range[0], parking_gap[0]), (parking_gap[1], s_range[1])][:: -int(sign)]
        for (s0, s1), suffix in zip(ranges, ("", "_far"), strict=False):
            if s1 - s0 < SHORTEST_M:
                continue
            s = lane_stations(s0, s1, alignment.breaks_m)
            lane_id = f"{prefix}{name}{suffix}"
            lanes[lane_id] = Lane(
                lane_id,
                kind,
                -int(sign),
                d1 - d0,
                _lift(alignment, section, s, np.full_like(s, sign * 0.5 * (d0 + d1)), surface)[
                    :: -int(sign)
                ].copy(),
                spec.speed_limit_mps if kind in ("driving", "shoulder") else WALK_LIMIT_MPS,
            )
    return lanes


def crosswalk_lane(
    lane_id: str,
    alignment: Alignment,
    section: Section,
    s_m: float,
    surface: Surface | None = None,
) -> Lane:
    """Return the way for walkers across a road at one station, from its right to its left."""
    ends = [
        side.carriageway_m + side.kerb_m + min(WALK_REACH_M, max(0.5 * side.sidewalk_m, 0.5))
        for side in (section.right, section.left)
    ]
    t = lane_stations(-ends[0], ends[1], np.zeros(0))
    centre = _lift(alignment, section, np.full_like(t, s_m), t, surface)
    return Lane(lane_id, "crosswalk", 1, ZEBRA_M, centre, WALK_LIMIT_MPS)


def _lift(alignment: Alignment, section: Section, s: F64, t: F64, surface: Surface | None) -> F64:
    plane = alignment.place(s, t)
    z = alignment.height(s) + section.height(t) if surface is None else surface(plane)
    return np.column_stack([plane, z])
