"""Road marks of OpenDRIVE lanes."""

from __future__ import annotations

from scenegen.records.road_map import RoadMark
from scenegen.roads.opendrive.element import Element
from scenegen.roads.opendrive.words import COLORS, MARKS, SAME_COLORS

STANDARD_M, BOLD_M = 0.12, 0.25
"""Widths of marks whose file gives only their weight."""
_ONE_TO_ONE = {word for word, meaning in MARKS.items() if word == meaning}


def read_mark(element: Element, lane_id: int) -> RoadMark:
    """Return a road mark; what only its detailed lines say is read if they are one or two."""
    word = element.get("type", "none")
    kind = element.choice("type", MARKS, "none")
    bold = element.choice("weight", ("standard", "bold"), "standard") == "bold"
    width = element.at_least("width", 0.0, BOLD_M if bold else STANDARD_M)
    color = element.choice("color", COLORS, "standard")
    offset, dash = 0.0, None
    lines = _lines(element)
    if lines:
        offset = sum(line.number("tOffset", 0.0) for line in lines) / len(lines)
        widths = [line.at_least("width", 0.0, width) for line in lines]
        width = widths[0]
        spaced = [line for line in lines if line.at_least("space", 0.0, 0.0) > 0]
        dashes = [(line.number("length"), line.number("space")) for line in spaced]
        dash = dashes[0] if dashes else None
        if word == "custom":
            # The name goes from the inner line outward; on lane 0, from left to right.
            lines.sort(key=lambda line: line.number("tOffset", 0.0), reverse=lane_id <= 0)
            kind = " ".join("broken" if line in spaced else "solid" for line in lines)
    if word not in _ONE_TO_ONE and not (word == "custom" and lines):
        element.forget("type")
    if element.get("color", "standard") not in SAME_COLORS:
        element.forget("color")
    return RoadMark.model_validate(
        {
            "s_m": element.at_least("sOffset", 0.0, 0.0),
            "type": kind,
            "color": color,
            "width_m": width,
            "offset_m": offset,
            "dash_m": dash,
        }
    )


def _lines(element: Element) -> list[Element]:
    """Return a mark's detailed lines if they are one or two; others are left out."""
    detail = element.child("type")
    if detail is None:
        return []
    lines = detail.all("line")
    if not 1 <= len(lines) <= 2:
        detail.seen = False
        return []
    for name in ("name", "width"):
        detail.get(name)
    for line in lines:
        line.get("length")
    return lines
