"""A driver who follows the scenario's way: by IDM, with emergency braking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenegen.drive.actions import Action, pedals_of
from scenegen.drive.agents.protocol import Briefing
from scenegen.drive.state import Route, State
from scenegen.records import Drive
from scenegen.simulate.idm import free_acceleration, halting, interaction

COMFORT_MPS2, COMFORT_BRAKE_MPS2 = 1.5, 2.5
BEND_MPS2 = 2.5
MARGIN_M = 0.3
FORESIGHT_S = 1.0
AEB_S = 1.0
"""Time to collision below which brakes are put on fully (Euro NCAP's AEB acts at 0.6 to 1.5 s)."""
AIM_M, AIM_S = 4.0, 0.6


def wanted_speed(briefing: Briefing) -> float:
    """Return the speed that the scenario's driver wants; that of the start if it says nothing."""
    ego = briefing.scenario.ego
    drives = [action.speed_mps for action in ego.actions if isinstance(action, Drive)]
    return drives[0] if drives else float(np.linalg.norm(ego.velocity_mps))


class Follower:
    """Keeps to the way by pure pursuit, to the speed and the gap by IDM; brakes in need.

    It goes straight on where the scenario has no way for it, and heeds neither signals nor
    limits.

    Parameters
    ----------
    speed_mps : float, optional
        Wanted; what the scenario's driver wants if not given.
    """

    sensors: Sequence[str] = ()

    def __init__(self, speed_mps: float | None = None) -> None:
        self._asked_mps = speed_mps

    def begin(self, briefing: Briefing) -> None:
        """Take a new episode."""
        self._briefing = briefing
        asked = self._asked_mps
        self._wanted_mps = wanted_speed(briefing) if asked is None else asked

    def act(self, state: State) -> Action | None:
        """Return pedals and steering until the next decision."""
        gaps, closing = self._on_way(state)
        v = np.array([state.speed_mps])
        wanted = np.array([self._speed(state)])
        gain, loss = np.array([COMFORT_MPS2]), np.array([COMFORT_BRAKE_MPS2])
        asked = float(free_acceleration(v, wanted, gain, loss)[0])
        if len(gaps):
            drag = interaction(v, closing, gaps, gain, loss)
            asked -= float(drag.max())
            need = (closing > 0) & (gaps < AEB_S * closing)
            if need.any():
                asked = -self._briefing.vehicle.brake_mps2
        stop = self._stop(state)
        if stop is not None:
            asked = min(asked, halting(stop, state.speed_mps, COMFORT_MPS2, COMFORT_BRAKE_MPS2))
        return pedals_of(asked, self._curvature(state), state, self._briefing.vehicle)

    def close(self) -> None:
        """There is nothing to let go of."""

    def _speed(self, state: State) -> float:
        """Return the speed that bends ahead allow."""
        if state.route is None:
            return self._wanted_mps
        bend = np.maximum(np.abs(state.route.curvature_1pm), 1e-4)
        ahead = np.arange(len(bend)) * state.route.spacing_m
        allowed = np.sqrt(BEND_MPS2 / bend + 2.0 * COMFORT_BRAKE_MPS2 * ahead)
        return float(min(self._wanted_mps, allowed.min()))

    def _stop(self, state: State) -> float | None:
        """Return how far ahead of the ego's front to stop whatever is there; None for nowhere."""
        return None

    def _curvature(self, state: State) -> float:
        """Return the arc from the rear axle to a point ahead on the way (Coulter 1992)."""
        if state.route is None:
            return 0.0
        reach = AIM_M + AIM_S * max(state.speed_mps, 0.0) - self._briefing.vehicle.rear_axle_m
        points = state.in_ego(state.route.points_m)
        at = min(int(reach / state.route.spacing_m), len(points) - 1)
        x, y = points[at].tolist()
        x -= self._briefing.vehicle.rear_axle_m
        return float(2.0 * y / max(x * x + y * y, 0.25))

    def _on_way(self, state: State) -> tuple[np.ndarray, np.ndarray]:
        """Return gaps (n,) and closing speeds (n,) of those on the way ahead, or soon on it."""
        route = state.route or _straight(state)
        half = self._briefing.cast.half_m
        to = state.position_m[1:, None, :2] - route.points_m[None]
        near = (to * to).sum(axis=2).argmin(axis=1)
        others = np.arange(len(near))
        unit = np.stack([np.cos(route.heading_rad), np.sin(route.heading_rad)], axis=1)[near]
        off = to[others, near]
        along = near * route.spacing_m + (off * unit).sum(axis=1)
        aside = off[:, 1] * unit[:, 0] - off[:, 0] * unit[:, 1]
        velocity = state.velocity_mps[1:, :2]
        forward = (velocity * unit).sum(axis=1)
        sideways = velocity[:, 1] * unit[:, 0] - velocity[:, 0] * unit[:, 1]
        cos = np.abs(np.cos(state.yaw_rad[1:] - route.heading_rad[near]))
        sin = np.sqrt(1.0 - np.minimum(cos * cos, 1.0))
        long = half[1:, 0] * cos + half[1:, 1] * sin
        wide = half[1:, 0] * sin + half[1:, 1] * cos
        soon = aside + FORESIGHT_S * sideways
        least = np.where(aside * soon < 0, 0.0, np.minimum(np.abs(aside), np.abs(soon)))
        gap = along - long - half[0, 0]
        level = np.abs(state.position_m[1:, 2] - state.position_m[0, 2]) < 3.0
        carried = [a.attached_to is not None for a in self._briefing.scenario.actors[1:]]
        last = (len(route.points_m) - 1) * route.spacing_m
        on_way = (least < wide + half[0, 1] + MARGIN_M) & (along > 0) & (along < last) & level
        on_way &= ~np.array(carried, dtype=bool)
        closing = state.speed_mps - forward
        return np.maximum(gap[on_way], 0.1), closing[on_way]


def _straight(state: State) -> Route:
    """Return the way straight ahead."""
    yaw = float(state.yaw_rad[0])
    reach = np.arange(0.0, 120.0, 2.0)
    points = state.position_m[0, :2] + reach[:, None] * [np.cos(yaw), np.sin(yaw)]
    return Route(0.0, 0.0, points, np.full(len(reach), yaw), np.zeros(len(reach)), 2.0)
