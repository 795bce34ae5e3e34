"""World polylines that drivers and walkers follow."""

from __future__ import annotations

import numpy as np

from scenegen.records import Lane, RoadNetwork
from scenegen.records.base import F64, Vec2
from scenegen.roads import (
    beyond_carriageway,
    lane_length,
    lane_point,
    lane_points,
    path_along,
    project_to_lane,
)

RUN_OUT_M = 120.0
"""How far a path goes on straight beyond the end of a lane."""
BEFORE_M = 6.0
"""How far behind a body its path begins, so that it starts on it."""
STEP_M = 2.0
_LOOK_M, _LOOK_STEP_M = 60.0, 0.25

Path = tuple[Vec2, ...]


def follow_path(lane: Lane, s_m: float, lateral_m: float) -> Path:
    """Return the path along a lane from just behind a station to beyond its end."""
    return path_along(lane, s_m - BEFORE_M, lane_length(lane) + RUN_OUT_M, STEP_M, lateral_m)


def change_path(
    lane: Lane,
    target: Lane,
    *,
    start_m: float,
    begin_m: float,
    over_m: float,
    lateral_m: tuple[float, float],
) -> Path:
    """Return the path that leaves one lane for another, or for another offset in it.

    Parameters
    ----------
    lane, target : Lane
        Of the same direction; may be the same lane.
    start_m, begin_m : float
        Where the path begins and where the change begins, along `lane`.
    over_m : float
        Length of the change. Its side is blended by 3u² - 2u³, so that the heading is
        continuous at both ends.
    lateral_m : (2,)
        Offsets from the centre lines of `lane` before and of `target` after the change.
    """
    start, end = start_m - BEFORE_M, lane_length(lane) + RUN_OUT_M
    stations = np.linspace(start, end, int(np.ceil((end - start) / STEP_M)) + 1)
    middles, heading = lane_points(lane, stations)
    inside, _ = lane_points(lane, np.clip(stations, 0.0, lane_length(lane)))
    _, aside = project_to_lane(target, inside[:, :2])
    u = np.clip((stations - begin_m) / max(over_m, 1e-6), 0.0, 1.0)
    blend = u * u * (3.0 - 2.0 * u)
    offset = (1.0 - blend) * lateral_m[0] + blend * (lateral_m[1] - aside)
    left = np.column_stack([-np.sin(heading), np.cos(heading)])
    path = middles[:, :2] + offset[:, None] * left
    return tuple((x, y) for x, y in path.tolist())


def straight_path(position_m: F64, yaw_rad: float, distance_m: float) -> Path:
    """Return the straight path the way a body faces."""
    ahead = distance_m * np.array([np.cos(yaw_rad), np.sin(yaw_rad)])
    count = max(2, int(np.ceil(distance_m / STEP_M)) + 1)
    points = position_m[:2] + np.linspace(0.0, 1.0, count)[:, None] * ahead
    return tuple((float(x), float(y)) for x, y in points)


def distance_across(network: RoadNetwork, position_m: F64, yaw_rad: float) -> float:
    """Return how far a straight line leads until it has left the carriageway, plus a metre."""
    ahead = np.array([np.cos(yaw_rad), np.sin(yaw_rad)])
    if network.spec.is_map:
        return _until_across(network, position_m[:2], ahead)
    farthest = 0.0
    for lane in network.lanes.values():
        if lane.kind not in {"driving", "shoulder", "parking"} or lane.id.startswith("cross_"):
            continue
        s, _ = project_to_lane(lane, position_m[:2])
        middle, _ = lane_point(lane, float(s))
        farthest = max(farthest, float((middle[:2] - position_m[:2]) @ ahead) + lane.width_m / 2)
    return farthest + 1.0


def _until_across(network: RoadNetwork, from_m: F64, ahead: F64) -> float:
    """Return how far a straight line leads until it leaves the carriageway that it meets first."""
    distance = np.arange(0.0, _LOOK_M, _LOOK_STEP_M)
    on = beyond_carriageway(network, from_m + distance[:, None] * ahead) < 0.0
    if not on.any():
        return 1.0
    first = int(np.argmax(on))
    left = ~on[first:]
    return float(distance[first + int(np.argmax(left))] if left.any() else _LOOK_M) + 1.0
