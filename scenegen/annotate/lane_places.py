"""Which lane a body is in, and where that is as seen from the ego's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen import roads
from scenegen.geometry import wrap_angle
from scenegen.records import Lane, RoadNetwork
from scenegen.records.base import F64
from scenegen.records.motion_labels import LanePlace

LEVEL_M = 3.0
"""Lanes that are so far above or below a body belong to another road."""
ALONG = 0.9
"""Cosine of the angle, to either direction, up to which a lane runs beside another."""
BESIDE_M = 40.0
"""How far aside of the ego's way lanes are counted."""
SAME_M = 1.5
"""Middles of lanes that are nearer to each other across are one lane's, or one that splits."""
TURNED_M, _AGAINST_M = 4.0, 100.0
REACH_M = 250.0
"""How far ahead and behind the ego's way is followed."""

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Strips:
    """The segments (S,) of the centre lines of some lanes.

    Attributes
    ----------
    names : tuple of str
        Ids of the lanes.
    lane : ndarray, shape (S,), int64
        Which of them each segment belongs to.
    start_m, unit : ndarray, shape (S, 2)
    length_m, half_width_m, height_m : ndarray, shape (S,)
        Heights are those of the segments' middles.
    """

    names: tuple[str, ...]
    lane: Rows
    start_m: F64
    unit: F64
    length_m: F64
    half_width_m: F64
    height_m: F64

    def offsets(self, xy_m: F64) -> tuple[F64, F64]:
        """Return how far points (N, 2) lie along and to the left of segments, (N, S) each."""
        to = xy_m[:, None] - self.start_m
        ux, uy = self.unit.T
        return to[..., 0] * ux + to[..., 1] * uy, to[..., 1] * ux - to[..., 0] * uy

    def within(self, xyz_m: F64) -> tuple[Mask, F64]:
        """Return which segments points (N, 3) lie abreast of within the lane, and how far aside."""
        along, aside = self.offsets(xyz_m[:, :2])
        # Of a bend, the outside is abreast of neither segment: half a step more is.
        slack = 0.5 * self.half_width_m
        inside = (along >= -slack) & (along <= self.length_m + slack)
        inside &= np.abs(aside) <= self.half_width_m
        inside &= np.abs(xyz_m[:, 2, None] - self.height_m) < LEVEL_M
        return inside, aside


def strips_of(lanes: Sequence[Lane]) -> Strips:
    """Return the segments of lanes; those that begin or end in a point are left out."""
    parts = []
    for number, lane in enumerate(lanes):
        step = np.diff(lane.centre[:, :2], axis=0)
        length = np.hypot(*step.T)
        kept = length > 1e-6
        count = int(kept.sum())
        height = 0.5 * (lane.centre[:-1, 2] + lane.centre[1:, 2])[kept]
        parts.append(
            (
                np.full(count, number),
                lane.centre[:-1, :2][kept],
                step[kept] / length[kept, None],
                length[kept],
                np.full(count, 0.5 * lane.width_m),
                height,
            )
        )
    empty = (np.zeros(0, dtype=np.int64), *(np.zeros((0, 2)),) * 2, *(np.zeros(0),) * 3)
    columns = [np.concatenate(c) for c in zip(empty, *parts, strict=True)]
    return Strips(tuple(lane.id for lane in lanes), *columns)


