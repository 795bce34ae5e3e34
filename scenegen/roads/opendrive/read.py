"""Read maps from OpenDRIVE files, 1.4 to 1.8."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from scenegen.errors import MapError
from scenegen.records.road_map import Connection, MapJunction, MapRoad, RoadLink, RoadMap
from scenegen.roads.opendrive.element import Element, Left, parse
from scenegen.roads.opendrive.read_lanes import read_sections, read_speed
from scenegen.roads.opendrive.read_objects import read_objects
from scenegen.roads.opendrive.read_plan import ascending, read_cubics, read_plan
from scenegen.roads.opendrive.read_signals import read_groups, read_signals
from scenegen.scenario.map_file import read_map_bytes

VERSIONS = (4, 8)
"""First and last minor revision that is read, of major revision 1."""
_CONTACTS = ("start", "end")


class Imported(NamedTuple):
    """A map, and what of its file it doesn't hold."""

    map: RoadMap
    left: tuple[Left, ...]


def read_opendrive(path: Path) -> Imported:
    """Read an OpenDRIVE file.

    Raises
    ------
    MapError
        It can't be read, is no OpenDRIVE of 1.4 to 1.8, or wrong at a known place.
    """
    return parse_opendrive(read_map_bytes(path), str(path))


@lru_cache(maxsize=4)
def parse_opendrive(content: bytes, file: str) -> Imported:
    """Read OpenDRIVE from a file's content.

    Parameters
    ----------
    content : bytes
    file : str
        What messages call it.

    Raises
    ------
    MapError
        As `read_opendrive`.
    """
    root = parse(content, file)
    if root.tag != "OpenDRIVE":
        raise root.error(f"the first element is <OpenDRIVE>, not <{root.tag}>")
    header = root.need("header")
    _check_version(header)
    groups = read_groups(root)
    roads = tuple(_road(element, groups) for element in root.all("road"))
    if not roads:
        raise root.error("the map has no <road>; add one")
    junctions = tuple(_junction(element) for element in root.all("junction"))
    road_map = RoadMap(name=header.get("name"), roads=roads, junctions=junctions)
    _check_references(root, road_map)
    return Imported(road_map, root.left())


def _check_version(header: Element) -> None:
    for name in tuple(header.attributes):
        header.get(name)
    major, minor = header.integer("revMajor"), header.integer("revMinor")
    first, last = VERSIONS
    if major != 1 or not first <= minor <= last:
        raise header.error(
            f"OpenDRIVE {major}.{minor} is not read: save the map as one of 1.{first} to 1.{last}"
        )


def _road(element: Element, groups: Mapping[str, str]) -> MapRoad:
    offset, sections = read_sections(element)
    lateral = element.child("lateralProfile")
    junction = element.get("junction", "-1")
    signals, references = read_signals(element, groups)
    length = element.at_least("length", 0.0)
    if length == 0.0:
        raise element.error("length of <road> is above 0; give it its geometries' length")
    road = MapRoad.model_validate(
        {
            "id": element.text("id"),
            "name": element.get("name"),
            "length_m": length,
            "junction": None if junction in ("-1", "") else junction,
            "rule": element.choice("rule", {"RHT": "right", "LHT": "left"}, "RHT"),
            "speed_mps": _speed(element),
            "geometries": read_plan(element),
            "elevation": read_cubics(element.child("elevationProfile"), "elevation"),
            "superelevation": read_cubics(lateral, "superelevation"),
            "lane_offset": offset,
            "sections": sections,
            "predecessor": _link(element, "predecessor"),
            "successor": _link(element, "successor"),
            "signals": signals,
            "signal_references": references,
        }
    )
    objects = read_objects(element, road)
    return road.model_copy(update={"objects": objects}) if objects else road


def _speed(road: Element) -> float | None:
    """Return the limit of a road's first stretch; those of further ones are left out."""
    for stretch in ascending(road.all("type"), "s")[1:]:
        stretch.seen = False
    first = road.child("type")
    return read_speed(first.child("speed")) if first else None


def _link(road: Element, tag: str) -> RoadLink | None:
    link = road.child("link")
    found = link.child(tag) if link else None
    if found is None:
        return None
    kind = found.choice("elementType", ("road", "junction"), "road")
    contact = found.choice("contactPoint", _CONTACTS) if found.get("contactPoint") else None
    return RoadLink.model_validate(
        {"kind": kind, "id": found.text("elementId"), "contact": contact}
    )


def _junction(element: Element) -> MapJunction:
    element.get("type")
    return MapJunction(
        id=element.text("id"),
        name=element.get("name"),
        connections=tuple(_connection(e) for e in element.all("connection")),
    )


def _connection(element: Element) -> Connection:
    # A direct junction has no road of its own: it leads right into the linked one.
    into = "connectingRoad" if element.get("connectingRoad") else "linkedRoad"
    return Connection.model_validate(
        {
            "id": element.text("id"),
            "incoming": element.text("incomingRoad"),
            "connecting": element.text(into if element.get(into) else "connectingRoad"),
            "contact": element.choice("contactPoint", _CONTACTS, "start"),
            "lanes": tuple((e.integer("from"), e.integer("to")) for e in element.all("laneLink")),
        }
    )


def _check_references(root: Element, road_map: RoadMap) -> None:
    """Refuse ids that are given twice or that nothing has."""
    for tag in ("road", "junction"):
        seen: set[str] = set()
        for element in root.all(tag):
            name = element.text("id")
            if name in seen:
                raise element.error(f"two of <{tag}> have the id {name!r}; rename one")
            seen.add(name)
    roads = {road.id for road in road_map.roads}
    junctions = {junction.id for junction in road_map.junctions}
    for road, element in zip(road_map.roads, root.all("road"), strict=True):
        for link in (road.predecessor, road.successor):
            if link is not None and link.id not in (roads if link.kind == "road" else junctions):
                raise _missing(element, f"road {road.id!r} is linked to {link.kind} {link.id!r}")
        if road.junction is not None and road.junction not in junctions:
            raise _missing(element, f"road {road.id!r} is part of junction {road.junction!r}")
    for junction, element in zip(road_map.junctions, root.all("junction"), strict=True):
        for connection in junction.connections:
            for name in (connection.incoming, connection.connecting):
                if name not in roads:
                    raise _missing(element, f"junction {junction.id!r} connects road {name!r}")


def _missing(element: Element, what: str) -> MapError:
    return element.error(f"{what}, which the file doesn't hold; add it or remove the link")
