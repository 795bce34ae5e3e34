"""Small worlds made by hand, whose pictures are known beforehand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scenegen.records import (
    Actor,
    Asset,
    CameraSpec,
    ConcreteScenario,
    Light,
    Material,
    Part,
    RoadNetwork,
    RoadSpec,
    Surface,
    Weather,
)
from scenegen.simulate.coasting import coasting

ROWS = 5


def box_surface(size, center=(0.0, 0.0, 0.0), material=None, semantic="car"):
    """Return a closed box with outward normals."""
    half = np.asarray(size) / 2
    vertices, normals, faces = [], [], []
    for axis in range(3):
        u, v = np.eye(3)[(axis + 1) % 3], np.eye(3)[(axis + 2) % 3]
        for sign in (-1.0, 1.0):
            n = np.eye(3)[axis] * sign
            first = len(vertices)
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                vertices.append((n + a * u * sign + b * v) * half + center)
                normals.append(n)
            faces += [[first, first + 1, first + 2], [first, first + 2, first + 3]]
    return Surface(
        np.array(vertices, np.float32),
        np.array(normals, np.float32),
        np.zeros((len(vertices), 2), np.float32),
        np.array(faces, np.int32),
        material or Material("grey", two_sided=False),
        semantic,
    )


def ground_surface(half=200.0, albedo=0.3, wettable=False):
    """Return the plane z = 0."""
    corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float32) * half
    return Surface(
        corners,
        np.tile(np.array([[0, 0, 1]], np.float32), (4, 1)),
        np.zeros((4, 2), np.float32),
        np.array([[0, 1, 2], [0, 2, 3]], np.int32),
        Material("ground", base_color=(albedo,) * 3, roughness=1.0, wettable=wettable),
        "road",
    )


@pytest.fixture
def make_world(monkeypatch):
    """Return a function from boxes and a ground to a scenario and its trajectory.

    `boxes` maps instance ids to (size, positions (R, 3)); the ego (id 1) stands at the origin.
    """

    def make(
        boxes=(),
        *,
        ground=True,
        light=None,
        weather=None,
        camera=None,
        spots=(),
        shades=True,
        wettable=False,
    ):
        assets = {1: _asset("ego", (4.0, 1.8, 1.4), spots)}
        position = np.zeros((ROWS, 1 + len(boxes), 3))
        for column, (number, (size, places)) in enumerate(dict(boxes).items(), start=1):
            assets[number] = _asset(f"box{number}", size, material=Material("grey", shades=shades))
            position[:, column] = places
        surfaces = (ground_surface(wettable=wettable),) if ground else (ground_surface(half=1e-3),)
        network = RoadNetwork(RoadSpec(kind="straight"), {}, (), (), surfaces, True)
        by_name = {a.id: a for a in assets.values()}
        for name in ("scenegen.assets.get", "scenegen.assets.placed.get"):
            monkeypatch.setattr(name, lambda name, *_: by_name[name])
        monkeypatch.setattr("scenegen.roads.build_network", lambda _: network)
        scenario = _scenario(assets, position, light, weather, camera)
        return scenario, replace(coasting(scenario.actors, ROWS), position_m=position)

    return make


def _asset(name, size, spots=(), material=None):
    half = np.asarray(size, dtype=np.float64) / 2
    surface = box_surface(size, (0.0, 0.0, half[2]), material)
    bounds = np.array([[-half[0], -half[1], 0.0], [half[0], half[1], 2 * half[2]]])
    part = Part("body", -1, surfaces=(surface,))
    return Asset(name, 0, "car", (part,), bounds, 1000.0, spots=tuple(spots))


def _scenario(assets, position, light, weather, camera):
    return ConcreteScenario(
        name="world",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={},
        log_weight=0.0,
        duration_s=0.2,
        road=RoadSpec(kind="straight"),
        weather=weather or Weather(),
        light=light or Light(),
        actors=tuple(
            Actor(
                instance_id=number,
                name=asset.id,
                asset_id=asset.id,
                category="car",
                size_m=asset.size_m,
                position_m=tuple(position[0, column]),
                quaternion_wxyz=(1.0, 0.0, 0.0, 0.0),
                mass_kg=1000.0,
            )
            for column, (number, asset) in enumerate(assets.items())
        ),
        sensors={"front": camera or CameraSpec(width=160, height=96, position_m=(0.0, 0.0, 1.5))},
    )


@pytest.fixture(scope="module")
def renderer():
    """One production renderer for a module's tests."""
    from scenegen.render import make_renderer

    with make_renderer() as made:
        yield made
