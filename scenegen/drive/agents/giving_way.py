"""Who waits for whom: at lines, before turns across traffic, from the right, and at crossings.

It knows the road and where everybody is, and nothing of what they mean to do: a vehicle may go
wherever its lane leads to, at the speed that it has.
"""

from __future__ import annotations

import numpy as np

from scenegen.drive.agents.protocol import Briefing
from scenegen.drive.agents.ways import ASIDE_M, LanePaths, OnWay, Path, on_way
from scenegen.drive.state import Route, State
from scenegen.records import YieldLine
from scenegen.records.base import F64
from scenegen.roads import comes_from, lane_length, lane_point, project_to_lane

NOTICED_M = 60.0
ZONE_M = 28.0
"""So far beyond a line ways may meet."""
REACH_M = 90.0
MEET_M = 2.4
PASSED_M = 0.8
HERE_M = 4.0
SLOW_MPS, STOPPED_MPS = 1.0, 0.4
ALONG = 0.8
CLEAR_S = 1.5
PATIENCE_S = 3.0
"""After so long at a line where all stand, one goes."""
BEFORE_CROSSING_M = 1.0
WALKING_MPS = 0.3
WALKED_S = 2.0
"""Walkers who will be in the way so soon after the ego are let go first."""
BESIDE_M = 1.0
_RANK = {"side": 0, "turn": 1, "give_way": 2, "stop": 2}
_ON_FOOT = frozenset({"person", "animal"})


