"""A smooth map of every geometry, and one whose lanes change: for others to read."""

from __future__ import annotations

from scenegen.records.road_map import (
    Arc,
    Cubic,
    Geometry,
    LaneSection,
    Line,
    MapLane,
    MapRoad,
    ParamPoly3,
    RoadMap,
    RoadMark,
    Shape,
    Spiral,
)
from scenegen.roads.reference_line import frames

_LANES = (LaneSection(s_m=0, lanes=(MapLane(id=0, type="none"),)),)


def chained(*pieces: tuple[Shape, float]) -> tuple[Geometry, ...]:
    """Return geometries of which each starts where the one before ends."""
    found: list[Geometry] = []
    s, x, y, heading = 0.0, 20.0, -10.0, 0.5
    for shape, length in pieces:
        found.append(
            Geometry(s_m=s, x_m=x, y_m=y, heading_rad=heading, length_m=length, shape=shape)
        )
        s += length
        road = MapRoad(id="r", length_m=s, geometries=tuple(found), sections=_LANES)
        end = frames(road, s)
        (x, y), heading = (float(v) for v in end.xy_m), float(end.heading_rad)
    return tuple(found)


def by_arc_length(curvature_1pm: float, length_m: float) -> ParamPoly3:
    """Return a cubic that follows an arc, nearly parametrised by its length."""
    k = curvature_1pm
    return ParamPoly3(
        u=(0, length_m, 0, -(k**2) * length_m**3 / 6),
        v=(0, 0, 0.5 * k * length_m**2, 0),
    )


PIECES: tuple[tuple[Shape, float], ...] = (
    (Line(), 40.0),
    (Spiral(start_1pm=0, end_1pm=0.02), 35.0),
    (Arc(curvature_1pm=0.02), 45.0),
    (Spiral(start_1pm=0.02, end_1pm=-0.015), 50.0),
    (Spiral(start_1pm=-0.015, end_1pm=0.0), 20.0),
    (by_arc_length(0.01, 20.0), 20.0),
    (Line(), 30.0),
)


def smooth_map(*, elevated: bool = False, changing: bool = False) -> RoadMap:
    """Return a road of every geometry, with four lanes that may widen and rise."""
    geometries = chained(*PIECES)
    length = sum(piece[1] for piece in PIECES)
    widths = {1: 3.25, 2: 2.0, -1: 3.5, -2: 3.0}
    lanes = tuple(
        MapLane(
            id=k,
            type="none" if k == 0 else "driving",
            widths=(Cubic(a=widths[k]),) if k else (),
            marks=(RoadMark(type="solid" if abs(k) == 2 else "broken"),),
        )
        for k in (2, 1, 0, -1, -2)
    )
    sections = (LaneSection(s_m=0, lanes=lanes),)
    if changing:
        opening = Cubic(a=0.0, c=3 * 3.0 / 60**2, d=-2 * 3.0 / 60**3)
        wider = tuple(
            lane.model_copy(update={"predecessor": lane.id if lane.id else None}) for lane in lanes
        )
        joined = tuple(
            lane.model_copy(update={"successor": lane.id if lane.id else None}) for lane in lanes
        )
        new = MapLane(id=-3, widths=(opening, Cubic(s_m=60, a=3.0)))
        sections = (
            LaneSection(s_m=0, lanes=joined),
            LaneSection(s_m=80, lanes=(*wider, new)),
        )
    road = MapRoad(
        id="7",
        name="smooth",
        length_m=length,
        geometries=geometries,
        elevation=(Cubic(a=3, b=0.02, c=-1e-4),) if elevated else (),
        lane_offset=(Cubic(a=0.4),) if changing else (),
        sections=sections,
    )
    return RoadMap(name="smooth", roads=(road,))
