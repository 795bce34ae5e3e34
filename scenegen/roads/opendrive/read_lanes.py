"""Lane sections of OpenDRIVE roads: widths or borders, marks, heights, speeds and links."""

from __future__ import annotations

from scenegen.records.road_map import Cubic, LaneSection, MapLane
from scenegen.roads.opendrive.element import Element
from scenegen.roads.opendrive.notes import note
from scenegen.roads.opendrive.polynomials import combine
from scenegen.roads.opendrive.read_marks import read_mark
from scenegen.roads.opendrive.read_plan import ascending, read_cubics
from scenegen.roads.opendrive.words import LANES, MPS


def read_sections(road: Element) -> tuple[tuple[Cubic, ...], tuple[LaneSection, ...]]:
    """Return a road's lane offsets and lane sections."""
    lanes = road.need("lanes")
    sections = tuple(_section(e) for e in ascending(lanes.all("laneSection"), "s"))
    if not sections:
        raise lanes.error("<lanes> has no <laneSection>; add one")
    return read_cubics(lanes, "laneOffset"), sections


def _section(section: Element) -> LaneSection:
    if section.get("singleSide") == "true":
        raise section.error(
            "a <laneSection> of a single side is not read; give both sides in each section"
        )
    lanes: list[MapLane] = []
    for side, sign in (("left", 1), ("center", 0), ("right", -1)):
        group = section.child(side)
        elements = [] if group is None else group.all("lane")
        found = {element.integer("id"): element for element in elements}
        if len(found) < len(elements):
            raise section.error(f"<{side}> names a lane twice; give each an id of its own")
        wanted = [sign * (k + 1) for k in range(len(found))] if sign else [0]
        if group is not None and set(found) != set(wanted):
            raise group.error(
                f"lanes of <{side}> are {', '.join(map(str, wanted))} outward without a gap,"
                f" not {', '.join(map(str, sorted(found)))}"
            )
        lanes += _side([found[k] for k in wanted if k in found])
    if not any(lane.id == 0 for lane in lanes):
        lanes.append(MapLane(id=0, type="none"))
    return LaneSection(
        s_m=section.at_least("s", 0.0), lanes=tuple(sorted(lanes, key=lambda lane: -lane.id))
    )


def _side(elements: list[Element]) -> list[MapLane]:
    """Return the lanes of one side, given from the reference line outward."""
    lanes = []
    inner: tuple[Cubic, ...] = ()
    for element in elements:
        sign = 1.0 if element.integer("id") > 0 else -1.0
        if element.integer("id") == 0:
            lanes.append(_lane(element, ()))
            continue
        widths = read_cubics(element, "width", "sOffset")
        if not widths and (borders := read_cubics(element, "border", "sOffset")):
            widths = combine(borders, inner, (sign, -sign))
        inner = combine(inner, widths, (1.0, sign))
        lanes.append(_lane(element, widths))
    return lanes


def _lane(element: Element, widths: tuple[Cubic, ...]) -> MapLane:
    word = element.choice("type", LANES)
    if element.get("type") != word:
        element.forget("type")
    link = element.child("link")
    number = element.integer("id")
    marks = tuple(read_mark(e, number) for e in ascending(element.all("roadMark"), "sOffset"))
    return MapLane.model_validate(
        {
            "id": number,
            "type": _told(element, word),
            "widths": widths,
            "marks": marks,
            "height_m": _height(element),
            "predecessor": _neighbour(link, "predecessor"),
            "successor": _neighbour(link, "successor"),
            "speed_mps": read_speed(element.child("speed")),
        }
    )


def _told(element: Element, word: str) -> str:
    """Return the lane type that a file of our own adds where OpenDRIVE 1.7 has no word."""
    data = note(element, "type")
    return data.choice("value", LANES) if data else word


def _neighbour(link: Element | None, tag: str) -> int | None:
    found = link.child(tag) if link else None
    return None if found is None else found.integer("id")


def _height(element: Element) -> tuple[float, float]:
    """Return the lane's height at its section's start; further ones are left out."""
    height = element.child("height")
    if height is None:
        return (0.0, 0.0)
    height.get("sOffset")
    return height.number("inner"), height.number("outer")


def read_speed(element: Element | None) -> float | None:
    """Return a speed limit in m/s; None for none."""
    if element is None:
        return None
    element.get("sOffset")
    if element.get("max") in ("no limit", "undefined"):
        return None
    return element.at_least("max", 0.0) * MPS[element.choice("unit", tuple(MPS), "m/s")]
