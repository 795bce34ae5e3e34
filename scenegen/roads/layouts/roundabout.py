"""A roundabout with one or two lanes around: `ring` has its measures and their sources.

Lines along kerbs are the reference lines of entries and exits: an arc that touches the kerb of
the arm and, from outside, the inscribed circle. Those who come give way. Where there are two
lanes, each lane of an entry leads into its own lane around, and each of those also into its own
lane of every exit: who leaves from the inner one crosses the outer one.
"""

from __future__ import annotations

import re
from math import cos, pi

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.road_map import (
    Arc,
    Connection,
    Cubic,
    Line,
    MapJunction,
    MapRoad,
    RoadLink,
    RoadMap,
    RoadMark,
)
from scenegen.roads.layouts.drawing import Piece, Pose, blend, draw, length_of
from scenegen.roads.layouts.ring import FIRST_WAY, Ring, ring_of
from scenegen.roads.layouts.ring_arms import (
    HALF_M,
    Numbers,
    RingArm,
    arm_of,
    island_of,
    keys_of,
    on_circle,
)
from scenegen.roads.layouts.strips import PaintedLine, Strip, Widths, roadside, section
from scenegen.roads.layouts.ways import linked
from scenegen.roads.outlines import LINE_M

_ARM = re.compile(r"arm_(\d+)_")
_ON_NO_ARM = re.compile(r"ring_|from_|to_|crosswalk_")
"""What names of lanes on arms begin with, but for the main road's, and what those of others do."""
FLARE = 0.6
"""Part of an entry or exit, at the circle, over which its width changes."""


def roundabout(spec: RoadSpec) -> RoadMap:
    """Return a roundabout that the main road leads to, at half of its length.

    Arms are counted as they are passed by: the road ``arm_1`` is the first exit.

    Raises
    ------
    InputError
        There aren't one or two lanes each way, the circle is too small for its arms or lanes,
        or the main road too short for it.
    """
    ring = _ring(spec)
    around = [ring.segment(spec, k) for k in range(ring.arms)]
    roads: list[MapRoad] = []
    ways: list[MapRoad] = []
    junctions = []
    for k in range(ring.arms):
        before, after = around[k - 1], around[k]
        arm = arm_of(spec, ring, k)
        leave, enter = _exit(spec, ring, arm, k, before), _entry(spec, ring, arm, k, after)
        objects = arm.objects(spec, island_of(arm, ring, leave, enter))
        roads.append(arm.road(spec).model_copy(update={"objects": objects}))
        parts = (ring.past(spec, k, before, after), leave, enter)
        ways += parts
        junctions.append(_junction(arm, before, parts))
    return RoadMap(name="roundabout", roads=(*roads, *around, *ways), junctions=tuple(junctions))


def arms_with(spec: RoadSpec, lane: str) -> tuple[MapRoad, ...] | None:
    """Return the arm that a lane of a roundabout lies on, bare; none if there is no such arm.

    None of a lane that lies on no arm. Arms depend on nothing else, so one is drawn in a
    fraction of the time that all of `roundabout` takes.

    Raises
    ------
    InputError
        As `roundabout` does.
    """
    ring = _ring(spec)
    if _ON_NO_ARM.match(lane):
        return None
    k = int(named[1]) if (named := _ARM.match(lane)) else 0
    return (arm_of(spec, ring, k).road(spec),) if k < ring.arms else ()


def _ring(spec: RoadSpec) -> Ring:
    if (spec.lanes_forward, spec.lanes_backward) not in ((1, 1), (2, 2)):
        raise InputError(
            "a roundabout has one lane each way, or two: set road.lanes_forward and"
            " road.lanes_backward to 1, or both to 2"
        )
    return ring_of(spec)


def _exit(spec: RoadSpec, ring: Ring, arm: RingArm, k: int, before: MapRoad) -> MapRoad:
    start = ring.around(k, ring.outer_m, -ring.exit_rad)
    turn = 0.5 * pi - ring.exit_rad
    spare = ring.mouth_m - (ring.outer_m + ring.exit_m) * cos(ring.exit_rad)
    pieces: list[Piece] = [
        (ring.exit_m * turn, Arc(curvature_1pm=-1.0 / ring.exit_m)),
        (spare, Line()),
    ]
    way = _kerbed(spec, start, pieces, (ring.widths(spec), arm.widths), (None, arm.going))
    way = _lined(way, ring, "none", "broken")
    return way.model_copy(
        update={
            "id": str(FIRST_WAY + 3 * k + 1),
            "name": f"to_{arm.key}",
            "junction": arm.junction,
            "predecessor": RoadLink(kind="road", id=before.id, contact="end"),
            "successor": arm.link,
        }
    )


