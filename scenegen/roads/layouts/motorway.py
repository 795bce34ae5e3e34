"""One carriageway of a motorway with an entry, an exit, or both, the entry first.

RAA 2008 (FGSV 202), section 6.4: lanes for slowing down and speeding up lie beside the through
lanes for 250 m, 60 m of which they take to open or close; a broken line of blocks parts them.
Ramps of cross-section Q1 have one lane of 4.5 m; they leave with a clothoid into a wide arc,
which here has 250 m, and turn away with one of 80 m.
"""

from __future__ import annotations

from collections.abc import Sequence

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.road_map import (
    Connection,
    Line,
    MapJunction,
    MapRoad,
    RoadLink,
    RoadMap,
    Spiral,
)
from scenegen.roads.layouts.drawing import Piece, Pose, bend, draw, length_of, mirror, reverse
from scenegen.roads.layouts.strips import Strip, driving, section
from scenegen.roads.layouts.ways import linked
from scenegen.roads.section import MEDIAN_SHOULDER_M

TAPER_M = 60.0
DIVERGE_M, DIVERGE_RADIUS_M = 80.0, 250.0
"""Length of the ways that lead off and on, and the radius that their clothoid reaches."""
RAMP_LANE_M, RAMP_SHOULDER_M, RAMP_EDGE_M = 4.5, 1.5, 0.75
RAMP_RADIUS_M, RAMP_TURN_RAD, RAMP_CLOTHOID_M = 80.0, 0.7, 40.0
RAMP_STRAIGHT_M = 60.0
OPEN_M = 50.0
"""Least length before the first and after the last change of the carriageway."""
LANE_LINE_M, EDGE_LINE_M, BLOCK_M = 0.15, 0.3, (6.0, 6.0)


def motorway(spec: RoadSpec) -> RoadMap:
    """Return the carriageway in pieces without a name, and ramps ``exit_ramp``, ``entry_ramp``.

    Raises
    ------
    InputError
        There is traffic both ways, or the road is too short for its ramps.
    """
    if spec.lanes_backward:
        raise InputError("a motorway's carriageway has one direction: set road.lanes_backward to 0")
    leave, enter = spec.ramps in ("exit", "both"), spec.ramps in ("entry", "both")
    at = _noses(spec, leave=leave, enter=enter)
    joints = [*([("entry", at[0])] if enter else []), *([("exit", at[-1])] if leave else [])]
    roads: list[MapRoad] = []
    ways: list[MapRoad] = []
    junctions = []
    start = 0.0
    for n, (kind, s) in enumerate(joints):
        previous = joints[n - 1][0] if n else None
        roads.append(_stretch(spec, start, s, previous, kind, n, last=False))
        parts, junction = _joint(spec, kind, s, n)
        ways += parts[:2]
        roads.append(parts[2])
        junctions.append(junction)
        start = s + DIVERGE_M
    roads.append(_stretch(spec, start, spec.length_m, joints[-1][0], None, len(joints), last=True))
    return RoadMap(name="motorway", roads=(*roads, *ways), junctions=tuple(junctions))


def _noses(spec: RoadSpec, *, leave: bool, enter: bool) -> list[float]:
    """Return where the way of the entry begins, and that of the exit."""
    lane = spec.ramp_lane_m
    both = leave and enter
    before = OPEN_M + (lane if leave and not enter else 0.0)
    gap = DIVERGE_M + 2.0 * lane if both else 0.0
    least = before + gap + DIVERGE_M + (lane if enter and not leave else 0.0) + OPEN_M
    if spec.length_m < least:
        raise InputError(
            f"road.length_m is {spec.length_m:g} m, but ramps with {lane:g} m beside the lanes take"
            f" {least:g} m: use a length of at least that, or a shorter ramp_lane_m"
        )
    spare = spec.length_m - least
    return [before + spare / 3.0, before + gap + spare * (2.0 / 3.0 if both else 1.0 / 3.0)]


def _left(spec: RoadSpec) -> list[Strip]:
    edge = min(spec.shoulder_m, MEDIAN_SHOULDER_M) or RAMP_EDGE_M
    return [Strip("border", (edge, edge))]


def _lanes(spec: RoadSpec) -> list[Strip]:
    return driving(spec.lanes_forward, spec.lane_width_m)


