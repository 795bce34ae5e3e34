"""Gathers what a scene shows: the road, actors, props and signals, merged into one mesh.

Kinematics run once for all rows, vectorised over rows; a frame then only picks its row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scenegen import assets, roads
from scenegen.geometry import pose, quaternion_from_yaw
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME, SIGNAL_LAMPS, SignalState
from scenegen.render.poses import stacked
from scenegen.render.scene import Drawable, RenderScene, SceneObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenegen.records import (
        Actor,
        Asset,
        ConcreteScenario,
        Material,
        RoadNetwork,
        Spot,
        Surface,
        Trajectory,
    )

LAMPS_BY_STATE = np.array([int(SIGNAL_LAMPS[state]) for state in SignalState], dtype=np.uint32)


def build_scene(
    scenario: ConcreteScenario, trajectory: Trajectory, *, live: bool = False
) -> RenderScene:
    """Gather what a scene shows.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
        Must have a column for every actor of the scenario.
    live : bool
        Whether its rows become known later; see `follow`.

    Raises
    ------
    AssetError
        The catalogue lacks an asset that the scenario names.
    """
    network = roads.build_network(scenario.road)
    builder = _Builder(rows=len(trajectory.step))
    builder.add_road(network)
    for actor in scenario.actors:
        builder.add_actor(actor, trajectory)
    for index, prop in enumerate(scenario.props):
        builder.add_fixed(
            prop.asset_id,
            assets.drawn(prop),
            pose(prop.position_m, prop.quaternion_wxyz),
            np.array([prop.lamps], dtype=np.uint32),
            index,
        )
    for index, head in enumerate(network.signals):
        builder.add_fixed(
            f"signal {head.id}",
            assets.get(head.asset_id),
            pose(head.foot_m, quaternion_from_yaw(head.yaw_rad)),
            LAMPS_BY_STATE[trajectory.signal_states[:, index]],
        )
    return builder.finish(live=live)


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
        self,
        name: str,
        asset: Asset,
        world_from_body: F64,
        lamps: npt.NDArray[np.uint32],
        prop: int = -1,
    ) -> None:
        """Add a prop or a signal, which never moves."""
        poses = world_from_body[None]
        self._add_object(SceneObject(name, 0, asset, poses, lamps, np.ones(1, bool), prop))
        body_from_parts = assets.body_from_parts(asset, np.zeros(len(asset.joints)))
        for index, part in enumerate(asset.parts):
            self._add_part(poses @ body_from_parts[index], part.surfaces, 0, index)

    def add_actor(self, actor: Actor, trajectory: Trajectory) -> None:
        """Add an actor with its poses for every row."""
        asset, instance_id = assets.drawn(actor), actor.instance_id
        column, poses = trajectory.column(instance_id), trajectory.poses(instance_id)
        lamps = trajectory.lamps[:, column].astype(np.uint32)
        valid = trajectory.valid[:, column]
        self._add_object(SceneObject(actor.name, instance_id, asset, poses, lamps, valid))
        channels = trajectory.articulation[:, column, : len(asset.joints)]
        body_from_parts = assets.body_from_parts(asset, channels)
        for index, part in enumerate(asset.parts):
            self._add_part(poses @ body_from_parts[:, index], part.surfaces, instance_id, index)

    def _add_object(self, added: SceneObject) -> None:
        if added.asset is not None:
            self._spots.extend((len(self._objects), spot) for spot in added.asset.spots)
        self._objects.append(added)

    def _add_part(
        self, poses: F64, surfaces: Iterable[Surface], instance_id: int, piece: int = 0
    ) -> None:
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
                    piece,
                )
            )
            self._vertex_count += len(surface.vertices)
            self._face_count += len(surface.faces)

    def finish(self, *, live: bool) -> RenderScene:
        """Merge the meshes and stack the poses."""
        drawables = self._drawables
        objects = self._objects
        sizes = [len(d.surface.vertices) for d in drawables]
        return RenderScene(
            objects=tuple(objects),
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
            parts=stacked(self._part_poses, self._rows),
            bodies=stacked([o.world_from_body for o in objects], self._rows),
            lamps=self._by_row([o.lamps for o in objects]),
            valid=self._by_row([o.valid for o in objects]),
            spots=tuple(self._spots),
            live=live,
        )

    def _by_row(self, values: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """Return values (R, O) of which some are the same (1,) for all rows."""
        return np.stack([np.broadcast_to(own, self._rows) for own in values], axis=1)
