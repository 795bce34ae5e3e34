"""What of the road the ego may drive on, and in whose lane it would be."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely

from scenegen import roads
from scenegen.annotate.pixels.seen import Seen
from scenegen.annotate.pixels.zones import Zones
from scenegen.annotate.signals import ego_lane
from scenegen.geometry import wrap_angle
from scenegen.records import Drivable, Lane, RoadNetwork, RoadSpec
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

AHEAD_M = 400.0
"""How far the ego's lane is followed into others."""
STEP_M = 0.5
"""Pieces of a lane, at most so long, are held against the ego's way one by one."""
_UNDERFOOT = [CLASS_BY_NAME[name].id for name in ("road", "lane marking", "parking")]
_BESIDE_RAD, _AGAINST_RAD = 0.25 * np.pi, 0.75 * np.pi


def drivable(seen: Seen, network: RoadNetwork, world_from_ego: F64) -> npt.NDArray[np.uint8]:
    """Return `Drivable` (H, W) of every pixel."""
    picture = np.zeros(len(seen.pixels), dtype=np.uint8)
    frame = seen.frame
    road = (frame.instance == 0) & np.isin(frame.semantic, _UNDERFOOT)
    road &= np.isfinite(frame.depth_m)
    index = np.flatnonzero(road.ravel())
    lane = ego_lane(network, world_from_ego)
    yaw = float(np.arctan2(world_from_ego[1, 0], world_from_ego[0, 0]))
    zones = (
        _zones(network.spec, lane.id)
        if lane is not None
        else Zones(regions(network, None, yaw), Drivable.OTHER)
    )
    picture[index] = zones.values(seen.in_world(index)[:, :2])
    return picture.reshape(seen.shape)


@lru_cache(maxsize=8)
def _zones(spec: RoadSpec, lane_id: str) -> Zones:
    network = roads.build_network(spec)
    return Zones(regions(network, network.lane(lane_id), 0.0), Drivable.OTHER)


def regions(
    network: RoadNetwork, lane: Lane | None, yaw_rad: float
) -> list[tuple[int, shapely.Geometry]]:
    """Return where each kind of driving lane lies, seen from above, the first that holds counts.

    A lane is the strip of its width around its centre line.

    Parameters
    ----------
    lane : Lane or None
        The ego's. Without one, headings are compared with the ego's own.
    yaw_rad : float
        The ego's heading.
    """
    found: dict[Drivable, list[shapely.Geometry]] = {kind: [] for kind in Drivable}
    way = None if lane is None else roads.onward(network, lane, AHEAD_M)
    if way is not None:
        found[Drivable.EGO].append(_strip(way.centre, way.width_m))
    for other in network.lanes.values():
        if other.kind != "driving":
            continue
        centre = other.centre[:, :2] if way is None else _fine(other.centre[:, :2])
        kinds = _kinds(centre, way, yaw_rad)
        for first, last in _runs(kinds):
            strip = _strip(centre[first : last + 1], other.width_m)
            found[Drivable(int(kinds[first]))].append(strip)
            if last < len(kinds):  # two strips leave a wedge open at the outer side of a bend
                either = Drivable(int(kinds[last - 1 : last + 1].max()))
                found[either].append(_strip(centre[last - 1 : last + 2], other.width_m))
    order = (Drivable.EGO, Drivable.SAME, Drivable.ONCOMING, Drivable.CROSSING)
    return [(int(kind), shapely.union_all(found[kind])) for kind in order]


def _strip(centre: F64, width_m: float) -> shapely.Geometry:
    line = shapely.LineString(centre[:, :2])
    return shapely.buffer(line, 0.5 * width_m, cap_style="flat", join_style="mitre")


def _fine(line: F64) -> F64:
    """Return a line (K, 2) with further points so that none of its segments is long."""
    return np.asarray(shapely.get_coordinates(shapely.segmentize(shapely.LineString(line), STEP_M)))


def _kinds(centre: F64, way: Lane | None, yaw_rad: float) -> npt.NDArray[np.int64]:
    """Return which kind each segment (K - 1,) of a lane's centre line (K, 2) is."""
    step = np.diff(centre, axis=0)
    heading = np.arctan2(step[:, 1], step[:, 0])
    beside: F64 | float = yaw_rad
    if way is not None:
        middles = 0.5 * (centre[1:] + centre[:-1])
        stations, _ = roads.project_to_lane(way, middles)
        beside = roads.lane_points(way, stations)[1]
    turn = np.abs(wrap_angle(heading - beside))
    kinds = np.where(turn <= _BESIDE_RAD, Drivable.SAME, Drivable.CROSSING)
    return np.asarray(np.where(turn >= _AGAINST_RAD, Drivable.ONCOMING, kinds))


def _runs(kinds: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return first and last point of each run of segments of one kind."""
    edges = np.flatnonzero(np.diff(kinds)) + 1
    starts = [0, *edges.tolist()]
    ends = [*edges.tolist(), len(kinds)]
    return list(zip(starts, ends, strict=True))
