"""What a frame's pixels show, rigid body by rigid body, and how these bodies move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.geometry import MovingCamera, inverse
from scenegen.geometry.paths import Path
from scenegen.records import ConcreteScenario, Frame, Pieces, Trajectory
from scenegen.records.base import F64

Value = TypeVar("Value", np.float32, np.bool_)
_CHUNK = 1 << 14
"""Pixels of what never moves are worked on by as many at once as fit a processor's cache."""
_PARTS = 1 << 12
"""More than any asset has."""


@dataclass(frozen=True)
class Group:
    """Pixels that show one rigid body.

    Attributes
    ----------
    instance_id : int
        0 for all that never moves.
    part : int
        Which part of the actor.
    index : ndarray, shape (N,), int64
        Pixels, counted row by row.
    span : slice
        Where they stand in `Seen.order`.
    """

    instance_id: int
    part: int
    index: npt.NDArray[np.int64]
    span: slice


class Seen:
    """A frame whose pixels are known by body, and the tracks of camera and bodies.

    Parameters
    ----------
    frame : Frame
    scenario : ConcreteScenario
    trajectory : Trajectory

    Raises
    ------
    ValueError
        The frame doesn't tell its pieces.
    """

    def __init__(self, frame: Frame, scenario: ConcreteScenario, trajectory: Trajectory) -> None:
        if frame.pieces is None:
            raise ValueError("layers beside the usual ones need a backend that tells pieces")
        self.frame, self.scenario, self.trajectory = frame, scenario, trajectory
        self.pieces: Pieces = frame.pieces
        self.camera = frame.camera
        self.shape = (frame.camera.height, frame.camera.width)
        self.actors = {actor.instance_id: actor for actor in scenario.actors}
        self._bodies: dict[int, F64] = {}
        self._parts: dict[int, F64] = {}

    @property
    def stride(self) -> int:
        """Rows of the trajectory from one frame to the next."""
        return self.scenario.rates.control_hz // self.scenario.rates.camera_hz

    @cached_property
    def now(self) -> MovingCamera:
        """The camera while the frame is read."""
        return self.camera_at(self.frame.step)

    def camera_at(self, row: int) -> MovingCamera:
        """Return the camera around a row of the trajectory."""
        ego = self.scenario.ego.instance_id
        track = self.bodies(ego) @ self.camera.body_from_camera
        times = self.trajectory.time_s
        return MovingCamera(self.camera, float(times[row]), times, track)

    def bodies(self, instance_id: int) -> F64:
        """Return the poses (R, 4, 4) of an actor's body at all rows."""
        if instance_id not in self._bodies:
            self._bodies[instance_id] = self.trajectory.poses(instance_id)
        return self._bodies[instance_id]

    def parts(self, instance_id: int) -> F64:
        """Return the poses (R, P, 4, 4) of an actor's parts at all rows."""
        if instance_id not in self._parts:
            asset = assets.drawn(self.actors[instance_id])
            column = self.trajectory.column(instance_id)
            values = self.trajectory.articulation[:, column, : len(asset.joints)]
            in_body = assets.body_from_parts(asset, values)
            self._parts[instance_id] = self.bodies(instance_id)[:, None] @ in_body
        return self._parts[instance_id]

    def there(self, instance_id: int, row: int) -> bool:
        """Say whether an actor is there at a row; what never moves always is."""
        if instance_id == 0:
            return True
        return bool(self.trajectory.valid[row, self.trajectory.column(instance_id)])

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The pixels that show a surface, by rigid body; what never moves comes first."""
        pieces = self.pieces
        key = np.where(pieces.instance > 0, pieces.instance * np.int64(_PARTS) + pieces.part, 0)
        key[-1] = -1
        shown = key[pieces.picture.ravel()]
        still, moving = np.flatnonzero(shown == 0), np.flatnonzero(shown > 0)
        moving = moving[np.argsort(shown[moving], kind="stable")]
        keys, first = np.unique(shown[moving], return_index=True)
        found = [(0, still[top : top + _CHUNK]) for top in range(0, len(still), _CHUNK)]
        found += zip(keys.tolist(), np.split(moving, first[1:]), strict=False)
        groups, start = [], 0
        for number, index in found:
            span = slice(start, start + len(index))
            groups.append(Group(number // _PARTS, number % _PARTS, index, span))
            start = span.stop
        return tuple(groups)

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """Pixels (M,) that show a surface, group by group."""
        empty = np.zeros(0, dtype=np.int64)
        return np.concatenate([empty, *(group.index for group in self.groups)])

    @cached_property
    def ordered(self) -> tuple[F64, F64]:
        """Px coordinates (M, 2) of `order` and what they show (M, 3), in the camera's frame."""
        return self.pixels.take(self.order, axis=0), self.points.take(self.order, axis=0)

    def scattered(self, values: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """Return a picture (H, W, ...) of values (M, ...) of `order`, zero elsewhere."""
        picture = np.zeros((len(self.pixels), *values.shape[1:]), dtype=values.dtype)
        picture[self.order] = values
        return picture.reshape(*self.shape, *values.shape[1:])

    @cached_property
    def pixels(self) -> F64:
        """Px coordinates (H * W, 2) of all pixel centres."""
        return self.camera.pixel_centres().reshape(-1, 2)

    @cached_property
    def points(self) -> F64:
        """What all pixels show (H * W, 3), in the camera's frame; not finite for no surface."""
        depth = self.frame.depth_m.ravel().astype(np.float64)
        with np.errstate(invalid="ignore"):
            return np.asarray(self.camera.pixel_rays().reshape(-1, 3) * depth[:, None])

    def moments(self, index: npt.NDArray[np.int64]) -> F64:
        """Return when pixels (N,) are taken, s."""
        return self.now.moments(self.pixels[index, 1])

    def in_world(self, index: npt.NDArray[np.int64]) -> F64:
        """Return what pixels (N,) show (N, 3), world, where it is when they are taken."""
        points = self.points[index]
        if self.camera.readout_s == 0.0:
            pose = self.frame.world_from_camera
            return np.asarray(points @ pose[:3, :3].T + pose[:3, 3])
        return self.now.path.to_world(points, self.moments(index))

    def in_tracks(self, index: npt.NDArray[np.int64], tracks: F64) -> F64:
        """Return what pixels (N,) show (N, 3) in the frame of a body with poses (R, 4, 4)."""
        world = self.in_world(index)
        if self.camera.readout_s == 0.0:
            back = inverse(tracks[self.frame.step])
            return np.asarray(world @ back[:3, :3].T + back[:3, 3])
        return Path(self.trajectory.time_s, tracks).to_body(world, self.moments(index))

    def actor_groups(self) -> Iterator[Group]:
        """Go through the pixels of actors, part by part."""
        return (group for group in self.groups if group.instance_id)
