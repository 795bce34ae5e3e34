"""Scans of shapes whose ranges and speeds are known, and cross-sections of real assets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scenegen import assets
from scenegen.ranging import Radar, RangingScene, scan_labels
from scenegen.ranging.radar.bodies import scatterers
from scenegen.ranging.radar.motion import motion_of
from scenegen.records import RadarSpec, Scan, Weather

QUIET: dict[str, Any] = {"false_alarm_rate": 1e-9, "position_m": (0.0, 0.0, 0.0)}


def radar(world: Any, *things: Any, spec: RadarSpec, **others: Any) -> Radar:
    return Radar(RangingScene(*world(*things, sensors={"nose": spec}, **others)), "nose")


def test_an_approaching_cube(world: Any, thing: Any) -> None:
    spec = RadarSpec(**QUIET)
    cube = thing("cube", (40.0, 0, 0), velocity_mps=(-8.0, 0, 0))
    sensor = radar(world, cube, spec=spec, ego_speed_mps=20.0)
    scan = sensor.scan(2)
    assert set(scan.instance.tolist()) == {2}
    assert scan.points[:, 3].mean() == pytest.approx(-28.0, abs=0.1)
    # 40 m less 28 m/s for 0.2 s, less half of the cube.
    assert scan.points[0, 0] == pytest.approx(40 - 28 * 0.2 - 1, abs=0.2)
    assert np.abs(scan.points[:, 1]).max() < 0.05
    assert not scan.points[:, 2].any()
    labels = scan_labels(sensor.mount, 2, scan, {2: np.array([[-1.0] * 3, [1.0] * 3])})
    np.testing.assert_allclose(labels.over_ground(scan), -8.0, atol=0.1)
    np.testing.assert_allclose(labels.in_world(scan)[0], [37.4, 0, 0], atol=0.6)
    assert labels.velocity_mps == pytest.approx((20.0, 0, 0))
    assert labels.objects[0].num_points == len(scan.points)


def test_what_stands_aside_is_slower(world: Any, thing: Any) -> None:
    spec = RadarSpec(hfov_rad=2.0, **QUIET)
    scan = radar(world, thing("cube", (20.0, 15.0, 0)), spec=spec, ego_speed_mps=20.0).scan(0)
    assert len(scan.points)
    # 4/5 of the ego's speed at the cube's middle.
    np.testing.assert_allclose(scan.points[:, 3], -20 * np.cos(scan.points[:, 1]), atol=0.5)
    assert np.median(scan.points[:, 3]) == pytest.approx(-16, abs=0.7)


def test_ranges_and_speeds_fold(world: Any, thing: Any) -> None:
    spec = RadarSpec(far_m=30, max_speed_mps=10, **QUIET)
    cube = thing("cube", (40.0, 0, 0), velocity_mps=(-8.0, 0, 0))
    scan = radar(world, cube, spec=spec, ego_speed_mps=20.0).scan(0)
    assert scan.points[0, 0] == pytest.approx(39 - 30, abs=0.2)
    assert scan.points[:, 3].mean() == pytest.approx(-28 + 20, abs=0.1)


def test_a_near_cube_has_a_ghost(world: Any, thing: Any) -> None:
    spec = RadarSpec(**QUIET)
    cube = thing("cube", (10.0, 0, 0), velocity_mps=(2.0, 0, 0))
    scan = radar(world, cube, spec=spec).scan(1)
    ghost = scan.points[scan.instance == 0]
    assert len(ghost)
    assert not scan.semantic[scan.instance == 0].any()
    np.testing.assert_allclose(ghost[:, 0], 2 * (9 + 0.2), atol=0.7)
    np.testing.assert_allclose(ghost[:, 3], 4.0, atol=0.3)
    direct = scan.points[scan.instance == 2]
    # 40 dB of range, and σ₁ σ₂ / ((4π)² r⁴) is 36 dB and more below 10 m² each.
    assert direct[:, 5].max() - ghost[:, 5].max() > 30
    far = thing("cube", (60.0, 0, 0))
    assert (radar(world, far, spec=spec).scan(1).instance == 2).all()


def test_what_lies_behind_is_hidden(world: Any, thing: Any) -> None:
    spec = RadarSpec(**QUIET)
    far, near = thing("cube", (40.0, 0, 0)), thing("cube", (20.0, 0, 0))
    both = radar(world, far, near, spec=spec).scan(0)
    assert set(both.instance.tolist()) - {0} == {3}
    beside = radar(world, far, thing("cube", (20.0, 3.0, 0)), spec=spec).scan(0)
    assert 2 in beside.instance


def test_rain_dims_by_what_lies_between(world: Any, thing: Any) -> None:
    spec = RadarSpec(**QUIET)
    away = thing("cube", (100.0, 0, 0), velocity_mps=(10.0, 0, 0))
    dry, wet = (
        radar(world, away, spec=spec, weather=Weather(rain_mmph=rate)) for rate in (0.0, 30.0)
    )
    signal = [sensor.scan(0).points[0, 5] for sensor in (dry, wet)]
    # The same draws: 1.12 * 30^0.709 dB/km, 99 m there and back; noise is small beside it.
    assert signal[0] - signal[1] == pytest.approx(2 * 0.099 * 1.12 * 30**0.709, abs=0.3)


def test_scans_are_those_of_their_key(world: Any, thing: Any) -> None:
    spec = RadarSpec(position_m=(0, 0, 0), false_alarm_rate=1e-5)
    first, again = (radar(world, thing("cube", (30.0, 0, 0)), spec=spec) for _ in range(2))
    first.scan(0)

    def content(scan: Scan) -> bytes:
        return scan.points.tobytes() + scan.instance.tobytes()

    assert content(first.scan(2)) == content(again.scan(2))
    assert content(first.scan(2)) != content(again.scan(3))
    with pytest.raises(IndexError):
        first.scan(6)


def test_turning_parts_have_speeds_of_their_own(world: Any, thing: Any) -> None:
    mill = thing("mill", (10.0, 0, 0), velocity_mps=(3.0, 0, 0), turn_radps=4.0)
    _, trajectory = world(mill, sensors={"nose": RadarSpec()})
    motion = motion_of(trajectory, assets.get("mill"), 1, 0.12)
    tip = np.array([[2.0, 0, 0]])
    place = (motion.world_from_parts[1] @ np.append(tip, 1.0))[None, :3]
    turned = 4 * 0.12
    np.testing.assert_allclose(place[0], [10.36 + 2 * np.cos(turned), 2 * np.sin(turned), 0])
    found = motion.velocities(np.array([1]), tip, place)
    expected = [3 - 8 * np.sin(turned), 8 * np.cos(turned), 0]
    np.testing.assert_allclose(found[0], expected, atol=1e-6)


def rcs_db(asset_id: str, degrees: float) -> float:
    points, asset = scatterers(asset_id, 0), assets.get(asset_id, 0)
    turn = assets.body_from_parts(asset, np.zeros(len(asset.joints)))[points.part, :3, :3]
    angle = np.radians(degrees)
    towards = np.array([np.cos(angle), np.sin(angle), 0.0])
    return float(10 * np.log10(points.seen_m2(np.einsum("kji,j->ki", turn, towards)).sum()))


@pytest.mark.parametrize(
    ("asset_id", "degrees", "low", "high"),
    [
        ("vehicle.sedan", 0, 5, 13),
        ("vehicle.sedan", 180, 5, 13),
        ("vehicle.sedan", 90, 13, 20),
        ("vehicle.sedan", 50, -2, 8),
        ("vehicle.box_truck", 180, 15, 25),
        ("vehicle.articulated_lorry", 90, 22, 35),
        ("vehicle.bus", 90, 22, 35),
        ("person.adult", 30, -10, -6),
        ("person.child", 0, -14, -8),
        ("bicycle.city", 90, -5, 5),
    ],
)
def test_bodies_are_as_large_as_measured(
    asset_id: str, degrees: float, low: float, high: float
) -> None:
    assert low < rcs_db(asset_id, degrees) < high


def test_points_lie_on_the_body() -> None:
    points, asset = scatterers("vehicle.sedan", 0), assets.get("vehicle.sedan", 0)
    parts = assets.body_from_parts(asset, np.zeros(len(asset.joints)))[points.part]
    place = np.einsum("kij,kmj->kmi", parts[:, :3, :3], points.places) + parts[:, None, :3, 3]
    low, high = asset.bounds_m
    assert np.all((place >= low - 1e-3) & (place <= high + 1e-3))
    assert np.ptp(place[..., 0]) > 0.95 * 4.5
    assert (points.part > 0).sum() == 4
