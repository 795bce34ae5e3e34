"""Lanes: strips of the cross-section as centre lines in the direction of traffic."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from scenegen.records import Lane, RoadSpec
from scenegen.records.base import F64
from scenegen.records.road import LaneKind
from scenegen.roads.alignment import Alignment
from scenegen.roads.section import Section, Side

STEP_M = 2.0
WALK_LIMIT_MPS = 2.0


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
            if s1 - s0 < 1.0:
                continue
            s = lane_stations(s0, s1, alignment.breaks_m)
            lane_id = f"{prefix}{name}{suffix}"
            lanes[lane_id] = Lane(
                lane_id,
                kind,
                -int(sign),
                d1 - d0,
                _centre(alignment, section, s, sign * 0.5 * (d0 + d1), sign),
                spec.speed_limit_mps if kind in ("driving", "shoulder") else WALK_LIMIT_MPS,
            )
    return lanes


def _centre(alignment: Alignment, section: Section, s: F64, t: float, sign: float) -> F64:
    z = alignment.height(s) + section.height(np.float64(t))
    points = np.column_stack([alignment.place(s, t), z])
    return points if sign < 0 else points[::-1].copy()
