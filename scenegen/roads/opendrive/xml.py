"""Small helpers to write XML."""

from __future__ import annotations

from xml.etree import ElementTree as ET


def add(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    """Add an element with attributes in the order given."""
    return ET.SubElement(parent, tag, attributes)


def number(value: float) -> str:
    """Return the shortest decimal that is read back as the same number."""
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
