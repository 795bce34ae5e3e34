"""Write maps as OpenDRIVE 1.7: the same map is the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

import numpy as np

from scenegen.records.road_map import (
    Arc,
    Cubic,
    Geometry,
    MapJunction,
    MapRoad,
    ParamPoly3,
    RoadLink,
    RoadMap,
    Spiral,
)
from scenegen.roads.opendrive.allowed import as_allowed
from scenegen.roads.opendrive.write_furniture import write_objects, write_signals
from scenegen.roads.opendrive.write_lanes import write_lanes
from scenegen.roads.opendrive.xml import add, number
from scenegen.roads.reference_line import frames, stations

_BOUNDS_STEP_M = 10.0
_RULES = {"right": "RHT", "left": "LHT"}


def write_opendrive(road_map: RoadMap) -> bytes:
    """Return a map as an OpenDRIVE 1.7 file.

    What OpenDRIVE 1.7 has no word for is kept in its ``userData``, which other programs pass
    over: lanes of type ``walking``, objects that are rails, and stop lines. What it forbids is
    said otherwise: see `as_allowed`.
    """
    road_map = as_allowed(road_map)
    root = ET.Element("OpenDRIVE")
    _header(root, road_map)
    for road in road_map.roads:
        _road(root, road)
    _controllers(root, road_map)
    for junction in road_map.junctions:
        _junction(root, junction)
    ET.indent(root, space="  ")
    text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + text + "\n").encode()


def _header(root: ET.Element, road_map: RoadMap) -> None:
    xy = np.concatenate(
        [frames(road, stations(road, _BOUNDS_STEP_M)).xy_m for road in road_map.roads]
    )
    west, south = np.floor(xy.min(axis=0))
    east, north = np.ceil(xy.max(axis=0))
    add(
        root,
        "header",
        revMajor="1",
        revMinor="7",
        name=road_map.name,
        north=number(float(north)),
        south=number(float(south)),
        east=number(float(east)),
        west=number(float(west)),
        vendor="scenegen",
    )


def _road(root: ET.Element, road: MapRoad) -> None:
    element = add(
        root,
        "road",
        name=road.name,
        length=number(road.length_m),
        id=road.id,
        junction="-1" if road.junction is None else road.junction,
        rule=_RULES[road.rule],
    )
    if road.predecessor or road.successor:
        link = add(element, "link")
        for tag, end in (("predecessor", road.predecessor), ("successor", road.successor)):
            if end is not None:
                _link(link, tag, end)
    if road.speed_mps is not None:
        kind = add(element, "type", s="0", type="unknown")
        add(kind, "speed", max=number(road.speed_mps), unit="m/s")
    plan = add(element, "planView")
    for geometry in road.geometries:
        _geometry(plan, geometry)
    if road.elevation:
        add_cubics(add(element, "elevationProfile"), "elevation", road.elevation)
    if road.superelevation:
        add_cubics(add(element, "lateralProfile"), "superelevation", road.superelevation)
    lanes = add(element, "lanes")
    add_cubics(lanes, "laneOffset", road.lane_offset)
    for section in road.sections:
        write_lanes(lanes, section)
    write_objects(element, road.objects)
    write_signals(element, road)


def _link(parent: ET.Element, tag: str, end: RoadLink) -> None:
    link = add(parent, tag, elementType=end.kind, elementId=end.id)
    if end.contact is not None:
        link.set("contactPoint", end.contact)


def _geometry(plan: ET.Element, geometry: Geometry) -> None:
    element = add(
        plan,
        "geometry",
        s=number(geometry.s_m),
        x=number(geometry.x_m),
        y=number(geometry.y_m),
        hdg=number(geometry.heading_rad),
        length=number(geometry.length_m),
    )
    shape = geometry.shape
    if isinstance(shape, Arc):
        add(element, "arc", curvature=number(shape.curvature_1pm))
    elif isinstance(shape, Spiral):
        start, end = number(shape.start_1pm), number(shape.end_1pm)
        add(element, "spiral", curvStart=start, curvEnd=end)
    elif isinstance(shape, ParamPoly3):
        cubics = add(element, "paramPoly3")
        for axis, values in (("U", shape.u), ("V", shape.v)):
            for name, value in zip("abcd", values, strict=True):
                cubics.set(name + axis, number(value))
        cubics.set("pRange", "normalized" if shape.normalized else "arcLength")
    else:
        add(element, "line")


def add_cubics(parent: ET.Element, tag: str, cubics: Sequence[Cubic]) -> None:
    """Add piecewise cubics by station."""
    for p in cubics:
        element = add(parent, tag, s=number(p.s_m))
        for name, value in zip("abcd", (p.a, p.b, p.c, p.d), strict=True):
            element.set(name, number(value))


def _controllers(root: ET.Element, road_map: RoadMap) -> None:
    groups: dict[str, list[str]] = {}
    for road in road_map.roads:
        for signal in road.signals:
            if signal.group:
                groups.setdefault(signal.group, []).append(signal.id)
    for name, signals in sorted(groups.items()):
        controller = add(root, "controller", id=name, name=name)
        for signal_id in signals:
            add(controller, "control", signalId=signal_id, type="0")


def _junction(root: ET.Element, junction: MapJunction) -> None:
    element = add(root, "junction", id=junction.id, name=junction.name)
    for connection in junction.connections:
        joined = add(
            element,
            "connection",
            id=connection.id,
            incomingRoad=connection.incoming,
            connectingRoad=connection.connecting,
            contactPoint=connection.contact,
        )
        for before, after in connection.lanes:
            joined.append(ET.Element("laneLink", {"from": str(before), "to": str(after)}))
