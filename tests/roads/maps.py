"""Road maps for tests: a plain street, and maps laid over a tilted plane."""

from __future__ import annotations

import numpy as np

from scenegen.records import RoadSpec
from scenegen.records.road_map import (
    Cubic,
    Geometry,
    LaneSection,
    Line,
    MapLane,
    MapRoad,
    RoadMap,
    RoadMark,
    Shape,
)
from scenegen.roads.reference_line import frames, place

LANE_M, WALK_M = 3.25, 2.0


def lane(number: int, kind: str = "driving", width: float = LANE_M, mark: str = "none") -> MapLane:
    marks = () if mark == "none" else (RoadMark(type=mark),)
    raised = (0.12, 0.12) if kind == "sidewalk" else (0.0, 0.0)
    return MapLane(id=number, type=kind, widths=(Cubic(a=width),), marks=marks, height_m=raised)


def street(shape: Shape, length: float = 120.0, middle: str = "broken") -> MapRoad:
    """Return a lane and a pavement on each side of one geometry."""
    lanes = (
        lane(2, "sidewalk", WALK_M),
        lane(1),
        MapLane(id=0, marks=(RoadMark(type=middle, width_m=0.2),)),
        lane(-1),
        lane(-2, "sidewalk", WALK_M),
    )
    geometry = Geometry(s_m=0, x_m=10, y_m=20, heading_rad=0.3, length_m=length, shape=shape)
    return MapRoad(
        id="1", length_m=length, geometries=(geometry,), sections=(LaneSection(s_m=0, lanes=lanes),)
    )


def spec_of(*roads: MapRoad, **keys: object) -> RoadSpec:
    return RoadSpec(kind="opendrive", map=RoadMap(roads=roads), **keys)


def tilted(road: MapRoad, slope: np.ndarray) -> MapRoad:
    """Return a road laid on the plane z = slope · (x, y), to a few millimetres in bends."""
    knots = np.linspace(0, road.length_m, max(1, int(road.length_m / 4)) + 1)
    at = frames(road, knots)
    z, rise = place(road, knots, 0 * knots) @ slope, at.ahead @ slope
    roll = np.arctan(at.left @ slope)
    elevation, superelevation = [], []
    for k, step in enumerate(np.diff(knots)):
        dz = z[k + 1] - z[k]
        c = (3 * dz - (2 * rise[k] + rise[k + 1]) * step) / step**2
        d = ((rise[k] + rise[k + 1]) * step - 2 * dz) / step**3
        elevation.append(Cubic(s_m=knots[k], a=z[k], b=rise[k], c=c, d=d))
        turn = (roll[k + 1] - roll[k]) / step
        superelevation.append(Cubic(s_m=knots[k], a=roll[k], b=turn))
    return road.model_copy(
        update={"elevation": tuple(elevation), "superelevation": tuple(superelevation)}
    )


def bridge(rise: float = 7.0) -> RoadMap:
    """Return a level road along x, "1", and one along y, "2", that rises to pass over it."""
    low = street(Line(), 200.0)
    low = low.model_copy(update={"geometries": (_straight(-100.0, 0.0, 0.0, 200.0),)})
    up, down = 3 * rise / 80**2, -2 * rise / 80**3
    profile = (
        Cubic(s_m=20, c=up, d=down),
        Cubic(s_m=100, a=rise),
        Cubic(s_m=140, a=rise, c=-up, d=-down),
        Cubic(s_m=220),
    )
    high = street(Line(), 240.0).model_copy(
        update={
            "id": "2",
            "geometries": (_straight(5.0, -120.0, 0.5 * np.pi, 240.0),),
            "elevation": profile,
        }
    )
    return RoadMap(roads=(high, low))


def _straight(x: float, y: float, heading: float, length: float) -> Geometry:
    return Geometry(s_m=0, x_m=x, y_m=y, heading_rad=heading, length_m=length)
