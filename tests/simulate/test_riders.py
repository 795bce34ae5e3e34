"""Single-track vehicles: they lean as bends ask, brake with the grip that is left, and stay up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from scenegen import assets
from scenegen.geometry import matrix_from_quaternion
from scenegen.records import ConcreteScenario, RoadSpec, Trajectory, Weather
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.simulate import Command, World, simulate
from scenegen.simulate.grip import DRY, ICE
from scenegen.simulate.riders import BRAKE_SHARE, LEAN_SHARE
from scenegen.simulate.specs import VehicleSpec

G = 9.81
KINDS = ("motorcycle.road", "motorcycle.moped", "motorcycle.kick_scooter", "bicycle.city")


def leans_deg(trajectory: Trajectory, column: int = 0) -> np.ndarray:
    """Return how far a body leans to the right in every row."""
    axes = matrix_from_quaternion(trajectory.quaternion_wxyz[:, column])
    return np.rad2deg(np.arcsin(axes[:, 2, 1]))


def circle(radius: float) -> list[tuple[float, float]]:
    """Return laps to the left from (300, 0) on."""
    angle = np.linspace(0, 6 * np.pi, 1500)
    return [(300 + radius * np.sin(a), radius * (1 - np.cos(a))) for a in angle.tolist()]


def on_a_circle(
    build: SimpleNamespace, asset: str, radius: float, speed: float, **more: Any
) -> World:
    path = build.drive(circle(radius), speed, follow=False, bends="none")
    behaviour = [path, *more.get("then", ())]
    scene = build.scene([build.actor(1, asset, (300, 0), behaviour, speed=speed)], 20.0)
    world = World(scene)
    world.ground.height = lambda xy: np.zeros(len(xy))
    return world


@pytest.mark.parametrize(
    ("asset", "radius", "speed"),
    [
        ("motorcycle.road", 60.0, 17.0),
        ("motorcycle.road", 20.0, 6.0),
        ("motorcycle.moped", 25.0, 10.0),
        ("bicycle.city", 12.0, 6.0),
        ("motorcycle.kick_scooter", 12.0, 5.0),
    ],
)
def test_a_steady_bend_is_ridden_at_the_lean_that_balances_it(
    build: SimpleNamespace, asset: str, radius: float, speed: float
) -> None:
    world = on_a_circle(build, asset, radius, speed)
    leans, sides, places = [], [], []
    for _ in range(240):
        world.step()
        leans.append(np.arcsin(matrix_from_quaternion(world.quaternion_wxyz[0])[2, 1]))
        sides.append(world.speed_mps[0] * world.spin_radps[0, 2])
        x, y = world.fleet.position_m[0, :2]
        places.append(np.hypot(x - 300, y - radius))
    world.close()
    # tan(lean) = v²/(g r), whatever it weighs; to the left, which is negative about x.
    around, v = np.mean(places[-80:]), np.mean(world.speed_mps[0])
    assert np.mean(leans[-80:]) == pytest.approx(-np.arctan(v * v / (G * around)), rel=0.05)
    assert np.ptp(leans[-80:]) < np.deg2rad(1.0)
    assert np.mean(sides[-80:]) == pytest.approx(v * v / around, rel=0.05)
    assert around == pytest.approx(radius, abs=0.6)


def most_braking(spec: VehicleSpec, aside_mps2: float) -> float:
    """Return the deceleration at which the rear wheel's forces make up its share of friction."""
    rear = (spec.rear_axle_m + spec.wheelbase_m - spec.cg_m[0]) / spec.wheelbase_m

    def over(a: float) -> float:
        load = rear - a * spec.cg_m[2] / (G * spec.wheelbase_m)
        return float(np.hypot(a, aside_mps2 * rear / load) - BRAKE_SHARE * DRY.peak * G)

    return float(brentq(over, 0.0, 0.7 * G * rear * spec.wheelbase_m / spec.cg_m[2]))


