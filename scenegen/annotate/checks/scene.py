"""Checks across the frames of a scene, and of its trajectory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from scenegen.annotate.checks.truth import SceneTruth
from scenegen.records import FrameLabels
from scenegen.records.base import F64


def trajectory_shape(truth: SceneTruth, frames: Sequence[FrameLabels]) -> Iterator[str]:
    """The trajectory has the scenario's actors, rates and length, and finite unit poses."""
    del frames
    scenario, trajectory = truth.scenario, truth.trajectory
    ids = [actor.instance_id for actor in scenario.actors]
    if trajectory.actor_ids.tolist() != ids:
        yield f"trajectory has actors {trajectory.actor_ids.tolist()}, scenario {ids}"
    stride = scenario.rates.physics_hz // scenario.rates.control_hz
    if np.any(trajectory.step != np.arange(len(trajectory.step)) * stride):
        yield f"steps of the trajectory are not multiples of {stride} from 0"
    if not np.allclose(trajectory.time_s, trajectory.step / scenario.rates.physics_hz, atol=1e-9):
        yield "times of the trajectory are not those of its steps"
    valid = trajectory.valid
    for name in ("position_m", "quaternion_wxyz", "velocity_mps", "articulation"):
        if not np.isfinite(getattr(trajectory, name)[valid]).all():
            yield f"{name} has values that are not finite"
    length = np.linalg.norm(trajectory.quaternion_wxyz[valid], axis=-1)
    if not np.allclose(length, 1.0, atol=1e-6):
        yield "quaternions are not of unit length"


def all_frames(truth: SceneTruth, frames: Sequence[FrameLabels]) -> Iterator[str]:
    """Every sensor has frames 0, 1, … up to the end of the scene."""
    scenario, trajectory = truth.scenario, truth.trajectory
    rows = scenario.frame_rows
    expected = list(range(int(np.searchsorted(rows[1:], len(trajectory.step)))))
    for sensor, labels in _by_sensor(frames).items():
        if sensor not in scenario.cameras:
            yield f"{sensor} is no camera of the scenario"
        found = [label.frame for label in labels]
        if found != expected:
            yield f"{sensor} has frames {found}, not 0 to {len(expected) - 1}"
        if any(label.scene != scenario.scene_id for label in labels):
            yield f"{sensor} has frames of another scene"
    for sensor in sorted(set(scenario.cameras) - set(_by_sensor(frames))):
        yield f"{sensor} has no frames"


def next_poses(truth: SceneTruth, frames: Sequence[FrameLabels]) -> Iterator[str]:
    """Each frame's next camera pose is the pose of the frame after it."""
    del truth
    for sensor, labels in _by_sensor(frames).items():
        for now, after in pairwise(labels):
            if after.frame != now.frame + 1:
                continue
            ahead, there = now.camera.next_world_from_camera, after.camera.world_from_camera
            if _gap(ahead, there) > 1e-6:
                yield f"{sensor}: next pose of frame {now.frame} is not that of the next frame"


def constant_sizes(truth: SceneTruth, frames: Sequence[FrameLabels]) -> Iterator[str]:
    """An object's box keeps its size, which holds all of its poses, and its name."""
    for frame in frames:
        for label in frame.objects:
            actor = truth.actors.get(label.instance_id)
            if actor is None:
                continue
            low, high = truth.bounds[label.instance_id]
            if _gap(label.box3d.size_m, high - low) > 1e-6:
                yield f"frame {frame.frame}: size of instance {label.instance_id} changed"
            if label.name != actor.name:
                yield f"frame {frame.frame}: instance {label.instance_id} is called {label.name}"


def parameters(truth: SceneTruth, frames: Sequence[FrameLabels]) -> Iterator[str]:
    """Parameters, weather and light in the labels are the scenario's."""
    scenario = truth.scenario
    for frame in frames:
        if frame.parameters != scenario.parameters:
            yield f"frame {frame.frame}: parameters are not the scenario's"
        if frame.weather != scenario.weather.model_dump():
            yield f"frame {frame.frame}: weather is not the scenario's"
        if frame.light != scenario.light.numbers:
            yield f"frame {frame.frame}: light is not the scenario's"


def _by_sensor(frames: Sequence[FrameLabels]) -> dict[str, list[FrameLabels]]:
    sensors: dict[str, list[FrameLabels]] = {}
    for frame in sorted(frames, key=lambda label: (label.sensor, label.frame)):
        sensors.setdefault(frame.sensor, []).append(frame)
    return sensors


def _gap(a: object, b: object) -> float:
    first: F64 = np.asarray(a, dtype=np.float64)
    return float(np.abs(first - np.asarray(b, dtype=np.float64)).max())
