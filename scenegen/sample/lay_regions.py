"""Lays out actors anywhere in a region: a lane, a roadside, crossings, or a polygon."""

from __future__ import annotations

import numpy as np

from scenegen.errors import ScenarioError
from scenegen.geometry import in_triangles, triangulate, wrap_angle
from scenegen.records.base import F64
from scenegen.roads import LaneLines, build_lanes, distinct, strip_widths
from scenegen.sample.columns import Texts
from scenegen.sample.laid import Laid
from scenegen.sample.lay_rows import headings, refuse_hitched
from scenegen.sample.verdicts import Fault, Mask
from scenegen.scenario.actors import ActorEntry
from scenegen.scenario.lane_names import no_lane
from scenegen.scenario.places import REGIONS, PolygonEntry
from scenegen.scenario.values import Value

CORNER_M = 7.0
"""How far rounded kerbs at a crossing reach beyond the other road's carriageway, and a bit."""
_ARMS = ("west", "east", "south", "north")


def lay_in_region(laid: Laid, name: str, entry: ActorEntry) -> None:
    """Lay out an actor, or each body of a row by itself, at points of a region."""
    place = entry.place
    count = laid.counts[name]
    for index in range(laid.slots(name)):
        present = count > index
        model = laid.model(name, index, entry, present)
        refuse_hitched(laid, entry, present, model)
        u, v = _shares(laid, name, index, entry, present)
        if isinstance(place.on, PolygonEntry):
            lane, lines = np.full(laid.n, ""), None
            s, lateral, x, y, along = _in_polygon(laid, place.on, u, v)
        else:
            assert place.on is not None
            lane, lines, s, lateral = _in_strip(laid, place.on, (u, v), present)
            x, y, along = lines.point(s, lateral)
        turn, facing = headings(laid, place, present)
        usual = wrap_angle(along + turn)
        laid.add(
            (name, index, entry),
            present,
            model,
            (x, y, laid.facing(entry, x, y, along, usual, present)),
            above_m=np.zeros(laid.n) if lines is None else lines.level(s),
            lines=lines,
            lane=lane,
            s_m=s,
            lateral_m=lateral,
            along_rad=along,
            facing=facing,
        )


def _shares(laid: Laid, name: str, index: int, entry: ActorEntry, rows: Mask) -> tuple[F64, F64]:
    """Return where in the region (n,) a body stands; further bodies of a row have their own."""
    look = laid.looks.get((name, index))
    if look is not None and look.spot is not None:
        return look.spot[:, 0], look.spot[:, 1]
    found = []
    for value in (entry.place.u, entry.place.v):
        assert value is not None
        column = laid.values.number(value, 0.5, rows)
        outside = (column < 0.0) | (column > 1.0)
        laid.verdicts.note(rows & outside, _outside(value, column))
        found.append(np.clip(column, 0.0, 1.0))
    return found[0], found[1]


def _outside(value: Value, column: F64) -> Fault:
    return lambda row: ScenarioError(
        f"{value.name!r} comes to {column[row]:g}; it is from 0 to 1", value.place
    )


def _in_polygon(laid: Laid, entry: PolygonEntry, u: F64, v: F64) -> tuple[F64, F64, F64, F64, F64]:
    """Return station, offset, x, y and the road's heading there (n,); world has none of these."""
    p, q = in_triangles(triangulate(entry.corners()), u, v)
    if entry.frame == "world":
        zero = np.zeros(laid.n)
        return zero, zero, p, q, zero
    x, y, along = laid.roads.lines(np.full(laid.n, "reference")).point(p, q)
    return p, q, x, y, along


def _in_strip(
    laid: Laid, region: Value, shares: tuple[F64, F64], rows: Mask
) -> tuple[Texts, LaneLines, F64, F64]:
    """Return the lane (n,), empty for a strip that is none, its lines, and the place in it."""
    u, v = shares
    asked = laid.values.text(region, rows=rows)
    name, u = _crossing_of(laid, asked, u)
    lines = laid.roads.lines(name)
    laid.verdicts.note(
        rows & ~lines.exists,
        lambda row: ScenarioError(
            no_lane(str(asked[row]), build_lanes(laid.roads.spec(row))), region.place
        ),
    )
    open_ = [text for text in distinct(name) if text in REGIONS]
    lane = np.where(np.isin(name, open_), "", name) if open_ else name
    lateral = (v - 0.5) * lines.width_m
    return lane, lines, _along(laid, name, lines, u), lateral


def _crossing_of(laid: Laid, asked: Texts, u: F64) -> tuple[Texts, F64]:
    """Return a strip for each draw; of several crossings for walkers, `u` picks one."""
    mine = asked == "crossing_area"
    if not mine.any():
        return asked, u
    k = np.minimum(np.floor(4.0 * u), 3.0).astype(np.int64)
    several = mine & (laid.roads.columns["kind"] == "crossing")
    arm = np.array([f"crosswalk_{name}" for name in _ARMS])[k]
    name = np.where(mine, np.where(several, arm, "crosswalk_middle"), asked)
    return name, np.where(several, 4.0 * u - k, u)


def _along(laid: Laid, name: Texts, lines: LaneLines, u: F64) -> F64:
    """Return stations (n,): even along a strip, but not on the road that crosses it."""
    road = laid.roads.columns
    cut = road["kind"] == "crossing"
    for text in np.unique(name[cut]).tolist():
        cut = cut & ((name != text) | (not _is_driven(text)))
    if not cut.any():
        return u * lines.length_m
    half = np.zeros(laid.n)
    for right in (True, False):
        lanes, shoulder, parking, _, _ = strip_widths(road, right)
        half = np.maximum(half, lanes * road["lane_width_m"] + shoulder + parking)
    half = np.where(cut, half + CORNER_M, 0.0)
    s = u * (lines.length_m - 2.0 * half)
    return np.where(s > 0.5 * lines.length_m - half, s + 2.0 * half, s)


def _is_driven(name: str) -> bool:
    words = ("forward", "backward", "carriageway", "crosswalk", "parking")
    return name.removeprefix("cross_").startswith(words)