def test_who_leans_brakes_with_what_the_friction_circle_leaves(build: SimpleNamespace) -> None:
    radius, speed = 60.0, 17.0
    brake = build.brake(6.0, 20.0)
    world = on_a_circle(build, "motorcycle.road", radius, speed, then=[brake])
    together, slowing, wanted = [], [], []
    while world.time_s < 9.0:
        before, fast = world.velocity_mps[0].copy(), world.speed_mps[0]
        world.step()
        if world.time_s > 6.6 and world.speed_mps[0] > 4.0:
            change = (world.velocity_mps[0] - before) / world.control_dt
            ahead = before / np.linalg.norm(before)
            aside = world.speed_mps[0] * world.spin_radps[0, 2]
            slowing.append(-change @ ahead)
            together.append(np.hypot(slowing[-1], aside))
            wanted.append(most_braking(world.fleet.specs[0], fast**2 / radius))
    up = matrix_from_quaternion(world.quaternion_wxyz[0])[2, 2]
    world.close()
    assert len(slowing) > 15
    assert up > 0.9
    assert max(together) < 1.08 * BRAKE_SHARE * DRY.peak * G
    assert np.mean(slowing[:10]) == pytest.approx(np.mean(wanted[:10]), rel=0.15)
    assert slowing[0] < 0.9 * slowing[-1]


@pytest.mark.parametrize("asset", KINDS)
def test_hard_braking_to_a_stand_keeps_the_rear_wheel_down(
    build: SimpleNamespace, asset: str
) -> None:
    path = build.straight(build.lane_y)
    actor = build.actor(
        1, asset, (20, build.lane_y), [build.drive(path, 6.0), build.brake(0.5, 20.0)], speed=6.0
    )
    world = World(build.scene([actor], 4.0))
    least = np.inf
    while world.time_s < 4.0:
        world.step()
        least = min(least, world.fleet.load_n[0, ~world.fleet.layout.steered[0].astype(bool)].min())
    up, speed = matrix_from_quaternion(world.quaternion_wxyz[0])[2, 2], world.speed_mps[0]
    world.close()
    assert least > 0.0
    assert up > 0.999
    assert abs(speed) < 0.05


def test_on_ice_riders_ask_for_no_more_than_it_holds(build: SimpleNamespace) -> None:
    path = build.straight(build.lane_y)
    plan = [build.drive(path, 8.0), build.brake(1.0, 6.0)]
    actor = build.actor(1, "bicycle.city", (20, build.lane_y), plan, speed=8.0)
    scene = build.scene([actor], 6.0).model_copy(update={"weather": Weather(ice=1.0)})
    trajectory = simulate(scene)
    speed = np.linalg.norm(trajectory.velocity_mps[:, 0], axis=1)
    slowing = -np.polyfit(trajectory.time_s[40:100], speed[40:100], 1)[0]
    assert slowing == pytest.approx(BRAKE_SHARE * ICE.peak * G, rel=0.05)
    assert np.abs(leans_deg(trajectory)).max() < 0.5


MANOEUVRE = """
scenario: t
description: t
duration: 10 s
parameters:
  v: {{uniform: [40 km/h, 140 km/h]}}
  a: {{uniform: [1 m/s^2, 6 m/s^2]}}
  over: {{uniform: [2 s, 4 s]}}
road: {{kind: straight, length: 900 m, lanes_forward: 2, lanes_backward: 0, lane_width: 3.75 m,
       shoulder: 2.5 m, surroundings: motorway}}
weather: {weather}
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 20 m}}, behaviour: [stand]}}
actors:
  moto: {{asset: motorcycle.road, place: {{lane: forward_1, s: 120 m}}, speed: v,
         behaviour: [cruise, {entry}]}}
  man: {{asset: person.motorcyclist, place: {{attached_to: moto}}}}
"""
THEN = (
    "{when: {time: 1 s}, do: cut_in, lane: forward_0, over: over}, "
    "{when: {ends: cut_in, delay: 1 s}, do: hard_brake, speed: 20 km/h, deceleration: a}"
)
WITH = (
    "{when: {time: 1 s}, parallel: [{do: cut_in, lane: forward_0, over: over}, "
    "{do: hard_brake, deceleration: a, speed: 20 km/h}]}"
)
AMID = WITH.replace("{do: hard", "{when: {delay: 0.8 s}, do: hard")
SWERVE = (
    "{when: {time: 1 s}, parallel: [{do: swerve, lateral: 1.5 m, over: 1.4 s}, "
    "{do: hard_brake, deceleration: a, speed: 10 km/h}]}"
)


