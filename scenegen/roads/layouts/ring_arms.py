"""Arms of a roundabout: splitter islands, crossings for walkers, and where those who come wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import Any, Literal

import numpy as np
import shapely
from scipy.optimize import brentq

from scenegen.records import RoadSpec
from scenegen.records.base import F64, Vec2
from scenegen.records.road_map import (
    LaneSection,
    Line,
    MapObject,
    MapRoad,
    MapSignal,
    RoadLink,
)
from scenegen.roads.lane_borders import lane_offset, lane_span
from scenegen.roads.layouts.arms import POST_INSET_M, STOP_LINE_M, WALK_GAP_M, ZEBRA_M, centre_line
from scenegen.roads.layouts.drawing import Pose, draw
from scenegen.roads.layouts.ring import NOSE_M, SPLITTER_M, Ring
from scenegen.roads.layouts.strips import Strip, Widths, section, side, widths_of
from scenegen.roads.layouts.ways import linked
from scenegen.roads.outlines import ARROW_M, arrow
from scenegen.roads.reference_line import frames, place
from scenegen.roads.section import KERB_HEIGHT_M, KERB_WIDTH_M
from scenegen.roads.symbols import ways_from

ISLAND_M, TAPER_M = 6.0, 20.0
"""Lengths of the splitter island beyond the arm's mouth and of the painted taper after it."""
HALF_M = 0.5 * SPLITTER_M
ARROWS_M = ((ISLAND_M, HALF_M), (ISLAND_M + TAPER_M, 0.0))
"""Of arrows on an arm: from the mouth to their tips, and what lies between the middle and lanes."""


Numbers = dict[tuple[str, int], int]
"""Lane ids by the type of a strip and its number, from the middle, among those of that type."""


