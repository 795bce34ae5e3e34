"""Lane sections as OpenDRIVE 1.7."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from scenegen.records.road_map import LaneSection, MapLane, RoadMark
from scenegen.roads.opendrive.notes import add_note
from scenegen.roads.opendrive.xml import add, number

_NEWER = {"walking": "sidewalk"}
"""Lane types of OpenDRIVE 1.8, and what 1.7 calls them."""


def write_lanes(parent: ET.Element, section: LaneSection) -> None:
    """Add a lane section."""
    element = add(parent, "laneSection", s=number(section.s_m))
    for side, sign in (("left", 1), ("center", 0), ("right", -1)):
        lanes = [lane for lane in section.lanes if (lane.id > 0) - (lane.id < 0) == sign]
        if lanes or not sign:
            group = add(element, side)
            for lane in lanes or [MapLane(id=0, type="none")]:
                _lane(group, lane)


def _lane(parent: ET.Element, lane: MapLane) -> None:
    word = _NEWER.get(lane.type, lane.type)
    element = add(parent, "lane", id=str(lane.id), type=word, level="false")
    if lane.predecessor is not None or lane.successor is not None:
        link = add(element, "link")
        for tag, neighbour in (("predecessor", lane.predecessor), ("successor", lane.successor)):
            if neighbour is not None:
                add(link, tag, id=str(neighbour))
    for p in lane.widths:
        width = add(element, "width", sOffset=number(p.s_m))
        for name, value in zip("abcd", (p.a, p.b, p.c, p.d), strict=True):
            width.set(name, number(value))
    for mark in lane.marks:
        _mark(element, mark, lane.id)
    if lane.speed_mps is not None:
        add(element, "speed", sOffset="0", max=number(lane.speed_mps), unit="m/s")
    if lane.height_m != (0.0, 0.0):
        inner, outer = lane.height_m
        add(element, "height", sOffset="0", inner=number(inner), outer=number(outer))
    if word != lane.type:
        add_note(element, "type", lane.type)


def _mark(parent: ET.Element, mark: RoadMark, lane_id: int) -> None:
    element = add(
        parent,
        "roadMark",
        sOffset=number(mark.s_m),
        type=mark.type,
        weight="standard",
        color=mark.color,
        width=number(mark.width_m),
    )
    if mark.type == "none" or (mark.offset_m == 0.0 and mark.dash_m is None):
        return
    detail = add(element, "type", name=mark.type, width=number(mark.width_m))
    kinds = mark.type.split()
    if lane_id > 0:
        # The name goes from the inner line outward, lines here from left to right.
        kinds.reverse()
    for place, kind in zip(_places(mark, len(kinds)), kinds, strict=True):
        length, space = mark.dash_m if kind == "broken" and mark.dash_m else (0.0, 0.0)
        add(
            detail,
            "line",
            length=number(length),
            space=number(space),
            tOffset=number(place),
            sOffset="0",
            width=number(mark.width_m),
        )


def _places(mark: RoadMark, count: int) -> tuple[float, ...]:
    """Return the offsets of a mark's lines to the left of its border, the left one first."""
    if count == 1:
        return (mark.offset_m,)
    return mark.offset_m + mark.width_m, mark.offset_m - mark.width_m
