"""What others' boxes are around: actors, with those who ride a bicycle in one box with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scenegen.dataset import SceneReader
from scenegen.geometry import apply, box_corners, inverse, matrix_from_quaternion, pose
from scenegen.geometry.interpolation import place_in, poses_at
from scenegen.records import Actor
from scenegen.records.base import F64
from scenegen.records.labels import Box3d

RIDDEN = frozenset({"bicycle", "motorcycle"})
"""Categories that share a box with whoever rides them."""
WHEELCHAIR = "pushed.wheelchair"
"""Asset that does so in layouts with a class of people in wheelchairs."""
_SHIFTED_M = 0.3
"""A rider who is farther than this from their place has come off."""


@dataclass(frozen=True)
class Thing:
    """One box at a moment: an actor, or a bicycle or motorcycle with its riders.

    Attributes
    ----------
    instance_id : int
        That of what is ridden, if someone rides.
    actors : tuple of Actor
        Who is in the box: what is ridden first, then its riders.
    world_from_box : (4, 4) float64
        The box's middle; x forward, y left, z up.
    size_m : (3,) float64
        Length, width, height.
    velocity_mps : (3,) float64
        World axes.
    """

    instance_id: int
    actors: tuple[Actor, ...]
    world_from_box: F64
    size_m: F64
    velocity_mps: F64

    @property
    def ids(self) -> tuple[int, ...]:
        """Instance ids of all in the box."""
        return tuple(actor.instance_id for actor in self.actors)

    @property
    def corners_world(self) -> F64:
        """Corners (8, 3) of the box, m."""
        return box_corners(self.world_from_box, self.size_m)

    @property
    def lies(self) -> bool:
        """Whether the body leans by more than 60 degrees."""
        return bool(self.world_from_box[2, 2] < 0.5)


class SceneThings:
    """The boxes of a scene's actors at any moment.

    A box has one size over its track, so that the labels of any frame, sweep or scan tell it. Of
    an actor that no sensor ever saw there is none.

    Parameters
    ----------
    scene : SceneReader
    ridden : set of str
        Categories and assets that share a box with whoever rides them.
    """

    def __init__(self, scene: SceneReader, ridden: frozenset[str] = RIDDEN) -> None:
        self._scene = scene
        self._ridden = ridden
        self._trajectory = scene.trajectory
        self._actors = {actor.instance_id: actor for actor in scene.scenario.actors}
        self._poses = {id_: self._trajectory.poses(id_) for id_ in self._actors}

    def pose(self, instance_id: int, time_s: float) -> F64:
        """Return where an actor's body is (4, 4), ``world_from_body``."""
        times = self._trajectory.time_s
        return np.asarray(poses_at(times, self._poses[instance_id], [time_s])[0])

    def velocity(self, instance_id: int, time_s: float) -> F64:
        """Return an actor's velocity (3,), m/s, world axes."""
        (row,), (share,) = place_in(self._trajectory.time_s, [time_s])
        track = self._trajectory.velocity_mps[:, self._trajectory.column(instance_id)]
        return np.asarray((1 - share) * track[row] + share * track[row + 1])

    def carrier(self, instance_id: int, time_s: float) -> int:
        """Return whose box an actor is in: that of what they ride, or their own."""
        carrier = self._actors[instance_id].attached_to
        if carrier is None:
            return instance_id
        of = self._actors[carrier]
        if not self._ridden & {of.category, of.asset_id}:
            return instance_id
        now, start = (
            inverse(self.pose(carrier, at)) @ self.pose(instance_id, at) for at in (time_s, 0.0)
        )
        came_off = np.linalg.norm(now[:3, 3] - start[:3, 3]) > _SHIFTED_M
        return instance_id if came_off else carrier

    def at(self, time_s: float, seen: Iterable[int] | None = None) -> Iterator[Thing]:
        """Go through the boxes at a moment, in the order of their ids.

        Parameters
        ----------
        time_s : float
        seen : iterable of int, optional
            Instance ids; boxes without any of them are left out. All but the ego's if not given.
        """
        members: dict[int, list[int]] = {}
        for id_ in sorted(self._actors):
            if id_ != self._scene.scenario.ego.instance_id:
                members.setdefault(self.carrier(id_, time_s), []).append(id_)
        wanted = set(self._actors if seen is None else seen)
        for id_, ids in sorted(members.items()):
            boxed = sorted((i for i in ids if i in self.bounds), key=lambda i: i != id_)
            if boxed and wanted & set(ids):
                yield self._thing(id_, ids, boxed, time_s)

    def _thing(self, id_: int, ids: list[int], boxed: list[int], time_s: float) -> Thing:
        world_from_body = self.pose(id_, time_s)
        corners = [
            apply(
                inverse(world_from_body) @ self.pose(i, time_s),
                box_corners(pose(self.bounds[i].mean(axis=0)), np.ptp(self.bounds[i], axis=0)),
            )
            for i in boxed
        ]
        points = np.concatenate(corners)
        low, high = points.min(axis=0), points.max(axis=0)
        return Thing(
            id_,
            tuple(self._actors[i] for i in sorted(ids, key=lambda i: (i != id_, i))),
            world_from_body @ pose((low + high) / 2),
            high - low,
            self.velocity(id_, time_s),
        )

    @cached_property
    def bounds(self) -> dict[int, F64]:
        """Least and greatest coordinates (2, 3) in the body frame, by instance id."""
        found: dict[int, F64] = {}
        for world_from_sensor, id_, box, origin in self._boxes():
            if id_ not in found:
                rotation = matrix_from_quaternion(box.quaternion_wxyz)
                middle = apply(world_from_sensor, np.array([box.center_m]))[0] - origin
                center = (world_from_sensor[:3, :3] @ rotation).T @ middle
                half = np.array(box.size_m) / 2
                found[id_] = np.stack([center - half, center + half])
        return found

    def _boxes(self) -> Iterator[tuple[F64, int, Box3d, F64]]:
        for frame in self._scene.frames():
            labels = frame.labels
            world = np.array(labels.camera.world_from_camera)
            for seen in labels.objects:
                yield world, seen.instance_id, seen.box3d, np.array(seen.position_world_m)
        for sweep in self._scene.sweeps():
            boxes = sweep.labels
            world = np.array(boxes.poses[0].world_from_sensor)
            for ranged in boxes.objects:
                yield world, ranged.instance_id, ranged.box3d, np.array(ranged.position_world_m)
        for scan in self._scene.scans():
            found = scan.labels
            world = np.array(found.world_from_sensor)
            for ranged in found.objects:
                yield world, ranged.instance_id, ranged.box3d, np.array(ranged.position_world_m)
