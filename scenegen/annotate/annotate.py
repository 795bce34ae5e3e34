"""From a drawn frame to its labels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scenegen import roads
from scenegen.annotate.lanes import PaintedLine, lane_labels, painted_lines
from scenegen.annotate.objects import object_labels
from scenegen.annotate.signals import signal_labels
from scenegen.annotate.tracks import track_bounds
from scenegen.geometry import pose
from scenegen.records import ConcreteScenario, Frame, FrameLabels, RoadNetwork, RoadSpec, Trajectory
from scenegen.records.base import F64
from scenegen.records.labels import CameraLabel, EgoLabel
from scenegen.records.lens_spec import lens_label


@lru_cache(maxsize=2)
def _road(spec: RoadSpec) -> tuple[RoadNetwork, tuple[PaintedLine, ...]]:
    network = roads.build_network(spec)
    return network, painted_lines(network)


def annotate(
    frame: Frame,
    scenario: ConcreteScenario,
    trajectory: Trajectory,
    sensor: str,
    index: int,
    bounds: dict[int, F64] | None = None,
) -> FrameLabels:
    """Label one frame.

    Parameters
    ----------
    frame : Frame
        From a backend that draws silhouettes.
    scenario : ConcreteScenario
    trajectory : Trajectory
        The one that `frame` was drawn from; `frame.step` is its row.
    sensor : str
        Name of the camera among the scenario's sensors.
    index : int
        Number of the frame within the scene, from 0.
    bounds : dict, optional
        `track_bounds` of the scene, for those who label many frames of it.

    Raises
    ------
    ValueError
        A visible actor has no silhouette, so its occlusion can't be told.
    """
    row = frame.step
    network, lines = _road(scenario.road)
    ego = trajectory.column(scenario.ego.instance_id)
    world_from_ego = pose(trajectory.position_m[row, ego], trajectory.quaternion_wxyz[row, ego])
    return FrameLabels(
        scene=scenario.scene_id,
        sensor=sensor,
        frame=index,
        step=int(trajectory.step[row]),
        time_s=float(trajectory.time_s[row]),
        camera=_camera_label(frame),
        ego=_ego_label(trajectory, row, ego, world_from_ego),
        objects=object_labels(
            frame, scenario, trajectory, bounds or track_bounds(scenario, trajectory)
        ),
        lanes=lane_labels(frame, lines, world_from_ego[:3, 3]),
        signals=signal_labels(frame, network, trajectory, world_from_ego),
        weather=scenario.weather.model_dump(),
        light=scenario.light.model_dump(),
        parameters=scenario.parameters,
    )


def _rows(matrix: npt.NDArray[np.float64]) -> list[list[float]]:
    return [[float(value) for value in row] for row in matrix]


def _camera_label(frame: Frame) -> CameraLabel:
    camera = frame.camera
    return CameraLabel(
        K=_rows(camera.K),
        width=camera.width,
        height=camera.height,
        world_from_camera=_rows(frame.world_from_camera),
        next_world_from_camera=_rows(frame.next_world_from_camera),
        near_m=camera.near_m,
        far_m=camera.far_m,
        **lens_label(camera.lens),
    )


def _ego_label(
    trajectory: Trajectory, row: int, ego: int, world_from_ego: npt.NDArray[np.float64]
) -> EgoLabel:
    return EgoLabel(
        world_from_body=_rows(world_from_ego),
        velocity_mps=trajectory.velocity_mps[row, ego].tolist(),
        angular_velocity_radps=trajectory.angular_velocity_radps[row, ego].tolist(),
    )
