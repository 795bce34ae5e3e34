"""A scene as drawables: merged meshes, part poses by row, lamps and materials.

Nothing here knows which backend draws. Kinematics run once for all rows when the scene
is built, vectorised over rows; a frame then only picks its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scenegen import assets, roads
from scenegen.geometry import pose, quaternion_from_yaw
from scenegen.geometry.interpolation import blend_poses
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME, SIGNAL_LAMPS, SignalState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenegen.records import (
        Asset,
        ConcreteScenario,
        Material,
        RoadNetwork,
        Spot,
        Surface,
        Trajectory,
    )

_LAMPS_BY_STATE = np.array([int(SIGNAL_LAMPS[state]) for state in SignalState], dtype=np.uint32)


@dataclass(frozen=True)
class SceneObject:
    """Something that is placed as one: the road, an actor, a prop, a signal.

    Attributes
    ----------
    name : str
    instance_id : int
        The actor's; 0 for everything else.
    asset : Asset or None
        None for the road.
    world_from_body : ndarray, shape (R or 1, 4, 4)
        One pose for every row of the trajectory, or a single one if it never moves.
    lamps : ndarray, shape (R or 1,), uint32
        `taxonomy.Lamp` bits that are lit.
    valid : ndarray, shape (R or 1,), bool
        Whether it is there at all.
    """

    name: str
    instance_id: int
    asset: Asset | None
    world_from_body: F64
    lamps: npt.NDArray[np.uint32]
    valid: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Drawable:
    """One surface of one part of one object, and where the merged arrays hold it.

    Attributes
    ----------
    surface : Surface
        In its part's frame.
    part : int
        Row of `RenderScene.world_from_parts`.
    object : int
        Index into `RenderScene.objects`.
    material : int
        Index into `RenderScene.materials`.
    semantic : int
        Class id.
    instance_id : int
    first_vertex, first_face : int
    """

    surface: Surface
    part: int
    object: int
    material: int
    semantic: int
    instance_id: int
    first_vertex: int
    first_face: int


@dataclass(frozen=True)
class RenderScene:
    """Everything that is drawn, with its poses for every row.

    Attributes
    ----------
    objects : tuple of SceneObject
    drawables : tuple of Drawable
        In the order of `objects`.
    materials : tuple of Material
        Each once.
    vertices, normals : ndarray, shape (V, 3), float32
        In the frames of their parts.
    uv : ndarray, shape (V, 2), float32
    faces : ndarray, shape (F, 3), int32
        Indices into the merged vertices.
    vertex_drawable : ndarray, shape (V,), int32
        Drawable that each vertex belongs to.
    part_object : ndarray, shape (P,), int32
        Object that each part belongs to.
    static_world_from_parts : ndarray, shape (P, 4, 4)
        Poses of the parts that never move; the identity for the others.
    moving_parts : ndarray, shape (M,), int64
        Parts that have a pose for every row.
    moving_world_from_parts : ndarray, shape (R, M, 4, 4)
    spots : tuple of (object index, Spot)
    """

    objects: tuple[SceneObject, ...]
    drawables: tuple[Drawable, ...]
    materials: tuple[Material, ...]
    vertices: npt.NDArray[np.float32]
    normals: npt.NDArray[np.float32]
    uv: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]
    vertex_drawable: npt.NDArray[np.int32]
    part_object: npt.NDArray[np.int32]
    static_world_from_parts: F64
    moving_parts: npt.NDArray[np.int64]
    moving_world_from_parts: F64
    spots: tuple[tuple[int, Spot], ...]

    def world_from_parts(self, row: int, later: float = 0.0) -> F64:
        """Return the poses (P, 4, 4) of all parts at a row, or some of a row later."""
        poses = self.static_world_from_parts.copy()
        poses[self.moving_parts] = between(self.moving_world_from_parts, row, later)
        return poses

    def world_from_objects(self, row: int, later: float = 0.0) -> F64:
        """Return the body poses (O, 4, 4) of all objects at a row, or some of a row later."""
        return np.stack([between(o.world_from_body, row, later) for o in self.objects])

    def lamps(self, row: int) -> npt.NDArray[np.uint32]:
        """Return the lit `taxonomy.Lamp` bits (O,) of all objects at a row."""
        return np.array([_at(o.lamps, row) for o in self.objects], dtype=np.uint32)

    def valid(self, row: int) -> npt.NDArray[np.bool_]:
        """Return which objects (O,) are there at a row."""
        return np.array([_at(o.valid, row) for o in self.objects], dtype=np.bool_)


def between(poses: F64, row: int, later: float) -> F64:
    """Return the poses (..., 4, 4) of (R, ..., 4, 4) at a row, or some of a row later.

    Earlier if negative. Between rows things go straight and turn evenly; beyond the ends the
    last motion goes on.
    """
    if later == 0.0 or len(poses) == 1:
        return np.asarray(poses[min(row, len(poses) - 1)])
    first = min(max(int(np.floor(row + later)), 0), len(poses) - 2)
    return blend_poses(poses[first], poses[first + 1], row + later - first)


def _at(values: npt.NDArray[Any], row: int) -> npt.NDArray[Any]:
    """Pick a row, or the only one there is."""
    picked: npt.NDArray[Any] = values[row if len(values) > 1 else 0]
    return picked


def build_scene(scenario: ConcreteScenario, trajectory: Trajectory) -> RenderScene:
    """Gather what a scene shows.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
        Must have a column for every actor of the scenario.

    Raises
    ------
    AssetError
        The catalogue lacks an asset that the scenario names.
    """
    network = roads.build_network(scenario.road)
    builder = _Builder(rows=len(trajectory.step))
    builder.add_road(network)
    for actor in scenario.actors:
        column = trajectory.column(actor.instance_id)
        builder.add_actor(
            actor.name,
            actor.instance_id,
            assets.drawn(actor),
            trajectory,
            column,
        )
    for prop in scenario.props:
        builder.add_fixed(
            prop.asset_id,
            assets.drawn(prop),
            pose(prop.position_m, prop.quaternion_wxyz),
            np.array([prop.lamps], dtype=np.uint32),
        )
    for index, head in enumerate(network.signals):
        builder.add_fixed(
            f"signal {head.id}",
            assets.get(head.asset_id),
            pose(head.foot_m, quaternion_from_yaw(head.yaw_rad)),
            _LAMPS_BY_STATE[trajectory.signal_states[:, index]],
        )
    return builder.finish()


class _Builder:
    """Collects objects, then merges their meshes."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._objects: list[SceneObject] = []
        self._drawables: list[Drawable] = []
        self._materials: dict[Material, int] = {}
        self._part_object: list[int] = []
        self._part_poses: list[F64] = []
        self._spots: list[tuple[int, Spot]] = []
        self._vertex_count = 0
        self._face_count = 0

    def add_road(self, network: RoadNetwork) -> None:
        """Add the road's surfaces as one object that stands at the origin."""
        pose_world = np.eye(4)[None]
        self._add_object(
            SceneObject("road", 0, None, pose_world, np.zeros(1, np.uint32), np.ones(1, bool))
        )
        self._add_part(pose_world, network.surfaces, 0)

    def add_fixed(
        self, name: str, asset: Asset, world_from_body: F64, lamps: npt.NDArray[np.uint32]
    ) -> None:
        """Add a prop or a signal, which never moves."""
        poses = world_from_body[None]
        self._add_object(SceneObject(name, 0, asset, poses, lamps, np.ones(1, bool)))
        body_from_parts = assets.body_from_parts(asset, np.zeros(len(asset.joints)))
        for part, body_from_part in zip(asset.parts, body_from_parts, strict=True):
            self._add_part(poses @ body_from_part, part.surfaces, 0)

    def add_actor(
        self, name: str, instance_id: int, asset: Asset, trajectory: Trajectory, column: int
    ) -> None:
        """Add an actor with its poses for every row."""
        poses = pose(trajectory.position_m[:, column], trajectory.quaternion_wxyz[:, column])
        lamps = trajectory.lamps[:, column].astype(np.uint32)
        valid = trajectory.valid[:, column]
        self._add_object(SceneObject(name, instance_id, asset, poses, lamps, valid))
        channels = trajectory.articulation[:, column, : len(asset.joints)]
        body_from_parts = assets.body_from_parts(asset, channels)
        for index, part in enumerate(asset.parts):
            self._add_part(poses @ body_from_parts[:, index], part.surfaces, instance_id)

    def _add_object(self, added: SceneObject) -> None:
        if added.asset is not None:
            self._spots.extend((len(self._objects), spot) for spot in added.asset.spots)
        self._objects.append(added)

    def _add_part(self, poses: F64, surfaces: Iterable[Surface], instance_id: int) -> None:
        """Add a part that has surfaces; bare joints are left out."""
        drawn = [surface for surface in surfaces if len(surface.faces)]
        if not drawn:
            return
        part = len(self._part_object)
        self._part_object.append(len(self._objects) - 1)
        self._part_poses.append(poses)
        for surface in drawn:
            material = self._materials.setdefault(surface.material, len(self._materials))
            self._drawables.append(
                Drawable(
                    surface,
                    part,
                    len(self._objects) - 1,
                    material,
                    CLASS_BY_NAME[surface.semantic].id,
                    instance_id,
                    self._vertex_count,
                    self._face_count,
                )
            )
            self._vertex_count += len(surface.vertices)
            self._face_count += len(surface.faces)

    def finish(self) -> RenderScene:
        """Merge the meshes and stack the poses."""
        drawables = self._drawables
        moving = [i for i, poses in enumerate(self._part_poses) if len(poses) > 1]
        static = np.stack([p[0] if len(p) == 1 else np.eye(4) for p in self._part_poses])
        moving_poses = np.zeros((self._rows, len(moving), 4, 4))
        for slot, index in enumerate(moving):
            moving_poses[:, slot] = self._part_poses[index]
        sizes = [len(d.surface.vertices) for d in drawables]
        return RenderScene(
            objects=tuple(self._objects),
            drawables=tuple(drawables),
            materials=tuple(self._materials),
            vertices=np.concatenate([d.surface.vertices for d in drawables]).astype(np.float32),
            normals=np.concatenate([d.surface.normals for d in drawables]).astype(np.float32),
            uv=np.concatenate([d.surface.uv for d in drawables]).astype(np.float32),
            faces=np.concatenate([d.surface.faces + d.first_vertex for d in drawables]).astype(
                np.int32
            ),
            vertex_drawable=np.repeat(np.arange(len(drawables), dtype=np.int32), sizes),
            part_object=np.array(self._part_object, dtype=np.int32),
            static_world_from_parts=static,
            moving_parts=np.array(moving, dtype=np.int64),
            moving_world_from_parts=moving_poses,
            spots=tuple(self._spots),
        )


__all__ = ["Drawable", "RenderScene", "SceneObject", "build_scene"]
