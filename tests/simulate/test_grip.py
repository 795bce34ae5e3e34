"""Tyres on dry, wet, snowy and icy roads: braking, locking, skidding."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen.geometry import yaw_of
from scenegen.records import Weather
from scenegen.simulate import Command, World, simulate
from scenegen.simulate.actuators import BRAKE_LAG_S
from scenegen.simulate.fleet import Fleet
from scenegen.simulate.grip import DRY, ICE, SNOW, WET, Grip, road_grip

G = 9.81

PUBLISHED = {
    "dry": (DRY, Weather(), (0.80, 0.90), (0.75, 0.75)),
    "wet": (WET, Weather(wetness=1.0), (0.50, 0.70), (0.45, 0.60)),
    "snow": (SNOW, Weather(wetness=0.4, road_snow=1.0), (0.20, 0.20), (0.15, 0.15)),
    "ice": (ICE, Weather(wetness=1.0, road_snow=0.5, ice=1.0), (0.10, 0.10), (0.07, 0.07)),
}
"""Peak and sliding friction as Wong prints it (Theory of Ground Vehicles, table 1.3)."""

TOLERANCE = 0.10
"""By how much of the nearest published value a coefficient may differ."""


@pytest.mark.parametrize("road", PUBLISHED)
def test_coefficients_are_those_published(road: str) -> None:
    grip, weather, peak, sliding = PUBLISHED[road]
    assert (road_grip(weather).peak, road_grip(weather).sliding) == pytest.approx(
        (grip.peak, grip.sliding)
    )
    assert (1 - TOLERANCE) * peak[0] <= grip.peak <= (1 + TOLERANCE) * peak[1]
    assert (1 - TOLERANCE) * sliding[0] <= grip.sliding <= (1 + TOLERANCE) * sliding[1]


def test_every_share_of_ice_lies_between_and_takes_grip() -> None:
    grips = [road_grip(Weather(wetness=0.3, ice=x)) for x in np.linspace(0, 1, 11).tolist()]
    assert (np.diff([g.peak for g in grips]) < 0).all()
    assert all(g.sliding < g.peak for g in grips)


@pytest.mark.parametrize("road", PUBLISHED)
@pytest.mark.parametrize("locks", [False, True])
def test_a_stop_is_as_long_as_the_friction_makes_it(
    build: SimpleNamespace, road: str, locks: bool
) -> None:
    grip, weather, _, _ = PUBLISHED[road]
    mu = grip.sliding if locks else grip.peak
    speed, at_s = 6.0 if mu < 0.3 else 20.0, 0.5
    stop = build.brake(at_s, 20.0)
    stop = stop.model_copy(update={"action": stop.action.model_copy(update={"locks": locks})})
    ego = build.actor(
        1,
        "vehicle.sedan",
        (20, build.lane_y),
        [build.drive(build.straight(build.lane_y), speed), stop],
        speed=speed,
    )
    scenario = build.scene([ego], at_s + 1.2 * speed / (mu * G) + 1.0)
    trajectory = simulate(scenario.model_copy(update={"weather": weather}))
    row = round(at_s * 20)
    distance = trajectory.position_m[-1, 0, 0] - trajectory.position_m[row, 0, 0]
    v = float(np.linalg.norm(trajectory.velocity_mps[row, 0]))
    # The brakes need their lag to build up pressure.
    expected = v**2 / (2 * mu * G) + BRAKE_LAG_S * v
    # On a dry road they lock late: until then, they hold more than a slide does.
    assert distance == pytest.approx(expected, rel=0.1 if locks else 0.06)
    assert np.linalg.norm(trajectory.velocity_mps[-1, 0]) < 0.01


def turned_while_braking(build: SimpleNamespace, anti_lock: bool) -> float:
    ego = build.actor(1, "vehicle.sedan", (100, build.lane_y), speed=20.0)
    world = World(build.scene([ego], 3.0, wetness=1.0))
    for k in range(50):
        world.fleet.set_anti_lock(0, anti_lock)
        # Brake first: what turns before the pressure is there goes on turning.
        world.step({1: Command(0.15 if k > 12 else 0.0, -12.0)})
    yaw = float(yaw_of(world.quaternion_wxyz[0]))
    world.close()
    return yaw


def test_locked_wheels_do_not_steer(build: SimpleNamespace) -> None:
    assert abs(turned_while_braking(build, False)) < 0.01
    assert turned_while_braking(build, True) > 0.1


def curve_of(build: SimpleNamespace, weather: Weather, steer: float) -> float:
    """Return the radius (m) that a car takes at 15 m/s with a steering angle."""
    ego = build.actor(1, "vehicle.sedan", (300, 0), speed=15.0)
    world = World(build.scene([ego], 3.0).model_copy(update={"weather": weather}))
    world.ground.height = lambda xy: np.zeros(len(xy))
    for _ in range(40):
        world.step({1: Command(steer, 0.0)})
    v, rate = float(world.speed_mps[0]), float(world.spin_radps[0, 2])
    world.close()
    return v / rate


def test_a_car_ploughs_on_where_the_road_does_not_hold_its_front(build: SimpleNamespace) -> None:
    steer = 0.05
    dry, icy = (curve_of(build, weather, steer) for weather in (Weather(), Weather(ice=1.0)))
    assert dry == pytest.approx(2.7 / steer, rel=0.25)
    # No tighter than what the friction can bend: v^2 / (mu g) is 230 m.
    assert icy > 0.9 * 15.0**2 / (ICE.peak * G)


def energy(fleet: Fleet) -> float:
    """Return what a vehicle's motion, height and springs hold, J."""
    m, v, w = fleet.mass_kg[0], fleet.velocity_mps[0], fleet.spin_radps[0]
    depth, layout = fleet.contact()[0][0], fleet.layout
    springs = 0.5 * depth @ layout.coupling[0] @ depth + layout.static_n[0] @ depth
    turning = 0.5 * (fleet.inertia[0] * w * w).sum()
    return float(0.5 * m * v @ v + turning + m * G * fleet.position_m[0, 2] + springs)


@pytest.mark.parametrize("grip", [Weather(), Weather(ice=1.0)], ids=["dry", "ice"])
def test_a_skid_loses_energy_until_it_ends(build: SimpleNamespace, grip: Weather) -> None:
    ego = build.actor(1, "vehicle.sedan", (300, 0), speed=12.0)
    world = World(build.scene([ego], 6.0).model_copy(update={"weather": grip}))
    world.ground.height = lambda xy: np.zeros(len(xy))
    world.fleet.velocity_mps[0] = (12.0, 4.0, 0.0)
    world.fleet.spin_radps[0] = (0.0, 0.0, 2.0)
    held = [energy(world.fleet)]
    for k in range(100):
        world.step({1: Command(0.5 * np.sin(0.3 * k), -3.0)})
        held.append(energy(world.fleet))
    world.close()
    assert np.diff(held).max() < 1e-4 * held[0]
    assert held[-1] < 0.9 * held[0]


def test_what_slides_sideways_holds_less_than_what_rolls() -> None:
    half = Grip(1.0, 0.6).mixed(Grip(0.5, 0.2), 0.5)
    assert (half.peak, half.sliding) == (0.75, 0.4)