@dataclass(frozen=True)
class RingArm:
    """A road that leads to a roundabout.

    Attributes
    ----------
    mouth : Pose
        In the arm's middle, looking away.
    coming, going : dict
        Lane ids at the mouth, of those who come and of those who leave, by type and number
        among those of a type.
    """

    key: str
    number: str
    junction: str
    mouth: Pose
    inward: bool
    widths: Widths
    length_m: float
    coming: Numbers
    going: Numbers

    @property
    def link(self) -> RoadLink:
        """How ways name this arm."""
        contact: Literal["start", "end"] = "end" if self.inward else "start"
        return RoadLink(kind="road", id=self.number, contact=contact)

    def road(self, spec: RoadSpec) -> MapRoad:
        """Return the arm without what lies on it."""
        length = self.length_m
        start = self.mouth.moved(length).back if self.inward else self.mouth
        geometries, _ = draw(start, [(length, Line())])
        link = RoadLink(kind="junction", id=self.junction)
        return MapRoad(
            id=self.number,
            name="" if self.inward else self.key,
            length_m=length,
            speed_mps=spec.speed_limit_mps,
            geometries=geometries,
            sections=self._sections(),
            predecessor=None if self.inward else link,
            successor=link if self.inward else None,
        )

    def _sections(self) -> tuple[LaneSection, ...]:
        """Return even road, the painted taper, the splitter island; or the other way round."""
        plain = side(self.widths, "restricted")
        # Nobody changes lanes beside the island.
        kept = [strip.lined("solid") if strip.line == "broken" else strip for strip in plain]
        middle = centre_line(self.widths.lanes, self.widths.lanes)
        island = Strip("curb", (HALF_M, HALF_M), raised=(KERB_HEIGHT_M, KERB_HEIGHT_M))
        taper = (0.0, HALF_M) if self.inward else (HALF_M, 0.0)
        parts: list[tuple[float, list[Strip], int]] = [
            (self.length_m - ISLAND_M - TAPER_M, plain, 0),
            (TAPER_M, [Strip("restricted", taper, "solid"), *plain], 1),
            (ISLAND_M, [island, *kept], 1),
        ]
        if not self.inward:
            parts = parts[::-1]
        sections: list[LaneSection] = []
        s = 0.0
        for k, (length, strips, wide) in enumerate(parts):
            here = section(s, length, strips, strips, "none" if wide else middle, links=False)
            links = [
                _onward(len(plain), wide, parts[n][2]) if 0 <= n < len(parts) else {}
                for n in (k - 1, k + 1)
            ]
            sections.append(linked(here, *links))
            s += length
        return tuple(sections)

    def _s(self, from_mouth_m: float) -> float:
        return self.length_m - from_mouth_m if self.inward else from_mouth_m

    def objects(self, spec: RoadSpec, island: tuple[Vec2, ...]) -> tuple[MapObject, ...]:
        """Return the arm's splitter island, its crossing for walkers, and its arrows."""
        found = [
            MapObject(
                id=f"island_{self.key}",
                kind="island",
                s_m=self._s(0.0),
                t_m=0.0,
                heading_rad=pi if self.inward else 0.0,
                height_m=KERB_HEIGHT_M,
                outline_m=island,
                name=f"island_{self.key}",
            )
        ]
        if spec.zebra:
            found.append(
                MapObject(
                    id=f"crosswalk_{self.key}",
                    kind="crosswalk",
                    s_m=self._s(WALK_GAP_M + 0.5 * ZEBRA_M),
                    t_m=0.0,
                    length_m=ZEBRA_M,
                    width_m=2.0 * (HALF_M + self.widths.driven_m + self.widths.beyond_m),
                    name=f"crosswalk_{self.key}",
                )
            )
        return (*found, *self._arrows())

    def _arrows(self) -> tuple[MapObject, ...]:
        """Return the arrows on lanes that lead to the circle, where there are several."""
        return tuple(
            MapObject(
                id=f"arrow_{self.key}_{k}_{n}",
                kind="arrow",
                s_m=self._s(before + ARROW_M),
                t_m=(-1.0 if self.inward else 1.0) * (start + (k + 0.5) * self.widths.lane_m),
                heading_rad=0.0 if self.inward else pi,
                outline_m=_around(arrow(way)[0]),
                name=way,
            )
            for k, way in enumerate(ways_from(self.widths.lanes))
            for n, (before, start) in enumerate(ARROWS_M)
        )

    def give_way(self, entry: MapRoad, ring: Ring) -> dict[str, Any]:
        """Return the lines at which those who come wait, and their signs, on an entry."""
        kerb = KERB_WIDTH_M if self.widths.sidewalk_m else 0.0
        beside = self.widths.beyond_m + kerb + POST_INSET_M
        lines, signs = [], []
        for k in range(self.widths.lanes):
            s = on_circle(entry, ring, (-k - 1, 0.5), 0.5 * STOP_LINE_M)
            at, here = _within(entry, (-k - 1, 0.5), s), frames(entry, s)
            inward = np.arctan2(*(ring.centre - at)[::-1])
            # The outermost lane's sign stands beside the kerb, the other one's on the island.
            outermost = k == self.widths.lanes - 1
            own = "" if outermost else f"_{k}"
            lines.append(
                MapObject(
                    id=f"stop_{self.key}{own}",
                    kind="stop_line",
                    s_m=s,
                    t_m=float((at - here.xy_m) @ here.left),
                    # Its u axis points to the middle of the circle.
                    heading_rad=float(inward - here.heading_rad),
                    length_m=STOP_LINE_M,
                    width_m=self.widths.lane_m + 0.5,
                    name="give_way",
                )
            )
            post = max(s - 1.0, 0.0)
            signs.append(
                MapSignal(
                    id=f"{self.key}_near{own}",
                    kind="give_way",
                    s_m=post,
                    t_m=-beside if outermost else float(lane_offset(entry, post)) + POST_INSET_M,
                    lanes=(-k - 1, -k - 1),
                    name=f"{self.key}_near{own}",
                )
            )
        return {"objects": tuple(lines), "signals": tuple(signs)}


