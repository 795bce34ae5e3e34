"""Vehicles against closed-form mechanics."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.geometry import matrix_from_quaternion, yaw_of
from scenegen.records import Lamp, RoadSpec
from scenegen.simulate import Command, World, simulate
from scenegen.simulate.actuators import BRAKE_LAG_S
from scenegen.simulate.drivers import AFTER_CRASH_MPS2
from scenegen.simulate.grip import DRY, WET
from scenegen.simulate.tyres import ABS_SHARE

G = 9.81


@pytest.mark.parametrize("asset", ["vehicle.sedan", "vehicle.van"])
@pytest.mark.parametrize("wetness", [0.0, 1.0])
def test_braking_distance_is_that_of_the_friction(
    build: SimpleNamespace, asset: str, wetness: float
) -> None:
    speed, at_s = 22.0, 0.5
    ego = build.actor(
        1,
        asset,
        (20, build.lane_y),
        [build.drive(build.straight(build.lane_y), speed), build.brake(at_s, 20.0)],
        speed=speed,
    )
    trajectory = simulate(build.scene([ego], 7.0, wetness=wetness))
    row = int(np.flatnonzero(trajectory.time_s >= at_s)[0])
    distance = trajectory.position_m[-1, 0, 0] - trajectory.position_m[row, 0, 0]
    v = np.linalg.norm(trajectory.velocity_mps[row, 0])
    # The brakes need their lag to build up pressure.
    expected = v**2 / (2 * (WET if wetness else DRY).peak * G) + 0.12 * v
    assert distance == pytest.approx(expected, rel=0.05)
    assert np.linalg.norm(trajectory.velocity_mps[-1, 0]) < 0.01


def test_the_nose_dips_while_braking_and_comes_up_again(build: SimpleNamespace) -> None:
    ego = build.actor(
        1,
        "vehicle.sedan",
        (20, build.lane_y),
        [build.drive(build.straight(build.lane_y), 15.0), build.brake(0.5, 20.0)],
        speed=15.0,
    )
    trajectory = simulate(build.scene([ego], 6.0))
    nose = matrix_from_quaternion(trajectory.quaternion_wxyz[:, 0])[:, 2, 0]
    assert np.rad2deg(-nose.min()) == pytest.approx(2.0, abs=1.2)
    assert abs(nose[-1]) < 1e-3
    assert trajectory.lamps[30, 0] & Lamp.BRAKE


def circle(radius: float) -> list[tuple[float, float]]:
    """Return two laps to the left that start at (300, 0) heading along +x."""
    angle = np.linspace(0, 4 * np.pi, 800)
    return list(
        zip(
            (300 + radius * np.sin(angle)).tolist(),
            (radius * (1 - np.cos(angle))).tolist(),
            strict=True,
        )
    )


def test_a_steady_curve_turns_at_speed_over_radius(build: SimpleNamespace) -> None:
    radius, speed = 40.0, 12.0
    ego = build.actor(
        1,
        "vehicle.sedan",
        (300, 0),
        [build.drive(circle(radius), speed, follow=False)],
        speed=speed,
    )
    road = RoadSpec(kind="straight", length_m=600.0, verge_m=0.0, surroundings="motorway")
    world = World(build.scene([ego], 10.0, road=road))
    world.ground.height = lambda xy: np.zeros(len(xy))
    rates, speeds, leans = [], [], []
    for _ in range(160):
        world.step()
        rates.append(world.spin_radps[0, 2])
        speeds.append(world.speed_mps[0])
        leans.append(matrix_from_quaternion(world.quaternion_wxyz[0])[2, 1])
    away = np.hypot(world.position_m[0, 0] - 300, world.position_m[0, 1] - radius)
    world.close()
    assert away == pytest.approx(radius, abs=0.4)
    v = np.mean(speeds[-40:])
    assert np.mean(rates[-40:]) == pytest.approx(v / radius, rel=0.02)
    # Rolls outward, to the right in a left curve: positive about x.
    assert np.rad2deg(np.mean(leans[-40:])) == pytest.approx(1.6, abs=1.2)


def test_too_fast_a_curve_is_not_followed(build: SimpleNamespace) -> None:
    radius, speed = 40.0, 26.0
    ego = build.actor(1, "vehicle.sedan", (300, 0), speed=speed)
    world = World(build.scene([ego], 10.0, wetness=1.0))
    world.ground.height = lambda xy: np.zeros(len(xy))
    steer = np.arctan(world.fleet.specs[0].wheelbase_m / radius)
    worst = 0.0
    for _ in range(60):
        before = world.velocity_mps[0].copy()
        world.step({1: Command(steer, 0.0)})
        worst = max(worst, np.linalg.norm(world.velocity_mps[0] - before) / world.control_dt)
    turned = world.speed_mps[0] / max(abs(world.spin_radps[0, 2]), 1e-6)
    world.close()
    assert worst < 1.1 * WET.peak * G
    assert turned > 1.2 * radius


@pytest.mark.parametrize(
    "asset",
    [
        *("vehicle.compact", "vehicle.van", "vehicle.bus", "vehicle.flatbed_truck"),
        "vehicle.backhoe_loader",  # with wheels of two sizes
    ],
)
def test_a_parked_vehicle_stands_still_on_its_wheels(build: SimpleNamespace, asset: str) -> None:
    ego = build.actor(1, asset, (100, build.lane_y), [build.stand])
    trajectory = simulate(build.scene([ego], 2.0))
    assert np.abs(trajectory.position_m[:, 0] - (100, build.lane_y, 0)).max() < 1e-3
    assert np.abs(trajectory.velocity_mps[-1]).max() < 1e-6
    assert np.ptp(trajectory.articulation[:, 0], axis=0).max() < 1e-6


def test_a_parked_vehicle_holds_on_a_slope(build: SimpleNamespace) -> None:
    ego = build.actor(1, "vehicle.suv", (200, build.lane_y), [build.stand])
    world = World(build.scene([ego], 6.0))
    world.ground.height = lambda xy, near_m=None: 0.12 * (xy[:, 0] - 200)
    for _ in range(90):
        world.step()
    early = world.position_m[0].copy()
    for _ in range(40):
        world.step()
    late = world.position_m[0].copy()
    pitch = matrix_from_quaternion(world.quaternion_wxyz[0])[2, 0]
    world.close()
    assert np.abs(late - early).max() < 1e-4
    assert abs(early[0] - 200) < 0.1
    # The axle below carries more, so the body leans back a little farther than the road.
    assert pitch == pytest.approx(np.sin(np.arctan(0.12)), abs=0.008)


def test_a_wheel_carries_its_static_load_at_rest(build: SimpleNamespace) -> None:
    ego = build.actor(1, "vehicle.estate", (100, build.lane_y), [build.stand])
    world = World(build.scene([ego], 1.0))
    for _ in range(20):
        world.step()
    load, spec = world.fleet.load_n[0], world.fleet.specs[0]
    world.close()
    assert load.sum() == pytest.approx(spec.mass_kg * G, rel=1e-3)
    assert load == pytest.approx(spec.static_load_n, rel=1e-2)
    front = spec.static_load_n[:2].sum() / spec.static_load_n.sum()
    assert front == pytest.approx(spec.kind.front_share, abs=1e-6)


def test_a_bump_rings_down_and_energy_does_not_grow(build: SimpleNamespace) -> None:
    ego = build.actor(1, "vehicle.sedan", (100, build.lane_y), [build.stand], z=0.05)
    trajectory = simulate(build.scene([ego], 4.0))
    z = trajectory.position_m[:, 0, 2]
    # At the 20 Hz of the rows, compare the envelope of each second with the one before.
    envelope = [np.abs(z[k * 20 : (k + 1) * 20]).max() for k in range(4)]
    assert envelope[1] < 0.3 * envelope[0]
    assert envelope[3] < 1e-3


def test_two_cars_keep_their_momentum_when_they_collide(build: SimpleNamespace) -> None:
    a = build.actor(1, "vehicle.sedan", (100, 0), speed=10.0)
    b = build.actor(2, "vehicle.compact", (105.2, 0))
    scenario = build.scene([a, b], 1.0)
    world = World(scenario)
    mass = world.fleet.mass_kg
    before = mass @ world.velocity_mps[:, 0]
    while not len(world.collisions.ledger.records()):
        before = mass @ world.velocity_mps[:, 0]
        world.step()
    after = mass @ world.velocity_mps[:, 0]
    contacts = world.collisions.ledger.records()
    world.close()
    # Between the two rows, tyres and air may have taken a little.
    assert after == pytest.approx(before, rel=0.05)
    assert contacts["closing_speed_mps"][0] == pytest.approx(10.0, abs=0.6)
    assert (contacts["actor_a"][0], contacts["actor_b"][0]) == (1, 2)
    assert contacts["impulse_ns"][0] > 500


def test_a_platoon_does_not_amplify_a_slow_down(build: SimpleNamespace) -> None:
    speed = 15.0
    path = build.straight(build.lane_y)
    cars = [
        build.actor(
            k + 1,
            "vehicle.sedan",
            (200 - 32 * k, build.lane_y),
            [build.drive(path, speed)],
            speed=speed,
        )
        for k in range(4)
    ]
    slow = build.drive(path, 9.0, deceleration_mps2=1.5)
    leader = cars[0].model_copy(
        update={
            "behaviour": (
                cars[0].behaviour[0],
                slow.model_copy(update={"trigger": build.brake(2.0, 1.0).trigger}),
            )
        }
    )
    trajectory = simulate(build.scene([leader, *cars[1:]], 14.0))
    assert len(trajectory.contacts) == 0
    least = trajectory.velocity_mps[:, :, 0].min(axis=0)
    # No follower brakes to below the speed of the one ahead by more than a hair.
    assert np.diff(least).min() > -0.3
    x = trajectory.position_m[:, :, 0]
    assert (x[:, :-1] - x[:, 1:]).min() > 5.0


def test_a_car_keeps_to_its_path_through_a_lane_change(build: SimpleNamespace) -> None:
    x = np.arange(0.0, 400.0, 2.0)
    y = -1.6 - 3.25 / (1 + np.exp(-(x - 120) / 9.0))
    path = list(zip(x.tolist(), y.tolist(), strict=True))
    ego = build.actor(1, "vehicle.sedan", (20, -1.6), [build.drive(path, 20.0)], speed=20.0)
    trajectory = simulate(build.scene([ego], 12.0))
    at = trajectory.position_m[:, 0]
    wanted = np.interp(at[:, 0], x, y)
    assert np.abs(at[:, 1] - wanted).max() < 0.35
    assert abs(at[-1, 1] - y[-1]) < 0.05
    assert np.abs(yaw_of(trajectory.quaternion_wxyz[-1, 0])) < 0.01


def test_a_parked_car_that_is_hit_is_pushed_away(build: SimpleNamespace) -> None:
    parked = build.actor(2, "vehicle.compact", (120, build.lane_y), [build.stand])
    ego = build.actor(
        1,
        "vehicle.sedan",
        (100, build.lane_y),
        [build.drive(build.straight(build.lane_y), 12.0, follow=False)],
        speed=12.0,
    )
    trajectory = simulate(build.scene([ego, parked], 3.0))
    contacts = trajectory.contacts
    assert (contacts["actor_a"][0], contacts["actor_b"][0]) == (1, 2)
    assert contacts["closing_speed_mps"][0] == pytest.approx(12.0, abs=1.0)
    row = int(contacts["step"][0]) // 12
    before, after = trajectory.position_m[row, 1], trajectory.position_m[-1, 1]
    assert np.abs(before - (120, build.lane_y, 0)).max() < 1e-3
    # They stay in touch: the one brakes as a driver does after a crash, the other slides on
    # held wheels, and both together lose what the two forces take from their common mass.
    striking, struck = (assets.get(a.asset_id, 0).mass_kg for a in (ego, parked))
    sliding = ABS_SHARE * DRY.peak * G
    together = (striking * AFTER_CRASH_MPS2 + struck * sliding) / (striking + struck)
    velocity, time = trajectory.velocity_mps[row:, 1, 0], trajectory.time_s[row:]
    settled = (time > time[0] + 0.5) & (velocity > 0.7)
    slowing = -np.polyfit(time[settled], velocity[settled], 1)[0]
    assert slowing == pytest.approx(together, rel=0.04)
    speed = velocity.max()
    assert speed == pytest.approx(12.0 * striking / (striking + struck), rel=0.06)
    # Farther than that only while the brakes build up and until the first row after the hit.
    late = BRAKE_LAG_S + time[1] - time[0]
    assert 0.5 < after[0] - before[0] < speed**2 / (2 * together) + speed * late
    assert abs(trajectory.velocity_mps[-1, 1, 0]) < 0.05