def ridden(entry: str, index: int, weather: str = "{}") -> tuple[ConcreteScenario, Trajectory]:
    text = MANOEUVRE.format(entry=entry, weather=weather)
    scenario = draw(parse_scenario(text, "t.yaml"), 0, index)
    return scenario, simulate(scenario)


def assert_rides_on(scenario: ConcreteScenario, trajectory: Trajectory) -> None:
    k = [a.name for a in scenario.actors].index("moto")
    leans = leans_deg(trajectory, k)
    assert len(trajectory.contacts) == 0, scenario.parameters
    assert np.abs(leans).max() < 34.0, scenario.parameters
    assert np.abs(leans[-10:]).max() < 6.0, scenario.parameters


@pytest.mark.parametrize("entry", [THEN, WITH], ids=["then", "with"])
def test_a_motorcycle_changes_lane_and_brakes(entry: str) -> None:
    for index in range(2):
        assert_rides_on(*ridden(entry, index))


@pytest.mark.slow
@pytest.mark.parametrize(
    "entry", [THEN, WITH, AMID, SWERVE], ids=["then", "with", "amid", "swerve"]
)
@pytest.mark.parametrize("weather", ["{}", "{wetness: 1}"], ids=["dry", "wet"])
def test_motorcycles_that_brake_in_a_manoeuvre_stay_up(entry: str, weather: str) -> None:
    for index in range(20):
        assert_rides_on(*ridden(entry, index, weather))


@pytest.mark.parametrize("speed", [15.0, 28.0, 40.0, 50.0])
def test_no_weave_grows(build: SimpleNamespace, speed: float) -> None:
    path = [(0.0, 0.0), (1500.0, 0.0)]
    road = RoadSpec(kind="straight", length_m=1500.0, verge_m=20.0, surroundings="motorway")
    actor = build.actor(
        1, "motorcycle.road", (100, 1.0), [build.drive(path, speed, follow=False)], speed=speed
    )
    trajectory = simulate(build.scene([actor], 9.0, road=road))
    leans = np.abs(leans_deg(trajectory))
    assert leans[:60].max() > 2.0
    assert leans[120:].max() < 0.1 * leans[:60].max()
    assert np.abs(trajectory.position_m[-20:, 0, 1]).max() < 0.05


def test_who_locks_the_wheels_of_a_motorcycle_in_a_bend_falls(build: SimpleNamespace) -> None:
    lock = build.brake(5.0, 20.0)
    lock = lock.model_copy(update={"action": lock.action.model_copy(update={"locks": True})})
    bike, biker = assets.get("motorcycle.road", 0), assets.get("person.motorcyclist", 0)
    x, y, z = assets.rider_offset(bike, biker)
    path = build.drive(circle(60.0), 16.0, follow=False, bends="none")
    actors = [
        build.actor(1, "motorcycle.road", (300, 0), [path, lock], speed=16.0),
        build.actor(2, "person.motorcyclist", (300 + x, y), z=z, speed=16.0, attached_to=1),
    ]
    trajectory = simulate(build.scene(actors, 9.0))
    before = trajectory.time_s < 5.0
    assert np.abs(leans_deg(trajectory))[before].max() < 34.0
    assert np.abs(leans_deg(trajectory)[-1]) > 60.0
    apart = trajectory.position_m[:, 1] - trajectory.position_m[:, 0]
    assert np.linalg.norm(apart[-1] - apart[0]) > 0.5


def test_an_agent_that_steers_a_bicycle_leans_it(build: SimpleNamespace) -> None:
    actor = build.actor(1, "bicycle.city", (300, 0), speed=6.0)
    world = World(build.scene([actor], 6.0))
    world.ground.height = lambda xy: np.zeros(len(xy))
    radius = 15.0
    steer = float(np.arctan(world.fleet.specs[0].wheelbase_m / radius))
    for _ in range(80):
        world.step({1: Command(steer, 0.15)})
    turned = world.speed_mps[0] / world.spin_radps[0, 2]
    lean = np.arcsin(matrix_from_quaternion(world.quaternion_wxyz[0])[2, 1])
    speed = world.speed_mps[0]
    world.close()
    assert turned == pytest.approx(radius, rel=0.1)
    assert lean == pytest.approx(-np.arctan(speed**2 / (G * radius)), rel=0.1)


def test_shares_leave_something_to_brake_with_at_any_lean() -> None:
    assert LEAN_SHARE < BRAKE_SHARE < 1.0
