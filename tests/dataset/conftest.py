"""A small scene with honest arrays: a road, a wall and a ball before the camera."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scenegen.dataset import DatasetInfo, Licence, ScenarioEntry, SceneWriter, open_output
from scenegen.dataset.opened import Dataset, open_dataset
from scenegen.records import (
    MAX_JOINTS,
    Actor,
    CameraSpec,
    ConcreteScenario,
    Frame,
    FrameLabels,
    Light,
    RoadSpec,
    Trajectory,
    Weather,
)
from scenegen.records.labels import Box3d, CameraLabel, EgoLabel, ObjectLabel

DIGEST = "ab" * 32
EYE = [[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]


def make_concrete(
    index: int = 0, name: str = "ball", **parameters: float | str
) -> ConcreteScenario:
    actors = tuple(
        Actor(
            instance_id=i,
            name=label,
            asset_id="vehicle.sedan",
            category="car",
            size_m=(4.6, 1.8, 1.5),
            position_m=(12.0 * (i - 1), -1.6, 0.0),
            quaternion_wxyz=(1.0, 0.0, 0.0, 0.0),
            mass_kg=1400.0,
        )
        for i, label in enumerate(("ego", "other"), start=1)
    )
    return ConcreteScenario(
        name=name,
        scenario_digest=DIGEST,
        seed=0,
        index=index,
        parameters=parameters or {"speed": 0.1 + index, "side": "left"},
        log_weight=-0.25 * index,
        duration_s=0.2,
        road=RoadSpec(kind="straight"),
        weather=Weather(),
        light=Light(),
        actors=actors,
        sensors={"front": CameraSpec(width=64, height=48)},
    )


def make_trajectory(index: int = 0) -> Trajectory:
    rows, actors = 5, 2
    time_s = np.arange(rows) * 0.05
    position = np.zeros((rows, actors, 3))
    position[:, 0, 0] = time_s * 10
    position[:, 1, 0] = 12 + time_s * index
    quaternion = np.zeros((rows, actors, 4))
    quaternion[..., 0] = 1
    velocity = np.zeros((rows, actors, 3))
    velocity[:, 0, 0], velocity[:, 1, 0] = 10, index
    return Trajectory(
        actor_ids=np.array([1, 2], np.uint16),
        step=np.arange(rows, dtype=np.int64) * 12,
        time_s=time_s,
        position_m=position,
        quaternion_wxyz=quaternion,
        velocity_mps=velocity,
        angular_velocity_radps=np.zeros((rows, actors, 3)),
        articulation=np.zeros((rows, actors, MAX_JOINTS)),
        lamps=np.zeros((rows, actors), np.uint16),
        intent=np.zeros((rows, actors), np.uint8),
        manoeuvre=np.zeros((rows, actors), np.int16),
        valid=np.ones((rows, actors), bool),
        signal_states=np.zeros((rows, 0), np.uint8),
    )


def make_frame(index: int = 0, width: int = 64, height: int = 48) -> Frame:
    """A plane below the horizon and a ball that has moved `index` px to the right."""
    camera = CameraSpec(width=width, height=height).camera()
    v, u = np.mgrid[0:height, 0:width] + 0.5
    depth = np.full((height, width), np.inf)
    ground = v > height / 2 + 1
    depth[ground] = (1.35 * camera.fy / (v - camera.cy))[ground]
    radius = height / 6
    offset = np.hypot(u - width / 2 - index, v - height / 2)
    ball = offset < radius
    depth[ball] = 12.0
    normal = np.zeros((height, width, 3))
    normal[ground] = (0, -1, 0)
    x, y = (u - width / 2 - index) / radius, (v - height / 2) / radius
    z = -np.sqrt(np.clip(1 - x**2 - y**2, 0, None))
    normal[ball] = np.stack([x, y, z], axis=-1)[ball]
    flow = np.zeros((height, width, 2))
    flow[ball] = (1.0, 0.0)
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[..., 0], rgb[..., 1], rgb[..., 2] = 3 * u, 2 * v, 90
    rgb[ball] = (200, 40, 30)
    semantic = np.where(ball, 26, np.where(ground, 7, 23)).astype(np.uint8)
    return Frame(
        step=2 * index,
        camera=camera,
        world_from_camera=np.eye(4),
        next_world_from_camera=np.eye(4),
        rgb=rgb,
        depth_m=depth.astype(np.float32),
        instance=np.where(ball, 2, 0).astype(np.uint16),
        semantic=semantic,
        normal=normal.astype(np.float32),
        flow_px=flow.astype(np.float32),
        flow_valid=np.isfinite(depth),
        silhouettes={},
    )


def make_labels(concrete: ConcreteScenario, frame: Frame, index: int) -> FrameLabels:
    rows, columns = np.nonzero(frame.instance == 2)
    box = (columns.min() + 0.0, rows.min() + 0.0, columns.max() + 1.0, rows.max() + 1.0)
    camera = frame.camera
    other = ObjectLabel(
        instance_id=2,
        name="other",
        category="car",
        attributes={},
        box2d_visible=box,
        box2d_amodal=box,
        box3d=Box3d(
            center_m=(0.1 + 0.2, 0.0, 12.0),
            size_m=(4.6, 1.8, 1.5),
            quaternion_wxyz=(1.0, 0.0, 0.0, 0.0),
        ),
        position_world_m=(12.0, -1.6, 0.0),
        velocity_world_mps=(1.0 / 3.0, 0.0, 0.0),
        visible_px=int(rows.size),
        occlusion=0.0,
        truncation=0.0,
        distance_m=12.0,
        lamps=[],
    )
    return FrameLabels(
        scene=concrete.scene_id,
        sensor="front",
        frame=index,
        step=24 * index,
        time_s=index * 0.1,
        camera=CameraLabel(
            K=camera.K.tolist(),
            distortion=[0.0] * 5,
            width=camera.width,
            height=camera.height,
            world_from_camera=EYE,
            next_world_from_camera=EYE,
            near_m=camera.near_m,
            far_m=camera.far_m,
        ),
        ego=EgoLabel(
            world_from_body=EYE, velocity_mps=(10, 0, 0), angular_velocity_radps=(0, 0, 0)
        ),
        objects=[other],
        lanes=[],
        signals=[],
        weather=concrete.weather.model_dump(),
        light=concrete.light.numbers,
        parameters=concrete.parameters,
    )


def make_info(**changes: object) -> DatasetInfo:
    content: dict[str, object] = {
        "scenegen_version": "0.1.0",
        "seed": 0,
        "config": {"scenario": "ball", "num_scenes": 2, "out": "somewhere", "workers": 1},
        "scenarios": (ScenarioEntry(name="ball", digest=DIGEST, description="A ball."),),
        "licences": (Licence(what="everything", licence="Apache-2.0"),),
    }
    return DatasetInfo.model_validate(content | changes)


def write_scene(out: Path, concrete: ConcreteScenario) -> None:
    with SceneWriter(out, concrete) as scene:
        scene.write_trajectory(make_trajectory(concrete.index))
        for index in range(concrete.frame_count):
            frame = make_frame(index)
            scene.write_frame("front", index, frame, make_labels(concrete, frame, index))


def write_dataset(out: Path, indices: tuple[int, ...] = (0, 1)) -> Dataset:
    with open_output(out, make_info()) as output:
        for index in indices:
            write_scene(out, make_concrete(index))
        output.finish()
    return open_dataset(out)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """A finished data set of two scenes with two frames each."""
    return write_dataset(tmp_path / "set")


@pytest.fixture
def make() -> dict[str, Callable[..., object]]:
    """Return the makers of this file by name, for tests that need variants."""
    return {
        "concrete": make_concrete,
        "trajectory": make_trajectory,
        "frame": make_frame,
        "labels": make_labels,
        "info": make_info,
        "write_scene": write_scene,
        "write_dataset": write_dataset,
    }
