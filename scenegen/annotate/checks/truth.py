"""A scene's geometry, built from its scenario and trajectory alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np

from scenegen import assets, roads
from scenegen.annotate.raycast import RayMesh, Triangles, join, surface_triangles
from scenegen.annotate.tracks import track_bounds
from scenegen.geometry import Camera, MovingCamera, apply, pose, quaternion_from_yaw
from scenegen.geometry.interpolation import poses_at
from scenegen.records import Actor, Asset, ConcreteScenario, RoadNetwork, Trajectory
from scenegen.records.base import F64, Vec3

T = TypeVar("T")


class SceneTruth:
    """What the checks of a scene's frames have in common, worked out when asked for.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
    """

    def __init__(self, scenario: ConcreteScenario, trajectory: Trajectory) -> None:
        self.scenario = scenario
        self.trajectory = trajectory
        self.actors: dict[int, Actor] = {a.instance_id: a for a in scenario.actors}
        self._kept: dict[tuple[str | int, ...], Any] = {}

    def kept(self, key: tuple[str | int, ...], work: Callable[[], T]) -> T:
        """Return what some work on the scene gives, done once for all frames."""
        if key not in self._kept:
            self._kept[key] = work()
        found: T = self._kept[key]
        return found

    @cached_property
    def network(self) -> RoadNetwork:
        """The road."""
        return roads.build_network(self.scenario.road)

    @cached_property
    def bounds(self) -> dict[int, F64]:
        """Bounds (2, 3) of every track in its body frame."""
        return track_bounds(self.scenario, self.trajectory)

    def asset(self, instance_id: int) -> Asset:
        """Return an actor's asset."""
        actor = self.actors[instance_id]
        return assets.drawn(actor)

    @cached_property
    def _bodies(self) -> F64:
        """Poses (R, A, 4, 4) of all actors at all rows, in the trajectory's order."""
        trajectory = self.trajectory
        return pose(trajectory.position_m, trajectory.quaternion_wxyz)

    @cached_property
    def _parts(self) -> dict[int, F64]:
        """Poses (R, P, 4, 4) of the parts of actors that were asked for."""
        return {}

    def world_from_body(self, instance_id: int, row: int) -> F64:
        """Return an actor's pose (4, 4) at a row."""
        return np.asarray(self._bodies[row, self.trajectory.column(instance_id)])

    def world_from_parts(self, instance_id: int, row: int) -> F64:
        """Return the poses (P, 4, 4) of an actor's parts at a row."""
        return np.asarray(self._all_parts(instance_id)[row])

    def _all_parts(self, instance_id: int) -> F64:
        if instance_id not in self._parts:
            asset, column = self.asset(instance_id), self.trajectory.column(instance_id)
            values = self.trajectory.articulation[:, column, : len(asset.joints)]
            in_body = assets.body_from_parts(asset, values)
            self._parts[instance_id] = self._bodies[:, column, None] @ in_body
        return self._parts[instance_id]

    def moving_camera(self, camera: Camera, row: int) -> MovingCamera:
        """Return a camera on the ego around a row."""
        trajectory = self.trajectory
        ego = trajectory.column(self.scenario.ego.instance_id)
        times, track = trajectory.time_s, self._bodies[:, ego] @ camera.body_from_camera
        return MovingCamera(camera, float(times[row]), times, track)

    def bodies_at(self, instance_id: int, moments: F64) -> F64:
        """Return an actor's poses (N, 4, 4) at moments (N,)."""
        column = self.trajectory.column(instance_id)
        return poses_at(self.trajectory.time_s, self._bodies[:, column], moments)

    def part_at(self, instance_id: int, part: int, moments: F64) -> F64:
        """Return the poses (N, 4, 4) of an actor's part at moments (N,)."""
        return poses_at(self.trajectory.time_s, self._all_parts(instance_id)[:, part], moments)

    def part_meshes(self, instance_id: int) -> tuple[tuple[int, RayMesh], ...]:
        """Return the meshes of an actor's parts, each in its own frame, with their numbers."""
        actor = self.actors[instance_id]
        return _part_meshes(actor.asset_id, actor.variant, actor.detail_m)

    def skeleton_world(self, instance_id: int, row: int) -> dict[str, Vec3]:
        """Return the joints of an actor's skeleton at a row, world; empty if it has none."""
        column = self.trajectory.column(instance_id)
        joints = assets.skeleton(self.asset(instance_id), self.trajectory.articulation[row, column])
        if not joints:
            return {}
        points = apply(self.world_from_body(instance_id, row), np.array(list(joints.values())))
        return {name: (x, y, z) for name, (x, y, z) in zip(joints, points.tolist(), strict=True)}

    def shown_ids(self, row: int) -> list[int]:
        """Return the ids of the actors that a picture at a row may show: all but the ego."""
        ego = self.scenario.ego.instance_id
        return [
            id_
            for id_ in self.actors
            if id_ != ego and self.trajectory.valid[row, self.trajectory.column(id_)]
        ]

    @cached_property
    def scenery(self) -> RayMesh:
        """Road, props and signals, which never move, world."""
        pieces = [surface_triangles(surface) for surface in self.network.surfaces]
        for prop in self.scenario.props:
            asset = assets.drawn(prop)
            pieces.append(_placed(asset, pose(prop.position_m, prop.quaternion_wxyz)))
        for head in self.network.signals:
            post = assets.get(head.asset_id)
            pieces.append(_placed(post, pose(head.foot_m, quaternion_from_yaw(head.yaw_rad))))
        return RayMesh(join(pieces), self.scenario.ego.position_m)


@lru_cache(maxsize=128)
def _part_meshes(asset_id: str, variant: int, detail_m: float) -> tuple[tuple[int, RayMesh], ...]:
    """Return the rigid meshes of an asset, which all actors that look alike share."""
    return tuple(
        (index, RayMesh(join(surface_triangles(surface) for surface in part.surfaces)))
        for index, part in enumerate(assets.at_detail(asset_id, variant, None, detail_m).parts)
        if part.surfaces
    )


def _placed(asset: Asset, world_from_body: F64) -> Triangles:
    rest = assets.body_from_parts(asset, np.zeros(len(asset.joints)))
    return join(
        surface_triangles(surface).moved(world_from_body @ body_from_part)
        for part, body_from_part in zip(asset.parts, rest, strict=True)
        for surface in part.surfaces
    )
