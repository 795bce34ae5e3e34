"""A straight road under the bridge of another one.

Headroom is at least 4.5 m (RAL 2012, section 4.3); abutments stand 1.5 m and more behind what is
driven and walked on.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sin, tan

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.road_map import Line, MapObject, MapRoad, RoadMap
from scenegen.roads.layouts.arms import centre_line
from scenegen.roads.layouts.drawing import Pose, draw
from scenegen.roads.layouts.strips import section, side, widths_of

SETBACK_M = 1.5
DECK_WIDTH_M = 10.0
OPEN_M = 40.0


@dataclass(frozen=True)
class Span:
    """A bridge over a road.

    Attributes
    ----------
    middle : Pose
        In the middle of the deck; its heading is the bridge's.
    length_m : float
        Between the abutments, along the bridge.
    width_m, headroom_m : float
    """

    middle: Pose
    length_m: float
    width_m: float
    headroom_m: float


def span_of(spec: RoadSpec) -> Span:
    """Return the bridge over a road; raises `InputError` if the road is too short."""
    right, left = widths_of(spec, spec.lanes_forward), widths_of(spec, spec.lanes_backward)
    across = right.outer_m + left.outer_m + 2.0 * SETBACK_M
    lean = abs(1.0 / tan(spec.arm_rad))
    length = across / sin(spec.arm_rad) + DECK_WIDTH_M * lean
    least = length * lean + DECK_WIDTH_M / sin(spec.arm_rad) + 2.0 * OPEN_M
    if spec.length_m < least:
        raise InputError(
            f"road.length_m is {spec.length_m:g}, but the bridge and the road before and after it"
            f" take {least:.0f} m: use a length of at least that"
        )
    middle = Pose(0.5 * spec.length_m, 0.5 * (left.outer_m - right.outer_m)).turned(spec.arm_rad)
    return Span(middle, length, DECK_WIDTH_M, spec.headroom_m)


def bridge(spec: RoadSpec) -> RoadMap:
    """Return a straight road with the outline of the bridge above it.

    Raises
    ------
    InputError
        The road is too short.
    """
    span = span_of(spec)
    right, left = widths_of(spec, spec.lanes_forward), widths_of(spec, spec.lanes_backward)
    geometries, _ = draw(Pose(0.0, 0.0), [(spec.length_m, Line())])
    line = centre_line(spec.lanes_forward, spec.lanes_backward)
    above = MapObject(
        id="bridge",
        kind="bridge",
        s_m=span.middle.x_m,
        t_m=span.middle.y_m,
        z_m=span.headroom_m,
        heading_rad=span.middle.heading_rad,
        length_m=span.length_m,
        width_m=span.width_m,
        name="bridge",
    )
    road = MapRoad(
        id="1",
        length_m=spec.length_m,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=(section(0.0, spec.length_m, side(left), side(right), line),),
        objects=(above,),
    )
    return RoadMap(name="bridge", roads=(road,))
