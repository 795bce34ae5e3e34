"""Objects of a road map that are painted or built into it: stop lines, crossings, islands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from scenegen.records.base import F64
from scenegen.records.road_map import MapObject, MapRoad
from scenegen.roads.map.marks import Painted
from scenegen.roads.outlines import bars
from scenegen.roads.paint import STOP_LINE_M, STRIPE_M
from scenegen.roads.reference_line import frames, place

_ALONG = 0.7
BAY_LINE_M = 0.12


@dataclass(frozen=True)
class Placed:
    """An object in the plane.

    Attributes
    ----------
    middle : ndarray, shape (2,)
    ahead, left : ndarray, shape (2,)
        Axes u and v of its frame.
    corners : ndarray, shape (N, 2)
        Of its outline, counter-clockwise.
    turn_rad : float
        From the road's direction to its own.
    """

    object: MapObject
    road: MapRoad
    middle: F64
    ahead: F64
    left: F64
    corners: F64
    turn_rad: float

    @property
    def area(self) -> Polygon:
        """Its outline."""
        return Polygon(self.corners)

    @property
    def crosses_ahead(self) -> bool:
        """Whether its own forward axis leads across the road rather than along it."""
        return abs(float(np.sin(self.turn_rad))) > _ALONG

    @property
    def id(self) -> str:
        """What is called after it is called so."""
        return object_id(self.road, self.object)

    def span(self, axis: F64) -> tuple[float, float]:
        """Return the least and greatest coordinates of its corners along an axis."""
        reach = (self.corners - self.middle) @ axis
        return float(reach.min()), float(reach.max())


def place_object(road: MapRoad, thing: MapObject) -> Placed:
    """Return where an object lies."""
    at = frames(road, thing.s_m)
    heading = float(at.heading_rad) + thing.heading_rad
    ahead = np.array([np.cos(heading), np.sin(heading)])
    left = np.array([-ahead[1], ahead[0]])
    middle = place(road, thing.s_m, thing.t_m)
    outline = thing.outline_m
    if not outline:
        half_u = 0.5 * (thing.length_m or STOP_LINE_M)
        half_v = 0.5 * (thing.width_m or STOP_LINE_M)
        outline = ((-half_u, -half_v), (half_u, -half_v), (half_u, half_v), (-half_u, half_v))
    corners = middle + np.array(outline) @ np.stack([ahead, left])
    return Placed(thing, road, middle, ahead, left, corners, thing.heading_rad)


def placed_objects(roads: tuple[MapRoad, ...]) -> tuple[Placed, ...]:
    """Return all objects of some roads."""
    return tuple(place_object(road, thing) for road in roads for thing in road.objects)


def object_id(road: MapRoad, thing: MapObject) -> str:
    """Return the id of what is made of an object: its own, with kind and road if it is a number."""
    return f"{thing.kind}_{road.id}_{thing.id}" if thing.id.isdigit() else thing.id


def stop_line(placed: Placed) -> Painted:
    """Return a stop line; it is labelled along its longer axis."""
    spans = placed.span(placed.ahead), placed.span(placed.left)
    long = int(spans[1][1] - spans[1][0] > spans[0][1] - spans[0][0])
    axis, aside = ((placed.ahead, placed.left), (placed.left, placed.ahead))[long]
    wide = spans[1 - long]
    middle = placed.middle + 0.5 * (wide[0] + wide[1]) * aside
    ends = np.stack([middle + d * axis for d in spans[long]])
    return Painted(
        placed.id,
        "stop",
        "white",
        wide[1] - wide[0],
        ends,
        (placed.area,),
    )


def bay_lines(placed: Placed) -> Painted:
    """Return the lines that part a parking space from those beside it, each half of a line wide."""
    areas = []
    for k in (1, 3):
        a, b = placed.corners[k], placed.corners[(k + 1) % 4]
        along = (b - a) / np.linalg.norm(b - a)
        inside = 0.5 * BAY_LINE_M * np.array([-along[1], along[0]])
        areas.append(Polygon([a, b, b + inside, a + inside]))
    return Painted(
        placed.id,
        "solid",
        "white",
        BAY_LINE_M,
        placed.corners,
        tuple(areas),
        False,
    )


def _arrow(placed: Placed) -> Painted:
    """Return an arrow, which parts no lanes."""
    return Painted(placed.id, "solid", "white", 0.0, placed.corners, (placed.area,), False)


def way_across(placed: Placed) -> tuple[F64, float]:
    """Return the line (2, 2) along which people walk over a crossing, and how wide that is."""
    axis, aside = placed.ahead, placed.left
    if not placed.crosses_ahead:
        axis, aside = placed.left, -placed.ahead
    low, high = placed.span(axis)
    side = placed.span(aside)
    middle = placed.middle + 0.5 * (side[0] + side[1]) * aside
    return np.stack([middle + low * axis, middle + high * axis]), side[1] - side[0]


def zebra(placed: Placed, carriageway: BaseGeometry) -> Painted | None:
    """Return the bars of a crossing where there is carriageway below; None if there is none."""
    line, depth = way_across(placed)
    inside = shapely.get_coordinates(shapely.intersection(LineString(line), carriageway))
    if len(inside) < 2:
        return None
    axis = (line[1] - line[0]) / np.linalg.norm(line[1] - line[0])
    reach = (inside - line[0]) @ axis
    a, b = line[0] + reach.min() * axis, line[0] + reach.max() * axis
    outlines = bars(depth, round(float(np.linalg.norm(b - a)), 2), STRIPE_M)
    # Bars lie along u, one beside the other along v.
    frame = np.stack([np.array([axis[1], -axis[0]]), axis])
    areas = tuple(Polygon(0.5 * (a + b) + np.array(bar) @ frame) for bar in outlines)
    areas = tuple(shapely.intersection(bar, placed.area.buffer(1e-3)) for bar in areas)
    return Painted(placed.id, "zebra", "white", depth, np.stack([a, b]), areas)


def painted_objects(things: tuple[Placed, ...], carriageway: BaseGeometry) -> Iterator[Painted]:
    """Yield what objects paint on a carriageway."""
    for placed in things:
        if placed.object.kind == "stop_line":
            yield replace(stop_line(placed), road=placed.road.id)
        elif placed.object.kind == "parking_space":
            yield replace(bay_lines(placed), road=placed.road.id)
        elif placed.object.kind == "arrow":
            yield replace(_arrow(placed), road=placed.road.id)
        elif placed.object.kind == "crosswalk":
            bars_ = zebra(placed, carriageway)
            if bars_ is not None:
                yield replace(bars_, road=placed.road.id)
