"""A road network: what is driven on, drawn and labelled, all from the same geometry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from scenegen.records.base import F64, Vec3, read_only
from scenegen.records.mesh import Surface
from scenegen.records.roadspec import RoadSpec

LaneKind = Literal["driving", "shoulder", "parking", "sidewalk", "verge", "crosswalk"]


@dataclass(frozen=True)
class Lane:
    """A strip of road that something moves or stands on.

    Attributes
    ----------
    id : str
        ``forward_0`` is the driving lane next to the reference line, growing outward;
        likewise ``backward_0``; ``parking_right``, ``sidewalk_left``, … for the other
        strips, left and right seen along +x. On a crossing road: ``cross_forward_0``,
        and so on, seen along +y. On maps see `roads.map.lanes`.
    direction : int
        +1 along the reference line, -1 against it. `centre` already runs with traffic.
    centre : ndarray, shape (K, 3)
        Centre line in the direction of traffic, world, at most 2 m between points.
    successors : tuple of str
        Ids of the lanes that traffic goes on into at its end; none where roads simply end.
    """

    id: str
    kind: LaneKind
    direction: int
    width_m: float
    centre: F64
    speed_limit_mps: float
    successors: tuple[str, ...] = ()

    @cached_property
    def stations_m(self) -> F64:
        """Distances (K,) of the centre line's points along it, in the plane, from 0."""
        steps = np.hypot(*np.diff(self.centre[:, :2], axis=0).T)
        stations = np.concatenate([[0.0], np.cumsum(steps)])
        read_only(stations)
        return stations


@dataclass(frozen=True)
class LaneLine:
    """A painted line; `points` (K, 3) runs along its middle, world."""

    id: str
    type: Literal["solid", "broken", "stop", "zebra"]
    color: Literal["white", "yellow"]
    width_m: float
    points: F64


@dataclass(frozen=True)
class SignalHead:
    """A traffic signal: the post's foot, the facing direction, and who obeys it.

    Attributes
    ----------
    group : str
        ``major`` (the ego's road) or ``minor`` (the crossing road); of a signal for
        walkers the road that they cross.
    position_m : (3,)
        Middle of the head, world.
    foot_m : (3,)
        Where its post stands.
    yaw_rad : float
        Direction the lamps shine to.
    lanes : tuple of str
        Ids of the lanes that obey it.
    stop_point_m : (3,)
        Middle of the stop line of those lanes; of a signal for walkers its foot.
    kind : str
        Who reads it: ``vehicle`` or ``walk``; ``level_crossing`` of lights at a railway.
    """

    id: str
    group: Literal["major", "minor"]
    position_m: Vec3
    foot_m: Vec3
    yaw_rad: float
    lanes: tuple[str, ...]
    stop_point_m: Vec3
    kind: Literal["vehicle", "walk", "level_crossing"] = "vehicle"

    @property
    def asset_id(self) -> str:
        """What stands at its foot."""
        return {
            "vehicle": "prop.signal_post",
            "walk": "prop.walk_signal",
            "level_crossing": "prop.level_crossing_light",
        }[self.kind]


@dataclass(frozen=True)
class YieldLine:
    """Where those who come wait for others.

    At a sign, before a turn across oncoming traffic, or for those from one side.

    Attributes
    ----------
    id : str
    kind : str
        ``give_way``; ``stop``, at which one stops in any case; ``turn``; or ``side``, where no
        sign says who goes first.
    point_m : (3,)
        Middle of the line, world.
    yaw_rad : float
        Direction of the traffic that waits there.
    gap_s : float
        Time gap in the other traffic that is taken.
    lanes : tuple of str
        Ids of lanes beyond the line, to tell who goes where; empty for whoever passes it.
    first : str
        Of ``side``: from where those come who go first, ``right`` where one drives on the right.
    """

    id: str
    kind: Literal["give_way", "stop", "turn", "side"]
    point_m: Vec3
    yaw_rad: float
    gap_s: float
    lanes: tuple[str, ...] = ()
    first: Literal["right", "left"] = "right"


@dataclass(frozen=True)
class RoadNetwork:
    """Lanes, paint, signals and meshes of one `RoadSpec`.

    Attributes
    ----------
    surfaces : tuple of Surface
        Everything underfoot, without gaps or overlaps: asphalt, paint, kerbs,
        pavement, verge, terrain. Paint is part of the mesh, not laid over it.
    flat : bool
        Whether the driving surface is the plane z = 0 everywhere.
    yields : tuple of YieldLine
    stacked : bool
        Whether roads lie above each other somewhere.
    """

    spec: RoadSpec
    lanes: dict[str, Lane]
    lines: tuple[LaneLine, ...]
    signals: tuple[SignalHead, ...]
    surfaces: tuple[Surface, ...]
    flat: bool
    yields: tuple[YieldLine, ...] = ()
    stacked: bool = False

    def lane(self, lane_id: str) -> Lane:
        """Return a lane by id; KeyError if there is none."""
        return self.lanes[lane_id]
