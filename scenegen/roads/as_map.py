"""Procedural roads as road maps, so that they can be exported.

Lanes are those of the cross-section; paint, crossings for walkers and signals are taken from the
network that `build_network` makes, and laid along the map's own lines. A map ends where the lanes
do: the road's straight run-out beyond both ends isn't part of it. Arrows, bicycles, zigzags and
the lines of parking bays aren't, either.
"""

from __future__ import annotations

import numpy as np

from scenegen.records import RoadSpec
from scenegen.records.road_map import Arc, Cubic, Geometry, MapRoad, RoadMap
from scenegen.roads.alignment import Alignment, main_alignment
from scenegen.roads.as_map_crossing import crossing_map
from scenegen.roads.as_map_lanes import Stretch, sections_of
from scenegen.roads.as_map_paint import marks_of, objects_of
from scenegen.roads.map.network import road_map
from scenegen.roads.network import build_network, parking_gap
from scenegen.roads.section import cross_section

_HEIGHT_ERROR_M = 5e-4
"""By which a profile of cubics may miss a hill's crest."""


def road_map_of(spec: RoadSpec) -> RoadMap:
    """Return a road as a map: the one it is built from, or the one that its sweep comes to.

    Raises
    ------
    InputError
        As `build_network`.
    """
    if spec.is_map:
        return road_map(spec)
    if spec.kind == "crossing":
        return crossing_map(spec)
    network, alignment = build_network(spec), main_alignment(spec)
    stretch = Stretch("1", "road", alignment, (0.0, spec.length_m))
    gap = parking_gap(spec)
    lines = [line for line in network.lines if line.type in ("solid", "broken")]
    marks = marks_of(spec, stretch, cross_section(spec), lines)
    road = MapRoad(
        id=stretch.id,
        name=stretch.name,
        length_m=spec.length_m,
        speed_mps=spec.speed_limit_mps,
        geometries=_plan(spec, alignment),
        elevation=_profile(spec),
        sections=sections_of(cross_section(spec), stretch, marks, clear=gap),
        objects=objects_of(stretch, network.lines),
    )
    return RoadMap(name=spec.kind, roads=(road,))


def _plan(spec: RoadSpec, alignment: Alignment) -> tuple[Geometry, ...]:
    """Return straights, and the circle's arc that the alignment's chords stand for."""
    if alignment.bend is None:
        return (_piece(alignment, 0.0, spec.length_m),)
    start, radius, angle, _ = alignment.bend
    end = start + abs(radius) * angle
    arc = _piece(alignment, start, end).model_copy(update={"shape": Arc(curvature_1pm=1 / radius)})
    pieces = [arc]
    if start > 0:
        pieces.insert(0, _piece(alignment, 0.0, start))
    if end < spec.length_m:
        pieces.append(_piece(alignment, end, spec.length_m))
    return tuple(pieces)


def _piece(alignment: Alignment, s0: float, s1: float) -> Geometry:
    x, y = alignment.place(s0, 0.0)
    left = alignment.left(s0)
    heading = float(np.arctan2(-left[0], left[1]))
    return Geometry(s_m=s0, x_m=float(x), y_m=float(y), heading_rad=heading, length_m=s1 - s0)


def _profile(spec: RoadSpec) -> tuple[Cubic, ...]:
    """Return a hill's raised cosine as cubics with its own heights and slopes at their ends."""
    if spec.kind != "hill" or spec.crest_m == 0:
        return ()
    wave = 2 * np.pi / spec.crest_length_m
    # A cubic through both ends' heights and slopes misses a function by h^4 / 384 of its fourth
    # derivative at most.
    longest = (384 * _HEIGHT_ERROR_M / (0.5 * spec.crest_m * wave**4)) ** 0.25
    count = 2 * int(np.ceil(0.5 * spec.crest_length_m / longest))
    x = np.linspace(0.0, spec.crest_length_m, count + 1)
    z = 0.5 * spec.crest_m * (1 - np.cos(wave * x))
    slope = 0.5 * spec.crest_m * wave * np.sin(wave * x)
    start = 0.5 * (spec.length_m - spec.crest_length_m)
    h = x[1]
    rise, before, after = np.diff(z) / h, slope[:-1], slope[1:]
    pieces = [Cubic()] if start > 0 else []
    pieces += [
        Cubic(
            s_m=float(start + x[k]),
            a=float(z[k]),
            b=float(before[k]),
            c=float((3 * rise[k] - 2 * before[k] - after[k]) / h),
            d=float((before[k] + after[k] - 2 * rise[k]) / h**2),
        )
        for k in range(count)
    ]
    if start > 0:
        pieces.append(Cubic(s_m=float(start + spec.crest_length_m)))
    return tuple(pieces)
