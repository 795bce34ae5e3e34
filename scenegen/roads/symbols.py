"""Where arrows, bicycles, zigzags and the lines between parked cars are painted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenegen.records import RoadSpec
from scenegen.roads import outlines
from scenegen.roads.alignment import Alignment
from scenegen.roads.fill import Figure
from scenegen.roads.paint import Interval, Marking, edge_width
from scenegen.roads.section import Section, Side
from scenegen.roads.sweep import Zone

_ARROWS_BEFORE_M = (4.0, 24.0)
"""Of their tips, before a stop line."""
ARROWS_REACH_M = _ARROWS_BEFORE_M[-1] + outlines.ARROW_M + 1.0
"""From a stop line back to where there is room for other paint."""
_BICYCLES_M, _BICYCLE_INSET_M = 50.0, 1.15
"""Spacing of painted bicycles; their middle's distance from the kerb where there is no lane."""
_CYCLE_LANE_M = 1.3
"""Least width of a shoulder that bicycles are painted in."""
_BAY_M, _BAY_LINE_M = 5.7, 0.1
BEFORE_M, AFTER_M = 30.0, 60.0
"""How far such paint goes on before and after the road."""
_CLEAR_M = 0.3
"""Of zigzags from what lies around them."""


def within_reach(spec: RoadSpec, runs: Sequence[Interval]) -> list[Interval]:
    """Return the parts of stretches of road that are near enough to see such paint."""
    low, high = -BEFORE_M, spec.length_m + AFTER_M
    clipped = [(max(a, low), min(b, high)) for a, b in runs]
    return [(a, b) for a, b in clipped if a < b]


def ways_from(lanes: int) -> list[outlines.Way]:
    """Return where one may go from each lane, from the middle of the road outward."""
    if lanes < 2:
        return []
    inner: outlines.Way = "straight left" if lanes == 2 else "left"
    between: list[outlines.Way] = ["straight"] * (lanes - 2)
    return [inner, *between, "straight right"]


def arrows(side: Side, stop_s: float, ahead: float) -> Marking:
    """Return the arrows of an approach with several lanes; forward ones have ``ahead`` 1."""
    slim = min(1.0, 0.5 * (side.lane_m - 1.2))
    figures = [
        Figure(
            outlines.arrow(way),
            (stop_s - ahead * (before + outlines.ARROW_M), -ahead * (k + 0.5) * side.lane_m),
            ahead,
            slim,
        )
        for k, way in enumerate(ways_from(side.lanes))
        for before in _ARROWS_BEFORE_M
    ]
    return Marking((), (), tuple(figures))


def bicycles(
    spec: RoadSpec, section: Section, alignment: Alignment, runs: Sequence[Interval]
) -> Marking:
    """Return painted bicycles over stretches of road, where it is straight and level."""
    if not spec.cycle_symbols:
        return Marking((), ())
    figures = []
    for side, ahead in ((section.right, 1.0), (section.left, -1.0)):
        if not side.lanes:
            continue
        across = side.lanes_m - _BICYCLE_INSET_M
        if side.shoulder_m >= _CYCLE_LANE_M:
            across = side.lanes_m + 0.5 * (side.shoulder_m + edge_width(spec))
        for s0, s1 in runs:
            for s in np.arange(s0 + 0.25 * _BICYCLES_M, s1 - outlines.BICYCLE_M, _BICYCLES_M):
                near = np.abs(alignment.breaks_m - s) < outlines.BICYCLE_M + _CLEAR_M
                if not near.any():
                    figures.append(Figure(outlines.bicycle(), (float(s), -ahead * across), ahead))
    return Marking((), (), tuple(figures))


def _strip(spec: RoadSpec, side: Side) -> Interval:
    """Return where a parking strip begins and ends, outward from the reference line."""
    return side.lanes_m + max(side.shoulder_m, edge_width(spec)), side.carriageway_m


def zigzags(spec: RoadSpec, section: Section, runs: Sequence[Interval]) -> Marking:
    """Return the zigzags in which nobody may park, over stretches beside crossings."""
    figures = []
    for side, sign in ((section.right, -1.0), (section.left, 1.0)):
        near, far = _strip(spec, side)
        width = far - near - _CLEAR_M
        if side.parking_m <= 0 or width < 1.0:
            continue
        for s0, s1 in runs:
            drawn = outlines.zigzag(s1 - s0 - 2 * _CLEAR_M, width)
            figures.append(Figure(drawn, (s0 + _CLEAR_M, sign * 0.5 * (near + far))))
    return Marking((), (), tuple(figures))


def bays(spec: RoadSpec, section: Section, runs: Sequence[Interval]) -> Marking:
    """Return the lines across parking strips, between one car and the next."""
    zones = []
    for side, sign in ((section.right, -1.0), (section.left, 1.0)):
        if side.parking_m <= 0 or not spec.bays:
            continue
        t0, t1 = sorted(sign * t for t in _strip(spec, side))
        for s0, s1 in runs:
            for s in s0 + np.arange(int((s1 - s0) / _BAY_M) + 1) * _BAY_M:
                zones.append(Zone("paint", s, s + _BAY_LINE_M, t0, t1))
    return Marking(tuple(zones), ())
