"""A road map as a road network, with all that is asked about it later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from scenegen.errors import InputError
from scenegen.records import Lane, LaneLine, RoadNetwork, RoadSpec, SignalHead
from scenegen.records.base import F64
from scenegen.records.road_map import MapLane, MapRoad, RoadMap
from scenegen.roads.lanes import WALK_LIMIT_MPS, WALK_REACH_M, lane_stations
from scenegen.roads.layouts import LAYOUTS, map_of, roads_with
from scenegen.roads.map import lanes as lanes_
from scenegen.roads.map.carriageway import Carriageway
from scenegen.roads.map.extent import trace_map
from scenegen.roads.map.ground import build_ground
from scenegen.roads.map.lanes import Chain
from scenegen.roads.map.locate import Locator
from scenegen.roads.map.marks import Painted, lane_marks
from scenegen.roads.map.mesh import surfaces_of
from scenegen.roads.map.objects import object_id, place_object, placed_objects, way_across
from scenegen.roads.map.signals import heads_of
from scenegen.roads.map.trace import TracedRoad, is_level
from scenegen.roads.map.yields import yield_lines
from scenegen.roads.map.zones import kind_of
from scenegen.roads.paint import LABEL_REACH_M
from scenegen.roads.reference_line import elevation, project, roll

_FAR = re.compile(r"_far(_\d+)?$")
"""What `lanes.joined` adds to the name of a lane that lies apart from another of that name."""


@dataclass(frozen=True)
class MapShape:
    """All that a road map was built into."""

    network: RoadNetwork
    roads: tuple[TracedRoad, ...]
    carriageway: Carriageway
    locator: Locator


def road_map(spec: RoadSpec) -> RoadMap:
    """Return the map that a road is built from."""
    if spec.kind in LAYOUTS:
        return map_of(spec)
    if spec.map is None:
        raise InputError(f"a road of kind {spec.kind!r} needs a map")
    return spec.map


@lru_cache(maxsize=16)
def map_shape(spec: RoadSpec) -> MapShape:
    """Build the network of a road that is a map.

    Raises
    ------
    InputError
        Roads lie above each other with too little room between them.
    """
    plan = road_map(spec)
    roads = trace_map(plan.roads)
    things = placed_objects(plan.roads)
    painted = [line for one in roads for line in _marks(spec, one)]
    mesh, carriageway, structure, stacked = build_ground(spec, roads, things, painted)
    locator = Locator(mesh)

    def height(road: MapRoad, xy: F64) -> F64:
        """Return the heights (N,) of the surface at points (N, 2) of one road, not of one above."""
        return locator.height(xy, _own_height(road, xy) if stacked else np.inf)

    lanes, ids = _lanes(spec, plan, lambda chain, xy: height(chain.road, xy))
    lanes |= _crosswalks(plan.roads, height)
    heads: tuple[SignalHead, ...] = ()
    if spec.signals is not None:
        heads = heads_of(plan.roads, things, ids, lanes, carriageway.distance, locator.height)
    box = plan_box(roads)
    network = RoadNetwork(
        spec,
        lanes,
        tuple(_line(one, height, box, plan) for one in painted if one.labelled),
        heads,
        (*surfaces_of(mesh, town=spec.surroundings == "urban"), *structure),
        all(is_level(one.road) for one in roads),
        yield_lines(plan, things, ids, lanes, locator.height),
        stacked,
    )
    return MapShape(network, roads, carriageway, locator)


def _marks(spec: RoadSpec, one: TracedRoad) -> Iterator[Painted]:
    named = spec.kind != "opendrive" and one.road.name
    name = one.road.name if named else f"road_{one.road.id}"
    return lane_marks(one, name, motorway=spec.surroundings == "motorway")


def plan_box(roads: tuple[TracedRoad, ...]) -> shapely.Polygon:
    """Return the rectangle around the lanes of a map as far as they are labelled."""
    points = np.concatenate(
        [
            border[(s.s_m >= 0.0) & (s.s_m <= one.road.length_m)]
            for one in roads
            for s in one.strips
            for border in (s.inner, s.outer)
        ]
    )
    low, high = points.min(axis=0) - LABEL_REACH_M, points.max(axis=0) + LABEL_REACH_M
    return shapely.box(*low, *high)


@lru_cache(maxsize=16)
def map_lanes(spec: RoadSpec) -> dict[str, Lane]:
    """Return the lanes of a road that is a map, without its mesh.

    They are those of its network but for heights, which are those of each lane's own road: what
    is blended within junctions is not, which makes no difference on level roads.
    """
    plan = road_map(spec)
    lanes, _ = _lanes(spec, plan, _chain_height)
    return lanes | _crosswalks(plan.roads, _own_height)


@lru_cache(maxsize=512)
def map_lane(spec: RoadSpec, name: str) -> Lane | None:
    """Return one lane of a composed map; None if there is none.

    It is that of `map_lanes`, to the bit, but for what it leads into. Only what is joined to
    that lane is built, so that many maps can be asked for few lanes.
    """
    roads = roads_with(spec, name)
    found = _crosswalks(roads, _own_height, only=name)
    if not found:
        stem = _FAR.sub("", name)
        found = lanes_.joined(lane for lane, _ in _parts(spec, roads, _chain_height, only=stem))
    return found.get(name)


def _chain_height(chain: Chain, xy: F64) -> F64:
    return _own_height(chain.road, xy, chain.first)


def _own_height(road: MapRoad, xy: F64, lane: MapLane | None = None) -> F64:
    """Return the heights (N,) of one road's surface, or of a lane on it, at points (N, 2)."""
    raised = 0.0 if lane is None else kind_of(lane).raised_m
    if is_level(road):
        return np.full(len(xy), raised)
    s, t = project(road, xy)
    return np.asarray(elevation(road, s) + t * np.sin(roll(road, s)) + raised)


