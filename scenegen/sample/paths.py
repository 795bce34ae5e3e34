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


def path_beside(lane: Lane, position_m: F64, yaw_rad: float) -> Path:
    """Return the whole of a lane's centre line, beyond its ends, the way a body faces.

    So it runs against traffic in a lane of the other direction.
    """
    s, _ = project_to_lane(lane, position_m[:2])
    _, heading = lane_point(lane, float(s))
    ends = (-RUN_OUT_M, lane_length(lane) + RUN_OUT_M)
    if np.cos(heading - yaw_rad) < 0:
        ends = ends[::-1]
    return path_along(lane, *ends, STEP_M)


def turning_path(lane: Lane, target: Lane, start_m: float, at_m: float) -> tuple[Path, float]:
    """Return the path along a lane and, in a half circle, back in another; and its radius.

    Parameters
    ----------
    lane, target : Lane
        Side by side, of opposite directions.
    start_m, at_m : float
        Where the path begins and where the half circle does, along `lane`.
    """
    point, heading = lane_point(lane, at_m)
    s, _ = project_to_lane(target, point[:2])
    there, _ = lane_point(target, float(s))
    across = there[:2] - point[:2]
    radius = 0.5 * float(np.hypot(across[0], across[1]))
    ahead = np.array([np.cos(heading), np.sin(heading)])
    middle = 0.5 * (there[:2] + point[:2])
    turn = np.linspace(0.0, np.pi, max(8, int(np.ceil(np.pi * radius))))[:, None]
    bend = middle - 0.5 * np.cos(turn) * across + radius * np.sin(turn) * ahead
    before = np.array(path_along(lane, start_m - BEFORE_M, at_m, STEP_M))
    after = np.array(path_along(target, float(s), lane_length(target) + RUN_OUT_M, STEP_M))
    path = np.vstack([before[:-1], bend, after[1:]])
    return tuple((x, y) for x, y in path.tolist()), radius


def backing_path(rear_m: float, straight_m: float, turn_rad: float, radius_m: float) -> Path:
    """Return the path of a rear axle that backs up straight and then in a bend, body frame.

    Parameters
    ----------
    rear_m : float
        Where the rear axle is, x of the body.
    straight_m : float
        How far it goes back before the bend.
    turn_rad : float
        How far the path bends, to the left if positive.
    """
    begins = rear_m - straight_m
    line = np.linspace(rear_m + BEFORE_M, begins, max(2, int(np.ceil(BEFORE_M + straight_m)) + 1))
    points = np.column_stack([line, np.zeros_like(line)])
    if turn_rad != 0.0:
        side = np.sign(turn_rad)
        count = max(4, int(np.ceil(abs(turn_rad) * radius_m / 0.5)))
        turn = np.linspace(0.0, abs(turn_rad), count + 1)[1:]
        bend = [begins - radius_m * np.sin(turn), side * radius_m * (1.0 - np.cos(turn))]
        points = np.vstack([points, np.column_stack(bend)])
    return tuple((x, y) for x, y in points.tolist())


def _until_across(network: RoadNetwork, from_m: F64, ahead: F64) -> float:
    """Return how far a straight line leads until it leaves the carriageway that it meets first."""
    distance = np.arange(0.0, _LOOK_M, _LOOK_STEP_M)
    on = beyond_carriageway(network, from_m + distance[:, None] * ahead) < 0.0
    if not on.any():
        return 1.0
    first = int(np.argmax(on))
    left = ~on[first:]
    return float(distance[first + int(np.argmax(left))] if left.any() else _LOOK_M) + 1.0
