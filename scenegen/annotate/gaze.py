"""Whether people and animals have had the ego before their eyes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.geometry import Boxes, boxes_of, segments_meet, yaw_of
from scenegen.records import Actor, ConcreteScenario, Trajectory
from scenegen.records.base import F64

OPAQUE = frozenset({"car", "truck", "bus", "train"})
"""Categories that hide what is behind them."""
THINNEST_M = 0.6
"""Thickness from which scenery hides what is behind it; posts and railings don't."""
FIELD = 0.5
"""Cosine of 60 degrees: half of the field that both eyes share."""
SEEN_SHARE = 0.5
"""Of the meteorological visibility: there contrast has fallen to a fifth."""
EYE_SHARE = 0.93
"""Height of the eyes over that of a figure without a head of its own."""
ROWS_AT_ONCE = 16

Mask = npt.NDArray[np.bool_]


def eyes_of(actor: Actor, trajectory: Trajectory) -> tuple[F64, F64]:
    """Return where someone's head is (T, 3), and the unit vectors (T, 3) of where it points."""
    asset, column = assets.drawn(actor), trajectory.column(actor.instance_id)
    bodies = trajectory.poses(actor.instance_id)
    names = [part.name for part in asset.parts]
    if "head" in names:
        values = trajectory.articulation[:, column, : len(asset.joints)]
        bodies = bodies @ assets.body_from_parts(asset, values)[:, names.index("head")]
        return bodies[:, :3, 3], bodies[:, :3, 0]
    up = EYE_SHARE * asset.size_m[2] * bodies[:, :3, 2]
    return bodies[:, :3, 3] + up, bodies[:, :3, 0]


class EgoInView:
    """Sight of a run's ego.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
    """

    def __init__(self, scenario: ConcreteScenario, trajectory: Trajectory) -> None:
        self._scenario, self._trajectory = scenario, trajectory
        ego = scenario.ego
        middle = np.append(assets.drawn(ego).bounds_m.mean(axis=0), 1.0)
        self._middle_m = (trajectory.poses(ego.instance_id) @ middle)[:, :3]
        self._reach_m = SEEN_SHARE * scenario.weather.visibility_m
        self._walls = self._scenery()
        self._opaque = [
            a for a in scenario.actors if a.category in OPAQUE and a.instance_id != ego.instance_id
        ]
        self._moving: dict[int, Boxes] = {}

    def first_row(self, actor: Actor) -> int:
        """Return the first row at which an actor has the ego in view; T if there is none."""
        eyes, ahead = eyes_of(actor, self._trajectory)
        to = self._middle_m - eyes
        away = np.sqrt((to * to).sum(axis=1))
        may = ((to * ahead).sum(axis=1) > away * FIELD) & (away < self._reach_m)
        distracted = self._trajectory.distracted
        if distracted is not None:
            may &= ~distracted[:, self._trajectory.column(actor.instance_id)]
        rows = np.flatnonzero(may)
        others = [a for a in self._opaque if a.instance_id != actor.attached_to]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            hidden = self._hidden(eyes[some], some, others)
            if not hidden.all():
                return int(some[np.argmin(hidden)])
        return len(eyes)

    def _hidden(self, eyes_m: F64, rows: npt.NDArray[np.int64], others: list[Actor]) -> Mask:
        """Say at which of some rows (R,) something stands between eyes (R, 3) and the ego."""
        there = self._middle_m[rows]
        hidden = np.zeros(len(rows), dtype=bool)
        if self._walls is not None:
            hidden |= segments_meet(self._walls, eyes_m[:, None], there[:, None]).any(axis=1)
        for actor in others:
            hidden |= segments_meet(self._box(actor)[rows], eyes_m, there)
        return hidden

    def _box(self, actor: Actor) -> Boxes:
        """Return the upright box (T,) of an actor's solid body."""
        if actor.instance_id not in self._moving:
            column = self._trajectory.column(actor.instance_id)
            bounds = assets.solid_bounds(assets.drawn(actor))
            x, y, z = self._trajectory.position_m[:, column].T
            yaw = yaw_of(self._trajectory.quaternion_wxyz[:, column])
            many = np.broadcast_to(bounds, (len(x), 2, 3))
            self._moving[actor.instance_id] = boxes_of(many, x, y, z, yaw)
        return self._moving[actor.instance_id]

    def _scenery(self) -> Boxes | None:
        """Return the upright boxes (M,) of the scenery that hides what is behind it."""
        props = self._scenario.props
        bounds = np.array([assets.solid_bounds(assets.drawn(p)) for p in props]).reshape(-1, 2, 3)
        thick = (bounds[:, 1] - bounds[:, 0]).min(axis=1) > THINNEST_M
        if not thick.any():
            return None
        x, y, z = np.array([p.position_m for p in props])[thick].T
        yaw = yaw_of(np.array([p.quaternion_wxyz for p in props])[thick])
        return boxes_of(bounds[thick], x, y, z, yaw)
