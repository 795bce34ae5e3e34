"""Check of where one may drive, lane by lane, against the road's lanes themselves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from scenegen import roads
from scenegen.annotate.checks.case import FrameCase, centres
from scenegen.annotate.pixels.drivable import AHEAD_M, STEP_M
from scenegen.annotate.signals import ego_lane
from scenegen.geometry import wrap_angle
from scenegen.records import Drivable, Lane
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

Mask = npt.NDArray[np.bool_]
MOST_PX = 500
"""So many pixels of the road are looked at."""
BORDER_M = 0.06
"""So near to a lane's border either side will do, and so near to a turn's limit either kind."""
_TURN_RAD = 0.06
_UNDERFOOT = [CLASS_BY_NAME[name].id for name in ("road", "lane marking", "parking")]
_ORDER = (Drivable.EGO, Drivable.SAME, Drivable.ONCOMING, Drivable.CROSSING, Drivable.OTHER)


def drivable(case: FrameCase) -> Iterator[str]:
    """The road is drivable and nothing else; each point by the lanes that it lies in."""
    pictures, shown = case.pictures, case.pictures.truth.drivable
    assert shown is not None
    assert pictures.depth_m is not None
    assert pictures.semantic is not None
    road = (pictures.instance == 0) & np.isin(pictures.semantic, _UNDERFOOT)
    wrong = (shown > 0) != road
    # Beyond what a file can hold there may be road that has no stored depth.
    if wrong.any():
        yield f"{int(wrong.sum())} px are drivable and no road, or road and not drivable"
    row, column = np.nonzero(road & np.isfinite(pictures.depth_m))
    step = max(1, -(-len(row) // MOST_PX))
    row, column = row[::step], column[::step]
    if not row.size:
        return
    depth = pictures.depth_m[row, column].astype(np.float64)
    points = case.moving.unproject(centres(np.stack([column, row], axis=1)), depth)[:, :2]
    may, best = _possible(case, points)
    rank = np.array([_ORDER.index(Drivable(value)) for value in shown[row, column].tolist()])
    bad = ~may[np.arange(len(rank)), rank] | (rank > best)
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        yield (
            f"{int(bad.sum())} of {len(bad)} px are not of the lanes in which they lie, first "
            f"[{column[first]}, {row[first]}]: {_ORDER[rank[first]].name.lower()}"
        )


def _possible(case: FrameCase, points: F64) -> tuple[Mask, npt.NDArray[np.int64]]:
    """Return which ranks (N, 5) points (N, 2) may have, and the greatest rank (N,) of them.

    Ranks are places in `_ORDER`.
    """
    network = case.truth.network
    pose = np.array(case.labels.ego.world_from_body)
    own = ego_lane(network, pose)
    way = None if own is None else roads.onward(network, own, AHEAD_M)
    may = np.zeros((len(points), len(_ORDER)), dtype=np.bool_)
    best = np.full(len(points), len(_ORDER) - 1)
    if way is not None:
        near, sure, _ = _within(way, points)
        may[near, 0] = True
        best[sure] = 0
    for lane in network.lanes.values():
        if lane.kind != "driving":
            continue
        near, sure, stations = _within(lane, points)
        some = np.flatnonzero(near)
        if not some.size:
            continue
        turns = _turns(lane, stations[some], way, pose)
        kinds = np.zeros((3, len(points)), dtype=np.bool_)
        kinds[0, some] = turns.min(axis=0) <= 0.25 * np.pi + _TURN_RAD
        kinds[1, some] = turns.max(axis=0) >= 0.75 * np.pi - _TURN_RAD
        kinds[2, some] = (turns.max(axis=0) >= 0.25 * np.pi - _TURN_RAD) & (
            turns.min(axis=0) <= 0.75 * np.pi + _TURN_RAD
        )
        worst = np.zeros(len(points), dtype=np.int64)
        for rank, kind in enumerate(kinds, start=1):
            may[near & kind, rank] = True
            worst[kind] = np.maximum(worst[kind], rank)
        best[sure] = np.minimum(best[sure], worst[sure])
    may[best == len(_ORDER) - 1, -1] = True
    return may, best


def _turns(lane: Lane, stations: F64, way: Lane | None, pose: F64) -> F64:
    """Return by how much (3, N) a lane turns from the ego's way at stations (N,) and around."""
    turns = []
    for beyond in (-STEP_M, 0.0, STEP_M):
        at = np.clip(stations + beyond, 0.0, lane.stations_m[-1])
        foot, heading = roads.lane_points(lane, at)
        own: F64 | float = np.arctan2(pose[1, 0], pose[0, 0])
        if way is not None:
            own = roads.lane_points(way, roads.project_to_lane(way, foot[:, :2])[0])[1]
        turns.append(np.abs(wrap_angle(heading - own)))
    return np.array(turns)


def _within(lane: Lane, points: F64) -> tuple[Mask, Mask, F64]:
    """Return which points (N, 2) may be, and surely are, in a lane, and their stations (N,)."""
    stations, aside = roads.project_to_lane(lane, points)
    foot, _ = roads.lane_points(lane, stations)
    apart = np.hypot(*(points - foot[:, :2]).T)
    inside = (stations > BORDER_M) & (stations < lane.stations_m[-1] - BORDER_M)
    half = 0.5 * lane.width_m
    # At outer corners of a polyline its strip reaches a little beyond half of its width.
    near = apart <= half + BORDER_M
    sure = inside & (np.abs(aside) <= half - BORDER_M) & (apart <= half - BORDER_M)
    return near, sure, stations
