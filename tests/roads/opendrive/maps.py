"""Random road maps, and small ones written by hand."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st

from scenegen.records.road_map import (
    Arc,
    Connection,
    Cubic,
    Geometry,
    LaneSection,
    Line,
    MapJunction,
    MapLane,
    MapObject,
    MapRoad,
    MapSignal,
    ParamPoly3,
    RoadLink,
    RoadMap,
    RoadMark,
    SignalReference,
    Spiral,
)
from scenegen.roads.opendrive.read_objects import counter_clockwise
from scenegen.roads.opendrive.write_furniture import is_stretch

_WORD = st.text("abcXYZ019_-.é&<>\"' ", max_size=8).map(str.strip)
_ID = st.text("abc019_", min_size=1, max_size=5)


def _grid(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers whose sums and halves are exact."""
    return st.integers(int(low * 64), int(high * 64)).map(lambda k: k / 64)


_FREE = st.floats(-1e6, 1e6)
_COEFFICIENT = st.floats(-10, 10)
_S = _grid(0, 200)
_KINDS = ("solid", "broken", "solid solid", "solid broken", "broken solid", "broken broken")


def _cubics(most: int = 3) -> st.SearchStrategy[tuple[Cubic, ...]]:
    one = st.builds(Cubic, s_m=_S, a=_COEFFICIENT, b=_COEFFICIENT, c=_COEFFICIENT, d=_COEFFICIENT)
    return st.lists(one, max_size=most).map(lambda c: tuple(sorted(c, key=lambda p: p.s_m)))


_FOUR = st.tuples(_COEFFICIENT, _COEFFICIENT, _COEFFICIENT, _COEFFICIENT)
_SHAPE = st.one_of(
    st.just(Line()),
    st.builds(Arc, curvature_1pm=_COEFFICIENT),
    st.builds(Spiral, start_1pm=_COEFFICIENT, end_1pm=_COEFFICIENT),
    st.builds(ParamPoly3, u=_FOUR, v=_FOUR, normalized=st.booleans()),
)
_GEOMETRY = st.builds(
    Geometry,
    s_m=_S,
    x_m=_FREE,
    y_m=_FREE,
    heading_rad=st.floats(-7, 7),
    length_m=st.floats(1e-3, 300),
    shape=_SHAPE,
)


@st.composite
def _marks(draw: st.DrawFn) -> RoadMark:
    kind = draw(st.sampled_from((*_KINDS, "none")))
    detailed = kind != "none" and draw(st.booleans())
    return RoadMark.model_validate(
        {
            "s_m": draw(_S),
            "type": kind,
            "color": draw(st.sampled_from(("white", "yellow"))),
            "width_m": draw(_grid(0.05, 0.5)) + 1 / 64,
            "offset_m": draw(_grid(-1, 1)) if detailed else 0.0,
            "dash_m": (3.0, 6.0) if detailed and "broken" in kind else None,
        }
    )


@st.composite
def _lanes(draw: st.DrawFn, lane_id: int) -> MapLane:
    words = ("driving", "walking", "sidewalk", "parking", "curb", "none", "onRamp", "bus")
    marks = draw(st.lists(_marks(), max_size=2))
    neighbour = st.none() | st.integers(-3, 3)
    return MapLane.model_validate(
        {
            "id": lane_id,
            "type": draw(st.sampled_from(words)),
            "widths": draw(_cubics(2)) if lane_id else (),
            "marks": sorted(marks, key=lambda mark: mark.s_m),
            "height_m": (draw(_grid(0, 1)), draw(_grid(0, 1))) if lane_id else (0.0, 0.0),
            "predecessor": draw(neighbour),
            "successor": draw(neighbour),
            "speed_mps": draw(st.none() | st.floats(0, 60)),
        }
    )


@st.composite
def _sections(draw: st.DrawFn) -> LaneSection:
    left, right = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    return LaneSection(
        s_m=draw(_S), lanes=tuple(draw(_lanes(k)) for k in range(left, -right - 1, -1))
    )


_VALID = st.none() | st.tuples(st.integers(-4, 0), st.integers(0, 4))
_TOWARDS = st.sampled_from(("+", "-", "none"))


@st.composite
def _signals(draw: st.DrawFn, name: str) -> MapSignal:
    kinds = ("traffic_light", "walk_light", "stop", "give_way", "speed_limit", "level_crossing")
    kind = draw(st.sampled_from((*kinds, "other")))
    value = draw(st.none() | st.floats(0, 60))
    return MapSignal.model_validate(
        {
            "id": name,
            "kind": kind,
            "s_m": draw(_S),
            "t_m": draw(_FREE),
            "z_m": draw(_FREE),
            "orientation": draw(_TOWARDS),
            "heading_rad": draw(st.floats(-3, 3)),
            "lanes": draw(_VALID),
            "group": draw(st.sampled_from(("", "g1", "g2"))),
            "value": 50 / 3.6 if kind == "speed_limit" and value is None else value,
            "name": draw(_WORD),
        }
    )


