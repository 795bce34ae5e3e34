"""One drawn street scene with its labels, shared by the tests of labels and checks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from scenegen import assets, roads
from scenegen.annotate import annotate, pixel_truth, track_bounds
from scenegen.annotate.checks import Pictures, SceneTruth, stored_pictures
from scenegen.geometry import quaternion_from_yaw
from scenegen.records import (
    CONTACT_DTYPE,
    MAX_JOINTS,
    Actor,
    CameraSpec,
    ConcreteScenario,
    Frame,
    FrameLabels,
    Lamp,
    Light,
    Prop,
    RoadSpec,
    SignalPlan,
    Trajectory,
    Weather,
)
from scenegen.records.pixels import OPTIONAL_LAYERS
from scenegen.render import make_renderer
from scenegen.simulate.coasting import coasting

# name, asset, x, y, yaw, velocity
CAST = (
    ("ego", "vehicle.sedan", 20.0, -1.6, 0.0, (12.0, 0.0, 0.0)),
    ("lead", "vehicle.compact", 38.0, -1.6, 0.0, (9.0, 0.0, 0.0)),
    ("van", "vehicle.van", 50.0, 1.6, np.pi, (-10.0, 0.0, 0.0)),
    ("truck", "vehicle.box_truck", 31.0, -4.5, 0.05, (0.0, 0.0, 0.0)),
    ("child", "person.child", 34.0, -2.6, np.pi / 2, (0.0, 2.0, 0.0)),
    ("adult", "person.adult", 33.0, 4.3, np.pi, (-1.3, 0.0, 0.0)),
    ("dog", "animal.dog", 30.0, 2.0, 0.3, (1.0, 0.3, 0.0)),
    ("cone", "object.cone", 29.0, -3.0, 0.0, (0.0, 0.0, 0.0)),
)
ROWS, FRAMES = 7, 3
LIMBS = {"hip_left": 0.3, "upper_front_left": 0.3, "hip_right": -0.3, "upper_front_right": -0.3}


@dataclass(frozen=True)
class Street:
    """A scene and what was drawn and labelled of it."""

    scenario: ConcreteScenario
    trajectory: Trajectory
    truth: SceneTruth
    frames: tuple[Frame, ...]
    labels: tuple[FrameLabels, ...]
    pictures: tuple[Pictures, ...]


def _scene(road: RoadSpec) -> tuple[ConcreteScenario, Trajectory]:
    network = roads.build_network(road)
    actors, time = [], np.arange(ROWS) / 20.0
    articulation = np.zeros((ROWS, len(CAST), MAX_JOINTS))
    for column, (name, asset_id, x, y, yaw, velocity) in enumerate(CAST):
        asset = assets.get(asset_id, 0)
        for channel, joint in enumerate(asset.joints):
            if joint.startswith("spin"):
                articulation[:, column, channel] = time * np.linalg.norm(velocity) / 0.31
            articulation[:, column, channel] += LIMBS.get(joint, 0.0) * np.sin(8 * time)
        height = float(roads.height_at(network, np.array([x, y])))
        actors.append(
            Actor(
                instance_id=column + 1,
                name=name,
                asset_id=asset_id,
                category=asset.category,
                size_m=asset.size_m,
                position_m=(x, y, height),
                quaternion_wxyz=tuple(quaternion_from_yaw(yaw).tolist()),
                velocity_mps=velocity,
                mass_kg=asset.mass_kg,
            )
        )
    shape = (ROWS, len(actors))
    lamps = np.zeros(shape, np.uint16)
    lamps[:, 1] = Lamp.BRAKE | Lamp.TAIL
    lamps_on = lamps.copy()
    # In the dark half of their flashing.
    lamps_on[:, 1] = Lamp.BRAKE | Lamp.TAIL | Lamp.INDICATOR_LEFT
    lamps_on[:, 3] = Lamp.INDICATOR_LEFT | Lamp.INDICATOR_RIGHT
    distracted, right_of_way = np.zeros(shape, bool), np.zeros(shape, np.int8)
    distracted[:, 5] = True
    right_of_way[:, 2] = 1
    contacts = np.zeros(1, CONTACT_DTYPE)
    contacts["step"], contacts["actor_a"], contacts["actor_b"] = 13, 7, 8
    contacts["impulse_ns"], contacts["closing_speed_mps"] = 2.0, 1.0
    plan = road.signals or SignalPlan()
    states = [[roads.head_state(plan, head, t) for head in network.signals] for t in time]
    trajectory = replace(
        coasting(actors, ROWS),
        articulation=articulation,
        lamps=lamps,
        intent=np.full(shape, 3, np.uint8),
        manoeuvre=np.zeros(shape, np.int16),
        signal_states=np.array(states, np.uint8).reshape(ROWS, len(network.signals)),
        lamps_on=lamps_on,
        distracted=distracted,
        right_of_way=right_of_way,
        controls=np.tile([0.02, 0.03, 1.5, 0.4, 0.0, 1.0], (ROWS, 1)),
        contacts=contacts,
    )
    scenario = ConcreteScenario(
        name="street",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={"speed": 12.0},
        log_weight=0.0,
        duration_s=FRAMES / 10,
        road=road,
        weather=Weather(),
        light=Light(),
        actors=tuple(actors),
        props=(
            Prop(asset_id="prop.building", position_m=(60, -14, 0), size_m=(20, 10, 9)),
            Prop(asset_id="prop.tree_broadleaf", position_m=(45, 7.5, 0.1)),
        ),
        sensors={"front": CameraSpec(width=320, height=192)},
    )
    return scenario, trajectory


def stored(
    scenario: ConcreteScenario,
    trajectory: Trajectory,
    frames: tuple[Frame, ...],
    labels: tuple[FrameLabels, ...],
) -> tuple[Pictures, ...]:
    """Return all pictures of frames as files keep them, optional layers included."""
    bounds = track_bounds(scenario, trajectory)
    return tuple(
        stored_pictures(
            frame, pixel_truth(frame, scenario, trajectory, label, bounds, OPTIONAL_LAYERS)
        )
        for frame, label in zip(frames, labels, strict=True)
    )


@pytest.fixture(scope="session")
def street() -> Street:
    """Three honest frames of a street with a signalled crossing ahead."""
    road = RoadSpec(kind="crossing", length_m=200, sidewalk_m=2.0, signals=SignalPlan())
    scenario, trajectory = _scene(road)
    with make_renderer("opengl") as renderer:
        renderer.load(scenario, trajectory)
        frames = tuple(renderer.draw("front", index) for index in range(FRAMES))
    labels = tuple(
        annotate(frame, scenario, trajectory, "front", index) for index, frame in enumerate(frames)
    )
    pictures = stored(scenario, trajectory, frames, labels)
    return Street(scenario, trajectory, SceneTruth(scenario, trajectory), frames, labels, pictures)
