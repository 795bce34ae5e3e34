"""Drivers who wait for others: at give-way lines, stop lines, and before turns across traffic.

Gap acceptance: one goes when nobody who goes first will be where the own way meets theirs for as
long as a line's critical gap. Who that is follows from ways, not from rules written down: those
who drive on towards the own way and have no line of their own before it, or one that ranks lower.
Where no sign says who goes first, those from the right do (from the left where one drives on the
left). Should everybody stand there and wait for each other, who came first goes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import RoadNetwork, YieldLine
from scenegen.records.base import F64
from scenegen.roads import comes_from, lane_length, lane_point
from scenegen.simulate.idm import halting
from scenegen.simulate.tracks import SPACING_M, Track, TrackTable

NOTICED_M = 60.0
"""How far ahead a driver looks who may have to wait."""
ZONE_M = 28.0
"""How far beyond the line the own way may meet others'."""
LOOK_M, STRIDE_M = 150, 2
MEET_M = 2.4
"""Ways meet where they come this near to each other."""
PASSED_M = 0.8
"""So far beyond a line one no longer waits there."""
SLOW_MPS, STOPPED_MPS = 1.0, 0.4
ALONG = 0.8
"""Cosine from which on those right ahead drive the same way: they are followed, not waited for."""
HERE_M = 4.0
_RANK = {"side": 0, "turn": 1, "give_way": 2, "stop": 2}
CLEAR_S = 1.5
"""So long before another one has to be through where their ways meet."""
PATIENCE_S = 1.0
"""So long all stand and wait for each other before one of them goes."""


@dataclass
class _Wait:
    """A line on a driver's way."""

    line: YieldLine
    s_m: float
    zone: F64
    heading: F64
    halted: bool = False
    gone: bool = False
    stood: int = 0


