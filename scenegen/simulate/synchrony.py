"""Drivers who arrive somewhere together with somebody else, by their speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import Synchronize
from scenegen.records.base import F64
from scenegen.records.triggers import OnPlace
from scenegen.simulate.tracks import TrackTable

TRACKING_S = 0.4
"""How soon a driver has the speed that is needed, if that takes no more than they like."""
SETTLED_S = 0.5
"""So shortly before they are there speeds stay: a hand's breadth would change them much."""
STANDS_MPS = 0.1


@dataclass(frozen=True)
class Going:
    """Where everybody is on their way now.

    Attributes
    ----------
    tracks : TrackTable
        Of the N drivers.
    has_track : ndarray, shape (N,), bool
    s_m, speed_mps : ndarray, shape (N,)
        Along these.
    position_m, velocity_mps : ndarray, shape (A, 2)
        Of all actors' middles.
    """

    tracks: TrackTable
    has_track: npt.NDArray[np.bool_]
    s_m: F64
    speed_mps: F64
    position_m: F64
    velocity_mps: F64

    def towards(self, actor: int, driver: int | None, line: OnPlace) -> tuple[float, float]:
        """Return how far an actor's middle is from a line, m, and how fast it gets nearer, m/s.

        Along the way of who drives one, straight on for others.
        """
        point = np.array(line.point_m)
        if driver is not None and self.has_track[driver]:
            left = self.tracks.locate(driver, point) - float(self.s_m[driver])
            return left, float(self.speed_mps[driver])
        ahead = np.array([np.cos(line.yaw_rad), np.sin(line.yaw_rad)])
        left = float((point - self.position_m[actor]) @ ahead)
        return left, float(self.velocity_mps[actor] @ ahead)


class Synchrony:
    """Which of N drivers keep time with whom, and how fast that makes them."""

    def __init__(self, count: int, actor_of: npt.NDArray[np.int64]) -> None:
        self._asked: dict[int, tuple[Synchronize, int]] = {}
        self._before_mps = np.zeros(count)
        self._wanted_mps = np.zeros(count)
        self._passed = np.zeros(count, dtype=bool)
        self._driver_of = {int(actor): n for n, actor in enumerate(actor_of)}
        self._actor_of = actor_of

    def start(self, driver: int, action: Synchronize, other: int, speed_mps: float) -> None:
        """Let a driver who wanted a speed keep time with an actor, by its index."""
        self._before_mps[driver] = speed_mps
        self._asked[driver] = action, other
        self._wanted_mps[driver] = speed_mps
        self._passed[driver] = False

    def stop(self, driver: int) -> None:
        """Let a driver go as fast as it likes again."""
        self._asked.pop(driver, None)

    def is_over(self, driver: int) -> bool:
        """Return whether a driver has passed its place."""
        return bool(self._passed[driver])

    def ask(self, going: Going, wanted_mps: F64) -> F64:
        """Return the accelerations (N,) that keep time, ``nan`` for who doesn't have to.

        Parameters
        ----------
        wanted_mps : ndarray, shape (N,)
            The speeds that drivers want, in which those that are needed are put.
        """
        asked = np.full(len(going.s_m), np.nan)
        for driver, (action, other) in self._asked.items():
            left, _ = going.towards(int(self._actor_of[driver]), driver, action.place)
            self._passed[driver] |= left <= 0.0
            if not self._passed[driver]:
                self._wanted_mps[driver] = self._needed(driver, action, left, other, going)
            wanted_mps[driver] = self._wanted_mps[driver]
            change = (self._wanted_mps[driver] - float(going.speed_mps[driver])) / TRACKING_S
            asked[driver] = np.clip(change, -action.deceleration_mps2, action.acceleration_mps2)
        return asked

    def _needed(
        self, driver: int, action: Synchronize, left_m: float, other: int, going: Going
    ) -> float:
        """Return the speed that takes a driver to its place in the time that is left."""
        theirs, pace = going.towards(other, self._driver_of.get(other), action.their_place)
        if pace <= STANDS_MPS and theirs > 0:
            return 0.0
        time_s = theirs / max(pace, STANDS_MPS) - action.ahead_s
        if min(time_s, left_m / max(self._wanted_mps[driver], STANDS_MPS)) > SETTLED_S:
            return min(left_m / time_s, action.fastest_mps)
        if time_s <= 0.0:
            return max(float(self._before_mps[driver]), float(going.speed_mps[driver]))
        return float(self._wanted_mps[driver])
