"""Lanes of a road map: strips joined along the road, named, each leading into its successors.

On imported maps a lane is called ``ROAD_SECTION_LANE`` after the lane of the section in which
it begins, as OpenDRIVE numbers them. On composed ones it is called as on other roads, after the
name of its road if that has one: ``forward_0``, ``side_backward_0``, ``side_sidewalk_right``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely

from scenegen.records import Lane
from scenegen.records.base import F64
from scenegen.records.road import LaneKind
from scenegen.records.road_map import LaneType, MapLane, MapRoad
from scenegen.roads import lane_borders
from scenegen.roads.lanes import STEP_M, WALK_LIMIT_MPS
from scenegen.roads.map.trace import stations_of
from scenegen.roads.paths import lane_length
from scenegen.roads.reference_line import place
from scenegen.roads.routes import JOIN_M, transition, turn_of

_NARROW = 0.3
"""Share of its greatest width below which a tapering lane is no lane yet."""
_SHORTEST_M = 0.05
_KINDS: dict[LaneType, LaneKind] = {
    **dict.fromkeys(
        (
            "driving",
            "entry",
            "exit",
            "onRamp",
            "offRamp",
            "connectingRamp",
            "bidirectional",
            "bus",
            "tram",
            "rail",
        ),
        "driving",
    ),
    **dict.fromkeys(("shoulder", "biking", "stop"), "shoulder"),
    "parking": "parking",
    "sidewalk": "sidewalk",
    "walking": "sidewalk",
    "none": "verge",
    "median": "verge",
}


@dataclass(frozen=True)
class Chain:
    """A lane through consecutive sections of one road: (section, lane) in the road's order."""

    road: MapRoad
    members: tuple[tuple[int, MapLane], ...]

    @property
    def first(self) -> MapLane:
        """The lane that it begins with."""
        return self.members[0][1]

    @property
    def kind(self) -> LaneKind:
        """What it is for."""
        return _KINDS[self.first.type]

    @property
    def direction(self) -> int:
        """+1 if traffic runs along the reference line, -1 if against it."""
        return direction_of(self.road, self.first.id)


def direction_of(road: MapRoad, lane_id: int) -> int:
    """Return +1 if traffic in a lane runs along the reference line, -1 if against it."""
    along = lane_id < 0 if road.rule == "right" else lane_id > 0
    return 1 if along else -1


def chains_of(road: MapRoad) -> tuple[Chain, ...]:
    """Return a road's lanes, joined over its sections, from right to left."""
    open_: dict[int, list[tuple[int, MapLane]]] = {}
    done: list[list[tuple[int, MapLane]]] = []
    for k, section in enumerate(road.sections):
        going: dict[int, list[tuple[int, MapLane]]] = {}
        for lane in section.lanes:
            if lane.id == 0 or lane.type not in _KINDS:
                continue
            before = _before(road, k, lane) if k else None
            chain = open_.pop(before, None) if before is not None else None
            if chain is not None and _KINDS[chain[-1][1].type] != _KINDS[lane.type]:
                done.append(chain)
                chain = None
            going[lane.id] = [*(chain or []), (k, lane)]
        done += open_.values()
        open_ = going
    done += open_.values()
    chains = [Chain(road, tuple(members)) for members in done]
    return tuple(sorted(chains, key=lambda chain: (chain.first.id, chain.members[0][0])))


def _before(road: MapRoad, section: int, lane: MapLane) -> int | None:
    """Return the id of the lane that a lane goes on from, in the section before its own."""
    earlier = {other.id: other for other in road.sections[section - 1].lanes}
    if lane.predecessor is not None:
        return lane.predecessor
    linked = [k for k, other in earlier.items() if k and other.successor == lane.id]
    if linked:
        return linked[0]
    at = np.array([road.sections[section].s_m])
    span = np.array(lane_borders.lane_span(road, section, lane.id, at))
    for k in earlier:
        if k * lane.id > 0:
            other = np.array(lane_borders.lane_span(road, section - 1, k, at))
            if np.abs(other - span).max() < 0.05:
                return k
    return None


@dataclass(frozen=True)
class Course:
    """Where a chain runs: stations, middles (K, 2) along the road, and widths."""

    s_m: F64
    middle: F64
    width_m: F64


def course_of(chain: Chain) -> Course | None:
    """Return where a chain runs; None where nothing of it is as wide as a lane."""
    road = chain.road
    stations: list[F64] = []
    middles: list[F64] = []
    widths: list[F64] = []
    for section, lane in chain.members:
        s0, s1 = lane_borders.section_range(road, section)
        if s1 - s0 < _SHORTEST_M:
            continue
        s = _dense(stations_of(road, (0.0, road.length_m)), s0, s1)
        inner, outer = lane_borders.lane_span(road, section, lane.id, s)
        fresh = slice(1 if stations else 0, None)
        stations.append(s[fresh])
        middles.append(place(road, s, 0.5 * (inner + outer))[fresh])
        widths.append(np.abs(outer - inner)[fresh])
    if not stations:
        return None
    width = np.concatenate(widths)
    wide = np.flatnonzero(width >= max(_NARROW * width.max(), 1e-3))
    if len(wide) < 2:
        return None
    kept = slice(wide[0], wide[-1] + 1)
    return Course(np.concatenate(stations)[kept], np.concatenate(middles)[kept], width[kept])


