"""What an agent is told of others where its perception is disturbed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenegen.drive.state import State
from scenegen.records import ConcreteScenario
from scenegen.records.base import F64
from scenegen.records.disturbance import PERCEIVED


class Perceiving:
    """The disturbances of a scene that act on what its agent is told.

    Others seem farther away or nearer along the line to them than they are, and while perception
    drops out, they are told to go on as they went when they were perceived last, as trackers do.
    Cameras, LiDARs and signals stay true.

    Parameters
    ----------
    scenario : ConcreteScenario
    """

    def __init__(self, scenario: ConcreteScenario) -> None:
        self._acting = [one for one in scenario.disturbances if one.channel in PERCEIVED]
        self._told: State | None = None

    def told(self, state: State) -> State:
        """Return a state as the agent is told it."""
        if not self._acting:
            return state
        off_m, dropped = 0.0, False
        for one in self._acting:
            value = one.at(state.time_s)
            if one.channel == "perception_range":
                off_m += value
            else:
                dropped = dropped or value > 0.0
        last = self._told
        if dropped and last is not None:
            gone_m = last.velocity_mps * (state.time_s - last.time_s)
            state = replace(
                state,
                position_m=_others(state.position_m, last.position_m + gone_m),
                velocity_mps=_others(state.velocity_mps, last.velocity_mps),
                yaw_rad=_others(state.yaw_rad, last.yaw_rad),
                yaw_rate_radps=_others(state.yaw_rate_radps, last.yaw_rate_radps),
            )
        elif off_m:
            state = replace(state, position_m=_farther(state.position_m, off_m))
        self._told = state
        return state


def _others(now: F64, last: F64) -> F64:
    """Return arrays (A, ...) of the ego as it is now, and of all others as they were."""
    return np.concatenate([now[:1], last[1:]])


def _farther(position_m: F64, off_m: float) -> F64:
    """Return places (A, 3) with all but the first farther away from that, or nearer."""
    moved = position_m.copy()
    away = moved[1:, :2] - moved[0, :2]
    distance = np.hypot(*away.T)
    seems = np.maximum(distance + off_m, 0.0) / np.maximum(distance, 1e-9)
    moved[1:, :2] = moved[0, :2] + away * seems[:, None]
    return moved
