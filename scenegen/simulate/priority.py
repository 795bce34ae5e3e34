"""Who has the right of way over one driver, by the lines and signals that drivers obey.

Unlike `yielding`, which says what a driver does, this is the rule: who ignores a line or a red
light has it before them all the same, and a gap that is taken changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import RoadNetwork, YieldLine
from scenegen.records.base import F64
from scenegen.roads import comes_from
from scenegen.simulate.stops import SignalStops
from scenegen.simulate.tracks import Track, TrackTable
from scenegen.simulate.yielding import (
    ALONG,
    HERE_M,
    LOOK_M,
    MEET_M,
    STRIDE_M,
    YieldLines,
)

SIGNAL_RANK = 4
"""A signal that says stop binds more than any line."""
LINE_RANK = {"side": 1, "turn": 2, "give_way": 3, "stop": 3}


class Priority:
    """The lines and signals on the ways of N drivers, whether or not they heed them."""

    def __init__(self, network: RoadNetwork, count: int, control_hz: int) -> None:
        self._lines = YieldLines(network, count, control_hz)
        self._signals = SignalStops(network, count)

    def assign(self, driver: int, track: Track) -> None:
        """Note what lies on the way that a driver takes."""
        self._lines.assign(driver, track)
        self._signals.assign(driver, track)

    def goes_before(
        self,
        ego: int,
        front_m: F64,
        tracks: TrackTable,
        going: npt.NDArray[np.bool_],
        signals: npt.NDArray[np.uint8],
    ) -> npt.NDArray[np.int8]:
        """Return 1 for who (N,) goes before one driver where their ways meet, -1 for who after.

        Of two whose ways meet within `LOOK_M`, the one goes first who has nothing to wait at
        before that place, or what binds less; where no sign says who does, the one who comes
        from the side that goes first. 0 where ways don't meet, where one follows the other, and
        where both or neither have to wait.

        Parameters
        ----------
        ego : int
        front_m : ndarray, shape (N,)
            Where on their tracks the vehicles' fronts are.
        tracks : TrackTable
        going : ndarray, shape (N,), bool
            Who has a track and follows it.
        signals : ndarray, shape (S,), uint8
        """
        found = np.zeros(len(front_m), dtype=np.int8)
        bound = [k for k in np.flatnonzero(going).tolist() if self._bound(k, float(front_m[k]))]
        if not going[ego] or not bound:
            return found
        points, tangents, arcs = tracks.ahead(LOOK_M, STRIDE_M)
        for other in np.flatnonzero(going).tolist() if ego in bound else bound:
            if other == ego:
                continue
            away = points[ego][:, None] - points[other][None]
            met = (away * away).sum(axis=-1) < MEET_M * MEET_M
            if not met.any():
                continue
            mine = int(np.argmax(met.any(axis=1)))
            theirs = int(np.argmax(met[mine]))
            to_go = [float(arcs[k, at] - arcs[k, 0]) for k, at in ((ego, mine), (other, theirs))]
            same_way = float(tangents[ego, mine] @ tangents[other, theirs]) > ALONG
            if same_way and min(to_go) < HERE_M:
                continue
            one, two = (
                _Bound(
                    self._lines.lines_before(k, float(front_m[k]), way),
                    self._signals.says_stop(k, float(front_m[k]), way, signals),
                )
                for k, way in zip((ego, other), to_go, strict=True)
            )
            found[other] = one.comes_after(two)
        return found

    def _bound(self, driver: int, front_m: float) -> bool:
        return self._lines.any_ahead(driver, front_m) or self._signals.any_ahead(driver, front_m)


@dataclass(frozen=True)
class _Bound:
    """What a driver has before the place where ways meet: lines, and a signal that says stop."""

    lines: list[YieldLine]
    stopped: bool

    @property
    def rank(self) -> int:
        """How much it binds; 0 for nothing."""
        ranks = [LINE_RANK[line.kind] for line in self.lines]
        return max(ranks, default=0) if not self.stopped else SIGNAL_RANK

    def comes_after(self, other: _Bound) -> int:
        """Return 1 if this one has to let the other go first, -1 if the other this one, else 0."""
        if max(self.rank, other.rank) < LINE_RANK["give_way"]:
            for mine in self.lines:
                for theirs in other.lines:
                    if mine.kind == theirs.kind == "side":
                        if comes_from(mine.first, mine.yaw_rad, theirs.yaw_rad):
                            return 1
                        if comes_from(theirs.first, theirs.yaw_rad, mine.yaw_rad):
                            return -1
        return (self.rank > other.rank) - (self.rank < other.rank)