@st.composite
def _objects(draw: st.DrawFn, name: str) -> MapObject:
    solid = ("crosswalk", "stop_line", "barrier", "rail", "island", "parking_space", "other")
    words = (*solid, "tunnel", "bridge")
    kind = draw(st.sampled_from(words))
    length = draw(_grid(0, 50))
    data: dict[str, Any] = {"id": name, "kind": kind, "length_m": length, "name": draw(_WORD)}
    if kind in ("tunnel", "bridge") and draw(st.booleans()):
        size = {"width_m": draw(_grid(0, 50)), "height_m": draw(_grid(0, 10))}
        return MapObject.model_validate({**data, **size, "s_m": 50 + draw(_S), "t_m": 0.0})
    corners = st.lists(st.tuples(_COEFFICIENT, _COEFFICIENT), max_size=4).map(tuple)
    return MapObject.model_validate(
        {
            **data,
            "s_m": draw(_S),
            "t_m": draw(_FREE),
            "z_m": draw(_FREE),
            "heading_rad": draw(st.floats(-3, 3)),
            "width_m": draw(_grid(0, 50)),
            "height_m": draw(_grid(0, 10)),
            "outline_m": counter_clockwise(outline) if (outline := draw(corners)) else (),
        }
    )


def _sorted_objects(things: list[MapObject]) -> tuple[MapObject, ...]:
    """The road's own tunnels and bridges come last in files."""
    rank = {"tunnel": 1, "bridge": 2}
    return tuple(sorted(things, key=lambda thing: is_stretch(thing) * rank.get(thing.kind, 0)))


@st.composite
def _roads(draw: st.DrawFn, name: str, roads: list[str], junctions: list[str]) -> MapRoad:
    end = st.none() | st.builds(
        RoadLink,
        kind=st.just("road"),
        id=st.sampled_from(roads),
        contact=st.sampled_from(("start", "end")),
    )
    if junctions:
        end = end | st.builds(RoadLink, kind=st.just("junction"), id=st.sampled_from(junctions))
    geometries = draw(st.lists(_GEOMETRY, min_size=1, max_size=4))
    sections = draw(st.lists(_sections(), min_size=1, max_size=2))
    reference = st.builds(
        SignalReference, id=_ID, s_m=_S, t_m=_FREE, orientation=_TOWARDS, lanes=_VALID
    )
    count = draw(st.integers(0, 3))
    return MapRoad(
        id=name,
        name=draw(_WORD),
        length_m=draw(st.floats(1, 1000)),
        junction=draw(st.none() | st.sampled_from(junctions)) if junctions else None,
        rule=draw(st.sampled_from(("right", "left"))),
        speed_mps=draw(st.none() | st.floats(0, 60)),
        geometries=tuple(sorted(geometries, key=lambda g: g.s_m)),
        elevation=draw(_cubics()),
        superelevation=draw(_cubics()),
        lane_offset=draw(_cubics()),
        sections=tuple(sorted(sections, key=lambda section: section.s_m)),
        predecessor=draw(end),
        successor=draw(end),
        signals=tuple(draw(_signals(f"{name}s{k}")) for k in range(count)),
        signal_references=tuple(draw(st.lists(reference, max_size=2))),
        objects=_sorted_objects([draw(_objects(f"{name}o{k}")) for k in range(count)]),
    )


@st.composite
def road_maps(draw: st.DrawFn) -> RoadMap:
    """Maps that mean nothing but use every field that OpenDRIVE keeps."""
    names = draw(st.lists(_ID, min_size=1, max_size=3, unique=True))
    junctions = draw(st.lists(_ID, max_size=2, unique=True))
    connections = st.builds(
        Connection,
        id=_ID,
        incoming=st.sampled_from(names),
        connecting=st.sampled_from(names),
        contact=st.sampled_from(("start", "end")),
        lanes=st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), max_size=3).map(tuple),
    )
    return RoadMap(
        name=draw(_WORD),
        roads=tuple(draw(_roads(name, names, junctions)) for name in names),
        junctions=tuple(
            MapJunction(
                id=name,
                name=draw(_WORD),
                connections=tuple(draw(st.lists(connections, max_size=2))),
            )
            for name in junctions
        ),
    )
