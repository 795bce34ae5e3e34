"""The ways that drivers take: laid out when they start, forward or in reverse, to their ends."""

from __future__ import annotations

import numpy as np

from scenegen.geometry.transforms import turned
from scenegen.records import Drive
from scenegen.records.base import F64
from scenegen.simulate.tracks import Track, make_track

BEHIND_M = 6.0
"""How far behind a vehicle a way begins that is laid out where it is."""

SLOPE = 0.6
"""Tangent of the angle to the path that a way over to it allows for."""

OFF_M = 0.3
BACK_S, BACK_M = 2.0, 12.0
"""Who is farther off its path when it goes on with it comes back within so long."""

SHIFT_MPS = 0.2
"""Speed below which a driver changes between forward and reverse gear."""

BRAKE_SHARE = 0.6
THERE_M = 0.15
AT_END_M = 0.6


class Ways:
    """What each of N drivers is on its way along."""

    def __init__(self, count: int) -> None:
        self._laid: dict[int, tuple[Drive, Track, float]] = {}
        self._goal_m = np.full(count, np.inf)
        self._stops = np.zeros(count, dtype=bool)
        self._gear = np.ones(count)

    def lay(
        self, driver: int, action: Drive, xy_m: F64, yaw_rad: float, resumed: bool = False
    ) -> Track:
        """Return the way of a driver at (2,), heading `yaw_rad`, and keep to its end.

        What was laid out where a vehicle was stays where it is when the driver goes on.
        """
        known = self._laid.get(id(action))
        if known is not None and resumed:
            _, track, goal = known
        else:
            path = np.array(action.path)
            if action.frame == "body":
                path = xy_m + turned(path, yaw_rad)
            track = make_track(path.tolist())
            goal = track.length_m if action.ends_m is None else action.ends_m
            if action.join_m > 0:
                track = joined(track, xy_m, yaw_rad, action.join_m)
                goal = track.length_m if action.stops else BEHIND_M + action.join_m
        self._laid[id(action)] = action, track, goal
        if resumed and not action.backward and abs(track.locate(xy_m[None])[1][0]) > OFF_M:
            way = max(BACK_M, BACK_S * action.speed_mps)
            past = float(track.locate(xy_m[None])[0][0])
            track = joined(track, xy_m, yaw_rad, way)
            goal = goal - past + BEHIND_M
        self._goal_m[driver] = goal
        self._stops[driver] = action.stops
        self._gear[driver] = -1.0 if action.backward else 1.0
        return track

    def places(self) -> dict[str, tuple[object, str]]:
        """Return where what is kept for each driver is: objects and their attributes, by name."""
        return {"goal": (self, "_goal_m"), "stops": (self, "_stops"), "way_gear": (self, "_gear")}

    def goal_m(self, driver: int) -> float:
        """Return how far along its way a driver's manoeuvre leads; ``inf`` if it has none."""
        return float(self._goal_m[driver])

    def is_over(self, driver: int, s_m: float, speed_mps: float) -> bool:
        """Return whether a driver has come to the end of its way."""
        if self._stops[driver]:
            return bool(s_m >= self._goal_m[driver] - AT_END_M and abs(speed_mps) < SHIFT_MPS)
        return bool(s_m >= self._goal_m[driver])

    def shift(self, gear: F64, speed_mps: F64) -> F64:
        """Return the gears (N,): who goes the other way still stops before shifting."""
        return np.where(np.abs(speed_mps) < SHIFT_MPS, self._gear, gear)

    def stopping(self, s_m: F64, speed_mps: F64, gear: F64, loss_mps2: F64) -> F64:
        """Return the acceleration (N,) that stopping allows: here to shift, or at the way's end.

        Parameters
        ----------
        s_m, speed_mps : ndarray, shape (N,)
            Along the way, and the way the gear goes.
        gear : ndarray, shape (N,)
        loss_mps2 : ndarray, shape (N,)
            How drivers like to slow down.
        """
        left = np.maximum(self._goal_m - s_m, 0.0)
        v = np.maximum(speed_mps, 0.0)
        needed = v * v / np.maximum(2.0 * left, 0.1)
        late = self._stops & ((needed > BRAKE_SHARE * loss_mps2) | (left < THERE_M))
        allowed = np.where(late, -np.maximum(needed, 0.5), np.inf)
        return np.where(self._gear != gear, -loss_mps2, allowed)


def joined(track: Track, xy_m: F64, yaw_rad: float, over_m: float) -> Track:
    """Return a way from a place (2,) over to a track, and along it to its end.

    The offset from the track fades as Hermite's cubic does, from the heading that the
    vehicle has, so that the way has no corner at either end.
    """
    s, offset = (float(value[0]) for value in track.locate(xy_m[None]))
    behind = np.arange(-BEHIND_M, 0.0, 1.0)
    ahead = np.arange(0.0, max(track.length_m - s, over_m) + 1.0, 1.0)
    at = np.minimum(np.maximum(s + ahead, 0.0), len(track.points_m) - 1.001)
    low = at.astype(np.int64)
    part = (at - low)[:, None]
    points = track.points_m[low] * (1.0 - part) + track.points_m[low + 1] * part
    tangent = track.tangent[low]
    along = np.arctan2(tangent[0, 1], tangent[0, 0])
    turn = (yaw_rad - along + np.pi) % (2.0 * np.pi) - np.pi
    slope = float(np.clip(np.tan(np.clip(turn, -1.2, 1.2)), -SLOPE, SLOPE))
    u = np.minimum(ahead / over_m, 1.0)
    fading = offset * (1.0 - u * u * (3.0 - 2.0 * u)) + slope * over_m * u * (1.0 - u) ** 2
    left = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    points = points + fading[:, None] * left
    back = points[0] + behind[:, None] * np.array([np.cos(yaw_rad), np.sin(yaw_rad)])
    return make_track(np.vstack([back, points]).tolist())