def _dense(known: F64, s0: float, s1: float) -> F64:
    inner = known[(known > s0 + 1e-6) & (known < s1 - 1e-6)]
    corners = np.concatenate([[s0], inner, [s1]])
    parts = [
        np.linspace(a, b, max(1, int(np.ceil((b - a) / (0.95 * STEP_M)))), endpoint=False)
        for a, b in pairwise(corners)
    ]
    return np.concatenate([*parts, [s1]])


def lane_names(chains: Sequence[Chain], *, imported: bool) -> list[str]:
    """Return the id of each chain of one road; a composed map's may repeat.

    They do from road to road, and where a strip ends and another one of its kind begins further
    on: `joined` tells those that lie apart from each other.
    """
    if imported:
        return [f"{c.road.id}_{c.members[0][0]}_{c.first.id}" for c in chains]
    names = [""] * len(chains)
    prefix = f"{chains[0].road.name}_" if chains and chains[0].road.name else ""
    counts: dict[str, int] = {}
    beside: dict[str, list[set[int]]] = {}
    for k in sorted(
        range(len(chains)), key=lambda k: (abs(chains[k].first.id), chains[k].members[0][0])
    ):
        chain = chains[k]
        side = "right" if chain.first.id < 0 else "left"
        if chain.kind == "driving":
            way = "forward" if chain.direction > 0 else "backward"
            stem = f"{prefix}{way}"
            names[k] = f"{stem}_{counts.setdefault(stem, 0)}"
            counts[stem] += 1
        else:
            stem = f"{prefix}{chain.kind}_{side}"
            number = _abreast(beside.setdefault(stem, []), {at for at, _ in chain.members})
            names[k] = stem if number == 0 else f"{stem}_{number + 1}"
    return names


def _abreast(taken: list[set[int]], sections: set[int]) -> int:
    """Return the number of a strip among those of its kind abreast of it, and note its sections.

    Parameters
    ----------
    taken : list of set of int
        By number, the sections of the road in which there is such a strip so far.
    """
    number = next((k for k, own in enumerate(taken) if not own & sections), len(taken))
    if number == len(taken):
        taken.append(set())
    taken[number] |= sections
    return number


def make_lane(name: str, chain: Chain, course: Course, z: F64, limit_mps: float) -> Lane:
    """Return a lane in the direction of its traffic."""
    own = chain.first.speed_mps or chain.road.speed_mps or limit_mps
    walked = chain.kind in ("sidewalk", "verge", "parking")
    centre = np.column_stack([course.middle, z])[:: chain.direction]
    centre = centre[np.concatenate([[True], np.hypot(*np.diff(centre[:, :2], axis=0).T) > 1e-6])]
    return Lane(
        name,
        chain.kind,
        chain.direction,
        float(np.median(course.width_m)),
        np.ascontiguousarray(centre),
        WALK_LIMIT_MPS if walked else own,
    )


def joined(lanes: Iterable[Lane]) -> dict[str, Lane]:
    """Return lanes by id, those of one name joined where they follow each other.

    What has the same name and lies apart is called ``NAME_far``, ``NAME_far_2``, …
    """
    named: dict[str, list[Lane]] = {}
    for lane in lanes:
        named.setdefault(lane.id, []).append(lane)
    found: dict[str, Lane] = {}
    for name, parts in named.items():
        runs = list(parts)
        while True:
            pair = next(((a, b) for a in runs for b in runs if a is not b and follows(a, b)), None)
            if pair is None:
                break
            a, b = pair
            one = replace(a, centre=np.concatenate([a.centre, b.centre[1:]]))
            runs = [one if lane is a else lane for lane in runs if lane is not b]
        for k, lane in enumerate(runs):
            id_ = name if k == 0 else f"{name}_far" + (f"_{k}" if k > 1 else "")
            found[id_] = replace(lane, id=id_)
    return found


def follows(a: Lane, b: Lane) -> bool:
    """Say whether one lane begins where another of its direction ends."""
    where = transition(a, b)
    return where is not None and where[0] > lane_length(a) - JOIN_M and where[1] < JOIN_M


def with_successors(lanes: dict[str, Lane]) -> dict[str, Lane]:
    """Return driving lanes and ways beside them with the lanes that each leads into."""
    moving = [lane for lane in lanes.values() if lane.kind in ("driving", "shoulder")]
    after: dict[str, list[tuple[bool, float, str]]] = {lane.id: [] for lane in moving}
    for a, b in _touching(moving):
        lane, other = moving[a], moving[b]
        where = transition(lane, other) if lane.kind == other.kind and a != b else None
        if where is not None:
            on_the_way = where[0] <= lane_length(lane) - JOIN_M
            rank = where[0] if on_the_way else abs(turn_of(other))
            after[lane.id].append((on_the_way, rank, other.id))
    found = dict(lanes)
    for lane in moving:
        successors = tuple(name for _, _, name in sorted(after[lane.id]))
        found[lane.id] = replace(lane, successors=successors)
    return found


def _touching(lanes: Sequence[Lane]) -> list[tuple[int, int]]:
    """Return pairs of lanes of which the second begins on the first, or the first ends on it."""
    if not lanes:
        return []
    lines = shapely.STRtree([shapely.linestrings(lane.centre[:, :2]) for lane in lanes])
    starts = shapely.points([lane.centre[0, :2] for lane in lanes])
    ends = shapely.points([lane.centre[-1, :2] for lane in lanes])
    begun, on = lines.query(starts, predicate="dwithin", distance=JOIN_M)
    ended, onto = lines.query(ends, predicate="dwithin", distance=JOIN_M)
    pairs = np.concatenate([np.column_stack([on, begun]), np.column_stack([ended, onto])])
    return [(a, b) for a, b in np.unique(pairs, axis=0).tolist()]
