"""Signals on drivers' ways: where they stop for which, and how they slow down to it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.records import RoadNetwork, SignalHead, SignalState
from scenegen.records.base import F64
from scenegen.roads import lane_point, project_to_lane
from scenegen.simulate.idm import halting
from scenegen.simulate.tracks import Track

STOP_SIGNALS = (SignalState.RED, SignalState.RED_AMBER)
STOP_REACH_M = 12.0
"""How far aside of the middle of a stop line lanes that it belongs to may lie."""
BEYOND_M = -0.5
"""Who has gone so far beyond a stop line no longer stops there."""
NOTICED_M = 120.0
"""How far ahead a driver heeds a signal."""


class SignalStops:
    """The stop lines ahead of N drivers."""

    def __init__(self, network: RoadNetwork, count: int) -> None:
        self._network = network
        self._stops: list[list[tuple[int, float]]] = [[] for _ in range(count)]

    def assign(self, driver: int, track: Track | None) -> None:
        """Let a driver obey the signals that a track passes; none without a track."""
        self._stops[driver] = [] if track is None else self._on(track)

    def _on(self, track: Track) -> list[tuple[int, float]]:
        """Return the signals that a track passes: their index and where to stop."""
        found = []
        for index, head in enumerate(self._network.signals):
            if head.kind == "walk":
                continue
            s, offset = track.locate(self._abreast(head))
            nearest = np.abs(offset).argmin()
            s, offset = s[nearest : nearest + 1], offset[nearest : nearest + 1]
            heading = track.tangent[min(int(s[0] + 0.5), len(track.tangent) - 1)]
            facing = heading[0] * np.cos(head.yaw_rad) + heading[1] * np.sin(head.yaw_rad)
            # The lamps shine against those who obey them.
            if abs(float(offset[0])) < 2.0 and 0.0 < s[0] < track.length_m and facing < -0.5:
                found.append((index, float(s[0])))
        return found

    def _abreast(self, head: SignalHead) -> F64:
        """Return the middle of a signal's stop line (2,), and of each of its lanes there."""
        stop = head.stop_point_m[:2]
        points = [np.array(stop)]
        for name in head.lanes:
            lane = self._network.lane(name)
            station, offset = project_to_lane(lane, stop)
            if abs(float(offset)) < STOP_REACH_M:
                points.append(lane_point(lane, float(station))[0][:2])
        return np.array(points)

    def places(self) -> list[list[tuple[float, int]]]:
        """Return, for each driver, where signals are on its way, and which."""
        return [[(s, head) for head, s in stops] for stops in self._stops]

    def any_ahead(self, driver: int, front_m: float) -> bool:
        """Say whether a driver has a signal before it that is heeded by now."""
        return any(BEYOND_M <= s - front_m <= NOTICED_M for _, s in self._stops[driver])

    def says_stop(
        self, driver: int, front_m: float, to_go_m: float, signals: npt.NDArray[np.uint8]
    ) -> bool:
        """Say whether a signal stops a driver before a place so far ahead."""
        return any(
            BEYOND_M <= s - front_m <= NOTICED_M
            and s - front_m <= to_go_m
            and signals[head] in (*STOP_SIGNALS, SignalState.AMBER)
            for head, s in self._stops[driver]
        )

    def allowed(
        self,
        front_m: F64,
        speed_mps: F64,
        signals: npt.NDArray[np.uint8],
        gain_mps2: F64,
        loss_mps2: F64,
    ) -> F64:
        """Return the acceleration (N,) that signals allow; ``inf`` where none is in the way.

        Parameters
        ----------
        front_m, speed_mps : ndarray, shape (N,)
            Where on their tracks the vehicles' fronts are, and how fast.
        signals : ndarray, shape (S,), uint8
        gain_mps2, loss_mps2 : ndarray, shape (N,)
            How drivers like to speed up and slow down.
        """
        allowed = np.full(len(speed_mps), np.inf)
        for driver, stops in enumerate(self._stops):
            for head, stop_s in stops:
                gap = stop_s - front_m[driver]
                state, v = signals[head], max(float(speed_mps[driver]), 0.0)
                if gap < BEYOND_M or gap > NOTICED_M:
                    continue
                needed = v * v / (2.0 * max(gap, 0.1))
                amber = state == SignalState.AMBER and needed < loss_mps2[driver]
                if state in STOP_SIGNALS or amber:
                    halt = halting(gap, v, gain_mps2[driver], loss_mps2[driver])
                    allowed[driver] = min(allowed[driver], halt)
        return allowed
