"""A roundabout with one circulating lane: `ring` has its measures and their sources.

Lines along kerbs are the reference lines of entries and exits: an arc that touches the kerb of
the arm and, from outside, the inscribed circle. Those who come give way.
"""

from __future__ import annotations

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
)
from scenegen.roads.layouts.drawing import Piece, Pose, blend, draw, length_of
from scenegen.roads.layouts.ring import ENTRY_RADIUS_M, EXIT_RADIUS_M, FIRST_WAY, Ring, ring_of
from scenegen.roads.layouts.ring_arms import HALF_M, RingArm, arm_of, island_of
from scenegen.roads.layouts.strips import Strip, Widths, roadside, section
from scenegen.roads.layouts.ways import linked

FLARE = 0.6
"""Part of an entry or exit, at the circle, over which its width changes."""


def roundabout(spec: RoadSpec) -> RoadMap:
    """Return a roundabout that the main road leads to, at half of its length.

    Arms are counted as they are passed by: the road ``arm_1`` is the first exit.

    Raises
    ------
    InputError
        There are more lanes than one each way, the circle is too small for its arms, or the
        main road too short for it.
    """
    if (spec.lanes_forward, spec.lanes_backward) != (1, 1):
        raise InputError(
            "a roundabout has one lane each way: set road.lanes_forward and"
            " road.lanes_backward to 1"
        )
    ring = ring_of(spec)
    around = [ring.segment(spec, k) for k in range(ring.arms)]
    roads: list[MapRoad] = []
    ways: list[MapRoad] = []
    junctions = []
    for k in range(ring.arms):
        before, after = around[k - 1], around[k]
        arm = arm_of(spec, ring, k)
        leave, enter = _exit(spec, ring, arm, k, before), _entry(spec, ring, arm, k, after)
        roads.append(arm.road(spec, island_of(arm, ring, leave, enter)))
        parts = (ring.past(spec, k, before, after), leave, enter)
        ways += parts
        junctions.append(_junction(arm, before, parts))
    return RoadMap(name="roundabout", roads=(*roads, *around, *ways), junctions=tuple(junctions))


def _exit(spec: RoadSpec, ring: Ring, arm: RingArm, k: int, before: MapRoad) -> MapRoad:
    start = ring.around(k, ring.outer_m, -ring.exit_rad)
    turn = 0.5 * pi - ring.exit_rad
    spare = ring.mouth_m - (ring.outer_m + EXIT_RADIUS_M) * cos(ring.exit_rad)
    pieces: list[Piece] = [
        (EXIT_RADIUS_M * turn, Arc(curvature_1pm=-1.0 / EXIT_RADIUS_M)),
        (spare, Line()),
    ]
    way = _kerbed(spec, start, pieces, (ring.widths(spec), arm.widths), (None, arm.going))
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
    start = arm.mouth.back.moved(0.0, -(HALF_M + arm.widths.lane_m))
    turn = 0.5 * pi - ring.entry_rad
    spare = ring.mouth_m - (ring.outer_m + ENTRY_RADIUS_M) * cos(ring.entry_rad)
    pieces: list[Piece] = [
        (spare, Line()),
        (ENTRY_RADIUS_M * turn, Arc(curvature_1pm=-1.0 / ENTRY_RADIUS_M)),
    ]
    way = _kerbed(spec, start, pieces, (arm.widths, ring.widths(spec)), (arm.coming, None))
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
    arm_lanes: tuple[dict[str, int] | None, dict[str, int] | None],
) -> MapRoad:
    """Return a way whose reference line is its kerb, its lane on the left of it.

    Parameters
    ----------
    widths, arm_lanes : (2,)
        At the start and the end: what is there, and the lanes of the arm by type where it is;
        None where the circle is.
    """
    geometries, _ = draw(start, pieces)
    length = length_of(geometries)
    strips = [Strip("driving", (widths[0].lane_m, widths[1].lane_m)), *roadside(*widths)]
    circle = {strip.type: -k for k, strip in enumerate(strips, 1)}
    here = section(0.0, length, [], strips, links=False)
    before, after = (
        {-k: lanes[strip.type] for k, strip in enumerate(strips, 1) if strip.type in lanes}
        for lanes in (there or circle for there in arm_lanes)
    )
    flare = _flare(length, widths[0].lane_m, widths[1].lane_m, at_start=arm_lanes[0] is None)
    lanes = tuple(
        lane.model_copy(update={"widths": flare}) if lane.id == -1 else lane for lane in here.lanes
    )
    return MapRoad(
        id="0",
        length_m=length,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=(linked(here.model_copy(update={"lanes": lanes}), before, after),),
        lane_offset=flare,
    )


def _flare(length_m: float, start_m: float, end_m: float, *, at_start: bool) -> tuple[Cubic, ...]:
    changing = FLARE * length_m
    if at_start:
        return (*blend(changing, start_m, end_m), Cubic(s_m=changing, a=end_m))
    return (Cubic(a=start_m), *blend(changing, start_m, end_m, length_m - changing))


def _junction(arm: RingArm, before: MapRoad, ways: tuple[MapRoad, MapRoad, MapRoad]) -> MapJunction:
    around, leave, enter = ways
    found = (
        (before.id, around, -1),
        (before.id, leave, -1),
        (arm.number, enter, arm.coming["driving"]),
    )
    return MapJunction(
        id=arm.junction,
        name=f"roundabout_{arm.key}",
        connections=tuple(
            Connection(id=str(n), incoming=road, connecting=way.id, lanes=((lane, -1),))
            for n, (road, way, lane) in enumerate(found)
        ),
    )
