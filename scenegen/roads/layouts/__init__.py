"""Procedural road maps: one file for each kind of `RoadSpec` that is more than one road."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from scenegen.records import RoadSpec
from scenegen.records.road_map import MapRoad, RoadMap
from scenegen.roads.layouts.bridge import bridge
from scenegen.roads.layouts.level_crossing import level_crossing
from scenegen.roads.layouts.motorway import motorway
from scenegen.roads.layouts.parking_street import parking_street
from scenegen.roads.layouts.roundabout import arms_with, roundabout
from scenegen.roads.layouts.rural import rural
from scenegen.roads.layouts.t_junction import t_junction
from scenegen.roads.layouts.tunnel import tunnel
from scenegen.roads.layouts.work_zone import work_zone

LAYOUTS: dict[str, Callable[[RoadSpec], RoadMap]] = {
    "bridge": bridge,
    "level_crossing": level_crossing,
    "motorway": motorway,
    "parking_street": parking_street,
    "roundabout": roundabout,
    "rural": rural,
    "t_junction": t_junction,
    "tunnel": tunnel,
    "work_zone": work_zone,
}
"""Every kind of road that is composed as a map, and how."""


@lru_cache(maxsize=64)
def map_of(spec: RoadSpec) -> RoadMap:
    """Return the map of a road.

    Raises
    ------
    InputError
        Its numbers don't fit each other; the message says which to change.
    """
    return LAYOUTS[spec.kind](spec)


def roads_with(spec: RoadSpec, lane: str) -> tuple[MapRoad, ...]:
    """Return the roads of a map on which a lane of that name may lie: all, or those alone.

    Of those alone what lies on them may be left out.

    Raises
    ------
    InputError
        As `map_of`.
    """
    some = arms_with(spec, lane) if spec.kind == "roundabout" else None
    return map_of(spec).roads if some is None else some
