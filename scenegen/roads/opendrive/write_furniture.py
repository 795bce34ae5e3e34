"""Signals and objects as OpenDRIVE 1.7."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from scenegen.records.road_map import MapObject, MapRoad, MapSignal
from scenegen.roads.opendrive.notes import add_note
from scenegen.roads.opendrive.xml import add, number

_CODES = {
    "traffic_light": ("OpenDRIVE", "1000001"),
    "walk_light": ("OpenDRIVE", "1000002"),
    "stop": ("DE", "206"),
    "give_way": ("DE", "205"),
    "speed_limit": ("DE", "274"),
    "level_crossing": ("DE", "201"),
    "other": ("OpenDRIVE", "-1"),
}
_WORDS = {
    "crosswalk": "crosswalk",
    "stop_line": "roadMark",
    "arrow": "roadMark",
    "barrier": "barrier",
    "rail": "none",
    "island": "trafficIsland",
    "parking_space": "parkingSpace",
    "tunnel": "none",
    "bridge": "none",
    "other": "none",
}
_NOTED = ("stop_line", "arrow", "rail", "tunnel", "bridge")


def write_signals(parent: ET.Element, road: MapRoad) -> None:
    """Add a road's signals and its references to those of others."""
    if not road.signals and not road.signal_references:
        return
    element = add(parent, "signals")
    for signal in road.signals:
        _signal(element, signal)
    for reference in road.signal_references:
        at = add(
            element,
            "signalReference",
            s=number(reference.s_m),
            t=number(reference.t_m),
            id=reference.id,
            orientation=reference.orientation,
        )
        _validity(at, reference.lanes)


def _signal(parent: ET.Element, signal: MapSignal) -> None:
    country, code = _CODES[signal.kind]
    limit = signal.kind == "speed_limit" and signal.value is not None
    element = add(
        parent,
        "signal",
        s=number(signal.s_m),
        t=number(signal.t_m),
        id=signal.id,
        name=signal.name,
        dynamic="yes" if signal.kind.endswith("_light") else "no",
        orientation=signal.orientation,
        zOffset=number(signal.z_m),
        hOffset=number(signal.heading_rad),
        country=country,
        type=code,
        subtype=str(round((signal.value or 0.0) * 3.6)) if limit else "-1",
    )
    if signal.value is not None:
        element.set("value", number(signal.value))
        if limit:
            element.set("unit", "m/s")
    _validity(element, signal.lanes)


def _validity(parent: ET.Element, lanes: tuple[int, int] | None) -> None:
    if lanes is not None:
        add(parent, "validity", fromLane=str(lanes[0]), toLane=str(lanes[1]))


def is_stretch(thing: MapObject) -> bool:
    """Whether something is a tunnel or a bridge of the road itself, as OpenDRIVE means it.

    What leads over a road, stands beside it or begins before it does is an object among others
    there.
    """
    return (
        thing.kind in ("tunnel", "bridge")
        and thing.t_m == thing.z_m == thing.heading_rad == 0.0
        and thing.s_m >= 0.5 * thing.length_m
        and not thing.outline_m
    )


def write_objects(parent: ET.Element, objects: Sequence[MapObject]) -> None:
    """Add a road's objects; its own tunnels and bridges come last, as the schema has them."""
    if not objects:
        return
    element = add(parent, "objects")
    for thing in objects:
        if not is_stretch(thing):
            _object(element, thing)
    for tag, kind in (("tunnel", "standard"), ("bridge", "concrete")):
        for thing in objects:
            if thing.kind == tag and is_stretch(thing):
                stretch = add(
                    element,
                    tag,
                    s=number(thing.s_m - 0.5 * thing.length_m),
                    length=number(thing.length_m),
                    id=thing.id,
                    name=thing.name,
                    type=kind,
                )
                for name, value in (("width", thing.width_m), ("height", thing.height_m)):
                    if value > 0:
                        add_note(stretch, name, number(value))


def _object(parent: ET.Element, thing: MapObject) -> None:
    element = add(
        parent,
        "object",
        s=number(thing.s_m),
        t=number(thing.t_m),
        id=thing.id,
        name=thing.name,
        type=_WORDS[thing.kind],
        zOffset=number(thing.z_m),
        hdg=number(thing.heading_rad),
        height=number(thing.height_m),
        orientation="none",
    )
    for name, value in (("length", thing.length_m), ("width", thing.width_m)):
        if value > 0:
            element.set(name, number(value))
    if thing.outline_m:
        outline = add(add(element, "outlines"), "outline", id="0", closed="true")
        for k, (u, v) in enumerate(thing.outline_m):
            add(
                outline,
                "cornerLocal",
                id=str(k),
                u=number(u),
                v=number(v),
                z="0",
                height=number(thing.height_m),
            )
    if thing.kind in _NOTED:
        add_note(element, "kind", thing.kind)