def _edge(strips: list[Strip], shoulder_m: float) -> list[Strip]:
    """Return strips with an edge line and a shoulder beyond it."""
    edged = strips[-1].lined("solid", line_m=EDGE_LINE_M)
    beyond = Strip("shoulder", (shoulder_m, shoulder_m))
    return [*strips[:-1], edged, beyond]


def _shoulder_m(spec: RoadSpec) -> float:
    return spec.shoulder_m or RAMP_SHOULDER_M


def _stretch(
    spec: RoadSpec,
    start_m: float,
    end_m: float,
    before: str | None,
    after: str | None,
    number: int,
    *,
    last: bool,
) -> MapRoad:
    """Return a piece of the carriageway between two noses.

    `before` and `after` say what is there: after an entry there is a lane to speed up, before
    an exit one to slow down.
    """
    length, extra, taper = end_m - start_m, spec.ramp_lane_m, min(TAPER_M, 0.5 * spec.ramp_lane_m)
    plain = _edge(_lanes(spec), _shoulder_m(spec))
    w = spec.lane_width_m
    parts: list[tuple[float, list[Strip]]] = []
    if before == "entry":
        parts += [
            (extra - taper, _with_lane(spec, "entry", (w, w))),
            (taper, _with_lane(spec, "entry", (w, 0.0))),
        ]
    rest = length - sum(part for part, _ in parts) - (extra if after == "exit" else 0.0)
    parts.append((rest, plain))
    if after == "exit":
        parts += [
            (taper, _with_lane(spec, "exit", (0.0, w))),
            (extra - taper, _with_lane(spec, "exit", (w, w))),
        ]
    sections, s = [], 0.0
    for k, (part, strips) in enumerate(parts):
        here = section(s, part, _left(spec), strips, "solid", links=False, line_m=LANE_LINE_M)
        links = [
            _beside(strips, parts[n][1]) if 0 <= n < len(parts) else {} for n in (k - 1, k + 1)
        ]
        sections.append(linked(here, *links))
        s += part
    geometries, _ = draw(Pose(start_m, 0.0), [(length, Line())])
    return MapRoad(
        id=str(1 + number),
        length_m=length,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=tuple(sections),
        predecessor=RoadLink(kind="junction", id=str(99 + number)) if number else None,
        successor=None if last else RoadLink(kind="junction", id=str(100 + number)),
    )


def _with_lane(spec: RoadSpec, kind: str, width: tuple[float, float]) -> list[Strip]:
    """Return the lanes with one more beside them, parted by blocks."""
    lanes = _lanes(spec)
    lanes[-1] = lanes[-1].lined("broken", line_m=EDGE_LINE_M, dash_m=BLOCK_M)
    beside = Strip("exit" if kind == "exit" else "entry", width)
    return _edge([*lanes, beside], _shoulder_m(spec))


def _beside(strips: Sequence[Strip], others: Sequence[Strip]) -> dict[int, int]:
    """Return in which lanes of a neighbouring section lanes go on: those of the same type."""
    found = {1: 1}
    for k, strip in enumerate(strips):
        same = [n for n, other in enumerate(others) if other.type == strip.type]
        if strip.type == "driving":
            found[-k - 1] = -k - 1
        elif same:
            found[-k - 1] = -same[0] - 1
    return found


