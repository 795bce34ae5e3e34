"""A world of walls, balls and cubes in which ranges are known in closed form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
import trimesh

from scenegen.geometry import quaternion_from_yaw
from scenegen.records import (
    Actor,
    Asset,
    ConcreteScenario,
    Joint,
    Light,
    Material,
    Part,
    RoadNetwork,
    RoadSpec,
    Surface,
    Trajectory,
    Weather,
)
from scenegen.records.sensors import SensorSpec
from scenegen.simulate.coasting import coasting

ROWS = 13
GREY = Material("grey", (0.5, 0.5, 0.5), roughness=1.0)
SIGN = Material("white sheeting", (0.9, 0.9, 0.9))


def surface(vertices: np.ndarray, faces: np.ndarray, material: Material, semantic: str) -> Surface:
    count = len(vertices)
    return Surface(
        vertices.astype(np.float32),
        np.zeros((count, 3), np.float32),
        np.zeros((count, 2), np.float32),
        faces.astype(np.int32),
        material,
        semantic,
    )


def of_trimesh(mesh: trimesh.Trimesh, material: Material = GREY) -> Surface:
    return surface(np.asarray(mesh.vertices), np.asarray(mesh.faces), material, "car")


def wall(material: Material) -> Surface:
    """Return a square of 40 m in the plane x = 0 that faces -x."""
    corners = np.array([[0, 20, -20], [0, -20, -20], [0, -20, 20], [0, 20, 20]], float)
    return surface(corners, np.array([[0, 1, 2], [0, 2, 3]]), material, "car")


def asset(asset_id: str, *parts: Part) -> Asset:
    joints = ("turn",) if any(part.joints for part in parts) else ()
    bounds = np.array([[-2.0, -2.0, -2.0], [2.0, 2.0, 2.0]])
    return Asset(asset_id, 0, "car", parts, bounds, 1000.0, joints)


def simple(asset_id: str, shape: Surface) -> Asset:
    return asset(asset_id, Part("body", -1, surfaces=(shape,)))


ASSETS = {
    "ego": simple("ego", of_trimesh(trimesh.creation.box((2, 2, 2)))),
    "cube": simple("cube", of_trimesh(trimesh.creation.box((2, 2, 2)))),
    "ball": simple("ball", of_trimesh(trimesh.creation.icosphere(5, 1.5))),
    "wall": simple("wall", wall(GREY)),
    "sign": simple("sign", wall(SIGN)),
    "mill": asset(
        "mill",
        Part("post", -1),
        Part(
            "arm",
            0,
            joints=(Joint(0, (0.0, 0.0, 1.0)),),
            surfaces=(of_trimesh(trimesh.creation.box((4, 0.2, 2))),),
        ),
    ),
}


@dataclass(frozen=True)
class Thing:
    """An actor of the test world: id 2 and on, in the order given."""

    asset_id: str
    position_m: tuple[float, float, float]
    yaw_rad: float = 0.0
    velocity_mps: tuple[float, float, float] = (0.0, 0.0, 0.0)
    turn_radps: float = 0.0


World = Callable[..., tuple[ConcreteScenario, Trajectory]]


def build_world(
    *things: Thing,
    sensors: dict[str, SensorSpec],
    weather: Weather | None = None,
    ego_speed_mps: float = 0.0,
    ego_turn_radps: float = 0.0,
) -> tuple[ConcreteScenario, Trajectory]:
    """Return a scene of 0.6 s whose ego starts at the origin and goes along +x.

    It turns on the spot while it goes: its places lie on a line whatever its heading is.
    """
    everyone = (Thing("ego", (0.0, 0.0, 0.0), velocity_mps=(ego_speed_mps, 0.0, 0.0)), *things)
    actors = tuple(
        Actor(
            instance_id=number,
            name="ego" if number == 1 else f"thing{number}",
            asset_id=thing.asset_id,
            category="car",
            size_m=(4.0, 4.0, 4.0),
            position_m=thing.position_m,
            quaternion_wxyz=tuple(quaternion_from_yaw(thing.yaw_rad).tolist()),
            velocity_mps=thing.velocity_mps,
            mass_kg=1000.0,
        )
        for number, thing in enumerate(everyone, start=1)
    )
    trajectory = coasting(actors, ROWS)
    time = trajectory.time_s
    articulation = np.zeros_like(trajectory.articulation)
    articulation[:, :, 0] = time[:, None] * [t.turn_radps for t in everyone]
    headings = trajectory.quaternion_wxyz.copy()
    headings[:, 0] = [quaternion_from_yaw(yaw) for yaw in ego_turn_radps * time]
    trajectory = replace(trajectory, articulation=articulation, quaternion_wxyz=headings)
    scenario = ConcreteScenario(
        name="ranging",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={},
        log_weight=0.0,
        duration_s=0.6,
        road=RoadSpec(kind="straight"),
        weather=weather or Weather(),
        light=Light(),
        actors=actors,
        sensors=sensors,
    )
    return scenario, trajectory


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Replace catalogue and road by the test world's, in which there is no ground."""

    def get(asset_id: str, variant: int = 0, size_m: object = None) -> Asset:
        del variant, size_m
        return ASSETS[asset_id]

    for name in ("scenegen.assets.get", "scenegen.assets.placed.get"):
        monkeypatch.setattr(name, get)
    monkeypatch.setattr(
        "scenegen.roads.build_network",
        lambda spec: RoadNetwork(spec, {}, (), (), (), flat=True),
    )
    return build_world


@pytest.fixture
def thing() -> type[Thing]:
    """Return the type that `world` takes; test modules can't import this file."""
    return Thing
