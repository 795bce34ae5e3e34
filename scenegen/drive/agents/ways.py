"""What lies on an ego's way, and where others may go: what drivers who keep rules reckon with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.drive.state import Route
from scenegen.records import Lane, RoadNetwork
from scenegen.records.base import F64

ASIDE_M = 2.5
"""What lies no farther aside of a way is on it."""
_HEADING_RAD = 0.6
_LEVEL_M = 3.0


@dataclass(frozen=True)
class OnWay:
    """Places (N,) seen from a way.

    Attributes
    ----------
    ahead_m : (N,)
        How far along the way, from the ego's origin.
    aside_m : (N,)
        How far from the way, unsigned.
    heading_rad : (N,)
        Of the way there.
    """

    ahead_m: F64
    aside_m: F64
    heading_rad: F64


def on_way(route: Route, places_m: F64) -> OnWay:
    """Return where places (N, 2) are on a way."""
    to = places_m[:, None] - route.points_m[None]
    near = (to * to).sum(axis=2).argmin(axis=1)
    heading = route.heading_rad[near]
    off = to[np.arange(len(near)), near]
    along = off[:, 0] * np.cos(heading) + off[:, 1] * np.sin(heading)
    aside = np.abs(off[:, 1] * np.cos(heading) - off[:, 0] * np.sin(heading))
    # Before the start and beyond the end, what is off lengthwise is off.
    ends = ((near == 0) & (along < 0)) | ((near == len(route.points_m) - 1) & (along > 0))
    aside = np.where(ends, np.hypot(*off.T), aside)
    return OnWay(near * route.spacing_m + along, aside, heading)


@dataclass(frozen=True)
class Path:
    """Where a vehicle may go: points (K, 2) of lanes one after the other.

    Attributes
    ----------
    along_m : (K,)
        From where the vehicle is now.
    heading_rad : (K,)
    lanes : tuple of str
    """

    points_m: F64
    along_m: F64
    heading_rad: F64
    lanes: tuple[str, ...]


class LanePaths:
    """Follows the lanes that a vehicle is in, at forks into all that there are.

    Parameters
    ----------
    network : RoadNetwork
    reach_m : float
        How far.
    """

    def __init__(self, network: RoadNetwork, reach_m: float) -> None:
        self._reach_m = reach_m
        self._lanes = {n: lane for n, lane in network.lanes.items() if lane.kind == "driving"}
        self._names = list(self._lanes)
        lanes = list(self._lanes.values())
        self._heading = {lane.id: _headings(lane) for lane in lanes}
        self._points = np.concatenate([np.zeros((0, 3)), *(lane.centre for lane in lanes)])
        self._yaw = np.concatenate([np.zeros(0), *(self._heading[lane.id] for lane in lanes)])
        sizes = [len(lane.centre) for lane in lanes]
        self._of = np.repeat(np.arange(len(lanes)), sizes)
        self._first = np.cumsum([0, *sizes])

    def of(self, position_m: F64, yaw_rad: float) -> Iterator[Path]:
        """Return the paths of a vehicle at a place (3,); none off the lanes."""
        away = np.hypot(*(self._points[:, :2] - position_m[:2]).T)
        near = (away < ASIDE_M) & (np.cos(self._yaw - yaw_rad) > np.cos(_HEADING_RAD))
        near &= np.abs(self._points[:, 2] - position_m[2]) < _LEVEL_M
        for number in np.unique(self._of[near]).tolist():
            own = slice(self._first[number], self._first[number + 1])
            start = int(np.where(near[own], away[own], np.inf).argmin())
            yield from self._onward(self._names[number], start, 0.0, ())

    def _onward(
        self, name: str, start: int, gone_m: float, before: tuple[str, ...]
    ) -> Iterator[Path]:
        lane, names = self._lanes[name], (*before, name)
        along = gone_m + lane.stations_m[start:] - lane.stations_m[start]
        own = Path(lane.centre[start:, :2], along, self._heading[name][start:], names)
        after = [other for other in lane.successors if other in self._lanes and other not in names]
        if along[-1] > self._reach_m or not after:
            yield own
            return
        for other in after:
            for rest in self._onward(other, 0, float(along[-1]), names):
                yield Path(
                    np.concatenate([own.points_m, rest.points_m]),
                    np.concatenate([own.along_m, rest.along_m]),
                    np.concatenate([own.heading_rad, rest.heading_rad]),
                    rest.lanes,
                )


def _headings(lane: Lane) -> npt.NDArray[np.float64]:
    steps = np.diff(lane.centre[:, :2], axis=0)
    yaw = np.arctan2(steps[:, 1], steps[:, 0])
    return np.append(yaw, yaw[-1])
