"""From a drawn frame to its labels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.annotate.lanes import lane_labels
from scenegen.annotate.motion import contacts_between, controls_at
from scenegen.annotate.objects import object_labels
from scenegen.annotate.run_facts import RunFacts
from scenegen.annotate.signals import signal_labels
from scenegen.annotate.signs import sign_labels
from scenegen.geometry import MovingCamera, pose
from scenegen.records import ConcreteScenario, Frame, FrameLabels, Trajectory
from scenegen.records.base import F64
from scenegen.records.labels import CameraLabel, CameraPose, EgoLabel
from scenegen.records.lens_spec import lens_label


def annotate(
    frame: Frame,
    scenario: ConcreteScenario,
    trajectory: Trajectory,
    sensor: str,
    index: int,
    facts: RunFacts | None = None,
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
    facts : RunFacts, optional
        Of the scene, for those who label many frames of it.

    Raises
    ------
    ValueError
        A visible actor has no silhouette, so its occlusion can't be told.
    """
    row = frame.step
    facts = facts or RunFacts(scenario, trajectory)
    rows = scenario.frame_rows
    ego = trajectory.column(scenario.ego.instance_id)
    time_s, some = float(trajectory.time_s[row]), _around(frame, trajectory.time_s)
    bodies = pose(trajectory.position_m[some, ego], trajectory.quaternion_wxyz[some, ego])
    world_from_ego = bodies[row - some.start]
    track = bodies @ frame.camera.body_from_camera
    moving = MovingCamera(frame.camera, time_s, trajectory.time_s[some], track)
    return FrameLabels(
        scene=scenario.scene_id,
        sensor=sensor,
        frame=index,
        step=int(trajectory.step[row]),
        time_s=time_s,
        camera=_camera_label(frame, moving),
        ego=_ego_label(facts, row, ego, world_from_ego),
        objects=object_labels(frame, facts, moving),
        lanes=lane_labels(frame, moving, facts.painted_lines, world_from_ego),
        signals=signal_labels(
            moving, facts.network, trajectory.signal_states[row], world_from_ego, time_s
        ),
        signs=sign_labels(frame, scenario, facts.network, world_from_ego),
        weather=scenario.weather.model_dump(),
        light=scenario.light.numbers,
        parameters=scenario.parameters,
        pairs=facts.pairs.at(row),
        contacts=contacts_between(
            scenario, trajectory, int(rows[index - 1]) if index > 0 else None, row
        ),
        log_weight=scenario.log_weight,
    )


def _around(frame: Frame, time_s: F64) -> slice:
    """Return the rows of a trajectory that a frame is read out in, with one more at both ends."""
    now, readout = float(time_s[frame.step]), frame.camera.readout_s
    first, last = np.searchsorted(time_s, [now - readout, now + readout]).tolist()
    return slice(max(first - 1, 0), last + 2)


def _rows(matrix: npt.NDArray[np.float64]) -> list[list[float]]:
    return [[float(value) for value in row] for row in matrix]


def _camera_label(frame: Frame, moving: MovingCamera) -> CameraLabel:
    camera = frame.camera
    poses = []
    if camera.readout_s:
        first, last = moving.moments([0.0, camera.height])
        within = moving.knots_s[(moving.knots_s > first) & (moving.knots_s < last)]
        times = np.array([first, *within, last])
        poses = [
            CameraPose(time_s=time, world_from_camera=_rows(matrix))
            for time, matrix in zip(times.tolist(), moving.at(times), strict=True)
        ]
    return CameraLabel(
        K=_rows(camera.K),
        width=camera.width,
        height=camera.height,
        world_from_camera=_rows(frame.world_from_camera),
        next_world_from_camera=_rows(frame.next_world_from_camera),
        near_m=camera.near_m,
        far_m=camera.far_m,
        readout_s=camera.readout_s,
        poses=poses,
        **lens_label(camera.lens),
    )


def _ego_label(
    facts: RunFacts, row: int, ego: int, world_from_ego: npt.NDArray[np.float64]
) -> EgoLabel:
    trajectory, lane = facts.trajectory, facts.ego_lane(row)
    return EgoLabel(
        world_from_body=_rows(world_from_ego),
        velocity_mps=trajectory.velocity_mps[row, ego].tolist(),
        angular_velocity_radps=trajectory.angular_velocity_radps[row, ego].tolist(),
        acceleration_world_mps2=facts.acceleration_mps2[row, ego].tolist(),
        lane=lane and lane.id,
        controls=controls_at(trajectory, row),
    )
