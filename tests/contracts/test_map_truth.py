"""Both renderers agree on road maps, and the checks of `verify` find nothing."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen import assets
from scenegen.annotate import annotate
from scenegen.annotate.checks import SceneTruth, check_frame, stored_pictures
from scenegen.geometry import quaternion_from_yaw
from scenegen.records import Actor, CameraSpec, ConcreteScenario, Light, RoadSpec, Weather
from scenegen.render import build_scene, make_renderer
from scenegen.render.compare import compare_backends
from scenegen.roads import build_network, lane_point
from scenegen.simulate.coasting import coasting
from tests.roads.maps import bridge

ROADS = {
    "roundabout": (RoadSpec(kind="roundabout", sidewalk_m=2.0, zebra=True), "forward_0", 75.0),
    "two lanes around": (
        RoadSpec(
            kind="roundabout",
            lanes_forward=2,
            lanes_backward=2,
            inscribed_diameter_m=50,
            length_m=240,
            sidewalk_m=2.0,
        ),
        "forward_0",
        75.0,
    ),
    "bridge": (
        RoadSpec(kind="opendrive", map=bridge(), surroundings="rural"),
        "1_0_-1",
        75.0,
    ),
    "hills": (
        RoadSpec(kind="rural", length_m=800, surroundings="rural"),
        "forward_0",
        300.0,
    ),
}


def _scene(road: RoadSpec, lane: str, s: float) -> tuple[ConcreteScenario, Actor]:
    position, yaw = lane_point(build_network(road).lane(lane), s)
    asset = assets.get("vehicle.sedan", 0)
    x, y, z = position.tolist()
    ego = Actor(
        instance_id=1,
        name="ego",
        asset_id=asset.id,
        category=asset.category,
        size_m=asset.size_m,
        position_m=(x, y, z),
        quaternion_wxyz=tuple(quaternion_from_yaw(yaw).tolist()),
        velocity_mps=(8 * np.cos(yaw), 8 * np.sin(yaw), 0.0),
        mass_kg=asset.mass_kg,
    )
    scenario = ConcreteScenario(
        name="map",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={},
        log_weight=0.0,
        duration_s=0.2,
        road=road,
        weather=Weather(),
        light=Light(),
        actors=(ego,),
        sensors={"front": CameraSpec(width=240, height=144)},
    )
    return scenario, ego


@pytest.mark.parametrize("name", sorted(ROADS))
def test_pictures_of_maps_are_true(name: str) -> None:
    scenario, ego = _scene(*ROADS[name])
    trajectory = coasting([ego], 5)
    frames = []
    for kind in ("opengl", "pyrender"):
        with make_renderer(kind) as renderer:
            renderer.load(scenario, trajectory)
            frames.append(renderer.draw("front", 0))
    scene = build_scene(scenario, trajectory)
    found = compare_backends(frames[0], frames[1], scene, {1})
    assert found.ok, found
    assert found.depth_worst_m <= 0.002
    labels = annotate(frames[0], scenario, trajectory, "front", 0)
    truth = SceneTruth(scenario, trajectory)
    violations = check_frame(labels, stored_pictures(frames[0]), truth)
    assert not violations, violations[:5]
    assert labels.lanes
