"""The strips of a cross-section as lanes of a road map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scenegen.records.road_map import Cubic, LaneSection, LaneType, MapLane, RoadMark
from scenegen.roads.alignment import Alignment
from scenegen.roads.section import KERB_HEIGHT_M, Section, Side

Marked = tuple[float, float, RoadMark]
"""Stations from which and up to which a mark goes, and the mark."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of a procedural road that becomes a road of the map.

    Attributes
    ----------
    reach_m : (2,)
        Its first and last station on the procedural road.
    """

    id: str
    name: str
    alignment: Alignment
    reach_m: tuple[float, float]

    @property
    def length_m(self) -> float:
        """Length of the map's road."""
        return self.reach_m[1] - self.reach_m[0]


@dataclass(frozen=True)
class Strip:
    """A strip of a cross-section between distances from the reference line, outward."""

    type: LaneType
    near_m: float
    far_m: float
    raised_m: tuple[float, float] = (0.0, 0.0)


def strips(section: Section, side: Side) -> Iterator[Strip]:
    """Yield the strips of one side from the reference line outward."""
    at = 0.0
    widths: list[tuple[LaneType, float]] = [("driving", side.lane_m)] * side.lanes
    widths += [("shoulder", side.shoulder_m), ("parking", side.parking_m)]
    widths += [("curb", side.kerb_m), ("sidewalk", side.sidewalk_m), ("none", side.verge_m)]
    sign = -1.0 if side is section.right else 1.0
    for kind, width in widths:
        if width <= 0:
            continue
        near, far = at, at + width
        raised = (0.0, KERB_HEIGHT_M)
        if kind != "curb":
            low, high = section.height(sign * np.array([near, far]))
            raised = (float(low) + 0.0, float(high) + 0.0)
        yield Strip(kind, near, far, raised)
        at = far


def borders_of(section: Section) -> dict[int, float]:
    """Return the outer borders t of all lanes by id, that of lane 0 among them."""
    found = {0: 0.0}
    for side, sign in ((section.left, 1), (section.right, -1)):
        for k, strip in enumerate(strips(section, side), 1):
            found[sign * k] = sign * strip.far_m
    return found


def sections_of(
    section: Section,
    stretch: Stretch,
    marks: Mapping[int, Sequence[Marked]],
    clear: tuple[float, float] | None = None,
) -> tuple[LaneSection, ...]:
    """Return a stretch's lane sections.

    Parameters
    ----------
    marks : mapping
        By lane, in stations of the procedural road.
    clear : (2,), optional
        Stations of the procedural road between which nobody parks.
    """
    first, last = stretch.reach_m
    parks = max(section.left.parking_m, section.right.parking_m) > 0
    inner = [s for s in clear or () if parks and first < s < last]
    ends = [first, *inner, last]
    found = []
    for k, (s0, s1) in enumerate(pairwise(ends)):
        free = clear is not None and clear[0] <= 0.5 * (s0 + s1) <= clear[1]
        links = (k > 0, k + 2 < len(ends))
        lanes = [
            _lane(section, lane_id, strip, _within(marks.get(lane_id, ()), s0, s1), links, free)
            for lane_id, strip in _numbered(section)
        ]
        found.append(LaneSection(s_m=s0 - first, lanes=tuple(lanes)))
    return tuple(found)


def _numbered(section: Section) -> list[tuple[int, Strip]]:
    left = list(enumerate(strips(section, section.left), 1))[::-1]
    right = [(-k, strip) for k, strip in enumerate(strips(section, section.right), 1)]
    return [*left, (0, Strip("none", 0.0, 0.0)), *right]


def _lane(
    section: Section,
    lane_id: int,
    strip: Strip,
    marks: tuple[RoadMark, ...],
    links: tuple[bool, bool],
    free: bool,
) -> MapLane:
    return MapLane(
        id=lane_id,
        type="restricted" if free and strip.type == "parking" else strip.type,
        widths=(Cubic(a=round(strip.far_m - strip.near_m, 9)),) if lane_id else (),
        marks=marks,
        height_m=strip.raised_m,
        predecessor=lane_id if lane_id and links[0] else None,
        successor=lane_id if lane_id and links[1] else None,
    )


def _within(marks: Sequence[Marked], s0: float, s1: float) -> tuple[RoadMark, ...]:
    """Return marks from a section's start on, with nothing painted where there are gaps."""
    found: list[RoadMark] = []
    at = s0
    for a, b, mark in sorted(marks, key=lambda marked: marked[0]):
        start, end = max(a, s0), min(b, s1)
        if end - start < 1e-6:
            continue
        if start - at > 1e-6:
            found.append(RoadMark(s_m=at - s0, type="none"))
        found.append(mark.model_copy(update={"s_m": start - s0}))
        at = end
    if found and s1 - at > 1e-6:
        found.append(RoadMark(s_m=at - s0, type="none"))
    return tuple(found)
