"""How well others, and what stands, hide a body from an eye, at every step of a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenegen.assets import FIELD_RAD, REACH_M
from scenegen.assets.looking import eye_of, points_of, upright_box
from scenegen.assets.standing import Standing
from scenegen.geometry import Boxes, segments_depth, wrap_angle, yaw_of
from scenegen.records import Actor, ConcreteScenario, Trajectory
from scenegen.records.base import F64
from scenegen.roads import build_network


@dataclass(frozen=True)
class View:
    """A field of view (T,): where it is looked from, where to, how wide and how far."""

    point_m: F64
    yaw_rad: F64
    field_rad: F64
    reach_m: F64


class Sight:
    """Lines of sight in a run.

    Bodies are the upright boxes that `require` goes by as well; scenery and the ground are what
    is drawn of them, in all detail.

    Parameters
    ----------
    concrete : ConcreteScenario
    trajectory : Trajectory
        T steps.
    """

    def __init__(self, concrete: ConcreteScenario, trajectory: Trajectory) -> None:
        self._concrete, self._trajectory = concrete, trajectory
        self._actors = {actor.instance_id: actor for actor in concrete.actors}
        self._boxes: dict[int, Boxes] = {}

    def hidden(self, eye: int, sensor: str | None, instance_id: int) -> F64:
        """Return how deep in others the best line of sight (T,) to a body runs, m.

        Of ten points of the body the one that is hidden least, by the other body, or what stands,
        that hides it most; positive if all are hidden, negative where one is seen, by how much the
        nearest body misses that line. Of what stands `Standing.depth` tells how far that is.

        Parameters
        ----------
        eye : int
            Instance id of whose eyes, or camera, it is seen from.
        sensor : str or None
            A sensor of the ego, if it is one that looks.
        instance_id : int
            Of who is looked at.
        """
        start = self._eye(self._actors[eye], sensor)
        points = points_of(self._box(instance_id))
        ours = {self._root(eye), self._root(instance_id)}
        depth = np.full(points.shape[:2], -np.inf)
        for other in self._actors:
            if self._root(other) not in ours:
                depth = np.maximum(depth, segments_depth(self._box(other), start, points))
        return np.asarray(self._standing.depth(start, points, depth).min(axis=0))

    def view(
        self,
        eye: int,
        sensor: str | None,
        field_rad: npt.ArrayLike | None = None,
        reach_m: npt.ArrayLike | None = None,
    ) -> View:
        """Return the field of view of somebody, or of a sensor; `hidden` says of whom.

        Parameters
        ----------
        field_rad, reach_m : array_like, shape () or (T,), optional
            In place of its own.
        """
        turn, field, reach = 0.0, FIELD_RAD, REACH_M
        if sensor is not None:
            spec = self._concrete.sensors[sensor]
            all_around = spec.kind == "lidar" and spec.pattern == "spinning"
            turn, reach = spec.yaw_rad, spec.far_m
            field = 2.0 * np.pi if all_around else spec.hfov_rad
        column = self._trajectory.column(eye)
        yaw = np.asarray(yaw_of(self._trajectory.quaternion_wxyz[:, column])) + turn
        wide, far = (
            np.broadcast_to(np.asarray(usual if own is None else own, dtype=np.float64), yaw.shape)
            for own, usual in ((field_rad, field), (reach_m, reach))
        )
        return View(self._eye(self._actors[eye], sensor), yaw, wide, far)

    def seen(self, view: View, instance_id: int) -> F64:
        """Return how far (T,) a body's middle or a corner is within a field of view, m.

        Of the five points the one that is farthest inside: from the field's edges and its reach,
        as seen from above; negative if all are outside.
        """
        base = self._box(instance_id).base
        points = np.concatenate([base.corners(), base.middle_m[:, None]], axis=1)
        x, y = (points[..., k] - view.point_m[:, k, None] for k in range(2))
        away = np.hypot(x, y)
        aside = np.abs(wrap_angle(np.arctan2(y, x) - view.yaw_rad[:, None]))
        inner = 0.5 * view.field_rad[:, None] - aside
        edge = away * np.sin(np.clip(inner, -0.5 * np.pi, 0.5 * np.pi))
        edge = np.where(view.field_rad[:, None] >= 2.0 * np.pi, np.inf, edge)
        return np.asarray(np.minimum(edge, view.reach_m[:, None] - away).max(axis=1))

    @cached_property
    def _standing(self) -> Standing:
        return Standing(self._concrete.props, build_network(self._concrete.road))

    def _eye(self, actor: Actor, sensor: str | None) -> F64:
        """Return where it is looked from (T, 3), world."""
        spec = None if sensor is None else self._concrete.sensors[sensor]
        return eye_of(actor, spec, *self._pose(actor))

    def _pose(self, actor: Actor) -> tuple[F64, F64]:
        """Return positions (T, 3) and quaternions (T, 4) of a body."""
        column, run = self._trajectory.column(actor.instance_id), self._trajectory
        return run.position_m[:, column], run.quaternion_wxyz[:, column]

    def _box(self, instance_id: int) -> Boxes:
        """Return the upright box (T,) around a body in every pose of its joints."""
        if instance_id not in self._boxes:
            actor = self._actors[instance_id]
            self._boxes[instance_id] = upright_box(actor, *self._pose(actor))
        return self._boxes[instance_id]

    def _root(self, instance_id: int) -> int:
        """Return what holds a body at the start, at any number of hands, or itself."""
        holder = self._actors[instance_id].attached_to
        return instance_id if holder is None else self._root(holder)


def first_sights(
    concrete: ConcreteScenario, trajectory: Trajectory, sensor: str
) -> tuple[tuple[str, int], ...]:
    """Return who comes from behind something into the sight of a sensor, and at which row first.

    Whoever is in sight at the start, is carried, or comes in from the side or the distance is
    left out.
    """
    sight, ego = Sight(concrete, trajectory), concrete.ego.instance_id
    view = sight.view(ego, sensor)
    found = []
    for actor in concrete.actors[1:]:
        if actor.attached_to is not None:
            continue
        hidden = sight.hidden(ego, sensor, actor.instance_id) >= 0
        shows = (sight.seen(view, actor.instance_id) > 0) & ~hidden
        row = int(shows.argmax())
        if shows[row] and row > 0 and hidden[row - 1]:
            found.append((actor.name, row))
    return tuple(found)
