"""Rain and snow: physical amounts, what they do to the picture, and that truth stays truth."""

from dataclasses import replace

import numpy as np
import pytest

from scenegen.geometry import apply
from scenegen.records import Lamp, Light, RoadSpec, Spot, Weather
from scenegen.records.camera_spec import CameraSpec
from scenegen.render.falling import falling
from scenegen.render.photometry import ground_albedo, light_state
from scenegen.roads import build_network
from scenegen.roads.shelter import Shelter
from scenegen.roads.snow import ROAD, cover, traffic_map

CAMERA = CameraSpec(width=160, height=96, position_m=(0.0, 0.0, 1.5))
TRUTH = ("depth_m", "instance", "semantic", "normal", "flow_px", "flow_valid")


def _still(x, y, z, size):
    return size, np.tile([x, y, z], (5, 1)).astype(float)


def _moving(x, y, z, size):
    return size, np.array([[x + k, y, z] for k in range(5)], dtype=float)


def _drawn(renderer, make_world, weather, boxes=(), light=None):
    renderer.load(*make_world(boxes, weather=weather, camera=CAMERA, light=light))
    return renderer.draw("front", 0)


@pytest.mark.parametrize(
    "weather",
    [
        Weather(rain_mmph=20, wetness=1.0),
        Weather(snow_mmph=3, snow_depth_m=0.1, road_snow=1.0),
        Weather(visibility_m=100),
        Weather(lens_drops=0.8, lens_dirt=0.8),
    ],
    ids=["rain", "snow", "fog", "lens"],
)
def test_weather_changes_the_picture_and_nothing_else(renderer, make_world, weather):
    boxes = {7: _still(9.0, 1.0, 0.0, (1.0, 1.0, 1.0)), 8: _moving(12.0, -2.0, 0.0, (1, 1, 2))}
    fair = _drawn(renderer, make_world, Weather(), boxes)
    foul = _drawn(renderer, make_world, weather, boxes)
    for name in TRUTH:
        np.testing.assert_array_equal(getattr(fair, name), getattr(foul, name), err_msg=name)
    assert (fair.rgb != foul.rgb).any()


def test_snow_lies_on_what_stands_and_not_on_what_drives(renderer, make_world):
    boxes = {7: _still(9.0, 2.0, 0.0, (2.0, 2.0, 0.8)), 8: _moving(9.0, -2.0, 0.0, (2, 2, 0.8))}
    light = Light(sun_azimuth_rad=0.0, sun_elevation_rad=0.9)
    deep = Weather(snow_depth_m=0.3, cloud_cover=1.0)
    bare, white = (
        _drawn(renderer, make_world, weather, boxes, light)
        for weather in (Weather(cloud_cover=1.0), deep)
    )
    up = white.normal[..., 1] < -0.9  # the camera's y points down
    gain = {
        number: white.rgb[up & (white.instance == number)].mean()
        - bare.rgb[up & (bare.instance == number)].mean()
        for number in (7, 8)
    }
    assert gain[7] > gain[8] + 20  # the camera meters both darker


def test_falling_bodies_are_as_many_as_their_distribution_says():
    (rain,) = falling(Weather(rain_mmph=10))
    diameters = np.linspace(1.0, 5.0, 20_001)
    density = np.trapezoid(8000 * np.exp(-4.1 * 10**-0.21 * diameters), diameters)
    assert rain.count * rain.stands_for == pytest.approx(density * rain.box_m**3, rel=1e-4)
    assert falling(Weather()) == ()
    kinds = [bodies.snow for bodies in falling(Weather(rain_mmph=1, snow_mmph=1))]
    assert kinds == [False, True]


def test_fog_shows_the_beam_of_a_lamp_beside_it(renderer, make_world):
    """Above the ground, in a beam that crosses the view, there is light only where there is fog."""
    lamp = Spot((12.0, 6.0, 1.5), (0.0, -1.0, 0.0), 8_000.0, 0.4, (1.0, 1.0, 1.0), Lamp.LOW_BEAM)
    night = Light(sun_elevation_rad=-0.5, moon=0.0)
    shown = {}
    for sight in (50_000.0, 100.0):
        for lit in (False, True):
            weather = Weather(visibility_m=sight, cloud_cover=1.0)
            scenario, trajectory = make_world(
                light=night, weather=weather, camera=CAMERA, spots=(lamp,)
            )
            lamps = np.full_like(trajectory.lamps, int(Lamp.LOW_BEAM) * lit)
            renderer.load(scenario, replace(trajectory, lamps=lamps))
            renderer.draw("front", 0)
            shown[sight, lit] = renderer.scene_linear(160, 96)[46, 60:100].mean()
    assert shown[100.0, True] > shown[100.0, False] + 0.005
    assert shown[50_000.0, True] == pytest.approx(shown[50_000.0, False], abs=1e-4)


def test_drops_stay_where_they_are_on_the_lens(renderer, make_world):
    """Where they change the picture of a still scene, they change it alike in every frame."""
    boxes = {7: _still(6.0, 1.0, 0.0, (1.0, 4.0, 3.0))}
    clean = _drawn(renderer, make_world, Weather(), boxes).rgb.astype(int)
    renderer.load(*make_world(boxes, weather=Weather(lens_drops=1.0), camera=CAMERA))
    first, second = (renderer.draw("front", index).rgb.astype(int) for index in (0, 1))
    changed = np.abs(first - clean).max(axis=-1) > 30
    assert changed.sum() > 100
    assert np.abs(first - second)[changed].mean() < 4


