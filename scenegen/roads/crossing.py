"""Build a crossing: two roads, their stop lines, crossings for walkers, and signals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenegen.records import Lane, LaneLine, RoadSpec, SignalHead, YieldLine
from scenegen.records.base import F64
from scenegen.roads import paint, symbols
from scenegen.roads.alignment import Alignment, main_alignment, straight
from scenegen.roads.junction import Junction, junction_of
from scenegen.roads.junction_mesh import arms, corner, middle
from scenegen.roads.lanes import crosswalk_lane, lanes_of
from scenegen.roads.lift import lift_along, parking_zones
from scenegen.roads.paths import lane_point, project_to_lane
from scenegen.roads.right_of_way import MINOR_S, UNSIGNED_S
from scenegen.roads.section import Section, cross_section
from scenegen.roads.sweep import Soup, join

MINOR_LENGTH_M = 400.0
"""Longest stretch of the crossing road that has lanes."""
BARE_STOP_M = 1.0
"""Where one waits before a junction without paint, from the end of the rounded kerb."""
WALK_GAP_M = 0.5
"""Between the end of the rounded kerb and the crossing for walkers."""
POST_INSET_M = 0.45
HEAD_HEIGHT_M = 2.9
WALK_HEAD_M = 2.3
WALK_POST_M, WALK_INSET_M = 1.0, 0.2
"""Distance of walkers' signals from the kerb, and from the crossing's edge towards the middle."""


@dataclass(frozen=True)
class Road:
    """One of the two roads of a crossing.

    Attributes
    ----------
    crossing_s : float
        Station of the crossing's middle.
    sides : (2,)
        Distances from there to where the arms begin, before and after it.
    """

    group: Literal["major", "minor"]
    prefix: str
    alignment: Alignment
    crossing_s: float
    sides: tuple[float, float]
    arm_names: tuple[str, str]

    def station(self, arm: int, beyond_m: float) -> float:
        """Return the station at a distance beyond the rounded kerb's end, on one arm."""
        reach = self.sides[arm] + beyond_m
        return self.crossing_s + (reach if arm else -reach)


def roads_of(spec: RoadSpec, junction: Junction) -> tuple[Road, Road]:
    """Return the ego's road and the one that crosses it."""
    length = min(spec.length_m, MINOR_LENGTH_M)
    cx, cy = junction.center_m
    r = junction.radius_m
    minor = straight((cx, cy - 0.5 * length), True, length)
    return (
        Road(
            "major",
            "",
            main_alignment(spec),
            cx,
            (junction.west_m + r, junction.east_m + r),
            ("west", "east"),
        ),
        Road(
            "minor",
            "cross_",
            minor,
            0.5 * length,
            (junction.south_m + r, junction.north_m + r),
            ("south", "north"),
        ),
    )


_WALK = (WALK_GAP_M, WALK_GAP_M + paint.ZEBRA_M)
_STOP = (_WALK[1] + paint.STOP_GAP_M, _WALK[1] + paint.STOP_GAP_M + paint.STOP_LINE_M)


def _marking(spec: RoadSpec, section: Section, road: Road) -> paint.Marking:
    before, after = road.station(0, _STOP[1]), road.station(1, _STOP[1])
    near = paint.SOLID_BEFORE_STOP_M
    runs = [
        ((float(road.alignment.s_m[0]), before), [(before - near, before)]),
        ((after, float(road.alignment.s_m[-1])), [(after, after + near)]),
    ]
    parts = [paint.along(spec, section, runs, road.prefix)]
    if spec.signals is not None or (road.group == "minor" and spec.priority != "none"):
        spans = ((-section.right.lanes_m, 0.0), (0.0, section.left.lanes_m))
        for arm, (t0, t1) in enumerate(spans):
            if t1 > t0:
                s = [road.station(arm, d) for d in _STOP]
                parts.append(paint.stop_line(f"stop_{road.arm_names[arm]}", s[0], s[1], t0, t1))
    if spec.zebra:
        for arm, name in enumerate(road.arm_names):
            s0, s1 = sorted(road.station(arm, d) for d in _WALK)
            parts.append(paint.zebra(f"zebra_{name}", s0, s1, section))
    for side, ahead, stop in ((section.right, 1.0, before), (section.left, -1.0, after)):
        parts.append(symbols.arrows(side, stop, ahead))
    gap, free = parking_gap(road), symbols.within_reach(spec, _parking_runs(road))
    parts.append(symbols.zigzags(spec, section, [(gap[0], before), (after, gap[1])]))
    parts.append(symbols.bays(spec, section, free))
    clear = symbols.ARROWS_REACH_M
    ridden = [(runs[0][0][0], before - clear), (after + clear, runs[1][0][1])]
    ridden = symbols.within_reach(spec, ridden)
    parts.append(symbols.bicycles(spec, section, road.alignment, ridden))
    return paint.merge(parts)


