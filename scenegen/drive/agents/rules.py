"""A follower who keeps rules: signals, limits, and whoever goes first."""

from __future__ import annotations

import numpy as np

from scenegen.drive.agents.follower import COMFORT_BRAKE_MPS2, Follower
from scenegen.drive.agents.giving_way import GivingWay
from scenegen.drive.agents.protocol import Briefing
from scenegen.drive.agents.ways import ASIDE_M, on_way
from scenegen.drive.state import Route, State
from scenegen.records import SignalState

_STANDS = (SignalState.RED, SignalState.RED_AMBER)


class RuleKeeper(Follower):
    """A follower who stops at red and at stop signs, gives way, and keeps to speed limits."""

    def begin(self, briefing: Briefing) -> None:
        """Take a new episode."""
        super().begin(briefing)
        network = briefing.network
        self._giving_way = GivingWay(briefing)
        self._heads = [k for k, h in enumerate(network.signals) if h.kind != "walk"]
        self._lines = np.array([network.signals[k].stop_point_m[:2] for k in self._heads])
        self._lines = self._lines.reshape(-1, 2)
        self._towards = np.array([network.signals[k].yaw_rad + np.pi for k in self._heads])
        driving = [lane for lane in network.lanes.values() if lane.kind == "driving"]
        self._limit_mps = np.concatenate(
            [np.full(len(lane.centre), lane.speed_limit_mps) for lane in driving] or [np.zeros(0)]
        )
        middles = [lane.centre[:, :2] for lane in driving]
        self._middles = np.concatenate(middles) if middles else np.zeros((0, 2))

    def _speed(self, state: State) -> float:
        speed = super()._speed(state)
        if not len(self._middles):
            return speed
        away = ((self._middles - state.position_m[0, :2]) ** 2).sum(axis=1)
        return min(speed, float(self._limit_mps[away.argmin()]))

    def _stop(self, state: State) -> float | None:
        """Return how far it is to the nearest line where to wait."""
        if state.route is None:
            return None
        waits = self._giving_way.stop(state, state.route, COMFORT_BRAKE_MPS2)
        asked = self._at_red(state, state.route) + ([] if waits is None else [waits])
        return min(asked, default=None)

    def _at_red(self, state: State, route: Route) -> list[float]:
        """Return how far it is to the stop lines whose signals bid to stop."""
        if not self._heads:
            return []
        seen = on_way(route, self._lines)
        ahead = seen.ahead_m - 0.5 * self._briefing.vehicle.size_m[0]
        facing = np.cos(seen.heading_rad - self._towards) > 0.7
        mine = (seen.aside_m < ASIDE_M) & facing & (ahead > -1.0)
        brakes_m = state.speed_mps**2 / (2.0 * COMFORT_BRAKE_MPS2 * 1.4)
        asked = []
        for k, gap, own in zip(self._heads, ahead.tolist(), mine.tolist(), strict=True):
            now = SignalState(int(state.signals[k]))
            if own and (now in _STANDS or (now is SignalState.AMBER and gap > brakes_m)):
                asked.append(gap)
        return asked
