"""The colour picture: shadows, fog, night, and the same bytes every time."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from scenegen.records import Light, Weather
from scenegen.records.camera_spec import CameraSpec
from scenegen.render.photometry import light_state, sky_lux, sun_lux


def _still(x, y, z, size):
    return size, np.tile([x, y, z], (5, 1)).astype(float)


@pytest.mark.parametrize("shades", [True, False])
def test_a_shadow_darkens_the_ground_it_falls_on(renderer, make_world, shades):
    light = Light(sun_azimuth_rad=np.pi / 2, sun_elevation_rad=0.6)
    roof = {7: _still(10.0, 0.0, 3.0, (4.0, 4.0, 0.2))}
    weather = Weather(cloud_cover=0.0)
    renderer.load(*make_world(roof, light=light, weather=weather, shades=shades))
    frame = renderer.draw("front", 0)
    points = frame.camera.unproject(frame.camera.pixel_centres(), frame.depth_m)
    ground = frame.semantic == 7
    # The sun stands in +y: the roof's shadow falls by height / tan(elevation) towards -y.
    middle = 3.1 / np.tan(0.6)
    shade = ground & (np.abs(points[..., 2] - 10.0) < 1.5)
    shade &= np.abs(points[..., 0] - middle) < 1.5
    lit = ground & (np.abs(points[..., 2] - 10.0) < 1.5) & (np.abs(points[..., 0] + middle) < 1.5)
    assert shade.sum() > 5
    assert lit.sum() > 5
    assert (frame.rgb[shade].mean() < 0.75 * frame.rgb[lit].mean()) == shades


def test_fog_follows_beer_and_lambert(renderer, make_world):
    weather = Weather(visibility_m=100.0, cloud_cover=1.0)
    colors = {}
    for distance in (20.0, 40.0, 60.0):
        wall = {7: _still(distance + 0.5, 0.0, -20.0, (1.0, 40.0, 60.0))}
        scene = make_world(
            wall, ground=False, weather=weather, camera=CameraSpec(width=64, height=64)
        )
        renderer.load(*scene)
        frame = renderer.draw("front", 0)
        assert frame.depth_m[32, 32] == pytest.approx(distance - 0.4, rel=1e-5)
        colors[distance] = renderer.scene_linear(64, 64)[32, 32, :3].astype(np.float64)
    # Equal steps of distance leave equal shares of the contrast to the air.
    share = (colors[60.0] - colors[40.0]) / (colors[40.0] - colors[20.0])
    np.testing.assert_allclose(share, np.exp(-3.0 / 100.0 * 20.0), rtol=0.01)


def test_night_is_darker_than_day(renderer, make_world):
    means = []
    for elevation in (0.8, 0.05, -0.5):
        renderer.load(*make_world(light=Light(sun_elevation_rad=elevation)))
        means.append(renderer.draw("front", 0).rgb.mean())
    assert means[0] > means[2] * 2
    assert means[1] > means[2] * 1.5


@pytest.mark.parametrize("cover", [0.0, 0.5, 1.0])
def test_daylight_grows_with_the_sun(cover):
    elevations = np.radians(np.linspace(-18, 80, 80))
    levels = [sky_lux(e, cover) for e in elevations]
    assert (np.diff(levels) > 0).all()
    assert sun_lux(np.radians(-2)) == 0.0
    assert 90_000 < sun_lux(np.radians(60)) < 110_000


def test_exposure_brightens_the_dark_but_never_makes_it_day():
    shown = []
    for elevation in (0.8, 0.0, -0.1, -0.4):
        light = Light(sun_elevation_rad=elevation)
        state = light_state(light, Weather(), town=False)
        flat = state.direct_lux.mean() * max(state.direction[2], 0.0) + state.sky_lux
        shown.append(state.exposure * flat)
    assert all(a > b for a, b in pairwise(shown))


_PROGRAM = """
import hashlib, numpy as np, sys
sys.path.insert(0, sys.argv[1])
from dataclasses import replace
from conftest import coasting, ground_surface, _asset, _scenario
from scenegen import assets, roads
from scenegen.records import RoadNetwork, RoadSpec, Weather
from scenegen.render import make_renderer
network = RoadNetwork(RoadSpec(kind="straight"), {}, (), (), (ground_surface(),), True)
made = {"ego": _asset("ego", (4, 1.8, 1.4)), "box": _asset("box", (1, 2, 1))}
assets.get = assets.placed.get = lambda name, *_: made[name]
roads.build_network = lambda _: network
position = np.zeros((5, 2, 3))
position[:, 1] = (9.0, 1.0, 0.0)
weather = Weather(rain_mmph=8, wetness=0.8, cloud_cover=0.4)
scenario = _scenario({1: made["ego"], 7: made["box"]}, position, None, weather, None)
with make_renderer() as renderer:
    renderer.load(scenario, replace(coasting(scenario.actors, 5), position_m=position))
    frame = renderer.draw("front", 1)
digest = hashlib.sha256()
for name in ("rgb", "depth_m", "instance", "semantic", "normal", "flow_px"):
    digest.update(np.ascontiguousarray(getattr(frame, name)).tobytes())
print(digest.hexdigest())
"""


def test_fresh_processes_draw_the_same_bytes(request):
    here = str(request.path.parent)
    digests = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM, here], check=True, capture_output=True, text=True
        ).stdout
        for _ in range(2)
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == 64