class YieldLines:
    """The lines ahead of N drivers."""

    def __init__(self, network: RoadNetwork, count: int, control_hz: int) -> None:
        self._network = network
        self._patience = round(PATIENCE_S * control_hz)
        self._waits: list[list[_Wait]] = [[] for _ in range(count)]

    def assign(self, driver: int, track: Track | None) -> None:
        """Let a driver wait at the lines that a track passes; at none without a track."""
        self._waits[driver] = [] if track is None else self._on(track)

    def _on(self, track: Track) -> list[_Wait]:
        found = []
        for line in self._network.yields:
            s, offset = track.locate(np.array([line.point_m[:2]]))
            at = min(int(s[0] / SPACING_M + 0.5), len(track.tangent) - 1)
            along = track.tangent[at] @ [np.cos(line.yaw_rad), np.sin(line.yaw_rad)]
            near = abs(float(offset[0])) < 2.0 and 0.0 < s[0] < track.length_m
            if near and along > 0.5 and all(self._takes(track, name) for name in line.lanes):
                zone = slice(at, at + int(ZONE_M / SPACING_M))
                found.append(_Wait(line, float(s[0]), track.points_m[zone], track.tangent[zone]))
        return found

    def _takes(self, track: Track, name: str) -> bool:
        """Say whether a track goes through a lane."""
        lane = self._network.lanes[name]
        middle, _ = lane_point(lane, 0.6 * lane_length(lane))
        _, offset = track.locate(middle[None, :2])
        return abs(float(offset[0])) < 1.0

    def places(self) -> list[list[float]]:
        """Return, for each driver, where lines are on its way."""
        return [[wait.s_m for wait in waits] for waits in self._waits]

    def any_ahead(self, driver: int, front_m: float) -> bool:
        """Say whether a driver has a line before it, near enough to matter."""
        return any(-PASSED_M < w.s_m - front_m < NOTICED_M for w in self._waits[driver])

    def lines_before(self, driver: int, front_m: float, to_go_m: float) -> list[YieldLine]:
        """Return a driver's lines that count for a place so far ahead, within `ZONE_M` of them."""
        return [
            wait.line
            for wait in self._waits[driver]
            if -PASSED_M < wait.s_m - front_m < NOTICED_M
            and wait.s_m - front_m <= to_go_m < wait.s_m - front_m + ZONE_M
        ]

    def allowed(
        self,
        front_m: F64,
        speed_mps: F64,
        tracks: TrackTable,
        going: npt.NDArray[np.bool_],
        gain_mps2: F64,
        loss_mps2: F64,
    ) -> tuple[F64, npt.NDArray[np.int64]]:
        """Return the acceleration (N,) that waiting allows, and for whom (N,) one waits.

        ``inf`` where one need not wait; -1 where nobody is waited for.

        Parameters
        ----------
        front_m, speed_mps : ndarray, shape (N,)
            Where on their tracks the vehicles' fronts are, and how fast.
        going : ndarray, shape (N,), bool
            Who has a track and follows it.
        gain_mps2, loss_mps2 : ndarray, shape (N,)
            How drivers like to speed up and slow down.
        """
        allowed = np.full(len(speed_mps), np.inf)
        whom = np.full(len(speed_mps), -1)
        waiting = [
            (driver, wait, wait.s_m - front_m[driver])
            for driver, waits in enumerate(self._waits)
            for wait in waits
            if going[driver] and -PASSED_M < wait.s_m - front_m[driver] < NOTICED_M
        ]
        if not waiting:
            return allowed, whom
        ways = tracks.ahead(LOOK_M, STRIDE_M)
        held: dict[int, tuple[_Wait, list[int]]] = {}
        for driver, wait, gap in waiting:
            v = max(float(speed_mps[driver]), 0.0)
            stands = v < STOPPED_MPS and gap < HERE_M
            wait.halted |= stands
            if wait.gone:
                continue
            others = self._first(driver, wait, front_m, speed_mps, going, ways, gain_mps2)
            free = not others
            wait.stood = wait.stood + 1 if stands else 0
            if stands and others:
                held[driver] = wait, others
            if wait.line.kind == "stop":
                free &= wait.halted
            brake = v * v / (2.0 * max(gap, 0.1))
            if free and brake > 0.5 * loss_mps2[driver]:
                # From here on one no longer thinks again.
                wait.gone = True
            if free or (wait.line.kind != "stop" and brake > 2.0 * loss_mps2[driver]):
                continue
            halt = halting(gap, v, gain_mps2[driver], loss_mps2[driver])
            if halt < allowed[driver]:
                allowed[driver], whom[driver] = halt, others[0] if others else -1
        self._resolve(held)
        return allowed, whom

    def _resolve(self, held: dict[int, tuple[_Wait, list[int]]]) -> None:
        """Let one go of those who all stand and wait for each other: who has stood longest.

        Of those who came at the same time it is the first in the scene.
        """
        stuck = dict(held)
        while loose := [k for k, (_, others) in stuck.items() if not stuck.keys() >= set(others)]:
            for driver in loose:
                del stuck[driver]
        unsigned = [
            (wait, driver) for driver, (wait, _) in stuck.items() if wait.line.kind == "side"
        ]
        if unsigned and min(wait.stood for wait, _ in stuck.values()) >= self._patience:
            wait, _ = min(unsigned, key=lambda pair: (-pair[0].stood, pair[1]))
            wait.gone = True

    def _first(
        self,
        driver: int,
        wait: _Wait,
        front_m: F64,
        speed_mps: F64,
        going: npt.NDArray[np.bool_],
        ways: tuple[F64, F64, F64],
        gain_mps2: F64,
    ) -> list[int]:
        """Return those who go first and come too soon."""
        points, tangents, arcs = ways
        found = []
        for other in np.flatnonzero(going):
            if other == driver:
                continue
            away = points[other][:, None] - wait.zone[None]
            met = (away * away).sum(axis=-1) < MEET_M * MEET_M
            if not met.any():
                continue
            mine = int(np.argmax(met.any(axis=0)))
            theirs = int(np.argmax(met[:, mine]))
            to_go = float(arcs[other, theirs] - arcs[other, 0])
            same_way = float(tangents[other, theirs] @ wait.heading[mine]) > ALONG
            if to_go < HERE_M and same_way:
                continue
            if self._waits_too(int(other), wait, to_go, front_m, speed_mps):
                continue
            needs, within = to_go / max(float(speed_mps[other]), SLOW_MPS), wait.line.gap_s
            if wait.line.kind == "side":
                # Both may be slowing down for each other: what counts is who could be there first.
                own_m = wait.s_m - float(front_m[driver]) + mine * SPACING_M
                own_s = _soonest(own_m, float(speed_mps[driver]), float(gain_mps2[driver]))
                needs = _soonest(to_go, float(speed_mps[other]), float(gain_mps2[other]))
                within = max(within, own_s + CLEAR_S)
            if needs < within:
                found.append(int(other))
        return found

    def _waits_too(
        self, other: int, wait: _Wait, to_go_m: float, front_m: F64, speed_mps: F64
    ) -> bool:
        """Say whether another driver has a line before the ways meet, and so doesn't go first."""
        for own in self._waits[other]:
            before = own.s_m - front_m[other]
            if own.gone or before < -PASSED_M or before > to_go_m:
                continue
            if wait.line.kind == "side":
                if own.line.kind == "side":
                    waits = not comes_from(wait.line.first, wait.line.yaw_rad, own.line.yaw_rad)
                else:
                    waits = before < HERE_M and speed_mps[other] < STOPPED_MPS
                if waits:
                    return True
                continue
            if _RANK[own.line.kind] >= _RANK[wait.line.kind] or speed_mps[other] < STOPPED_MPS:
                return True
        return False


def _soonest(way_m: float, speed_mps: float, gain_mps2: float) -> float:
    """Return how soon one could have gone so far, speeding up from now on."""
    v = max(speed_mps, 0.0)
    return float((np.sqrt(v * v + 2.0 * gain_mps2 * max(way_m, 0.0)) - v) / gain_mps2)
