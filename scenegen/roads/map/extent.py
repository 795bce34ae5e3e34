"""How far roads are drawn beyond where they simply end, so that no view shows them ending."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from scenegen.records.road_map import MapRoad
from scenegen.roads import lane_borders
from scenegen.roads.map.trace import TracedRoad, trace_road
from scenegen.roads.reference_line import place

_TRIED_M = (400.0, 200.0, 100.0, 50.0, 25.0)
_GAP_M = 0.5
"""Between a road and its tail: what lies nearer touches the road's end anyway."""
_ROOM_M = 6.0


def outline(traced: TracedRoad) -> BaseGeometry:
    """Return the area that a road's lanes cover."""
    quads = [np.concatenate([s.inner, s.outer[::-1]]) for s in traced.strips]
    return shapely.union_all([shapely.make_valid(Polygon(quad)) for quad in quads])


def _tail(road: MapRoad, end: int, length_m: float) -> Polygon:
    section = end * (len(road.sections) - 1)
    at = road.length_m if end else 0.0
    t = list(lane_borders.borders(road, section, np.array([at])).values())
    left, right = float(t[0][0]) + _ROOM_M, float(t[-1][0]) - _ROOM_M
    sign = 1.0 if end else -1.0
    near, far = at + sign * _GAP_M, at + sign * length_m
    return Polygon(place(road, [near, far, far, near], [left, left, right, right]))


def trace_map(roads: Sequence[MapRoad]) -> tuple[TracedRoad, ...]:
    """Return all roads, those that end nowhere drawn on straight as far as there is room."""
    traced = [trace_road(road) for road in roads]
    taken = [outline(one) for one in traced]
    for k, road in enumerate(roads):
        reach = [0.0, road.length_m]
        for end, link in enumerate((road.predecessor, road.successor)):
            if link is not None or road.junction is not None:
                continue
            for length in _TRIED_M:
                tail = _tail(road, end, length)
                if not any(shapely.intersects(tail, area) for area in taken):
                    reach[end] += length if end else -length
                    taken.append(tail)
                    break
        if reach != [0.0, road.length_m]:
            traced[k] = trace_road(road, (reach[0], reach[1]))
    return tuple(traced)