def _joint(
    spec: RoadSpec, kind: str, s_m: float, number: int
) -> tuple[tuple[MapRoad, MapRoad, MapRoad], MapJunction]:
    """Return the way straight on, the way to or from the ramp, the ramp, and their junction."""
    junction = str(100 + number)
    before, after = str(1 + number), str(2 + number)
    edge = -spec.lanes_forward * spec.lane_width_m
    leaving = kind == "exit"
    shoulder = (0.0, _shoulder_m(spec)) if leaving else (_shoulder_m(spec), 0.0)
    lanes = _lanes(spec)
    lanes[-1] = lanes[-1].lined("solid", line_m=EDGE_LINE_M)
    strips = [*lanes, Strip("shoulder", shoulder)]
    here = section(0.0, DIVERGE_M, _left(spec), strips, "solid", links=False, line_m=LANE_LINE_M)
    own = {1: 1} | {-k: -k for k in range(1, spec.lanes_forward + 1)}
    beyond = {-spec.lanes_forward - 1: -spec.lanes_forward - 1}
    ends = (own, own | beyond) if leaving else (own | beyond, own)
    geometries, _ = draw(Pose(s_m, 0.0), [(DIVERGE_M, Line())])
    links = {
        "predecessor": RoadLink(kind="road", id=before, contact="end"),
        "successor": RoadLink(kind="road", id=after, contact="start"),
    }
    straight = MapRoad(
        id=str(21 + 2 * number),
        length_m=DIVERGE_M,
        junction=junction,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=(linked(here, *ends),),
        **links,
    )
    ramp_id = str(11 + number)
    way, ramp = _ramp(spec, Pose(s_m if leaving else s_m + DIVERGE_M, edge), leaving=leaving)
    lane = -spec.lanes_forward - 1
    shoulders = {-1: lane, -2: lane - 1}, {1: 1, -1: -1, -2: -2}
    ends = shoulders if leaving else shoulders[::-1]
    touching = RoadLink(kind="road", id=ramp_id, contact="start" if leaving else "end")
    way = way.model_copy(
        update={
            "id": str(22 + 2 * number),
            "name": f"to_{kind}" if leaving else f"from_{kind}",
            "junction": junction,
            "sections": (linked(way.sections[0], *ends),),
            "predecessor": links["predecessor"] if leaving else touching,
            "successor": touching if leaving else links["successor"],
        }
    )
    inside = RoadLink(kind="junction", id=junction)
    ramp = ramp.model_copy(
        update={
            "id": ramp_id,
            "name": f"{kind}_ramp",
            "predecessor": inside if leaving else None,
            "successor": None if leaving else inside,
        }
    )
    on = tuple((-k, -k) for k in range(1, spec.lanes_forward + 1))
    connections = (
        Connection(id="0", incoming=before, connecting=straight.id, lanes=on),
        Connection(
            id="1",
            incoming=before if leaving else ramp_id,
            connecting=way.id,
            lanes=((lane if leaving else -1, -1),),
        ),
    )
    return (straight, way, ramp), MapJunction(id=junction, name=kind, connections=connections)


def _ramp(spec: RoadSpec, nose: Pose, *, leaving: bool) -> tuple[MapRoad, MapRoad]:
    """Return the way between a carriageway's edge and a ramp, and the ramp, as traffic runs.

    Parameters
    ----------
    nose : Pose
        On the edge of the through lanes, where the way touches it.
    """
    k = -1.0 / DIVERGE_RADIUS_M
    off: list[Piece] = [(DIVERGE_M, Spiral(start_1pm=0.0, end_1pm=k))]
    away: list[Piece] = [
        (RAMP_CLOTHOID_M, Spiral(start_1pm=k, end_1pm=0.0)),
        *bend(RAMP_RADIUS_M, -RAMP_TURN_RAD, RAMP_CLOTHOID_M),
        (RAMP_STRAIGHT_M, Line()),
    ]
    shoulder = _shoulder_m(spec)
    if leaving:
        on_way, between = draw(nose, off)
        on_ramp, _ = draw(between, away)
    else:
        # An entry is an exit in a mirror, driven the other way.
        mirrored = mirror([*off, *away])
        _, far = draw(nose.back, mirrored)
        back = reverse(mirrored)
        on_ramp, between = draw(far.back, back[: -len(off)])
        on_way, _ = draw(between, back[-len(off) :])
    widths = ((spec.lane_width_m, RAMP_LANE_M), (shoulder, RAMP_SHOULDER_M), (0.0, RAMP_EDGE_M))
    if not leaving:
        widths = tuple(pair[::-1] for pair in widths)  # type: ignore[assignment]
    lane, outer, inner = widths
    edged = Strip("driving", lane).lined("solid", line_m=EDGE_LINE_M)
    way = section(
        0.0,
        length_of(on_way),
        [Strip("border", inner)],
        [edged, Strip("shoulder", outer)],
        "solid",
        links=False,
        line_m=LANE_LINE_M,
    )
    even = Strip("driving", (RAMP_LANE_M, RAMP_LANE_M)).lined("solid", line_m=EDGE_LINE_M)
    ramp = section(
        0.0,
        length_of(on_ramp),
        [Strip("border", (RAMP_EDGE_M, RAMP_EDGE_M))],
        [even, Strip("shoulder", (RAMP_SHOULDER_M, RAMP_SHOULDER_M))],
        "solid",
        links=False,
        line_m=LANE_LINE_M,
    )
    made = [
        MapRoad(
            id="0",
            length_m=length_of(line),
            speed_mps=spec.speed_limit_mps,
            geometries=line,
            sections=(lanes,),
        )
        for line, lanes in ((on_way, way), (on_ramp, ramp))
    ]
    return made[0], made[1]
