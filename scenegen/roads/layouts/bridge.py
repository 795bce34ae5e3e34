"""Two straight roads, one on a bridge over the other.

The room below is at least 4.5 m high (RAL 2012, section 4.3), the deck 1.2 m thick; the upper
road rises and falls again by no more than 6.5 % (RAL, table 15: class EKL 3).
"""

from __future__ import annotations

from math import sin

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.road_map import Cubic, Line, MapObject, MapRoad, RoadMap
from scenegen.roads.layouts.arms import centre_line
from scenegen.roads.layouts.drawing import Pose, blend, draw
from scenegen.roads.layouts.strips import section, side, widths_of

DECK_M = 1.2
STEEPEST = 0.065
MARGIN_M = 10.0
"""How far the top is level beyond the road below."""
OPEN_M = 20.0
"""Least length of level road before the ramp and after it."""


def bridge(spec: RoadSpec) -> RoadMap:
    """Return the main road and the road ``cross`` over or under its middle.

    Raises
    ------
    InputError
        The upper road is too short for its ramps.
    """
    top, ramp = _top_m(spec), _ramp_m(spec)
    least = 2.0 * (top + ramp + OPEN_M)
    main_over = spec.level == "over"
    if main_over and spec.length_m < least:
        raise InputError(
            f"road.length_m is {spec.length_m:g} m, but a bridge of {spec.headroom_m:g} m headroom"
            f" and its ramps take {least:.0f} m: use a length of at least that, a lower headroom_m,"
            " or level under"
        )
    length = max(spec.length_m, least)
    middle = Pose(0.5 * spec.length_m, 0.0)
    cross = middle.turned(spec.arm_rad).moved(-0.5 * length)
    roads = (
        _road(spec, "1", "", Pose(0.0, 0.0), spec.length_m, raised=main_over),
        _road(spec, "2", "cross", cross, length, raised=not main_over),
    )
    return RoadMap(name="bridge", roads=roads)


def _top_m(spec: RoadSpec) -> float:
    """Return half of the level length over the road below."""
    sides = (widths_of(spec, n, parking=False) for n in (spec.lanes_forward, spec.lanes_backward))
    reach = max(widths.outer_m for widths in sides)
    return (reach + spec.verge_m) * (1.0 + 1.0 / sin(spec.arm_rad)) + MARGIN_M


def _ramp_m(spec: RoadSpec) -> float:
    """Return the length over which a smooth ramp rises without getting too steep."""
    return 1.5 * (spec.headroom_m + DECK_M) / STEEPEST


def _road(
    spec: RoadSpec, number: str, name: str, start: Pose, length: float, *, raised: bool
) -> MapRoad:
    right = widths_of(spec, spec.lanes_forward, parking=False)
    left = widths_of(spec, spec.lanes_backward, parking=False)
    geometries, _ = draw(start, [(length, Line())])
    line = centre_line(spec.lanes_forward, spec.lanes_backward)
    # Nobody overtakes over a crest.
    lanes = section(
        0.0, length, side(left), side(right), "solid" if raised and line != "none" else line
    )
    above = MapObject(
        id="bridge",
        kind="bridge",
        s_m=0.5 * length,
        t_m=0.5 * (left.outer_m - right.outer_m),
        length_m=2.0 * _top_m(spec),
        width_m=left.outer_m + right.outer_m,
        name="bridge",
    )
    return MapRoad(
        id=number,
        name=name,
        length_m=length,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        elevation=_profile(spec, length) if raised else (),
        sections=(lanes,),
        objects=(above,) if raised else (),
    )


def _profile(spec: RoadSpec, length: float) -> tuple[Cubic, ...]:
    high, ramp, top = spec.headroom_m + DECK_M, _ramp_m(spec), _top_m(spec)
    start, end = 0.5 * length - top - ramp, 0.5 * length + top
    return (
        Cubic(),
        *blend(ramp, 0.0, high, start),
        Cubic(s_m=start + ramp, a=high),
        *blend(ramp, high, 0.0, end),
        Cubic(s_m=end + ramp),
    )