class LanePlaces:
    """The driving lanes of a road.

    Parameters
    ----------
    network : RoadNetwork
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._lanes = [lane for lane in network.lanes.values() if lane.kind == "driving"]
        self._strips = strips_of(self._lanes)
        self._corridors: dict[str, Strips] = {}

    def lanes_at(self, xyz_m: F64, yaw_rad: F64) -> list[Lane | None]:
        """Return the driving lanes in which points (N, 3) of bodies heading (N,) lie.

        Where lanes overlap, those whose traffic goes the body's way to 45 degrees come first,
        then the one whose middle is nearest, each radian of difference in heading counting as
        `TURNED_M`: in junctions lanes fan out that begin as one.
        """
        strips = self._strips
        if not len(strips.lane) or not len(xyz_m):
            return [None] * len(xyz_m)
        inside, aside = strips.within(xyz_m)
        ahead = np.stack([np.cos(yaw_rad), np.sin(yaw_rad)], axis=-1)
        turned = np.arccos(np.clip(ahead @ strips.unit.T, -1.0, 1.0))
        score = np.abs(aside) + TURNED_M * turned + _AGAINST_M * (turned > 0.25 * np.pi)
        score = np.where(inside, score, np.inf)
        best = score.argmin(axis=1)
        found = score[np.arange(len(best)), best]
        return [
            self._lanes[strips.lane[at]] if np.isfinite(least) else None
            for at, least in zip(best.tolist(), found.tolist(), strict=True)
        ]

    def beside(self, ego: Lane | None, xyz_m: F64, yaw_rad: F64) -> list[LanePlace | None]:
        """Return where bodies (N, 3) heading (N,) are, as seen from the ego's lane."""
        return [
            None if lane is None else self._place(ego, lane, point)
            for lane, point in zip(self.lanes_at(xyz_m, yaw_rad), xyz_m, strict=True)
        ]

    def _place(self, ego: Lane | None, lane: Lane, xyz_m: F64) -> LanePlace:
        if ego is None:
            return LanePlace(id=lane.id)
        way = self._corridor(ego)
        along, aside = way.offsets(xyz_m[None, :2])
        abreast = (along[0] >= 0) & (along[0] <= way.length_m) & (np.abs(aside[0]) < BESIDE_M)
        abreast &= np.abs(xyz_m[2] - way.height_m) < LEVEL_M
        if not abreast.any():
            return LanePlace(id=lane.id)
        at = int(np.where(abreast, np.abs(aside[0]), np.inf).argmin())
        foot = way.start_m[at] + along[0, at] * way.unit[at]
        across, directions, names = self._across(foot, way.unit[at], float(way.height_m[at]))
        own = [k for k, name in enumerate(names) if name == lane.id]
        if not own:
            return LanePlace(id=lane.id)
        here = min(own, key=lambda k: abs(across[k] - aside[0, at]))
        index = _lanes_between(across, float(across[here]))
        return LanePlace(id=lane.id, index=index, same_way=bool(directions[here] > 0))

    def _across(self, foot_m: F64, unit: F64, z_m: float) -> tuple[F64, F64, list[str]]:
        """Return what a line across the ego's way cuts of lanes that run along it.

        Returns
        -------
        across : ndarray, shape (K,)
            How far to the left of the ego's way their middles are.
        directions : ndarray, shape (K,)
            Cosines of their traffic's direction to the ego's.
        names : list of str
        """
        strips = self._strips
        to = strips.start_m - foot_m
        along = to @ unit
        cosine = strips.unit @ unit
        with np.errstate(divide="ignore", invalid="ignore"):
            share = -along / cosine
        cut = (np.abs(cosine) > ALONG) & (share >= -1e-6) & (share <= strips.length_m + 1e-6)
        cut &= np.abs(strips.height_m - z_m) < LEVEL_M
        left = np.array([-unit[1], unit[0]])
        some = np.flatnonzero(cut)
        across = (to[some] + share[some, None] * strips.unit[some]) @ left
        names = [strips.names[k] for k in strips.lane[some]]
        return across, cosine[some], names

    def _corridor(self, lane: Lane) -> Strips:
        """Return the way that leads through a lane: the one that turns least at every fork."""
        if lane.id not in self._corridors:
            chain = [lane]
            for step, end in ((self._before, 0), (self._after, -1)):
                length = 0.0
                seen = {lane.id}
                while length < REACH_M:
                    following = [other for other in step(chain[end]) if other.id not in seen]
                    if not following:
                        break
                    best = min(following, key=lambda other: (abs(_turn(other)), other.id))
                    chain.insert(0 if end == 0 else len(chain), best)
                    seen.add(best.id)
                    length += roads.lane_length(best)
            self._corridors[lane.id] = strips_of(chain)
        return self._corridors[lane.id]

    def _after(self, lane: Lane) -> list[Lane]:
        return [self._network.lanes[name] for name in lane.successors]

    def _before(self, lane: Lane) -> list[Lane]:
        return [other for other in self._lanes if lane.id in other.successors]


def _turn(lane: Lane) -> float:
    """Return by how much a lane turns from its start to its end, rad."""
    step = np.diff(lane.centre[:, :2], axis=0)
    return float(wrap_angle(np.diff(np.arctan2(step[:, 1], step[:, 0]))).sum())


def _lanes_between(across_m: F64, at_m: float) -> int:
    """Return how many lanes to the left of 0 a place across is, from the middles of all."""
    side = 1 if at_m > 0 else -1
    distances = np.sort(side * across_m)
    if side * at_m < SAME_M:
        return 0
    between = distances[(distances >= SAME_M) & (distances <= side * at_m + 1e-6)]
    steps = np.diff(between, prepend=0.0)
    return side * int((steps >= SAME_M).sum())