def _around(corners: tuple[Vec2, ...]) -> tuple[Vec2, ...]:
    """Return corners counter-clockwise."""
    return corners if shapely.LinearRing(corners).is_ccw else corners[::-1]


def on_circle(way: MapRoad, ring: Ring, line: tuple[int, float], outside_m: float = 0.0) -> float:
    """Return the station at which a line along a way meets the circle, or one outside of it.

    Parameters
    ----------
    line : (lane, share)
        Which lane, and how far across it from its inner border, 0 to 1.
    """

    def beyond(s: float) -> float:
        return float(np.hypot(*(_within(way, line, s) - ring.centre))) - ring.outer_m - outside_m

    return float(brentq(beyond, 0.0, way.length_m))


def _within(way: MapRoad, line: tuple[int, float], s_m: float) -> F64:
    """Return the point (2,) of a line along a way at a station."""
    lane, share = line
    inner, outer = lane_span(way, 0, lane, s_m)
    return place(way, s_m, (1.0 - share) * inner + share * outer)


def _onward(strips: int, wide: int, other: int) -> dict[int, int]:
    """Return in which lanes of a neighbouring section those of a section go on.

    Sections with an island have one strip more on either side, next to the middle.
    """
    found: dict[int, int] = {}
    for k in range(1 + wide, strips + wide + 1):
        found |= {k: k - wide + other, -k: -(k - wide + other)}
    if wide and other:
        found |= {1: 1, -1: -1}
    return found


def arm_of(spec: RoadSpec, ring: Ring, k: int) -> RingArm:
    """Return an arm; the first one is the main road."""
    inward = k == 0
    widths = widths_of(spec, ring.lanes, parking=False)
    kinds = keys_of(side(widths, "restricted"))
    right: Numbers = {kind: -n for n, kind in enumerate(kinds, 2)}
    left: Numbers = {kind: n for n, kind in enumerate(kinds, 2)}
    return RingArm(
        key="main" if inward else f"arm_{k}",
        number=str(k + 1),
        junction=str(100 + k),
        mouth=ring.ray(k).moved(ring.mouth_m),
        inward=inward,
        widths=widths,
        length_m=0.5 * spec.length_m - ring.mouth_m if inward else spec.arm_length_m,
        coming=right if inward else left,
        going=left if inward else right,
    )


def keys_of(strips: Sequence[Strip]) -> list[tuple[str, int]]:
    """Return the type of each strip and its number among those of that type."""
    types = [strip.type for strip in strips]
    return [(kind, types[:n].count(kind)) for n, kind in enumerate(types)]


def island_of(arm: RingArm, ring: Ring, leave: MapRoad, enter: MapRoad) -> tuple[Vec2, ...]:
    """Return the outline of a splitter island before its arm's mouth, u away from the circle.

    It is what exit, entry and circle leave between them.
    """
    borders = []
    for road in (leave, enter):
        s = np.linspace(0.0, road.length_m, 60)
        borders.append(place(road, s, lane_offset(road, s)))
    between = shapely.Polygon(np.concatenate(borders)).buffer(0)
    middle = shapely.Point(ring.middle.x_m, ring.middle.y_m)
    clear = between.difference(middle.buffer(ring.outer_m + NOSE_M, 64))
    part = max(shapely.get_parts(clear), key=shapely.area)
    corners = shapely.get_coordinates(shapely.simplify(part.exterior, 0.02))[:-1]
    if not part.exterior.is_ccw:
        corners = corners[::-1]
    away = arm.mouth
    c, s_ = np.cos(away.heading_rad), np.sin(away.heading_rad)
    d = corners - np.array([away.x_m, away.y_m])
    u, v = d[:, 0] * c + d[:, 1] * s_, d[:, 1] * c - d[:, 0] * s_
    return tuple(zip(u.tolist(), v.tolist(), strict=True))