@pytest.mark.parametrize("name", ["rain_mmph", "snow_mmph"])
def test_more_water_falls_at_a_higher_rate(name):
    water = []
    for rate in (1, 5):
        (bodies,) = falling(Weather(**{name: rate}))
        diameters = np.linspace(bodies.least_mm, bodies.largest_mm, 1000)
        share = np.exp(-bodies.slope_per_mm * diameters)
        mean = np.trapezoid(share * diameters**3, diameters) / np.trapezoid(share, diameters)
        water.append(bodies.count * bodies.stands_for * mean)
    assert water[1] > 3 * water[0]


def test_tracks_of_wheels_run_beside_the_middle_of_each_lane():
    network = build_network(RoadSpec(kind="straight", length_m=100))
    worn = traffic_map(network)
    x0, y0, per_x, per_y = worn.place
    height, width = worn.wear.shape

    def wear(x, y):
        return int(worn.wear[int((y - y0) * per_y * height), int((x - x0) * per_x * width)])

    for lane in network.lanes.values():
        if lane.kind != "driving":
            continue
        x, y = lane.centre[len(lane.centre) // 2, :2]
        assert wear(x, y + 0.78) > 150
        assert wear(x, y - 0.78) > 150
        assert 40 < wear(x, y) < 110
    assert wear(x, y0 + 0.5) == 0


def test_snow_lights_the_sky_and_is_not_metered_as_brighter_than_it_is():
    bare, white = (
        light_state(Light(), Weather(snow_depth_m=d, cloud_cover=1.0), town=False)
        for d in (0.0, 0.3)
    )
    assert ground_albedo(Weather()) == 0.14
    assert white.sky_lux > 1.15 * bare.sky_lux
    assert white.exposure < bare.exposure


def test_pictures_show_the_snow_that_other_sensors_meet(renderer, make_world, monkeypatch):
    traffic = traffic_map(build_network(RoadSpec(kind="straight")))
    monkeypatch.setattr("scenegen.render.cover_pass.traffic_map", lambda _: traffic)
    weather = Weather(snow_depth_m=0.02, road_snow=0.45, cloud_cover=1.0)
    scenario, trajectory = make_world((), weather=weather, camera=CAMERA)
    renderer.load(scenario, trajectory)
    frame = renderer.draw("front", 0)
    near = (frame.depth_m > 2) & (frame.depth_m < 8)
    place = frame.camera.unproject(frame.camera.pixel_centres()[near], frame.depth_m[near])
    xy = apply(frame.world_from_camera, place)[:, :2]
    road = np.full(len(xy), ROAD)
    share, _ = cover(weather, traffic, road, xy, np.ones(len(xy)))
    assert 0.2 < share.mean() < 0.8
    assert np.corrcoef(share, frame.rgb[near].mean(axis=1))[0, 1] > 0.9


ROOM = Shelter((-40.0, -6.0, -1.0), (110.0, 6.0, 9.0))


def _inside(frame):
    """Return which pixels show ground that lies far inside of `ROOM`, and which well outside."""
    camera = CAMERA.camera()
    points = camera.pixel_rays() * frame.depth_m[..., None]
    forward, left = points[..., 2], -points[..., 0]
    there = np.isfinite(frame.depth_m)
    return there & (np.abs(left) < 5.5) & (forward < 60), there & (np.abs(left) > 7)


@pytest.mark.parametrize(
    "weather",
    [Weather(wetness=1.0), Weather(snow_depth_m=0.2, road_snow=1.0)],
    ids=["water", "snow"],
)
def test_no_water_stands_and_no_snow_lies_in_a_tunnel(renderer, make_world, monkeypatch, weather):
    # Snow lights the sky, and that lights what is bare, too.
    monkeypatch.setattr("scenegen.render.photometry.ground_albedo", lambda *_: 0.2)
    fair = _fast(renderer, make_world, Weather())
    monkeypatch.setattr("scenegen.render.loaded.shelter_of", lambda _: ROOM)
    foul = _fast(renderer, make_world, weather)
    inside, outside = _inside(fair)
    change = np.abs(foul.rgb.astype(int) - fair.rgb).max(axis=-1)
    assert inside.sum() > 1000
    assert outside.sum() > 500
    assert change[inside].max() <= 1
    assert np.median(change[outside]) > 8


@pytest.mark.parametrize("weather", [Weather(rain_mmph=60), Weather(snow_mmph=8)])
def test_nothing_falls_in_a_tunnel(renderer, make_world, monkeypatch, weather):
    falls = _fast(renderer, make_world, weather)
    monkeypatch.setattr("scenegen.render.loaded.shelter_of", lambda _: ROOM)
    roofed = _fast(renderer, make_world, weather)
    monkeypatch.setattr("scenegen.render.loaded.falling", lambda _: ())
    never = _fast(renderer, make_world, weather)
    inside, _ = _inside(never)
    assert (np.abs(falls.rgb.astype(int) - never.rgb)[inside] > 3).any()
    # Drops before the ground that are outside of the room hardly lie before that within.
    assert (np.abs(roofed.rgb.astype(int) - never.rgb).max(axis=-1)[inside] > 3).mean() < 0.002


def _fast(renderer, make_world, weather):
    renderer.load(*make_world(weather=weather, camera=CAMERA, wettable=True), "fast")
    return renderer.draw("front", 0)
