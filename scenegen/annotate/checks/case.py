"""What the checks hold against each other, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.surfaces import Placed, PlacedByRow
from scenegen.annotate.checks.truth import SceneTruth
from scenegen.annotate.objects import visible_extents
from scenegen.annotate.raycast import RayMesh
from scenegen.geometry import Camera, MovingCamera, inverse
from scenegen.records import FrameLabels, PixelTruth
from scenegen.records.base import F64
from scenegen.records.frame import Frame
from scenegen.records.labels import Box

T = TypeVar("T")

DEPTH_STEP_M = 1 / 256
"""What a stored depth is a multiple of."""
DEPTH_LIMIT_M = 65535 / 256
"""Farthest stored depth."""
FLOW_STEP_PX = 1 / 64
"""What a stored flow is a multiple of."""
FLOW_LIMIT_PX = 512.0
"""Greatest stored flow along either axis."""


@dataclass(frozen=True)
class Violation:
    """One contradiction.

    Attributes
    ----------
    check : str
        A key of `FRAME_CHECKS` or `SCENE_CHECKS`.
    scene : str
    frame : int or None
        None where it concerns the scene as a whole.
    message : str
        What disagrees with what, and by how much.
    sensor : str or None
    """

    check: str
    scene: str
    frame: int | None
    message: str
    sensor: str | None = None

    def __str__(self) -> str:
        where = [self.scene, self.sensor, None if self.frame is None else f"frame {self.frame}"]
        return f"{' '.join(part for part in where if part)}: {self.check}: {self.message}"


@dataclass(frozen=True)
class Pictures:
    """The pictures of a frame as read from files; None where a layer was not written.

    Attributes
    ----------
    depth_m : ndarray, shape (H, W), float32
        Multiples of `DEPTH_STEP_M`; ``inf`` where there is no surface, or none within
        `DEPTH_LIMIT_M`.
    semantic : ndarray, shape (H, W), uint8
    instance : ndarray, shape (H, W), uint16
    normal : ndarray, shape (H, W, 3), float32
        Camera frame; zero where there is no surface.
    flow_px : ndarray, shape (H, W, 2), float32
        Multiples of `FLOW_STEP_PX`.
    flow_valid : ndarray, shape (H, W), bool
    truth : PixelTruth
        The optional layers, of which none may be there.
    """

    depth_m: npt.NDArray[np.float32] | None = None
    semantic: npt.NDArray[np.uint8] | None = None
    instance: npt.NDArray[np.uint16] | None = None
    normal: npt.NDArray[np.float32] | None = None
    flow_px: npt.NDArray[np.float32] | None = None
    flow_valid: npt.NDArray[np.bool_] | None = None
    truth: PixelTruth = field(default_factory=PixelTruth)

    def has(self, name: str) -> bool:
        """Say whether a field was written, of this or of `truth`."""
        held = self if hasattr(self, name) else self.truth
        return getattr(held, name) is not None


def depth_slack(depth_m: F64) -> F64:
    """Return how far, m, stored depths may be off: rounding, and float32 interpolation."""
    return np.asarray(0.5 * DEPTH_STEP_M + 2e-6 * depth_m)


def centres(pixels: npt.ArrayLike) -> F64:
    """Return the px coordinates (N, 2) of the centres of pixels (N, 2): column and row."""
    return np.asarray(pixels, dtype=np.float64) + 0.5


def stored_pictures(frame: Frame, truth: PixelTruth | None = None) -> Pictures:
    """Return a frame's pictures with the precision that files keep; `truth` is taken as it is."""
    depth = np.rint(frame.depth_m / DEPTH_STEP_M) * DEPTH_STEP_M
    kept = np.isfinite(depth) & (depth <= DEPTH_LIMIT_M)
    depth = np.where(kept, np.maximum(depth, DEPTH_STEP_M), np.inf).astype(np.float32)
    pictures = Pictures(depth, frame.semantic, frame.instance, truth=truth or PixelTruth())
    if frame.normal is not None:
        normal = np.rint((frame.normal + 1) * 32767.5) / 32767.5 - 1
        normal[~frame.normal.any(axis=-1)] = 0
        pictures = replace(pictures, normal=normal.astype(np.float32))
    if frame.flow_px is not None and frame.flow_valid is not None:
        flow = np.rint(frame.flow_px / FLOW_STEP_PX) * FLOW_STEP_PX
        within = (flow >= -FLOW_LIMIT_PX) & (flow <= FLOW_LIMIT_PX - FLOW_STEP_PX)
        valid = frame.flow_valid & within.all(axis=-1)
        flow = np.where(valid[..., None], flow, 0).astype(np.float32)
        pictures = replace(pictures, flow_px=flow, flow_valid=valid)
    return pictures


