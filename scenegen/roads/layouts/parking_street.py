"""A street with parking bays on both sides: along it, at an angle, or square to it.

Bays hold a car of 5.0 m x 2.5 m, which is what RASt 06 (FGSV 200, section 6.1.5.3) gives bays
square to the road: turned by an angle they take B / sin of the kerb and L sin + B cos of depth;
bays along the road are 5.7 m long and 2.3 m deep.
"""

from __future__ import annotations

from math import cos, pi, sin, tan

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.base import Vec2
from scenegen.records.road_map import Line, MapObject, MapRoad, RoadMap
from scenegen.roads.layouts.arms import centre_line
from scenegen.roads.layouts.drawing import Pose, draw
from scenegen.roads.layouts.strips import Widths, section, side, widths_of

CAR_M, BAY_M = 5.0, 2.5
ALONG_M, ALONG_DEPTH_M = 5.7, 2.3
FIRST_M = 6.0
"""Where the first bay begins, and how far before the end of the road the last one ends."""
LEAST_RAD = pi / 6


def pitch_m(spec: RoadSpec) -> float:
    """Return how much of the kerb a bay takes."""
    return BAY_M / sin(spec.bay_rad) if spec.bay_rad > 0 else ALONG_M


def depth_m(spec: RoadSpec) -> float:
    """Return how far bays reach from the lanes to the kerb.

    Raises
    ------
    InputError
        The parking strip is given and too shallow for its bays, or their angle too small.
    """
    if 0 < spec.bay_rad < LEAST_RAD:
        raise InputError(
            f"road.bay_rad comes to {spec.bay_rad * 180 / pi:.0f} deg: bays lie along the road"
            " (0 deg) or are turned by 30 to 90 deg"
        )
    turned = CAR_M * sin(spec.bay_rad) + BAY_M * cos(spec.bay_rad)
    least = turned if spec.bay_rad > 0 else ALONG_DEPTH_M
    if 0 < spec.parking_m < least - 0.5:
        raise InputError(
            f"road.parking_m is {spec.parking_m:g} m, too shallow for bays at"
            f" {spec.bay_rad * 180 / pi:.0f} deg: use {least:.2f} m, or leave it out"
        )
    return spec.parking_m or least


def parking_street(spec: RoadSpec) -> RoadMap:
    """Return a straight street whose parking strips are parted into bays.

    Raises
    ------
    InputError
        See `depth_m`.
    """
    deep = spec.model_copy(update={"parking_m": depth_m(spec)})
    right, left = widths_of(deep, spec.lanes_forward), widths_of(deep, spec.lanes_backward)
    geometries, _ = draw(Pose(0.0, 0.0), [(spec.length_m, Line())])
    lanes = section(
        0.0,
        spec.length_m,
        side(left),
        side(right),
        centre_line(spec.lanes_forward, spec.lanes_backward),
    )
    road = MapRoad(
        id="1",
        length_m=spec.length_m,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=(lanes,),
        objects=(*_bays(deep, right, -1.0), *_bays(deep, left, 1.0)),
    )
    return RoadMap(name="parking_street", roads=(road,))


def _bays(spec: RoadSpec, widths: Widths, sign: float) -> list[MapObject]:
    """Return the bays of one side, into which one drives forward from the lane beside them."""
    pitch, depth = pitch_m(spec), widths.parking_m
    lean = depth / tan(spec.bay_rad) if spec.bay_rad > 0 else 0.0
    # Traffic runs along the road on the right, and on the left where there is only one way.
    along = 1.0 if sign < 0 or spec.lanes_backward == 0 else -1.0
    shift = along * lean
    near = widths.driven_m + widths.shoulder_m
    count = int((spec.length_m - 2.0 * FIRST_M - lean) / pitch)
    start = FIRST_M if along > 0 else FIRST_M + lean
    found = []
    for k in range(count):
        middle = Pose(start + (k + 0.5) * pitch + 0.5 * shift, sign * (near + 0.5 * depth))
        inner, outer = -sign * 0.5 * depth, sign * 0.5 * depth
        open_ = [(-0.5 * pitch - 0.5 * shift, inner), (0.5 * pitch - 0.5 * shift, inner)]
        kerb = [(0.5 * pitch + 0.5 * shift, outer), (-0.5 * pitch + 0.5 * shift, outer)]
        # Counter-clockwise, beginning so that the second and fourth side part it from others.
        outline: list[Vec2] = [*open_, *kerb] if sign > 0 else [*kerb[::-1], *open_[::-1]]
        name = "right" if sign < 0 else "left"
        found.append(
            MapObject(
                id=f"bay_{name}_{k}",
                kind="parking_space",
                s_m=middle.x_m,
                t_m=middle.y_m,
                outline_m=tuple(outline),
                name=f"bay_{name}_{k}",
            )
        )
    return found
