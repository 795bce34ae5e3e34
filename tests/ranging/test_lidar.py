"""Sweeps of shapes whose ranges are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scenegen.ranging import Lidar, RangingScene, sweep_labels
from scenegen.records import LidarSpec, Weather

PLAIN: dict[str, Any] = {"noise_m": 0.0, "divergence_rad": 0.0, "dropout": 0.0}
"""A sensor that errs in nothing."""


def grid(**changes: Any) -> LidarSpec:
    """Return a LiDAR that looks ahead from the origin."""
    values: dict[str, Any] = {
        "pattern": "raster",
        "channels": 24,
        "columns": 48,
        "elevation_low_rad": -0.3,
        "elevation_high_rad": 0.3,
        "hfov_rad": 0.6,
        "position_m": (0.0, 0.0, 0.0),
    }
    return LidarSpec(**values | changes)


def lidar(world: Any, *things: Any, spec: LidarSpec, **others: Any) -> Lidar:
    return Lidar(RangingScene(*world(*things, sensors={"roof": spec}, **others)), "roof")


def ranges(sweep: Any) -> np.ndarray:
    return np.linalg.norm(sweep.points[:, :3].astype(np.float64), axis=1)


def test_a_wall_is_where_it_is(world: Any, thing: Any) -> None:
    spec = grid(**PLAIN)
    sweep = lidar(world, thing("wall", (20.0, 0, 0)), spec=spec).sweep(0)
    assert len(sweep.points) == spec.channels * spec.columns
    np.testing.assert_allclose(sweep.points[:, 0], 20.0, atol=1e-4)
    assert set(sweep.instance.tolist()) == {2}
    assert set(sweep.semantic.tolist()) == {26}


def test_a_ball_is_round(world: Any, thing: Any) -> None:
    spec = grid(**PLAIN)
    sweep = lidar(world, thing("ball", (12.0, 0.3, -0.2)), spec=spec).sweep(1)
    beams = spec.directions(1).reshape(-1, 3)
    centre = np.array([12.0, 0.3, -0.2])
    along = beams @ centre
    gap = centre @ centre - along**2
    meets = np.flatnonzero(gap < 1.45**2)
    assert set(meets) <= set(sweep.beam.tolist())
    known = dict(zip(sweep.beam.tolist(), ranges(sweep), strict=True))
    expected = along[meets] - np.sqrt(1.5**2 - gap[meets])
    found = np.array([known[beam] for beam in meets])
    # The ball is a polyhedron, whose faces lie a little inside.
    assert np.all((found > expected - 1e-4) & (found < expected + 0.01))


def test_every_column_sees_its_own_moment(world: Any, thing: Any) -> None:
    spec = grid(rate_hz=5, **PLAIN)
    sensor = lidar(
        world, thing("wall", (40.0, 0, 0), velocity_mps=(-8.0, 0, 0)), spec=spec, ego_speed_mps=20.0
    )
    sweep = sensor.sweep(1)
    labels = sweep_labels(sensor.mount, 1, sweep, {2: np.array([[-2.0] * 3, [2.0] * 3])})
    time = labels.times_of(sweep.beam)
    assert time.min() > 0.2
    assert time.max() < 0.4
    np.testing.assert_allclose(sweep.points[:, 0], 40 - 28 * time, atol=1e-3)
    world_points = labels.in_world(sweep.points[:, :3], sweep.beam)
    np.testing.assert_allclose(world_points[:, 0], 40 - 8 * time, atol=1e-3)
    assert labels.objects[0].num_points == len(sweep.points)
    np.testing.assert_allclose(labels.objects[0].box3d.center_m, [40 - 28 * 0.2, 0, 0], atol=1e-9)


def test_joints_turn_between_rows(world: Any, thing: Any) -> None:
    spec = grid(hfov_rad=0.4, **PLAIN)
    sensor = lidar(world, thing("mill", (10.0, 0, 0), turn_radps=4.0), spec=spec)
    sweep = sensor.sweep(2)
    time = 0.2 + (sweep.beam // spec.channels + 0.5) / spec.columns * 0.1
    x, y = sweep.points[:, 0] - 10.0, sweep.points[:, 1]
    turned = [
        np.cos(4 * time) * x + np.sin(4 * time) * y,
        -np.sin(4 * time) * x + np.cos(4 * time) * y,
    ]
    on_side = np.abs(np.abs(turned[1]) - 0.1) < 2e-3
    on_end = np.abs(np.abs(turned[0]) - 2.0) < 2e-3
    assert len(time) > 100
    assert np.all(on_side | on_end)


def test_noise_is_that_of_the_sensor(world: Any, thing: Any) -> None:
    spec = grid(channels=64, columns=128, **PLAIN | {"noise_m": 0.03})
    sweep = lidar(world, thing("wall", (30.0, 0, 0)), spec=spec).sweep(0)
    off = ranges(sweep) - 30.0 / (sweep.points[:, 0] / ranges(sweep))
    assert abs(off.mean()) < 0.002
    assert off.std() == pytest.approx(0.03, rel=0.05)


def test_signs_outshine_and_reach_farther(world: Any, thing: Any) -> None:
    spec = grid(reach_m=40.0, far_m=300.0, **PLAIN)
    grey, far_grey = (
        lidar(world, thing("wall", (x, 0, 0)), spec=spec).sweep(0) for x in (30.0, 250.0)
    )
    sign = lidar(world, thing("sign", (250.0, 0, 0)), spec=spec).sweep(0)
    assert len(far_grey.points) == 0
    assert len(sign.points) > 0
    assert grey.points[:, 3].max() <= 0.4 + 0.1
    assert sign.points[:, 3].min() > 0.7


def test_what_sends_back_a_tenth_is_lost_at_the_reach(world: Any, thing: Any) -> None:
    # Grey sends back half of what a white wall would: sqrt(5) times the reach of a tenth.
    spec = grid(hfov_rad=0.1, elevation_low_rad=-0.05, elevation_high_rad=0.05, **PLAIN)
    spec = spec.model_copy(update={"reach_m": 20.0})
    shares = [
        len(lidar(world, thing("wall", (x, 0, 0)), spec=spec).sweep(0).points) / spec.columns / 24
        for x in (35.0, 60.0)
    ]
    assert shares[0] > 0.95
    assert shares[1] < 0.05


def test_a_split_beam_gives_one_of_its_surfaces(world: Any, thing: Any) -> None:
    spec = grid(**PLAIN | {"divergence_rad": 0.02})
    things = (thing("wall", (60.0, 0, 0)), thing("cube", (10.0, 0, 0)))
    sensor = lidar(world, *things, spec=spec)
    plain = Lidar(RangingScene(*world(*things, sensors={"roof": grid(**PLAIN)})), "roof").sweep(0)
    sweep = sensor.sweep(0)
    assert np.array_equal(sweep.beam, plain.beam)
    changed = sweep.instance != plain.instance
    # The near cube is stronger: some beams that just miss it see it all the same.
    assert 0 < changed.sum() < 120
    assert np.all(sweep.instance[changed] == 3)
    np.testing.assert_allclose(sweep.points[changed, 0], 9.0, atol=0.05)


def test_dropout_takes_its_share(world: Any, thing: Any) -> None:
    spec = grid(channels=64, columns=128, **PLAIN | {"dropout": 0.25})
    sweep = lidar(world, thing("wall", (30.0, 0, 0)), spec=spec).sweep(0)
    assert len(sweep.points) / (64 * 128) == pytest.approx(0.75, abs=0.02)


def test_sweeps_are_those_of_their_key(world: Any, thing: Any) -> None:
    weather = Weather(rain_mmph=20, visibility_m=300)
    first, again = (
        lidar(world, thing("wall", (30.0, 0, 0)), spec=grid(), weather=weather) for _ in range(2)
    )
    first.sweep(0)
    a, b, other = first.sweep(2), again.sweep(2), again.sweep(3)
    assert a.points.tobytes() == b.points.tobytes()
    assert a.points.tobytes() != other.points.tobytes()
    with pytest.raises(IndexError):
        first.sweep(6)


@pytest.mark.parametrize(
    "pattern",
    [
        {"pattern": "spinning", "channels": 16, "columns": 720},
        {"pattern": "raster", "hfov_rad": 1.4},
        {"pattern": "rosette", "hfov_rad": 1.4, "channels": 4, "columns": 700},
    ],
    ids=lambda pattern: str(pattern["pattern"]),
)
def test_sweeps_are_distorted_as_the_sensor_goes_and_turns(
    world: Any, thing: Any, pattern: dict[str, Any]
) -> None:
    spec = grid(rate_hz=5, position_m=(1.5, 0.4, 0.0), **PLAIN | pattern)
    speed, turn = 20.0, 1.2
    sensor = lidar(
        world,
        thing("wall", (30.0, 0, 0)),
        spec=spec,
        ego_speed_mps=speed,
        ego_turn_radps=turn,
    )
    sweep = sensor.sweep(1)
    labels = sweep_labels(sensor.mount, 1, sweep, {2: np.array([[-2.0] * 3, [2.0] * 3])})
    assert len(sweep.points) > 200
    # By hand: where the sensor is at the moment of each beam, and which way the beam goes.
    time = 0.2 + (sweep.beam // spec.channels + 0.5) / spec.columns * 0.2
    beam = spec.directions(1).reshape(-1, 3)[sweep.beam]
    cos, sin = np.cos(turn * time), np.sin(turn * time)
    place = speed * time + cos * 1.5 - sin * 0.4
    expected = (30.0 - place) / (cos * beam[:, 0] - sin * beam[:, 1])
    np.testing.assert_allclose(ranges(sweep), expected, atol=1e-3)
    np.testing.assert_allclose(sweep.points[:, :3], beam * expected[:, None], atol=1e-3)
    # What the labels' poses make of it lies in the wall; a pose of one moment wouldn't do.
    flat = labels.in_world(sweep.points[:, :3], sweep.beam)[:, 0]
    np.testing.assert_allclose(flat, 30.0, atol=1e-3)
    start = np.array(labels.poses[0].world_from_sensor)
    frozen = sweep.points[:, :3] @ start[0, :3] + start[0, 3]
    assert np.abs(frozen - 30.0).max() > 1.0
