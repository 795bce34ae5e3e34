"""Spray: from what, how much, and that it hides nothing from the truth."""

from dataclasses import replace

import numpy as np
import pytest

from scenegen.records import Weather
from scenegen.records.camera_spec import CameraSpec
from scenegen.render.spray import MOST, Spray, thrown_up

CAMERA = CameraSpec(width=160, height=96, position_m=(0.0, 0.0, 1.5))
WORLD_FROM_CAMERA = np.array(
    [[0.0, 0.0, 1.0, 0.0], [-1.0, 0.0, 0.0, 0.0], [0.0, -1.0, 0.0, 1.5], [0.0, 0.0, 0.0, 1.0]]
)


@pytest.fixture
def driving(make_world):
    """Return a function that makes a car ahead drive at a speed on a road."""

    def make(weather, speed_mps):
        box = {7: ((4.0, 1.8, 1.4), np.tile([14.0, 0.0, 0.0], (5, 1)))}
        scenario, trajectory = make_world(box, weather=weather, camera=CAMERA)
        velocity = np.zeros_like(trajectory.velocity_mps)
        velocity[:, 1, 0] = speed_mps
        return scenario, replace(trajectory, velocity_mps=velocity)

    return make


def test_it_needs_water_or_snow_and_speed(driving):
    wet = Weather(wetness=1.0)
    assert thrown_up(Weather()) == 0.0
    for weather, speed in ((Weather(), 30.0), (wet, 5.0)):
        assert len(Spray(*driving(weather, speed)).puffs(WORLD_FROM_CAMERA, 0, 1)) == 0
    slow, fast = (
        Spray(*driving(wet, speed)).puffs(WORLD_FROM_CAMERA, 0, 1)["cover"].sum()
        for speed in (12.0, 30.0)
    )
    assert 0 < slow < fast
    assert len(Spray(*driving(Weather(road_snow=1.0), 30.0)).puffs(WORLD_FROM_CAMERA, 0, 1)) > 0


def test_it_lies_behind_the_vehicle_the_farthest_first(driving):
    puffs = Spray(*driving(Weather(wetness=1.0), 25.0)).puffs(WORLD_FROM_CAMERA, 2, 1)
    depth = puffs["center_radius"][:, 2]
    assert 0 < len(puffs) <= MOST
    assert (np.diff(depth) <= 0).all()
    assert depth.max() < 12.5
    assert (np.abs(puffs["center_radius"][:, 0]) < 2.0).all()
    assert (puffs["cover"] < 1).all()


def test_it_veils_the_picture_and_not_the_truth(renderer, driving):
    frames = []
    for speed in (0.0, 30.0):
        renderer.load(*driving(Weather(wetness=1.0), speed))
        frames.append(renderer.draw("front", 1))
    for name in ("depth_m", "instance", "semantic", "normal"):
        np.testing.assert_array_equal(getattr(frames[0], name), getattr(frames[1], name))
    assert np.abs(frames[0].rgb.astype(int) - frames[1].rgb).max() > 15
