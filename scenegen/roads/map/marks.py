"""Paint of a road map: marks along lanes' borders, stop lines and crossings for walkers.

Each is an area in the plane and a labelled line through its middle. Where a mark
doesn't tell its dashes they are those of `roads.paint`: 3 m in 9 m, on motorways 6 m in 18 m.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from scenegen.records.base import F64
from scenegen.records.road_map import LaneSection, MapLane, MapRoad, MarkType, RoadMark
from scenegen.roads import lane_borders
from scenegen.roads.map.trace import TracedRoad, section_reach, stations_of
from scenegen.roads.map.zones import is_driven
from scenegen.roads.paint import DASH_CLEAR_M, EDGE_INSET_M, LABEL_STEP_M
from scenegen.roads.reference_line import place
from scenegen.roads.section import Group

_SHORTEST_M = 0.5
LineType = Literal["solid", "broken", "stop", "zebra"]
Color = Literal["white", "yellow"]


@dataclass(frozen=True)
class Painted:
    """A painted line: its areas, and the line (K, 2) through its middle that labels tell.

    Lines that aren't `labelled` part no lanes; `road` is the id of that which they lie on.
    """

    id: str
    type: LineType
    color: Color
    width_m: float
    middle: F64
    areas: tuple[BaseGeometry, ...]
    labelled: bool = True
    road: str = ""

    @property
    def group(self) -> Group:
        """What its areas are made of."""
        return "paint" if self.color == "white" else "yellow"


def lane_marks(traced: TracedRoad, name: str, *, motorway: bool) -> Iterator[Painted]:
    """Yield the marks along a road's lanes.

    Parameters
    ----------
    name : str
        Of the road, before all ids.
    motorway : bool
        Whether dashes are long.
    """
    road = traced.road
    known = stations_of(road, traced.reach_m)
    for index, section in enumerate(road.sections):
        s0, s1 = section_reach(road, index, traced.reach_m)
        if s1 <= s0:
            continue
        for lane in section.lanes:
            for (a, b), mark in _runs(lane, section.s_m, (s0, s1)):
                offset, styles = _beside(section, lane, mark)
                label = (
                    f"{name}_{index}_{lane.id}" if len(road.sections) > 1 else f"{name}_{lane.id}"
                )
                for side, (shift, style) in enumerate(styles):
                    line = _Line(road, index, lane.id, offset + shift, mark)
                    part = f"{label}_{round(a)}" if len(lane.marks) > 1 else label
                    part += "ab"[side] if len(styles) > 1 else ""
                    painted = _paint(line, part, (a, b), style, known, motorway=motorway)
                    if painted is not None:
                        yield painted


def _runs(
    lane: MapLane, start_m: float, reach: tuple[float, float]
) -> Iterator[tuple[tuple[float, float], RoadMark]]:
    """Yield the stations over which each of a lane's marks goes."""
    begins = [max(start_m + mark.s_m, reach[0]) for mark in lane.marks]
    if begins:
        begins[0] = reach[0] if lane.marks[0].s_m <= 0 else begins[0]
    for (a, b), mark in zip(pairwise([*begins, reach[1]]), lane.marks, strict=True):
        if mark.type != "none" and b - a > _SHORTEST_M:
            yield (a, b), mark


def _beside(
    section: LaneSection, lane: MapLane, mark: RoadMark
) -> tuple[float, list[tuple[float, LineType]]]:
    """Return where to the left of its border a mark's middle lies, and the lines it consists of.

    On the outermost border of the carriageway the whole mark lies within.
    """
    kinds = {other.id: other.type for other in section.lanes if other.id != 0}
    sides = (lane.id + 1 if lane.id >= 0 else lane.id, lane.id if lane.id > 0 else lane.id - 1)
    driven = [side in kinds and is_driven(kinds[side]) for side in sides]
    styles = _styles(mark.type, lane.id)
    wide = mark.width_m * (1 if len(styles) == 1 else 3)
    offset = mark.offset_m
    if driven[0] != driven[1] and offset == 0.0:
        inset = EDGE_INSET_M + 0.5 * wide
        offset = inset if driven[0] else -inset
    shifts = [0.0] if len(styles) == 1 else [mark.width_m, -mark.width_m]
    return offset, list(zip(shifts, styles, strict=True))


def _styles(mark: MarkType, lane_id: int) -> list[LineType]:
    """Return the lines of a mark from left to right; it names them from the inner one outward."""
    names = mark.split()
    styles: list[LineType] = ["solid" if name == "solid" else "broken" for name in names]
    return styles[::-1] if lane_id > 0 else styles


@dataclass(frozen=True)
class _Line:
    road: MapRoad
    section: int
    lane: int
    shift_m: float
    mark: RoadMark

    def t(self, s: F64) -> F64:
        return lane_borders.borders(self.road, self.section, s)[self.lane] + self.shift_m

    def area(self, s: F64) -> Polygon:
        t, half = self.t(s), 0.5 * self.mark.width_m
        left, right = place(self.road, s, t + half), place(self.road, s, t - half)
        return Polygon(np.concatenate([right, left[::-1]]))


def _paint(
    line: _Line, name: str, run: tuple[float, float], style: LineType, known: F64, *, motorway: bool
) -> Painted | None:
    pieces = [run] if style == "solid" else list(_dashes(run, line.mark, motorway=motorway))
    areas = [line.area(_within(known, a, b)) for a, b in pieces]
    s = _within(known, *run)
    s = np.unique(np.concatenate([s, np.arange(run[0], run[1], LABEL_STEP_M)]))
    if not areas:
        return None
    middle = place(line.road, s, line.t(s))
    return Painted(
        name, style, line.mark.color, line.mark.width_m, middle, tuple(areas), road=line.road.id
    )


def _within(known: F64, a: float, b: float) -> F64:
    inner = known[(known > a + 1e-3) & (known < b - 1e-3)]
    return np.concatenate([[a], inner, [b]])


def _dashes(
    run: tuple[float, float], mark: RoadMark, *, motorway: bool
) -> Iterator[tuple[float, float]]:
    dash, gap = mark.dash_m or ((6.0, 12.0) if motorway else (3.0, 6.0))
    period = dash + gap
    for k in range(int(np.floor(run[0] / period)), int(np.ceil(run[1] / period)) + 1):
        a = k * period + 0.5 * (period - dash)
        if a > run[0] + DASH_CLEAR_M and a + dash < run[1] - DASH_CLEAR_M:
            yield a, a + dash


def areas_by_group(
    painted: Sequence[Painted],
    carriageway: BaseGeometry,
    parts: Mapping[str, BaseGeometry] | None = None,
) -> dict[Group, list[BaseGeometry]]:
    """Return the areas of each colour of paint, cut to the carriageway.

    Parameters
    ----------
    parts : mapping, optional
        By road the part of it that the carriageway is of, for roads of which it isn't all.
    """
    found: dict[Group, list[BaseGeometry]] = {}
    shapely.prepare(carriageway)
    for line in painted:
        part = (parts or {}).get(line.road)
        for whole in line.areas:
            area = whole if part is None else shapely.intersection(shapely.make_valid(whole), part)
            inside = area
            if not shapely.covers(carriageway, area):
                inside = shapely.intersection(shapely.make_valid(area), carriageway)
            pieces = [p for p in shapely.get_parts(inside) if isinstance(p, Polygon) and p.area > 0]
            found.setdefault(line.group, []).extend(pieces)
    return found
