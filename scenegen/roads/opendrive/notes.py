"""What files of our own say in ``userData``, where OpenDRIVE 1.7 has no word."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from scenegen.roads.opendrive.element import Element
from scenegen.roads.opendrive.xml import add

_MINE = "scenegen."


def add_note(parent: ET.Element, code: str, value: str) -> None:
    """Add a note; other programs pass over it."""
    add(parent, "userData", code=_MINE + code, value=value)


def note(element: Element, code: str) -> Element | None:
    """Return the note of a code on an element; its ``value`` is what it says."""
    for data in element.children:
        if data.tag == "userData" and data.attributes.get("code") == _MINE + code:
            data.seen = True
            data.get("code")
            return data
    return None