def _lanes(
    spec: RoadSpec, plan: RoadMap, height: Callable[[Chain, F64], F64]
) -> tuple[dict[str, Lane], dict[tuple[str, int, int], str]]:
    """Return all lanes, and their ids by road, section and number."""
    made = list(_parts(spec, plan.roads, height))
    lanes = lanes_.with_successors(lanes_.joined(lane for lane, _ in made))
    return lanes, _ids(made, lanes)


def _parts(
    spec: RoadSpec,
    roads: tuple[MapRoad, ...],
    height: Callable[[Chain, F64], F64],
    only: str | None = None,
) -> Iterator[tuple[Lane, Chain]]:
    """Yield what lanes are joined from, road by road: all of it, or that of one name."""
    for road in roads:
        chains = lanes_.chains_of(road)
        names = lanes_.lane_names(chains, imported=spec.kind == "opendrive")
        for name, chain in zip(names, chains, strict=True):
            course = lanes_.course_of(chain) if only in (None, name) else None
            if course is not None:
                z = height(chain, course.middle)
                yield lanes_.make_lane(name, chain, course, z, spec.speed_limit_mps), chain


def _ids(made: list[tuple[Lane, Chain]], lanes: dict[str, Lane]) -> dict[tuple[str, int, int], str]:
    """Return by road, section and number the lane that each strip has become part of."""
    found: dict[tuple[str, int, int], str] = {}
    for part, chain in made:
        keys = [(chain.road.id, section, lane.id) for section, lane in chain.members]
        middle = part.centre[len(part.centre) // 2, :2]
        family = [
            lane
            for name, lane in lanes.items()
            if name == part.id or name.startswith(f"{part.id}_far")
        ]
        owner = min(
            family, key=lambda lane: float(np.hypot(*(lane.centre[:, :2] - middle).T).min())
        )
        found |= dict.fromkeys(keys, owner.id)
    return found


def _crosswalks(
    roads: tuple[MapRoad, ...], height: Callable[[MapRoad, F64], F64], only: str | None = None
) -> dict[str, Lane]:
    """Return the ways for walkers across roads, from pavement to pavement: all, or one of them."""
    found = {}
    for road, thing in ((one, thing) for one in roads for thing in one.objects):
        name = object_id(road, thing)
        if thing.kind == "crosswalk" and only in (None, name):
            (a, b), depth = way_across(place_object(road, thing))
            length = float(np.hypot(*(b - a)))
            along = (b - a) / length
            s = lane_stations(-WALK_REACH_M, length + WALK_REACH_M, np.zeros(0))
            plane = a + s[:, None] * along
            centre = np.column_stack([plane, height(road, plane)])
            found[name] = Lane(name, "crosswalk", 1, depth, centre, WALK_LIMIT_MPS)
    return found


def _line(
    painted: Painted,
    height: Callable[[MapRoad, F64], F64],
    box: shapely.Polygon,
    plan: RoadMap,
) -> LaneLine:
    """Return a painted line on the surface, its points sparse where nobody drives."""
    points = painted.middle
    near = shapely.contains_xy(box, points)
    near[::5] = True
    near[[0, -1]] = True
    points = points[near]
    road = next(road for road in plan.roads if road.id == painted.road)
    at = np.column_stack([points, height(road, points)])
    return LaneLine(painted.id, painted.type, painted.color, painted.width_m, at)
