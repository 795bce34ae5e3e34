"""A procedural crossing as a road map: four arms, and the ways through the junction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenegen.records import LaneLine, RoadNetwork, RoadSpec, SignalHead
from scenegen.records.base import F64
from scenegen.records.road_map import (
    Arc,
    Connection,
    Cubic,
    Geometry,
    LaneSection,
    Line,
    MapJunction,
    MapLane,
    MapRoad,
    RoadLink,
    RoadMap,
    Shape,
    SignalReference,
)
from scenegen.roads.as_map_lanes import Stretch, sections_of
from scenegen.roads.as_map_paint import marks_of, objects_of, signal_of
from scenegen.roads.crossing import Road, parking_gap, roads_of
from scenegen.roads.junction import junction_of
from scenegen.roads.network import build_network
from scenegen.roads.section import Section, cross_section

JUNCTION = "100"
_FIRST_WAY = 101
_ARMS = {"west": "1", "east": "2", "south": "3", "north": "4"}


@dataclass(frozen=True)
class Arm:
    """An arm of the crossing, seen by those who come in on it.

    Attributes
    ----------
    stretch : Stretch
    road : Road
    number : int
        0 before the junction along its road, 1 after it.
    lanes_in, lanes_out : int
    """

    stretch: Stretch
    road: Road
    number: int
    lanes_in: int
    lanes_out: int

    @property
    def sign(self) -> int:
        """-1 where lanes that lead in have negative ids, 1 where they have positive ones."""
        return 1 if self.number else -1

    @property
    def contact(self) -> Literal["start", "end"]:
        """End of the map's road that touches the junction."""
        return "start" if self.number else "end"

    @property
    def mouth(self) -> F64:
        """Where its reference line touches the junction."""
        return self.stretch.alignment.place(self.stretch.reach_m[1 - self.number], 0.0)

    @property
    def ahead(self) -> F64:
        """Direction (2,) in which those on it drive into the junction."""
        left = self.stretch.alignment.left(self.stretch.reach_m[1 - self.number])
        return np.array([left[1], -left[0]]) * -self.sign


def crossing_map(spec: RoadSpec) -> RoadMap:
    """Return the map of a `RoadSpec` of kind ``crossing``."""
    section, network = cross_section(spec), build_network(spec)
    arms = [arm for road in roads_of(spec, junction_of(spec)) for arm in _arms(section, road)]
    roads = [_arm_road(spec, section, network, arm) for arm in arms]
    connections: list[Connection] = []
    for arm in arms:
        for into in arms:
            way = _way(spec, arm, into, str(_FIRST_WAY + len(connections)))
            if way is not None:
                roads.append(way[0])
                connections.append(way[1])
    junction = MapJunction(id=JUNCTION, name="crossing", connections=tuple(connections))
    return RoadMap(name=spec.kind, roads=tuple(roads), junctions=(junction,))


def _arms(section: Section, road: Road) -> list[Arm]:
    forward, backward = section.right.lanes, section.left.lanes
    before = (0.0, road.station(0, 0.0))
    after = (road.station(1, 0.0), road.alignment.length_m)
    return [
        Arm(Stretch(_ARMS[name], name, road.alignment, reach), road, number, into, out)
        for name, number, reach, into, out in (
            (road.arm_names[0], 0, before, forward, backward),
            (road.arm_names[1], 1, after, backward, forward),
        )
    ]


def _arm_road(spec: RoadSpec, section: Section, network: RoadNetwork, arm: Arm) -> MapRoad:
    stretch = arm.stretch
    own = [line for line in network.lines if _is_of(line, arm.road)]
    along = [line for line in own if line.type in ("solid", "broken")]
    marks = marks_of(spec, stretch, section, along)
    link = RoadLink(kind="junction", id=JUNCTION)
    start = stretch.alignment.place(stretch.reach_m[0], 0.0)
    left = stretch.alignment.left(stretch.reach_m[0])
    heads = [head for head in network.signals if _is_beside(head, arm)]
    return MapRoad(
        id=stretch.id,
        name=stretch.name,
        length_m=stretch.length_m,
        speed_mps=spec.speed_limit_mps,
        geometries=(
            Geometry(
                s_m=0.0,
                x_m=float(start[0]),
                y_m=float(start[1]),
                heading_rad=float(np.arctan2(-left[0], left[1])),
                length_m=stretch.length_m,
            ),
        ),
        sections=sections_of(section, stretch, marks, clear=parking_gap(arm.road)),
        predecessor=link if arm.number else None,
        successor=None if arm.number else link,
        signals=tuple(
            signal_of(stretch, head, along=_is_along(head), lanes=_lanes(section, _is_along(head)))
            for head in heads
        ),
        signal_references=_references(section, network, arm),
        objects=objects_of(stretch, own),
    )


def _is_of(line: LaneLine, road: Road) -> bool:
    if line.type in ("solid", "broken"):
        return line.id.startswith("cross_") == (road.group == "minor")
    return line.id.rpartition("_")[2] in road.arm_names


