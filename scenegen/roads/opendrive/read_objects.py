"""Objects of OpenDRIVE roads: crosswalks, barriers, islands, tunnels, bridges and whatever else."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from scenegen.records.base import F64, Vec2
from scenegen.records.road_map import MapObject, MapRoad
from scenegen.roads.opendrive.element import Element
from scenegen.roads.opendrive.notes import note
from scenegen.roads.opendrive.words import object_kind
from scenegen.roads.reference_line import frames, place

_STEP_M = 5.0
MAX_COPIES = 10_000
_KINDS = (
    "crosswalk",
    "stop_line",
    "barrier",
    "rail",
    "island",
    "tunnel",
    "bridge",
    "arrow",
    "other",
)


def read_objects(element: Element, road: MapRoad) -> tuple[MapObject, ...]:
    """Return the objects of a road whose lines and lanes are known."""
    parent = element.child("objects")
    if parent is None:
        return ()
    found = [thing for e in parent.all("object") for thing in _object(e, road)]
    for tag in ("tunnel", "bridge"):
        found += [_span(e, tag) for e in parent.all(tag)]
    return tuple(found)


def _span(element: Element, kind: str) -> MapObject:
    """Return a tunnel or a bridge, which lies in the middle of its stretch of road."""
    length = element.at_least("length", 0.0)
    element.get("type")
    size = {name: note(element, name) for name in ("width", "height")}
    return MapObject.model_validate(
        {
            "id": element.text("id"),
            "kind": kind,
            "s_m": element.at_least("s", 0.0) + 0.5 * length,
            "t_m": 0.0,
            "length_m": length,
            "name": element.get("name"),
            **{f"{name}_m": data.at_least("value", 0.0) for name, data in size.items() if data},
        }
    )


def _object(element: Element, road: MapRoad) -> Iterator[MapObject]:
    word, name = element.get("type"), element.get("name")
    for ignored in ("orientation", "dynamic", "validLength"):
        element.get(ignored)
    radius = element.at_least("radius", 0.0, 0.0)
    kind = _told(element) or object_kind(word, name, element.get("subtype"))
    if kind == "other" and word not in ("none", "-1"):
        name = name or word
    whole = MapObject.model_validate(
        {
            "id": element.text("id"),
            "kind": kind,
            "s_m": element.at_least("s", 0.0),
            "t_m": element.number("t"),
            "z_m": element.number("zOffset", 0.0),
            "heading_rad": element.number("hdg", 0.0),
            "length_m": element.at_least("length", 0.0, 2 * radius),
            "width_m": element.at_least("width", 0.0, 2 * radius),
            "height_m": element.at_least("height", 0.0, 0.0),
            "name": name,
        }
    )
    outline = _outline(element, whole, road)
    if outline:
        whole = whole.model_copy(update={"outline_m": counter_clockwise(outline)})
    repeats = element.all("repeat")
    if not repeats:
        yield whole
    count = 0
    for repeat in repeats:
        for copy in _repeated(repeat, whole, road):
            count += 1
            yield copy.model_copy(update={"id": f"{whole.id}.{count}"})


def _told(element: Element) -> str:
    """Return the kind that a file of our own adds where OpenDRIVE 1.7 has no word."""
    data = note(element, "kind")
    return data.choice("value", _KINDS) if data else ""


def _outline(element: Element, thing: MapObject, road: MapRoad) -> tuple[Vec2, ...]:
    """Return the corners of an object's first outline in its own frame."""
    parent = element.child("outlines") or element
    outline = parent.child("outline")
    if outline is None:
        return ()
    for ignored in ("id", "closed", "outer"):
        outline.get(ignored)
    local = outline.all("cornerLocal")
    if local:
        for corner in local:
            for ignored in ("id", "height"):
                corner.get(ignored)
        return tuple((corner.number("u"), corner.number("v")) for corner in local)
    corners = outline.all("cornerRoad")
    for corner in corners:
        for ignored in ("id", "height"):
            corner.get(ignored)
    if not corners:
        return ()
    st = np.array([(corner.number("s"), corner.number("t")) for corner in corners])
    return _corners(place(road, st[:, 0], st[:, 1]), thing, road)


def counter_clockwise(corners: tuple[Vec2, ...]) -> tuple[Vec2, ...]:
    """Return corners of an outline in the order that records have; files may have either."""
    after = (*corners[1:], corners[0])
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, after, strict=True))
    return corners[::-1] if area < 0 else corners


def _corners(xy: F64, thing: MapObject, road: MapRoad) -> tuple[Vec2, ...]:
    """Return points (N, 2) of the plane in an object's frame."""
    away = xy - place(road, thing.s_m, thing.t_m)
    angle = float(frames(road, thing.s_m).heading_rad) + thing.heading_rad
    cos, sin = math.cos(angle), math.sin(angle)
    return tuple((float(x * cos + y * sin), float(y * cos - x * sin)) for x, y in away)


def _repeated(repeat: Element, thing: MapObject, road: MapRoad) -> Iterator[MapObject]:
    """Yield copies of an object along the road, or the one strip that closely set ones are."""
    start, length = repeat.at_least("s", 0.0), repeat.at_least("length", 0.0)
    apart = repeat.at_least("distance", 0.0)
    span = {}
    for key, usual in (("t", thing.t_m), ("zOffset", thing.z_m), ("height", thing.height_m)):
        span[key] = repeat.number(f"{key}Start", usual), repeat.number(f"{key}End", usual)
    wide = thing.width_m
    span["width"] = repeat.number("widthStart", wide), repeat.number("widthEnd", wide)
    if apart == 0.0:
        yield _strip(thing, road, start, length, span)
        return
    count = int(length / apart + 1e-9) + 1
    if count > MAX_COPIES:
        raise repeat.error(f"<repeat> makes {count:,} copies; at most {MAX_COPIES:,} are read")
    for k in range(count):
        share = k * apart / length if length else 0.0
        yield thing.model_copy(update={"s_m": start + k * apart, **_between(span, share)})


def _between(span: dict[str, tuple[float, float]], share: float) -> dict[str, float]:
    names = {"t": "t_m", "zOffset": "z_m", "height": "height_m", "width": "width_m"}
    return {names[key]: a + share * (b - a) for key, (a, b) in span.items()}


def _strip(
    thing: MapObject,
    road: MapRoad,
    start: float,
    length: float,
    span: dict[str, tuple[float, float]],
) -> MapObject:
    """Return an object that goes on without gaps, such as a guard rail, as an outline."""
    shares = np.linspace(0.0, 1.0, max(math.ceil(length / _STEP_M), 1) + 1)
    s = start + shares * length
    t, half = (np.interp(shares, (0, 1), span[key]) for key in ("t", "width"))
    half = 0.5 * half
    middle = {key: 0.5 * (a + b) for key, (a, b) in span.items()}
    laid = thing.model_copy(
        update={
            "s_m": start + 0.5 * length,
            "t_m": middle["t"],
            "z_m": middle["zOffset"],
            "height_m": middle["height"],
            "width_m": middle["width"],
            "length_m": length,
            "heading_rad": 0.0,
        }
    )
    right, left = place(road, s, t - half), place(road, s, t + half)
    xy = np.concatenate([right, left[::-1]])
    return laid.model_copy(update={"outline_m": _corners(xy, laid, road)})
