"""Signals of OpenDRIVE roads, and the controllers that group them."""

from __future__ import annotations

from collections.abc import Mapping

from scenegen.records.road_map import MapSignal, SignalReference
from scenegen.roads.opendrive.element import Element
from scenegen.roads.opendrive.words import MPS, signal_kind

_ORIENTATIONS = ("+", "-", "none")


def read_groups(root: Element) -> dict[str, str]:
    """Return the controller of each signal; of several the first, the others are left out."""
    groups: dict[str, str] = {}
    for controller in root.all("controller"):
        name = controller.text("id")
        for tag in ("name", "sequence"):
            controller.get(tag)
        for control in controller.all("control"):
            signal = control.text("signalId")
            if groups.setdefault(signal, name) != name:
                control.seen = False
    return groups


def read_signals(
    road: Element, groups: Mapping[str, str]
) -> tuple[tuple[MapSignal, ...], tuple[SignalReference, ...]]:
    """Return the signals of a road, and its references to those of others."""
    parent = road.child("signals")
    if parent is None:
        return (), ()
    signals = tuple(_signal(element, groups) for element in parent.all("signal"))
    references = tuple(_reference(element) for element in parent.all("signalReference"))
    return signals, references


def _signal(element: Element, groups: Mapping[str, str]) -> MapSignal:
    name = element.text("id")
    kind = signal_kind(element.get("type"))
    for ignored in ("dynamic", "country", "countryRevision"):
        element.get(ignored)
    return MapSignal.model_validate(
        {
            "id": name,
            "kind": kind,
            "s_m": element.at_least("s", 0.0),
            "t_m": element.number("t"),
            "z_m": element.number("zOffset", 0.0),
            "orientation": element.choice("orientation", _ORIENTATIONS, "none"),
            "heading_rad": element.number("hOffset", 0.0),
            "lanes": read_validity(element),
            "group": groups.get(name, ""),
            "value": _value(element, kind),
            "name": element.get("name"),
        }
    )


def _value(element: Element, kind: str) -> float | None:
    """Return what a sign says, in m/s if it limits a speed."""
    subtype, country = element.get("subtype"), element.get("country").upper()
    unit = element.get("unit")
    value = element.number("value", -1.0)
    told = None if value == -1.0 else value
    if kind != "speed_limit":
        return told
    if not unit:
        unit = "mph" if country in ("US", "USA") else "km/h"
    if unit not in MPS:
        raise element.error(f"unit of a speed limit is one of {', '.join(MPS)}, not {unit!r}")
    if told is not None:
        return told * MPS[unit]
    digits = subtype or element.get("type").partition(".")[2]
    return float(digits) * MPS[unit] if digits.isdecimal() else None


def _reference(element: Element) -> SignalReference:
    return SignalReference.model_validate(
        {
            "id": element.text("id"),
            "s_m": element.at_least("s", 0.0),
            "t_m": element.number("t", 0.0),
            "orientation": element.choice("orientation", _ORIENTATIONS, "none"),
            "lanes": read_validity(element),
        }
    )


def read_validity(element: Element) -> tuple[int, int] | None:
    """Return the lanes that something is for, from the lowest id to the highest."""
    found = element.all("validity")
    if not found:
        return None
    ids = [validity.integer(name) for validity in found for name in ("fromLane", "toLane")]
    return min(ids), max(ids)
