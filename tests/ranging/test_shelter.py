"""In a tunnel neither LiDAR nor radar meets rain, snow, or what they leave on the road."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scenegen.ranging import Lidar, Radar, RangingScene
from scenegen.ranging.air import air_of
from scenegen.ranging.backscatter import Backscatter
from scenegen.ranging.optics import PULSE_M
from scenegen.ranging.radar.propagation import falling_loss_db_per_m, loss_db_per_m
from scenegen.ranging.rays import Hits, Rays
from scenegen.ranging.reflectance import Palette
from scenegen.ranging.returns import Surfaces
from scenegen.records import LidarSpec, Material, RadarSpec, RoadSpec, Surface, Weather
from scenegen.roads import build_network
from scenegen.roads.shelter import Shelter

AROUND = Shelter((-200.0, -50.0, -50.0), (200.0, 50.0, 50.0))
AHEAD = Shelter((10.0, -50.0, -50.0), (200.0, 50.0, 50.0))
SNOW = Weather(snow_mmph=4.0, visibility_m=300.0)


def test_what_does_not_count_gives_way_to_the_next_loudest() -> None:
    """Cells that don't count are as if the sensor had none there."""
    air, count = air_of(SNOW, 905e-9), 60_000
    far = round(12 / PULSE_M)
    spec = LidarSpec()
    beyond = spec.near_m + far * PULSE_M
    nothing, endless = np.zeros(count, np.float32), np.full(count, np.inf, np.float32)
    beam, at, loud = Backscatter(spec, air).draw(
        nothing, endless, np.random.default_rng(1), lambda _, range_m: range_m >= beyond
    )
    other = Backscatter(spec.model_copy(update={"near_m": beyond}), air).draw(
        nothing, endless, np.random.default_rng(2)
    )
    assert len(np.unique(beam)) == len(beam)
    assert len(beam) == pytest.approx(len(other[0]), abs=4 * np.sqrt(2 * len(beam)))
    assert len(beam) > 200
    assert at.min() >= beyond
    assert np.median(at) == pytest.approx(np.median(other[1]), rel=0.1)
    assert np.median(loud) == pytest.approx(np.median(other[2]), rel=0.1)


def points_of_air(
    world: Any, cube: Any, shelter: Shelter | None, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setattr("scenegen.ranging.lidar.shelter_of", lambda _: shelter)
    sensors = {"roof": LidarSpec(position_m=(0.0, 0.0, 1.0), dropout=0.0, far_m=60.0)}
    scene = RangingScene(*world(cube, sensors=sensors, weather=SNOW))
    sweep = Lidar(scene, "roof").sweep(0)
    return sweep.points[sweep.semantic == 0]


def test_flakes_are_met_outside_of_the_tunnel_only(
    world: Any, thing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cube = thing("cube", (50.0, 0, 0))
    outside = points_of_air(world, cube, None, monkeypatch)
    assert len(outside) > 500
    assert (outside[:, 0] > 10).any()
    assert len(points_of_air(world, cube, AROUND, monkeypatch)) < 0.02 * len(outside)
    before = points_of_air(world, cube, AHEAD, monkeypatch)
    assert len(before) > 0.5 * len(outside)
    assert (before[:, 0] <= 10.1).all()


def test_roads_are_dry_and_bare_inside() -> None:
    road = RoadSpec(kind="tunnel", length_m=300, tunnel_m=100)
    asphalt = Material("asphalt", (0.15, 0.15, 0.15), roughness=1.0, wettable=True)
    x = np.linspace(20, 280, 521)
    count = len(x)

    def returned(weather: Weather) -> np.ndarray:
        palette, none = Palette(), np.zeros((0, 3), np.float32)
        coat = palette.coat(
            Surface(none, none, none[:, :2], np.zeros((0, 3), np.int32), asphalt, "road")
        )
        network = build_network(road)
        surfaces = Surfaces(palette, weather, 905e-9, np.zeros(0, np.uint16), network, np.zeros(3))
        origins = np.stack([x, 0 * x - 1.6, 0 * x + 3.0], axis=-1).astype(np.float32)
        down = np.tile(np.array([0, 0, -1], np.float32), (count, 1))
        hits = Hits(
            distance_m=np.full(count, 3.0, np.float32),
            semantic=np.full(count, 7, np.uint8),
            instance=np.zeros(count, np.uint16),
            coat=np.full(count, coat, np.int64),
            normal=np.tile(np.array([0, 0, 1], np.float32), (count, 1)),
            cosine=np.full(count, 0.99, np.float32),
        )
        return np.asarray(surfaces.returned(Rays(origins, down, np.zeros(count)), hits))

    dry = returned(Weather())
    deep, outside = (x > 130) & (x < 170), (x < 95) | (x > 205)
    for weather in (Weather(wetness=1.0), Weather(snow_depth_m=0.3, road_snow=1.0)):
        found = returned(weather)
        np.testing.assert_allclose(found[deep], dry[deep], rtol=1e-5)
        assert (np.abs(found[outside] - dry[outside]) > 0.02).mean() > 0.5


def test_a_radar_sees_through_no_rain_in_a_tunnel(
    world: Any, thing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensors = {"nose": RadarSpec(false_alarm_rate=1e-9, position_m=(0.0, 0.0, 0.0))}

    def signal(rate: float, shelter: Shelter | None) -> float:
        monkeypatch.setattr("scenegen.ranging.radar.sensor.shelter_of", lambda _: shelter)
        cube = thing("cube", (20.0, 0, 0))
        weather = Weather(rain_mmph=rate)
        scan = Radar(RangingScene(*world(cube, sensors=sensors, weather=weather)), "nose").scan(0)
        return float(scan.points[scan.instance == 2, 5].max(initial=0.0))

    fair, wet = signal(0, None), signal(40, None)
    assert fair - wet > 6
    assert signal(40, AROUND) == pytest.approx(fair, abs=0.01)
    # At the portal: the radome is wet and so is half of the way, but drops fill no cell inside.
    assert wet + 3 < signal(40, AHEAD) < fair


def test_what_falls_takes_its_part_of_the_loss() -> None:
    fair = loss_db_per_m(Weather())
    for weather in (Weather(rain_mmph=20), Weather(snow_mmph=3), Weather(visibility_m=100)):
        falls = weather.rain_mmph + weather.snow_mmph > 0
        added = loss_db_per_m(weather) - fair
        assert added > 0
        assert falling_loss_db_per_m(weather) == pytest.approx(added if falls else 0.0)
        assert replace(air_of(weather, 905e-9).under_roof).kinds == tuple(
            kind for kind in air_of(weather, 905e-9).kinds if np.isinf(kind.density_per_m3)
        )
