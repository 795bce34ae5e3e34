"""A world of known quads and cubes that both backends draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from scenegen.geometry import look_at, quaternion_from_yaw
from scenegen.records import (
    Actor,
    Asset,
    CameraSpec,
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
from scenegen.render import Renderer, make_renderer
from scenegen.simulate.coasting import coasting

BACKENDS = ("opengl", "pyrender")
ROWS = 7


def surface(vertices: np.ndarray, faces: np.ndarray, **material: object) -> Surface:
    """Return a flat-shaded car-class surface."""
    corners = vertices[faces].reshape(-1, 3)
    edges = corners.reshape(-1, 3, 3)
    normals = np.cross(edges[:, 1] - edges[:, 0], edges[:, 2] - edges[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Surface(
        vertices=corners.astype(np.float32),
        normals=np.repeat(normals, 3, axis=0).astype(np.float32),
        uv=np.zeros((len(corners), 2), np.float32),
        faces=np.arange(len(corners), dtype=np.int32).reshape(-1, 3),
        material=Material(name="test", **material),
        semantic="car",
    )


def cube(size: float) -> Surface:
    """Return a cube that stands on the origin."""
    v = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (0, 2)]) * size / 2
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))]
    return surface(v, np.array(faces))


def quad(width: float, height: float, **material: object) -> Surface:
    """Return an upright quad in the plane x = 0 that faces -x, centred on the origin."""
    w, h = width / 2, height / 2
    v = np.array([[0, w, -h], [0, -w, -h], [0, -w, h], [0, w, h]])
    return surface(v, np.array([(0, 1, 2), (0, 2, 3)]), **material)


def asset(asset_id: str, *parts: Part) -> Asset:
    """Return an asset of parts with generous bounds."""
    joints = ("turn",) if any(p.joints for p in parts) else ()
    bounds = np.array([[-2.0, -2, -2], [2, 2, 2]])
    return Asset(asset_id, 0, "car", parts, bounds, 1000.0, joints)


ASSETS = {
    "test.cube": asset("test.cube", Part("body", -1, surfaces=(cube(2.0),))),
    "test.small": asset("test.small", Part("body", -1, surfaces=(cube(0.5),))),
    "test.quad": asset("test.quad", Part("body", -1, surfaces=(quad(2.0, 1.0),))),
    "test.leaf": asset("test.leaf", Part("body", -1, surfaces=(quad(2.0, 1.0, two_sided=True),))),
    "test.arm": asset(
        "test.arm",
        Part("body", -1, surfaces=()),
        Part(
            "arm",
            0,
            (0.0, 0.0, 1.0),
            (Joint(0, (0.0, 0.0, 1.0)),),
            (quad(1.0, 1.0, two_sided=True),),
        ),
    ),
}

GROUND = Surface(
    vertices=np.array([[-50, -50, 0], [500, -50, 0], [500, 50, 0], [-50, 50, 0]], dtype=np.float32),
    normals=np.tile(np.array([[0, 0, 1]], np.float32), (4, 1)),
    uv=np.zeros((4, 2), np.float32),
    faces=np.array([[0, 1, 2], [0, 2, 3]], np.int32),
    material=Material(name="ground"),
    semantic="road",
)


@dataclass(frozen=True)
class Thing:
    """An actor of the test world: id 2 and on, in the order given."""

    asset_id: str
    position_m: tuple[float, float, float]
    yaw_rad: float = 0.0
    velocity_mps: tuple[float, float, float] = (0.0, 0.0, 0.0)
    turn_radps: float = 0.0
    valid: bool = True


World = Callable[..., tuple[ConcreteScenario, Trajectory]]


def build_world(
    *things: Thing,
    sensors: dict[str, CameraSpec] | None = None,
    light: Light | None = None,
    ego_speed_mps: float = 0.0,
) -> tuple[ConcreteScenario, Trajectory]:
    """Return a scene of three frames with the ego at the origin, looking along +x."""
    ego = Thing("test.cube", (0.0, 0.0, 0.0), velocity_mps=(ego_speed_mps, 0.0, 0.0))
    everyone = (ego, *things)
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
    articulation = np.zeros_like(trajectory.articulation)
    articulation[:, :, 0] = trajectory.time_s[:, None] * [t.turn_radps for t in everyone]
    valid = np.tile([t.valid for t in everyone], (ROWS, 1))
    trajectory = replace(trajectory, articulation=articulation, valid=valid)
    scenario = ConcreteScenario(
        name="contract",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={},
        log_weight=0.0,
        duration_s=0.3,
        road=RoadSpec(kind="straight"),
        weather=Weather(),
        light=light or Light(),
        actors=actors,
        sensors=sensors or {"front": CameraSpec(width=64, height=48, position_m=(0, 0, 1.0))},
    )
    return scenario, trajectory


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Replace the catalogue and the road by the test world's; return its builder."""

    def network(spec: RoadSpec) -> RoadNetwork:
        return RoadNetwork(spec, {}, (), (), (GROUND,), flat=True)

    def get(asset_id: str, variant: int = 0, size_m: object = None) -> Asset:
        del variant, size_m
        return ASSETS[asset_id]

    for name in ("scenegen.assets.get", "scenegen.assets.placed.get"):
        monkeypatch.setattr(name, get)
    monkeypatch.setattr("scenegen.roads.build_network", network)
    return build_world


@pytest.fixture
def thing() -> type[Thing]:
    """Return the type that `world` takes; test modules can't import this file."""
    return Thing


@pytest.fixture(scope="module", params=BACKENDS)
def renderer(request: pytest.FixtureRequest) -> Iterator[Renderer]:
    """One open renderer of each kind, used by a whole file."""
    with make_renderer(request.param) as opened:
        yield opened


@pytest.fixture(scope="session")
def side_view() -> np.ndarray:
    """A pose (4, 4) that sees the ego from its right."""
    return look_at((0.0, -8.0, 2.0), (0.0, 0.0, 1.0))