def _entry(spec: RoadSpec, ring: Ring, arm: RingArm, k: int, after: MapRoad) -> MapRoad:
    start = arm.mouth.back.moved(0.0, -(HALF_M + arm.widths.driven_m))
    turn = 0.5 * pi - ring.entry_rad
    spare = ring.mouth_m - (ring.outer_m + ring.entry_m) * cos(ring.entry_rad)
    pieces: list[Piece] = [
        (spare, Line()),
        (ring.entry_m * turn, Arc(curvature_1pm=-1.0 / ring.entry_m)),
    ]
    way = _kerbed(spec, start, pieces, (arm.widths, ring.widths(spec)), (arm.coming, None))
    way = _lined(way, ring, "solid", "none")
    way = way.model_copy(
        update={
            "id": str(FIRST_WAY + 3 * k + 2),
            "name": f"from_{arm.key}",
            "junction": arm.junction,
            "predecessor": arm.link,
            "successor": RoadLink(kind="road", id=after.id, contact="start"),
        }
    )
    return way.model_copy(update=arm.give_way(way, ring))


def _kerbed(
    spec: RoadSpec,
    start: Pose,
    pieces: list[Piece],
    widths: tuple[Widths, Widths],
    arm_lanes: tuple[Numbers | None, Numbers | None],
) -> MapRoad:
    """Return a way whose reference line is its kerb, its lane on the left of it.

    Parameters
    ----------
    widths, arm_lanes : (2,)
        At the start and the end: what is there, and the lanes of the arm where it is; None
        where the circle is.
    """
    geometries, _ = draw(start, pieces)
    length = length_of(geometries)
    count, (start_m, end_m) = widths[0].lanes, (widths[0].lane_m, widths[1].lane_m)
    strips = [Strip("driving", (start_m, end_m))] * count + roadside(*widths)
    keys = keys_of(strips)
    circle = {key: -k for k, key in enumerate(keys, 1)}
    here = section(0.0, length, [], strips, links=False)
    before, after = (
        {-k: lanes[key] for k, key in enumerate(keys, 1) if key in lanes}
        for lanes in (there or circle for there in arm_lanes)
    )
    circling = arm_lanes[0] is None
    flare = _flare(length, start_m, end_m, at_start=circling)
    lanes = tuple(
        lane.model_copy(update={"widths": flare}) if 0 > lane.id >= -count else lane
        for lane in here.lanes
    )
    return MapRoad(
        id="0",
        length_m=length,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=(linked(here.model_copy(update={"lanes": lanes}), before, after),),
        lane_offset=_flare(length, count * start_m, count * end_m, at_start=circling),
    )


def _flare(length_m: float, start_m: float, end_m: float, *, at_start: bool) -> tuple[Cubic, ...]:
    changing = FLARE * length_m
    if at_start:
        return (*blend(changing, start_m, end_m), Cubic(s_m=changing, a=end_m))
    return (Cubic(a=start_m), *blend(changing, start_m, end_m, length_m - changing))


def _lined(way: MapRoad, ring: Ring, before: PaintedLine, after: PaintedLine) -> MapRoad:
    """Return a way with lines between its lanes, before it meets the circle and after it."""
    (here,) = way.sections
    lanes = list(here.lanes)
    for n, lane in enumerate(lanes):
        if 0 > lane.id > -ring.lanes:
            s = on_circle(way, ring, (lane.id, 1.0))
            marks = tuple(
                RoadMark(s_m=at, type=line, width_m=LINE_M)
                for at, line in ((0.0, before), (s, after))
            )
            lanes[n] = lane.model_copy(update={"marks": marks})
    return way.model_copy(update={"sections": (here.model_copy(update={"lanes": tuple(lanes)}),)})


def _junction(arm: RingArm, before: MapRoad, ways: tuple[MapRoad, MapRoad, MapRoad]) -> MapJunction:
    around, leave, enter = ways
    own = tuple((-k, -k) for k in range(1, arm.widths.lanes + 1))
    into = tuple((arm.coming["driving", k], -k - 1) for k in range(arm.widths.lanes))
    found = ((before.id, around, own), (before.id, leave, own), (arm.number, enter, into))
    return MapJunction(
        id=arm.junction,
        name=f"roundabout_{arm.key}",
        connections=tuple(
            Connection(id=str(n), incoming=road, connecting=way.id, lanes=lanes)
            for n, (road, way, lanes) in enumerate(found)
        ),
    )
