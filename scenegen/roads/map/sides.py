"""The sides of a map's road as scenery sees them: a line, and widths to its right and left."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64
from scenegen.roads.alignment import Alignment
from scenegen.roads.lane_borders import lane_offset
from scenegen.roads.map.trace import Strip, TracedRoad, stations_of
from scenegen.roads.map.zones import is_driven
from scenegen.roads.reference_line import elevation, frames, gradient, place
from scenegen.roads.section import Side

_STRAIGHT_M = 1e4


def along_road(one: TracedRoad) -> Alignment:
    """Return a road's middle, where the lanes of both sides meet, as a line of chords."""
    road = one.road
    s = stations_of(road, one.reach_m)
    return Alignment(
        road.length_m,
        s,
        place(road, s, lane_offset(road, s)),
        frames(road, s).left,
        None,
        s if np.any(gradient(road, s)) else np.zeros(0),
        elevation(road, s) if np.any(gradient(road, s)) else np.zeros(0),
    )


def alignment_radius(one: TracedRoad, sign: float) -> float:
    """Return the radius of the tightest bend towards a side."""
    s = np.linspace(0.0, one.road.length_m, 64)
    bend = float((sign * frames(one.road, s).curvature_1pm).max())
    return 1.0 / bend if bend > 1.0 / _STRAIGHT_M else _STRAIGHT_M


def sides_of(one: TracedRoad, verge_m: float) -> tuple[Side, Side]:
    """Return the right and the left side, each as wide as it gets anywhere."""
    right = [strip for strip in one.strips if strip.lane.id < 0]
    left = [strip for strip in one.strips if strip.lane.id > 0]
    return _side(one, right, verge_m), _side(one, left, verge_m)


def _side(one: TracedRoad, strips: list[Strip], verge_m: float) -> Side:
    middle = {s.section: s for s in one.strips}
    offsets = {k: lane_offset(one.road, strip.s_m) for k, strip in middle.items()}
    driven = [s for s in strips if is_driven(s.lane.type)]
    lanes = [s for s in driven if s.lane.type == "driving"]
    edge = max((_reach(s, offsets[s.section]) for s in driven), default=0.0)
    ids = {s.lane.id for s in lanes}
    lane_m = float(np.mean([_width(s) for s in lanes])) if lanes else 3.5
    parking = max((_width(s) for s in driven if s.lane.type == "parking"), default=0.0)
    walk = sum(
        max(_width(s) for s in strips if s.lane.id == lane_id)
        for lane_id in {s.lane.id for s in strips if s.lane.type in ("sidewalk", "walking")}
    )
    shoulder = max(edge - len(ids) * lane_m - parking, 0.0)
    return Side(len(ids), lane_m, shoulder, parking, walk, verge_m)


def _reach(strip: Strip, middle_m: F64) -> float:
    return float(np.abs(strip.outer_m - middle_m).max())


def _width(strip: Strip) -> float:
    return float(np.median(np.abs(strip.outer_m - strip.inner_m)))
