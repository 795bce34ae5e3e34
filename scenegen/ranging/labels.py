"""What is known about a sweep besides its points."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from scenegen.geometry import apply, inverse, pose, quaternion_from_matrix
from scenegen.geometry.interpolation import place_in, poses_at
from scenegen.ranging.mount import Mount
from scenegen.records import Actor, Sweep, SweepLabels, Trajectory
from scenegen.records.base import F64, Vec3
from scenegen.records.labels import Box3d, EgoLabel
from scenegen.records.sweep import RangedObject, SensorPose


def sweep_labels(lidar: Mount, index: int, sweep: Sweep, bounds: Mapping[int, F64]) -> SweepLabels:
    """Label one sweep.

    Parameters
    ----------
    lidar : Mount
        Of a LiDAR.
    index : int
        Number of the sweep.
    sweep : Sweep
    bounds : mapping
        The box of every track in its body frame (2, 3), by instance id.
    """
    scenario, trajectory = lidar.scenario, lidar.trajectory
    spec = scenario.lidars[lidar.name]
    start, end = index / spec.rate_hz, (index + 1) / spec.rate_hz
    poses = _poses(lidar, start, end)
    return SweepLabels(
        scene=scenario.scene_id,
        sensor=lidar.name,
        frame=index,
        step=round(start * scenario.rates.physics_hz),
        time_s=start,
        end_s=end,
        channels=spec.channels,
        columns=spec.columns,
        poses=poses,
        ego=ego_at(trajectory, scenario.ego, start),
        objects=ranged_objects(
            scenario.actors,
            trajectory,
            start,
            np.array(poses[0].world_from_sensor),
            sweep.instance,
            bounds,
        ),
        weather=scenario.weather.model_dump(),
        parameters=scenario.parameters,
    )


def _poses(lidar: Mount, start: float, end: float) -> list[SensorPose]:
    times = lidar.trajectory.time_s
    within = times[(times > start + 1e-9) & (times < end - 1e-9)].tolist()
    moments = [start, *within, end]
    poses = poses_at(times, lidar.rows, moments)
    return [
        SensorPose(time_s=time, world_from_sensor=matrix.tolist())
        for time, matrix in zip(moments, poses, strict=True)
    ]


def body_at(trajectory: Trajectory, column: int, time_s: float) -> F64:
    """Return an actor's pose (4, 4) at a moment of the scene."""
    poses = pose(trajectory.position_m[:, column], trajectory.quaternion_wxyz[:, column])
    return np.asarray(poses_at(trajectory.time_s, poses, [time_s])[0])


def _between(trajectory: Trajectory, values: F64, time_s: float) -> Vec3:
    """Return a vector of rows (R, 3) at a moment of the scene."""
    row, share = place_in(trajectory.time_s, [time_s])
    x, y, z = ((1 - share[0]) * values[row[0]] + share[0] * values[row[0] + 1]).tolist()
    return (x, y, z)


def ego_at(trajectory: Trajectory, ego: Actor, time_s: float) -> EgoLabel:
    """Return the ego's state at a moment of the scene."""
    column = trajectory.column(ego.instance_id)
    return EgoLabel(
        world_from_body=body_at(trajectory, column, time_s).tolist(),
        velocity_mps=_between(trajectory, trajectory.velocity_mps[:, column], time_s),
        angular_velocity_radps=_between(
            trajectory, trajectory.angular_velocity_radps[:, column], time_s
        ),
    )


def ranged_objects(
    actors: tuple[Actor, ...],
    trajectory: Trajectory,
    time_s: float,
    world_from_sensor: F64,
    instance: npt.NDArray[np.uint16],
    bounds: Mapping[int, F64],
) -> list[RangedObject]:
    """Label every actor that points belong to, by the ids (N,) of the points."""
    ids, counts = np.unique(instance[instance > 0], return_counts=True)
    named = {actor.instance_id: actor for actor in actors}
    sensor_from_world = inverse(world_from_sensor)
    objects = []
    for id_, count in zip(ids.tolist(), counts.tolist(), strict=True):
        column = trajectory.column(id_)
        world_from_body = body_at(trajectory, column, time_s)
        low, high = bounds[id_]
        center = apply(sensor_from_world @ world_from_body, 0.5 * (low + high))
        turn = quaternion_from_matrix((sensor_from_world @ world_from_body)[:3, :3])
        objects.append(
            RangedObject(
                instance_id=id_,
                name=named[id_].name,
                category=named[id_].category,
                box3d=Box3d(
                    center_m=center.tolist(),
                    size_m=(high - low).tolist(),
                    quaternion_wxyz=turn.tolist(),
                ),
                position_world_m=world_from_body[:3, 3].tolist(),
                velocity_world_mps=_between(trajectory, trajectory.velocity_mps[:, column], time_s),
                distance_m=float(np.linalg.norm(center)),
                num_points=count,
            )
        )
    return objects
