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


KINDS = ("car", "motorcycle", "truck")


@pytest.fixture
def driving(make_world):
    """Return a function that makes a car ahead drive at a speed on a road."""

    def make(weather, speed_mps, size_m=(4.0, 1.8, 1.4), category="car"):
        box = {7: (size_m, np.tile([12.0 + 0.5 * size_m[0], 0.0, 0.0], (5, 1)))}
        scenario, trajectory = make_world(box, weather=weather, camera=CAMERA)
        ego, other = scenario.actors
        actors = (ego, other.model_copy(update={"category": category}))
        scenario = scenario.model_copy(update={"actors": actors})
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
    assert 14.5 < depth.max() < 15.2  # beside the front wheels
    assert (np.abs(puffs["center_radius"][:, 0]) < 2.0).all()
    assert (puffs["cover"] < 1).all()


@pytest.mark.parametrize(("kmh", "least_m", "most_m"), [(80, 10, 16), (100, 12, 20)])
def test_a_lorrys_plume_is_as_high_as_it_is_and_10_to_20_m_long(driving, kmh, least_m, most_m):
    lorry = ((10.0, 2.5, 3.8), "truck")
    seen = Spray(*driving(Weather(wetness=1.0), kmh / 3.6, *lorry))
    # From 60 m behind, so that all of the plume is before the camera.
    back = WORLD_FROM_CAMERA.copy()
    back[0, 3] = -60.0
    puffs = seen.puffs(back, 2, 1)
    x, y, z = puffs["center_radius"][:, :3].T
    behind = 72.0 - z
    thick = puffs["cover"] > 0.01
    assert least_m < behind[thick].max() < most_m
    top = (1.5 - y + puffs["center_radius"][:, 3])[behind > 0].max()
    assert 3.0 < top < 5.5
    assert np.abs(x).max() < 2.5


def column(puffs):
    """How much light all puffs take, as optical depth times area."""
    depth = -np.log1p(-puffs["cover"].astype(float))
    return float((depth * puffs["center_radius"][:, 3] ** 2).sum())


def test_it_grows_with_water_speed_and_tyres(driving):
    def thrown(wetness, speed, *body):
        return column(Spray(*driving(Weather(wetness=wetness), speed, *body)).puffs(
            WORLD_FROM_CAMERA, 2, 1
        ))  # fmt: skip

    assert thrown(1.0, 25.0) == pytest.approx(2.0 * thrown(0.65, 25.0), rel=1e-3)
    assert thrown(1.0, 33.0) > 2.0 * thrown(1.0, 20.0)
    car, moped, truck = (thrown(1.0, 25.0, (4.0, 1.8, 1.4), kind) for kind in KINDS)
    assert moped == pytest.approx(0.35 * car, rel=1e-3)
    assert truck == pytest.approx(3.0 * car, rel=1e-3)


def test_it_veils_the_picture_and_not_the_truth(renderer, driving):
    frames = []
    for speed in (0.0, 30.0):
        renderer.load(*driving(Weather(wetness=1.0), speed))
        frames.append(renderer.draw("front", 1))
    for name in ("depth_m", "instance", "semantic", "normal"):
        np.testing.assert_array_equal(getattr(frames[0], name), getattr(frames[1], name))
    assert np.abs(frames[0].rgb.astype(int) - frames[1].rgb).max() > 15