PARKING_GAP_M = _STOP[1] + paint.PARKING_CLEAR_M
"""From the end of the rounded kerb to where cars may park."""


def parking_gap(road: Road) -> tuple[float, float]:
    """Return the stations of one of the two roads between which nobody parks."""
    return road.station(0, PARKING_GAP_M), road.station(1, PARKING_GAP_M)


def _parking_runs(road: Road) -> list[tuple[float, float]]:
    gap = parking_gap(road)
    return [(float(road.alignment.s_m[0]), gap[0]), (gap[1], float(road.alignment.s_m[-1]))]


def _lanes(spec: RoadSpec, section: Section, road: Road, junction: Junction) -> dict[str, Lane]:
    lanes = lanes_of(
        spec,
        road.alignment,
        section,
        (0.0, road.alignment.length_m),
        prefix=road.prefix,
        parking_gap=parking_gap(road),
        surface=junction.height,
    )
    for arm, name in enumerate(road.arm_names):
        s = road.station(arm, 0.5 * (_WALK[0] + _WALK[1]))
        walk = crosswalk_lane(
            f"crosswalk_{name}", road.alignment, section, s, surface=junction.height
        )
        lanes[walk.id] = walk
    return lanes


def _signals(section: Section, road: Road, junction: Junction) -> list[SignalHead]:
    """Return a near and a far head on the right for each approach of one road."""
    heads = []
    approaches = (("forward", 0, section.right, -1.0), ("backward", 1, section.left, 1.0))
    for direction, arm, side, sign in approaches:
        if side.lanes == 0:
            continue
        beside = sign * (side.carriageway_m + side.kerb_m + POST_INSET_M)
        stop_s = road.station(arm, 0.5 * (_STOP[0] + _STOP[1]))
        stop = road.alignment.place(stop_s, sign * 0.5 * side.lanes_m)
        left = road.alignment.left(stop_s)
        # Lamps shine against the traffic that reads them.
        yaw = float(np.arctan2(sign * -left[0], sign * left[1]))
        for place, s in (
            ("near", road.station(arm, 0.5 * (_WALK[1] + _STOP[0]))),
            ("far", road.station(1 - arm, 0.5 * WALK_GAP_M)),
        ):
            foot = road.alignment.place(s, beside)
            z = float(junction.height(foot[None])[0])
            x, y = float(foot[0]), float(foot[1])
            heads.append(
                SignalHead(
                    f"{road.group}_{direction}_{place}",
                    road.group,
                    (x, y, z + HEAD_HEIGHT_M),
                    (x, y, z),
                    yaw,
                    tuple(f"{road.prefix}{direction}_{k}" for k in range(side.lanes)),
                    (float(stop[0]), float(stop[1]), 0.0),
                )
            )
    return heads


