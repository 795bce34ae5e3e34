"""A railway that crosses the road on the level.

Tracks lie 4.0 m apart (EBO, section 10) in beds of 3.6 m. Those on the road wait 3.0 m before
the nearest bed's edge, where St Andrew's crosses stand (Vienna Convention, A 28), with red
lights and half barriers if there are any. The road's lines end at the bed.
"""

from __future__ import annotations

from math import pi, sin, tan

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.road_map import (
    Cubic,
    LaneSection,
    Line,
    MapObject,
    MapRoad,
    MapSignal,
    RoadMap,
)
from scenegen.roads.layouts.arms import POST_INSET_M, STOP_LINE_M, centre_line
from scenegen.roads.layouts.drawing import Pose, draw
from scenegen.roads.layouts.strips import Strip, Widths, section, side, widths_of
from scenegen.roads.section import KERB_WIDTH_M

BED_M, APART_M = 3.6, 4.0
WAIT_M = 3.0
PARKING_CLEAR_M = 10.0
HEAD_HEIGHT_M = 2.0


def level_crossing(spec: RoadSpec) -> RoadMap:
    """Return a straight road and, across its middle, the road ``rail`` of one or two tracks.

    Raises
    ------
    InputError
        The road is too short, barriers are closed while its lights aren't, or they are
        automatic and there are no lights.
    """
    closed = spec.signals is not None and spec.signals.mode == "closed"
    if spec.barriers == "closed" and not closed:
        raise InputError(
            "road.barriers are closed, but the lights don't say so: set road.signals to"
            " {mode: closed}, or barriers to automatic or open"
        )
    if spec.barriers == "automatic" and spec.signals is None:
        raise InputError(
            "road.barriers are automatic, but there are no lights that they could follow: set"
            " road.signals, or barriers to open or none"
        )
    half = half_m(spec)
    least = 2.0 * (half + WAIT_M + PARKING_CLEAR_M + 20.0)
    if spec.length_m < least:
        raise InputError(
            f"road.length_m is {spec.length_m:g} m, but the crossing and its approaches take"
            f" {least:.0f} m: use a length of at least that, or an arm_rad nearer to a right angle"
        )
    return RoadMap(name="level_crossing", roads=(_street(spec, half), _rail(spec)))


def bed_m(spec: RoadSpec) -> float:
    """Return the width of all tracks together."""
    return BED_M if spec.tracks == 1 else 2.0 * APART_M


def half_m(spec: RoadSpec) -> float:
    """Return how far from its middle the road is clear of the railway's bed."""
    sides = (widths_of(spec, n) for n in (spec.lanes_forward, spec.lanes_backward))
    reach = max(w.driven_m + w.beyond_m for w in sides)
    return 0.5 * bed_m(spec) / sin(spec.arm_rad) + reach * abs(1.0 / tan(spec.arm_rad))


def _street(spec: RoadSpec, half: float) -> MapRoad:
    right, left = widths_of(spec, spec.lanes_forward), widths_of(spec, spec.lanes_backward)
    middle, clear = 0.5 * spec.length_m, half + WAIT_M + PARKING_CLEAR_M
    cuts = [0.0, middle - clear, middle - half, middle + half, middle + clear, spec.length_m]
    parts = [_part(cuts, k, left, right) for k in range(5)]
    geometries, _ = draw(Pose(0.0, 0.0), [(spec.length_m, Line())])
    waits = [
        _wait(spec, middle - half - WAIT_M, right, -1.0),
        _wait(spec, middle + half + WAIT_M, left, 1.0),
    ]
    waits = [wait for wait in waits if wait is not None]
    return MapRoad(
        id="1",
        length_m=spec.length_m,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=tuple(parts),
        objects=tuple(wait[0] for wait in waits if wait),
        signals=tuple(wait[1] for wait in waits if wait),
    )


def _part(cuts: list[float], k: int, left: Widths, right: Widths) -> LaneSection:
    parking = "parking" if k in (0, 4) else "restricted"
    sides = [side(left, parking), side(right, parking)]  # type: ignore[arg-type]
    line = centre_line(right.lanes, left.lanes)
    if k in (1, 3) and line != "none":
        line = "solid"
    if k == 2:
        line = "none"
        sides = [[strip.lined("none") for strip in strips] for strips in sides]
    return section(cuts[k], cuts[k + 1] - cuts[k], sides[0], sides[1], line)


def _wait(
    spec: RoadSpec, s_m: float, widths: Widths, sign: float
) -> tuple[MapObject, MapSignal] | None:
    """Return the stop line of one direction and what stands beside it."""
    if not widths.lanes:
        return None
    key = "forward" if sign < 0 else "backward"
    kerb = KERB_WIDTH_M if widths.sidewalk_m else 0.0
    ids = sorted((int(sign), int(sign) * widths.lanes))
    line = MapObject(
        id=f"stop_{key}",
        kind="stop_line",
        s_m=s_m + sign * 0.5 * STOP_LINE_M,
        t_m=sign * 0.5 * widths.driven_m,
        length_m=STOP_LINE_M,
        width_m=widths.driven_m,
        name=f"stop_{key}",
    )
    lights = MapSignal(
        id=f"crossing_{key}",
        kind="level_crossing",
        s_m=s_m - sign * 0.5,
        t_m=sign * (widths.driven_m + widths.beyond_m + kerb + POST_INSET_M + 0.2),
        z_m=HEAD_HEIGHT_M,
        orientation="+" if sign < 0 else "-",
        lanes=(ids[0], ids[1]),
        group="major",
        name=f"crossing_{key}",
    )
    return line, lights


def _rail(spec: RoadSpec) -> MapRoad:
    length = 2.0 * spec.arm_length_m
    turned = spec.arm_rad if spec.side == "left" else spec.arm_rad - pi
    start = Pose(0.5 * spec.length_m, 0.0).turned(turned).moved(-spec.arm_length_m)
    geometries, _ = draw(start, [(length, Line())])
    one = spec.tracks == 1
    bed = Strip("rail", (BED_M, BED_M) if one else (APART_M, APART_M))
    lanes = section(0.0, length, [] if one else [bed], [bed])
    return MapRoad(
        id="2",
        name="rail",
        length_m=length,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=(lanes,),
        lane_offset=(Cubic(a=0.5 * BED_M),) if one else (),
    )
