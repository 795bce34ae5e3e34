"""Positions along lanes: points, paths, projections and neighbours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.geometry import wrap_angle
from scenegen.records import Lane, RoadNetwork
from scenegen.records.base import F64
from scenegen.roads.section import KERB_WIDTH_M


def lane_length(lane: Lane) -> float:
    """Return the length of a lane's centre line in the plane, in m."""
    return float(lane.stations_m[-1])


def lane_point(lane: Lane, s_m: float, lateral_m: float = 0.0) -> tuple[F64, float]:
    """Return the position (3,) and heading of a place in a lane.

    Parameters
    ----------
    lane : Lane
    s_m : float
        Along the centre line in the direction of traffic, from 0; beyond both ends
        the lane goes on straight.
    lateral_m : float
        To the left of the centre line, seen along traffic. The height is that of the
        centre line.
    """
    position, heading = lane_points(lane, np.array([s_m]), lateral_m)
    return position[0], float(heading[0])


def lane_points(lane: Lane, s_m: F64, lateral_m: float = 0.0) -> tuple[F64, F64]:
    """Return positions (n, 3) and headings (n,) of places (n,) in a lane; see `lane_point`."""
    stations = lane.stations_m
    k = np.clip(np.searchsorted(stations, s_m, side="right") - 1, 0, len(stations) - 2)
    a, b = lane.centre[k], lane.centre[k + 1]
    step = (b - a) / (stations[k + 1] - stations[k])[:, None]
    left = np.column_stack([-step[:, 1], step[:, 0], np.zeros(len(k))])
    position = a + (s_m - stations[k])[:, None] * step + lateral_m * left
    return position, wrap_angle(np.arctan2(step[:, 1], step[:, 0]))


def path_along(
    lane: Lane, from_s_m: float, to_s_m: float, spacing_m: float = 2.0, lateral_m: float = 0.0
) -> tuple[tuple[float, float], ...]:
    """Return a world polyline along a lane, at least two points.

    `to_s_m` may be less than `from_s_m`: the path then runs against traffic.
    """
    count = max(2, int(np.ceil(abs(to_s_m - from_s_m) / spacing_m)) + 1)
    points, _ = lane_points(lane, np.linspace(from_s_m, to_s_m, count), lateral_m)
    return tuple((x, y) for x, y, _ in points.tolist())


def project_to_lane(lane: Lane, xy: npt.ArrayLike) -> tuple[F64, F64]:
    """Return stations and lateral offsets (...,) m of the nearest points of a lane.

    Parameters
    ----------
    xy : array_like, shape (..., 2)
        World. The offset is positive to the left of traffic. Beyond the ends the
        station is clipped to [0, length].
    """
    p = np.asarray(xy, dtype=np.float64)
    flat = p.reshape(-1, 1, 2)
    stations = lane.stations_m
    a = lane.centre[:-1, :2]
    step = np.diff(lane.centre[:, :2], axis=0)
    length = np.diff(stations)
    unit = step / length[:, None]
    offset = flat - a
    run = np.clip((offset * unit).sum(axis=-1), 0.0, length)
    gap = offset - run[..., None] * unit
    k = np.argmin((gap * gap).sum(axis=-1), axis=1)
    row = np.arange(len(k))
    across = unit[k, 0] * gap[row, k, 1] - unit[k, 1] * gap[row, k, 0]
    s = stations[k] + run[row, k]
    return s.reshape(p.shape[:-1]), across.reshape(p.shape[:-1])


def _neighbour(network: RoadNetwork, lane: Lane, side: float) -> Lane | None:
    """Return the lane whose border is this lane's, found from the middle of the lane."""
    middle, yaw = lane_point(lane, 0.5 * lane_length(lane))
    left, ahead = np.array([-np.sin(yaw), np.cos(yaw)]), np.array([np.cos(yaw), np.sin(yaw)])
    crossing = lane.id.startswith("cross_")
    best: tuple[float, Lane] | None = None
    for other in network.lanes.values():
        other_road = other.id.startswith("cross_") != crossing
        if other.id == lane.id or other.kind == "crosswalk" or other_road:
            continue
        near = min(other.centre[:, :2], key=lambda p: float(np.hypot(*(p - middle[:2]))))
        if abs(float((near - middle[:2]) @ ahead)) > 3.0:
            continue  # ends before it comes abreast
        apart = side * float((near - middle[:2]) @ left)
        gap = apart - 0.5 * (lane.width_m + other.width_m)
        if -0.1 < gap < KERB_WIDTH_M + 0.1 and (best is None or gap < best[0]):
            best = (gap, other)
    return best[1] if best else None


def left_of(network: RoadNetwork, lane: Lane) -> Lane | None:
    """Return the strip to the left of a lane, seen along its traffic, or None.

    It may run the other way or be no driving lane: see its `kind` and `direction`.
    """
    return _neighbour(network, lane, 1.0)


def right_of(network: RoadNetwork, lane: Lane) -> Lane | None:
    """Return the strip to the right of a lane, seen along its traffic, or None."""
    return _neighbour(network, lane, -1.0)