def _walk_signals(section: Section, road: Road, junction: Junction) -> list[SignalHead]:
    """Return a head for walkers at either end of the crossings over one road, facing across."""
    heads = []
    for arm, name in enumerate(road.arm_names):
        s = road.station(arm, _WALK[0] - WALK_INSET_M)
        for place, side, sign in (("right", section.right, -1.0), ("left", section.left, 1.0)):
            if side.sidewalk_m < WALK_POST_M:
                continue
            beside = sign * (side.carriageway_m + side.kerb_m + WALK_POST_M)
            foot = road.alignment.place(s, beside)
            left = road.alignment.left(s)
            x, y = float(foot[0]), float(foot[1])
            z = float(junction.height(foot[None])[0])
            heads.append(
                SignalHead(
                    f"walk_{name}_{place}",
                    road.group,
                    (x, y, z + WALK_HEAD_M),
                    (x, y, z),
                    float(np.arctan2(-sign * left[1], -sign * left[0])),
                    (),
                    (x, y, z),
                    "walk",
                )
            )
    return heads


def crossing_lanes(spec: RoadSpec) -> dict[str, Lane]:
    """Return the lanes of both roads of a crossing."""
    section, junction = cross_section(spec), junction_of(spec)
    lanes: dict[str, Lane] = {}
    for road in roads_of(spec, junction):
        lanes |= _lanes(spec, section, road, junction)
    return lanes


def crossing_yields(spec: RoadSpec) -> tuple[YieldLine, ...]:
    """Return where those wait who come to a crossing without signals: of the other road, or all."""
    if spec.signals is not None:
        return ()
    rule: Literal["side", "give_way", "stop"] = "side"
    gap_s = UNSIGNED_S
    if spec.priority != "none":
        rule, gap_s = spec.priority, MINOR_S
    section, found = cross_section(spec), []
    lanes = crossing_lanes(spec)
    for road in roads_of(spec, junction_of(spec)):
        if rule != "side" and road.group == "major":
            continue
        bare = rule == "side" and not spec.zebra
        for arm, (way, side) in enumerate((("forward", section.right), ("backward", section.left))):
            stop_s = road.station(arm, BARE_STOP_M if bare else 0.5 * (_STOP[0] + _STOP[1]))
            for k in range(side.lanes):
                lane = lanes[f"{road.prefix}{way}_{k}"]
                s, _ = project_to_lane(lane, road.alignment.place(stop_s, 0.0))
                (x, y, z), heading = lane_point(lane, float(s))
                point = (float(x), float(y), float(z))
                found.append(YieldLine(f"{rule}_{lane.id}", rule, point, heading, gap_s))
    return tuple(found)


@dataclass(frozen=True)
class CrossingParts:
    """What a crossing consists of."""

    soup: Soup
    lanes: dict[str, Lane]
    lines: tuple[LaneLine, ...]
    signals: tuple[SignalHead, ...]


def build_crossing(spec: RoadSpec) -> CrossingParts:
    """Return mesh, lanes, paint and signals of a `RoadSpec` of kind ``crossing``."""
    section, junction = cross_section(spec), junction_of(spec)
    soups: list[Soup] = []
    cuts: list[F64] = []
    lines: list[LaneLine] = []
    signals: list[SignalHead] = []
    roads = roads_of(spec, junction)
    for road in roads:
        marking = _marking(spec, section, road)
        soup, lateral = arms(
            junction,
            section,
            alignment=road.alignment,
            crossing_s=road.crossing_s,
            sides=road.sides,
            zones=[*parking_zones(section, _parking_runs(road)), *marking.zones],
            figures=marking.figures,
            lift=lift_along(road.alignment),
        )
        soups.append(soup)
        cuts.append(lateral)
        lines += [line.lift(road.alignment) for line in marking.lines]
        if spec.signals is not None:
            signals += _signals(section, road, junction)
            signals += _walk_signals(section, road, junction)
    soups.append(middle(junction, cuts[0], cuts[1]))
    for sx, sy in ((1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)):
        far_x = float(roads[0].alignment.point_m[-1 if sx > 0 else 0, 0])
        far_y = float(roads[1].alignment.point_m[-1 if sy > 0 else 0, 1])
        soups.append(corner(junction, sx, sy, (far_x, far_y)))
    return CrossingParts(join(soups), crossing_lanes(spec), tuple(lines), tuple(signals))
