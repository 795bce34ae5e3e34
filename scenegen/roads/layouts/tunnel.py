"""A straight road with a tunnel over its middle.

Headroom over the carriageway is 4.5 m and a reserve (RABT 2006, FGSV 339, section 2.2); pavements
of 1 m lie on both sides where the road has none.
"""

from __future__ import annotations

from dataclasses import dataclass

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.road_map import Line, MapObject, MapRoad, RoadMap
from scenegen.roads.layouts.arms import centre_line
from scenegen.roads.layouts.drawing import Pose, draw
from scenegen.roads.layouts.strips import section, side, widths_of

LEAST_WALK_M = 1.0
WALL_GAP_M = 0.15
"""Between the outermost strip and the wall."""
OPEN_M = 40.0
"""Least length of open road before and after."""


@dataclass(frozen=True)
class Tube:
    """The room inside of a tunnel.

    Attributes
    ----------
    start_m, end_m : float
        Stations of the portals.
    right_m, left_m : float
        Offsets t of the walls.
    height_m : float
    """

    start_m: float
    end_m: float
    right_m: float
    left_m: float
    height_m: float


def _walled(spec: RoadSpec) -> RoadSpec:
    return spec.model_copy(
        update={"sidewalk_m": max(spec.sidewalk_m, LEAST_WALK_M), "parking_m": 0.0}
    )


def tube_of(spec: RoadSpec) -> Tube:
    """Return the room inside of a road's tunnel; raises `InputError` if it is too long."""
    if spec.tunnel_m + 2.0 * OPEN_M > spec.length_m:
        raise InputError(
            f"road.tunnel_m is {spec.tunnel_m:g} m of a road of {spec.length_m:g} m: use a length"
            f" of at least {spec.tunnel_m + 2.0 * OPEN_M:g} m, or a shorter tunnel"
        )
    inner = _walled(spec)
    right = widths_of(inner, spec.lanes_forward).outer_m + WALL_GAP_M
    left = widths_of(inner, spec.lanes_backward).outer_m + WALL_GAP_M
    start = 0.5 * (spec.length_m - spec.tunnel_m)
    return Tube(start, start + spec.tunnel_m, -right, left, spec.headroom_m)


def tunnel(spec: RoadSpec) -> RoadMap:
    """Return a straight road with the outline of its tunnel.

    Raises
    ------
    InputError
        The tunnel is longer than the road.
    """
    tube, inner = tube_of(spec), _walled(spec)
    right, left = widths_of(inner, spec.lanes_forward), widths_of(inner, spec.lanes_backward)
    geometries, _ = draw(Pose(0.0, 0.0), [(spec.length_m, Line())])
    # Nobody overtakes in a tunnel.
    line = centre_line(spec.lanes_forward, spec.lanes_backward)
    cuts = [0.0, tube.start_m, tube.end_m, spec.length_m]
    sections = tuple(
        section(
            cuts[k],
            cuts[k + 1] - cuts[k],
            side(left),
            side(right),
            "solid" if k == 1 and line != "none" else line,
        )
        for k in range(3)
    )
    outline = MapObject(
        id="tunnel",
        kind="tunnel",
        s_m=0.5 * spec.length_m,
        t_m=0.5 * (tube.left_m + tube.right_m),
        length_m=spec.tunnel_m,
        width_m=tube.left_m - tube.right_m,
        height_m=tube.height_m,
        name="tunnel",
    )
    road = MapRoad(
        id="1",
        length_m=spec.length_m,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=sections,
        objects=(outline,),
    )
    return RoadMap(name="tunnel", roads=(road,))