def _is_beside(head: SignalHead, arm: Arm) -> bool:
    """Return whether a signal stands beside this arm; walkers' stand at the road they cross."""
    if head.group != arm.road.group:
        return False
    s = float(arm.stretch.alignment.project(np.array(head.foot_m[:2]))[0])
    return (s > arm.road.crossing_s) == bool(arm.number)


def _is_along(head: SignalHead) -> bool | None:
    if head.kind == "walk":
        return None
    return not any("backward" in lane for lane in head.lanes)


def _lanes(section: Section, along: bool | None) -> tuple[int, int] | None:
    if along is None:
        return None
    return (-section.right.lanes, -1) if along else (1, section.left.lanes)


def _references(section: Section, network: RoadNetwork, arm: Arm) -> tuple[SignalReference, ...]:
    """Return what refers to signals beyond the junction from the arm on which they are obeyed."""
    along = arm.number == 0
    first, last = arm.stretch.reach_m
    found = []
    for head in network.signals:
        if head.group != arm.road.group or _is_along(head) is not along or _is_beside(head, arm):
            continue
        s, t = arm.stretch.alignment.project(np.array(head.stop_point_m[:2]))
        found.append(
            SignalReference(
                id=head.id,
                s_m=float(np.clip(s, first, last)) - first,
                t_m=float(t),
                orientation="+" if along else "-",
                lanes=_lanes(section, along),
            )
        )
    return tuple(found)


def _way(spec: RoadSpec, arm: Arm, into: Arm, way_id: str) -> tuple[MapRoad, Connection] | None:
    """Return a way through the junction, straight on or around a corner; None for none."""
    if arm.lanes_in == 0 or into.lanes_out == 0 or arm is into:
        return None
    turn = float(_left(arm.ahead) @ -into.ahead)
    straight = abs(turn) < 0.5
    lanes = min(arm.lanes_in, into.lanes_out) if straight else 1
    # Those who turn right do so from the outermost lane into the outermost, others innermost.
    first_in = arm.lanes_in - 1 if turn < -0.5 else 0
    first_out = into.lanes_out - 1 if turn < -0.5 else 0
    width = spec.lane_width_m
    start = arm.mouth - first_in * width * _left(arm.ahead)
    end = into.mouth - first_out * width * _left(-into.ahead)
    numbers = [(arm.sign * (first_in + k + 1), -(k + 1)) for k in range(lanes)]
    found = [
        MapLane(
            id=-(k + 1),
            type="driving",
            widths=(Cubic(a=width),),
            predecessor=arm.sign * (first_in + k + 1),
            successor=-into.sign * (first_out + k + 1),
        )
        for k in range(lanes)
    ]
    geometries = _path(start, arm.ahead, end, turn)
    last = geometries[-1]
    road = MapRoad(
        id=way_id,
        name=f"{arm.stretch.name}_to_{into.stretch.name}",
        length_m=last.s_m + last.length_m,
        junction=JUNCTION,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=(LaneSection(s_m=0.0, lanes=(MapLane(id=0, type="none"), *found)),),
        predecessor=RoadLink(kind="road", id=arm.stretch.id, contact=arm.contact),
        successor=RoadLink(kind="road", id=into.stretch.id, contact=into.contact),
    )
    connection = Connection(
        id=str(int(way_id) - _FIRST_WAY),
        incoming=arm.stretch.id,
        connecting=way_id,
        contact="start",
        lanes=tuple(numbers),
    )
    return road, connection


def _left(ahead: F64) -> F64:
    return np.array([-ahead[1], ahead[0]])


def _path(start: F64, ahead: F64, end: F64, turn: float) -> tuple[Geometry, ...]:
    """Return a straight, or a straight, the widest quarter of a circle and a straight."""
    away = end - start
    along, aside = float(away @ ahead), float(away @ _left(ahead))
    if abs(turn) < 0.5:
        pieces: list[tuple[Shape, float]] = [(Line(), along)]
    else:
        side = 1.0 if turn > 0 else -1.0
        radius = min(along, side * aside)
        pieces = [
            (Line(), along - radius),
            (Arc(curvature_1pm=side / radius), 0.5 * np.pi * radius),
            (Line(), side * aside - radius),
        ]
    geometries: list[Geometry] = []
    s, point, heading = 0.0, start, float(np.arctan2(ahead[1], ahead[0]))
    for shape, length in pieces:
        if length < 1e-6:
            continue
        geometries.append(
            Geometry(
                s_m=s,
                x_m=float(point[0]),
                y_m=float(point[1]),
                heading_rad=heading,
                length_m=length,
                shape=shape,
            )
        )
        turned = shape.curvature_1pm * length if isinstance(shape, Arc) else 0.0
        middle = heading + 0.5 * turned
        chord = length * float(np.sinc(0.5 * turned / np.pi))
        point = point + chord * np.array([np.cos(middle), np.sin(middle)])
        s, heading = s + length, heading + turned
    return tuple(geometries)