class GivingWay:
    """Finds where an ego has to wait.

    Parameters
    ----------
    briefing : Briefing
    """

    def __init__(self, briefing: Briefing) -> None:
        network = briefing.network
        self._briefing, self._network = briefing, network
        self._paths = LanePaths(network, REACH_M)
        self._lines = network.yields
        self._points = np.array([line.point_m[:2] for line in network.yields]).reshape(-1, 2)
        self._yaw = np.array([line.yaw_rad for line in network.yields])
        self._crossings = [lane for lane in network.lanes.values() if lane.kind == "crosswalk"]
        categories = briefing.cast.categories
        self._walks = np.array([category in _ON_FOOT for category in categories])
        self._walks[0] = False
        self._halted: set[str] = set()
        self._gone: set[str] = set()
        self._stood_s = 0.0

    def stop(self, state: State, route: Route, brake_mps2: float) -> float | None:
        """Return how far it is from the ego's front to where it has to wait; None if nowhere.

        Parameters
        ----------
        brake_mps2 : float
            What the ego likes to brake with.
        """
        found = [*self._at_lines(state, route, brake_mps2), *self._at_crossings(state, route)]
        return min(found, default=None)

    def _front_m(self) -> float:
        return 0.5 * self._briefing.vehicle.size_m[0]

    def _at_lines(self, state: State, route: Route, brake_mps2: float) -> list[float]:
        if not self._lines:
            return []
        seen = on_way(route, self._points)
        gaps = seen.ahead_m - self._front_m()
        mine = (seen.aside_m < ASIDE_M) & (np.cos(seen.heading_rad - self._yaw) > 0.5)
        mine &= (gaps > -PASSED_M) & (gaps < NOTICED_M)
        found = []
        standing = state.speed_mps < STOPPED_MPS
        for number in np.flatnonzero(mine).tolist():
            line, gap = self._lines[number], float(gaps[number])
            if line.id in self._gone or not all(self._takes(route, name) for name in line.lanes):
                continue
            here = standing and gap < HERE_M
            self._stood_s = self._stood_s + self._briefing.step_s if here else 0.0
            if here:
                self._halted.add(line.id)
            free = not self._others(state, route, line, seen, number)
            free |= line.kind == "side" and self._stood_s > PATIENCE_S
            if line.kind == "stop":
                free &= line.id in self._halted
            needed = state.speed_mps**2 / (2.0 * max(gap, 0.1))
            if free and (needed > 0.5 * brake_mps2 or gap < 0.5):
                # From here on one doesn't think again.
                self._gone.add(line.id)
            if not free:
                found.append(gap)
        return found

    def _takes(self, route: Route, name: str) -> bool:
        """Say whether a way goes through a lane, where it is told so far ahead."""
        lane = self._network.lanes[name]
        middle, _ = lane_point(lane, 0.6 * lane_length(lane))
        return bool(on_way(route, middle[None, :2]).aside_m[0] < 1.0)

    def _others(
        self, state: State, route: Route, line: YieldLine, seen: OnWay, number: int
    ) -> bool:
        """Say whether somebody who goes first comes too soon."""
        start = max(int(seen.ahead_m[number] / route.spacing_m), 0)
        zone = slice(start, start + int(ZONE_M / route.spacing_m) + 1)
        points, headings = route.points_m[zone], route.heading_rad[zone]
        speeds = np.hypot(*state.velocity_mps[:, :2].T)
        for other in np.flatnonzero(~self._walks).tolist():
            if other == 0 or self._briefing.scenario.actors[other].attached_to is not None:
                continue
            speed = float(speeds[other])
            if np.hypot(*(state.position_m[other, :2] - points[0])) > REACH_M + ZONE_M:
                continue
            for path in self._paths.of(state.position_m[other], float(state.yaw_rad[other])):
                if self._comes(path, points, headings, line, speed, state, start):
                    return True
        return False

    def _comes(
        self,
        path: Path,
        points_m: F64,
        heading_rad: F64,
        line: YieldLine,
        speed_mps: float,
        state: State,
        start: int,
    ) -> bool:
        """Say whether someone on a path goes first and is too soon where the ways meet."""
        away = np.hypot(*(path.points_m[:, None] - points_m[None]).transpose(2, 0, 1))
        met = away < MEET_M
        if not met.any():
            return False
        mine = int(np.argmax(met.any(axis=0)))
        theirs = int(np.argmax(met[:, mine]))
        to_go = float(path.along_m[theirs])
        same_way = np.cos(path.heading_rad[theirs] - heading_rad[mine]) > ALONG
        if to_go < HERE_M and same_way:
            return False
        if speed_mps < STOPPED_MPS and to_go > HERE_M:
            return False
        if self._bound(path, to_go, line):
            return False
        needs, within = to_go / max(speed_mps, SLOW_MPS), line.gap_s
        if line.kind == "side":
            if not comes_from(line.first, line.yaw_rad, float(path.heading_rad[0])):
                return False
            spacing = float(np.hypot(*(points_m[1] - points_m[0]))) if len(points_m) > 1 else 2.0
            own_m = (start + mine) * spacing - self._front_m()
            within = max(within, own_m / max(state.speed_mps, SLOW_MPS) + CLEAR_S)
        return needs < within

    def _bound(self, path: Path, to_go_m: float, mine: YieldLine) -> bool:
        """Say whether a line of no lower rank holds someone before they get there."""
        if not len(self._points):
            return False
        away = np.hypot(*(self._points[:, None] - path.points_m[None]).transpose(2, 0, 1))
        near = away.argmin(axis=1)
        for number, line in enumerate(self._lines):
            at = near[number]
            there = away[number, at] < ASIDE_M and path.along_m[at] <= to_go_m
            facing = np.cos(path.heading_rad[at] - line.yaw_rad) > 0.5
            taken = not line.lanes or bool(set(line.lanes) & set(path.lanes))
            if there and facing and taken and _RANK[line.kind] >= max(_RANK[mine.kind], 1):
                return True
        return False

    def _at_crossings(self, state: State, route: Route) -> list[float]:
        """Return how far it is to crossings that people are on, or about to be."""
        walking = np.flatnonzero(self._walks)
        if not self._crossings or not len(walking):
            return []
        found = []
        for lane in self._crossings:
            seen = on_way(route, lane.centre[:, :2])
            at = int(seen.aside_m.argmin())
            gap = float(seen.ahead_m[at]) - 0.5 * lane.width_m - BEFORE_CROSSING_M - self._front_m()
            if seen.aside_m[at] > ASIDE_M or not -PASSED_M < gap < NOTICED_M:
                continue
            places = state.position_m[walking, :2]
            along, aside = project_to_lane(lane, places)
            on = np.abs(aside) < 0.5 * lane.width_m + BESIDE_M
            to = lane.stations_m[at] - along
            unit = lane.centre[min(at + 1, len(lane.centre) - 1)] - lane.centre[max(at - 1, 0)]
            unit = unit[:2] / np.hypot(*unit[:2])
            going = state.velocity_mps[walking, :2] @ unit
            half = 0.5 * self._briefing.vehicle.size_m[1] + BESIDE_M
            inside = on & (np.abs(to) < half)
            soon = on & (going * to > 0) & (np.abs(going) > WALKING_MPS)
            arrives = np.abs(to) / np.maximum(np.abs(going), WALKING_MPS)
            own_s = max(gap, 0.0) / max(state.speed_mps, SLOW_MPS)
            if (inside | (soon & (arrives < own_s + WALKED_S))).any():
                found.append(gap)
        return found