@dataclass(frozen=True)
class FrameCase:
    """One frame as read from files, with the scene that it belongs to.

    Attributes
    ----------
    labels : FrameLabels
    pictures : Pictures
    truth : SceneTruth
    following : Pictures or None
        The next frame of the same sensor; None for the last one.
    towards : int
        How many frames on what is called next is: 1, or -1 for the frame before.
    """

    labels: FrameLabels
    pictures: Pictures
    truth: SceneTruth
    following: Pictures | None = None
    towards: int = 1

    @cached_property
    def row(self) -> int:
        """Row of the trajectory that this frame shows."""
        return int(self.truth.scenario.frame_rows[self.labels.frame])

    @cached_property
    def next_row(self) -> int:
        """Row of the trajectory that the flow points to."""
        return int(self.truth.scenario.frame_rows[self.labels.frame + self.towards])

    @cached_property
    def camera(self) -> Camera:
        """The sensor's camera by the scenario."""
        return self.truth.scenario.cameras[self.labels.sensor].camera()

    @cached_property
    def field(self) -> npt.NDArray[np.bool_]:
        """Which pixels (H, W) lie within the lens's field: all, without a lens."""
        return np.isfinite(self.rays[..., 0])

    @cached_property
    def rays(self) -> F64:
        """Points (H, W, 3) of depth 1 at all pixel centres; NaN outside of a lens's field."""
        return self.camera.pixel_rays()

    @cached_property
    def world_from_camera(self) -> F64:
        """Pose (4, 4) of the camera by the labels."""
        return np.array(self.labels.camera.world_from_camera)

    @cached_property
    def next_world_from_camera(self) -> F64:
        """Pose (4, 4) of the camera at the next frame, by the labels; before, by the scene."""
        if self.towards != 1:
            moving = self.truth.moving_camera(self.camera, self.next_row)
            return np.asarray(moving.knots[self.next_row])
        return np.array(self.labels.camera.next_world_from_camera)

    @cached_property
    def camera_from_world(self) -> F64:
        """Inverse of `world_from_camera`."""
        return inverse(self.world_from_camera)

    @cached_property
    def extents(self) -> dict[int, tuple[Box, int]]:
        """`visible_extents` of the instance picture; empty where it was not written."""
        return {} if self.pictures.instance is None else visible_extents(self.pictures.instance)

    @property
    def rolling(self) -> bool:
        """Whether the camera reads its rows one after the other."""
        return self.camera.readout_s > 0.0

    @cached_property
    def moving(self) -> MovingCamera:
        """The camera while its rows are read; where all are taken at once, by the labels."""
        return self._moving(self.row, self.world_from_camera)

    @cached_property
    def next_moving(self) -> MovingCamera:
        """The camera while it reads the next frame."""
        return self._moving(self.next_row, self.next_world_from_camera)

    def _moving(self, row: int, told: F64) -> MovingCamera:
        moving = self.truth.moving_camera(self.camera, row)
        if self.rolling:
            return moving
        return replace(moving, knots=np.broadcast_to(told, moving.knots.shape))

    def bodies_by_row(self, instance_id: int) -> F64:
        """Return an actor's poses (H, 4, 4) in the camera's frame as the rows see it."""
        moments = self.moving.moments(np.arange(self.camera.height) + 0.5)
        bodies = self.truth.bodies_at(instance_id, moments)
        return np.asarray(inverse(self.moving.row_poses) @ bodies)

    @cached_property
    def scenery(self) -> Placed:
        """What never moves."""
        return self._scenery(self.moving)

    def _scenery(self, moving: MovingCamera) -> Placed:
        if self.rolling:
            return _by_row(self.camera, self.truth.scenery, inverse(moving.row_poses))
        at_once = inverse(moving.at(np.array([moving.time_s]))[0])
        return Placed(self.camera, self.truth.scenery, at_once)

    def cached(self, work: Callable[[FrameCase], T]) -> T:
        """Return what some work on this frame gives, done once for all checks that need it."""
        if work not in self._done:
            self._done[work] = work(self)
        done: T = self._done[work]
        return done

    @cached_property
    def _done(self) -> dict[Callable[[FrameCase], Any], Any]:
        return {}

    def parts(self, instance_id: int) -> tuple[Placed, ...]:
        """Return the rigid parts of an actor at this frame."""
        return self._crowd.get(instance_id, ())

    @property
    def scene(self) -> Iterator[Placed]:
        """All that the picture may show."""
        yield self.scenery
        for parts in self._crowd.values():
            yield from parts

    @cached_property
    def next_scene(self) -> tuple[Placed, ...]:
        """All that the next frame's picture may show, as its camera sees it."""
        crowd = self._placed(self.next_row, self.next_moving)
        parts = (part for parts in crowd.values() for part in parts)
        return (self._scenery(self.next_moving), *parts)

    @cached_property
    def _crowd(self) -> dict[int, tuple[Placed, ...]]:
        return self._placed(self.row, self.moving)

    def _placed(self, row: int, moving: MovingCamera) -> dict[int, tuple[Placed, ...]]:
        """Return the parts of all actors that a picture may show at a row, by instance id."""
        crowd = {}
        camera, truth = self.camera, self.truth
        if self.rolling:
            moments = moving.moments(np.arange(camera.height) + 0.5)
            from_world = inverse(moving.row_poses)
            for id_ in truth.shown_ids(row):
                crowd[id_] = tuple(
                    _by_row(camera, mesh, from_world @ truth.part_at(id_, part, moments), id_, part)
                    for part, mesh in truth.part_meshes(id_)
                )
            return crowd
        at_once = inverse(moving.at(np.array([moving.time_s]))[0])
        for id_ in truth.shown_ids(row):
            poses = at_once @ truth.world_from_parts(id_, row)
            crowd[id_] = tuple(
                Placed(camera, mesh, poses[part], id_, part)
                for part, mesh in truth.part_meshes(id_)
            )
        return crowd


def _by_row(
    camera: Camera, mesh: RayMesh, by_row: F64, instance_id: int = 0, part: int = 0
) -> Placed:
    middle = by_row[camera.height // 2]
    return PlacedByRow(camera, mesh, middle, instance_id, part, by_row)
