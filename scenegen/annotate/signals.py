"""Traffic signals: what they show, where they hang, and whether the ego must heed them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen import roads
from scenegen.geometry import MovingCamera, wrap_angle
from scenegen.records import Lane, RoadNetwork, SignalHead, SignalLabel
from scenegen.records.base import F64
from scenegen.records.taxonomy import SignalState

_SAME_WAY_RAD = np.pi / 4


def signal_labels(
    moving: MovingCamera,
    network: RoadNetwork,
    states: npt.NDArray[np.uint8],
    world_from_ego: F64,
    time_s: float,
) -> list[SignalLabel]:
    """Label every signal head of the road, in the road's order.

    Parameters
    ----------
    moving : MovingCamera
    network : RoadNetwork
    states : ndarray, shape (S,), uint8
        `taxonomy.SignalState` at the frame.
    world_from_ego : ndarray, shape (4, 4)
        Pose of the ego's body.
    time_s : float
        Of the frame.
    """
    if not network.signals:
        return []
    lane = ego_lane(network, world_from_ego)
    middles = np.array([head.position_m for head in network.signals])
    pixels = moving.project(middles).pixels.tolist()
    return [
        SignalLabel(
            id=head.id,
            kind=head.kind,
            state=signal_name(state),
            position_world_m=head.position_m,
            position_px=None if np.isnan(u) else (u, v),
            relevant_to_ego=_heeded(head, lane, world_from_ego),
            **_change(network, head, time_s),
        )
        for head, state, (u, v) in zip(network.signals, states.tolist(), pixels, strict=True)
    ]


def _change(network: RoadNetwork, head: SignalHead, time_s: float) -> dict[str, Any]:
    """Return what a signal shows next, and in how many s; nothing where it never changes."""
    plan = network.spec.signals
    wait, state = roads.next_change(plan, head, time_s) if plan else (math.inf, None)
    if math.isinf(wait) or state is None:
        return {}
    return {"countdown_s": round(wait, 4), "next_state": signal_name(state)}


def signal_name(state: int) -> str:
    """Return the lower-case name of a signal state."""
    return SignalState(state).name.lower()


def ego_lane(network: RoadNetwork, world_from_ego: F64) -> Lane | None:
    """Return the driving lane that runs the ego's way and whose centre is nearest.

    Parameters
    ----------
    network : RoadNetwork
    world_from_ego : ndarray, shape (4, 4)

    Returns
    -------
    Lane or None
        None where no lane within 45 degrees of the ego's heading exists.
    """
    here = world_from_ego[:2, 3]
    yaw = np.arctan2(world_from_ego[1, 0], world_from_ego[0, 0])
    nearest: tuple[float, Lane] | None = None
    for lane in network.lanes.values():
        if lane.kind != "driving":
            continue
        station, _ = roads.project_to_lane(lane, here)
        point, lane_yaw = roads.lane_point(lane, float(station))
        if abs(float(wrap_angle(lane_yaw - yaw))) > _SAME_WAY_RAD:
            continue
        gap = float(np.hypot(*(point[:2] - here)))
        if nearest is None or gap < nearest[0]:
            nearest = (gap, lane)
    return nearest[1] if nearest else None


def _heeded(head: SignalHead, lane: Lane | None, world_from_ego: F64) -> bool:
    """Return whether a head governs the ego's lane and its stop line is still ahead."""
    if lane is None or lane.id not in head.lanes:
        return False
    here, _ = roads.project_to_lane(lane, world_from_ego[:2, 3])
    stop, _ = roads.project_to_lane(lane, head.stop_point_m[:2])
    return bool(here <= stop)
