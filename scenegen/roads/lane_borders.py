"""Lanes of OpenDRIVE roads: where their borders lie, which one a point is in, how high it is.

Widths count outward from lane 0, which is the reference line moved by the lane offset.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.records.road_map import LaneSection, MapLane, MapRoad
from scenegen.roads.reference_line import elevation, place, roll, value_at

I64 = npt.NDArray[np.int64]


def section_range(road: MapRoad, section: int) -> tuple[float, float]:
    """Return the stations between which a lane section holds."""
    last = section + 1 == len(road.sections)
    return road.sections[section].s_m, road.length_m if last else road.sections[section + 1].s_m


def section_index(road: MapRoad, s_m: npt.ArrayLike) -> I64:
    """Return the lane sections (...,) at stations (...,); the first or last beyond the ends."""
    starts = np.array([section.s_m for section in road.sections])
    k = np.searchsorted(starts, np.asarray(s_m, np.float64), side="right") - 1
    return np.asarray(np.maximum(k, 0), dtype=np.int64)


def lane_of(section: LaneSection, lane_id: int) -> MapLane:
    """Return a lane of a section; KeyError if there is none of that id."""
    for lane in section.lanes:
        if lane.id == lane_id:
            return lane
    raise KeyError(lane_id)


def lane_offset(road: MapRoad, s_m: npt.ArrayLike) -> F64:
    """Return the offsets (...,) of lane 0 to the left of the reference line."""
    return value_at(road.lane_offset, np.clip(s_m, 0.0, road.length_m))


def lane_width(road: MapRoad, section: int, lane: MapLane, s_m: npt.ArrayLike) -> F64:
    """Return a lane's widths (...,) at stations (...,) of its section; never negative."""
    s0, s1 = section_range(road, section)
    width = value_at(lane.widths, np.clip(s_m, s0, s1) - s0)
    return np.asarray(np.maximum(width, 0.0))


def borders(road: MapRoad, section: int, s_m: npt.ArrayLike) -> dict[int, F64]:
    """Return the outer border t (...,) of each lane of a section, by id from left to right.

    Lane 0 has no width: its border is that of the innermost lanes. Left lanes lie between
    ``borders[id - 1]`` and ``borders[id]``, right ones between ``borders[id]`` and
    ``borders[id + 1]``.
    """
    s = np.asarray(s_m, dtype=np.float64)
    middle = lane_offset(road, s)
    found: dict[int, F64] = {0: middle}
    for side in (1, -1):
        at = middle
        lanes = [lane for lane in road.sections[section].lanes if lane.id * side > 0]
        for lane in sorted(lanes, key=lambda lane: abs(lane.id)):
            at = at + side * lane_width(road, section, lane, s)
            found[lane.id] = at
    return {lane_id: found[lane_id] for lane_id in sorted(found, reverse=True)}


def lane_span(road: MapRoad, section: int, lane_id: int, s_m: npt.ArrayLike) -> tuple[F64, F64]:
    """Return the inner and outer border t (...,), (...,) of a lane."""
    s = np.asarray(s_m, dtype=np.float64)
    inner = outer = lane_offset(road, s)
    side = int(np.sign(lane_id))
    for k in range(1, abs(lane_id) + 1):
        lane = lane_of(road.sections[section], side * k)
        inner, outer = outer, outer + side * lane_width(road, section, lane, s)
    return inner, outer


def lane_points(road: MapRoad, section: int, lane_id: int, s_m: npt.ArrayLike) -> F64:
    """Return the middle (..., 3) of a lane at stations (...,) of its section, in the world."""
    inner, outer = lane_span(road, section, lane_id, s_m)
    t = 0.5 * (inner + outer)
    return np.concatenate([place(road, s_m, t), surface_height(road, s_m, t)[..., None]], axis=-1)


def surface_height(road: MapRoad, s_m: npt.ArrayLike, t_m: npt.ArrayLike) -> F64:
    """Return heights (...,) of the surface at stations and offsets (...,), lanes' own included.

    Beside all lanes it is the cross-section without any lane's own height.
    """
    s, t = np.broadcast_arrays(np.asarray(s_m, np.float64), np.asarray(t_m, np.float64))
    z = elevation(road, s) + t * np.sin(roll(road, s))
    which = section_index(road, s)
    for k in np.unique(which):
        here = which == k
        for lane in road.sections[k].lanes:
            if lane.id != 0 and lane.height_m != (0.0, 0.0):
                z = z + np.where(here, _raised(road, int(k), lane, s, t), 0.0)
    return np.asarray(z)


def _raised(road: MapRoad, section: int, lane: MapLane, s: F64, t: F64) -> F64:
    inner, outer = lane_span(road, section, lane.id, s)
    width = outer - inner
    share = (t - inner) / np.where(width == 0, 1.0, width)
    low, high = lane.height_m
    inside = (share >= 0) & (share < 1) & (width != 0)
    return np.asarray(np.where(inside, low + share * (high - low), 0.0))
