"""Crashes: momentum, energy, rebound and spin are those of rigid bodies that crush."""

from __future__ import annotations

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from scenegen.records import ConcreteScenario, Lamp
from scenegen.records.concrete import Rates
from scenegen.simulate import simulate
from scenegen.simulate.rebound import restitution
from scenegen.simulate.world import World


class Motion(NamedTuple):
    """Of all vehicles in the plane: masses, yaw inertia, places, velocities and spin."""

    mass_kg: np.ndarray
    inertia: np.ndarray
    position_m: np.ndarray
    velocity_mps: np.ndarray
    spin_radps: np.ndarray

    @property
    def momentum(self) -> np.ndarray:
        """Linear momentum (2,) and angular momentum about the world's origin, as (3,)."""
        linear = self.mass_kg @ self.velocity_mps
        x, y = self.position_m.T
        vx, vy = self.velocity_mps.T
        turning = self.mass_kg @ (x * vy - y * vx) + self.inertia @ self.spin_radps
        return np.array([*linear, turning])

    @property
    def energy(self) -> float:
        """Of the motion in the plane, J."""
        moving = self.mass_kg @ (self.velocity_mps**2).sum(axis=1)
        return float(0.5 * (moving + self.inertia @ self.spin_radps**2))


def motion(world: World) -> Motion:
    """Return how the vehicles of a world move."""
    fleet = world.fleet
    return Motion(
        fleet.mass_kg,
        fleet.inertia[:, 2],
        fleet.position_m[:, :2].copy(),
        fleet.velocity_mps[:, :2].copy(),
        fleet.spin_radps[:, 2].copy(),
    )


def through_the_blow(scenario: ConcreteScenario, steps: int = 1) -> tuple[Motion, Motion]:
    """Return the motion before the first blow and `steps` physics steps later."""
    rates = Rates(physics_hz=240, control_hz=240, camera_hz=10)
    world = World(scenario.model_copy(update={"rates": rates}))
    before = motion(world)
    for _ in range(400):
        world.step()
        if len(world.collisions.ledger.records()):
            break
        before = motion(world)
    for _ in range(steps - 1):
        world.step()
    after = motion(world)
    world.close()
    return before, after


@pytest.mark.parametrize("speed", [5.0, 10.0, 20.0])
def test_a_central_blow_is_that_of_two_masses(build: SimpleNamespace, speed: float) -> None:
    striking = build.actor(1, "vehicle.sedan", (100, 0), speed=speed)
    before, after = through_the_blow(
        build.scene([striking, build.actor(2, "vehicle.compact", (104.8, 0))], 1.0)
    )
    closing = float(-np.diff(before.velocity_mps[:, 0])[0])
    parting = float(np.diff(after.velocity_mps[:, 0])[0])
    share = restitution(closing)
    assert parting / closing == pytest.approx(share, abs=0.01)
    # Tyres and air take a little within a step of 1/240 s.
    np.testing.assert_allclose(after.momentum[:2], before.momentum[:2], rtol=3e-3, atol=1.0)
    a, b = before.mass_kg
    crushed = 0.5 * a * b / (a + b) * closing**2 * (1 - share**2)
    assert before.energy - after.energy == pytest.approx(crushed, rel=0.03)


@pytest.mark.parametrize(
    ("place", "yaw", "speeds"),
    [
        ((107.0, 1.1), np.pi, (14.0, 14.0)),  # half of the fronts
        ((105.0, -3.0), np.pi / 2, (12.0, 6.0)),  # into the side, ahead of the middle
        ((105.0, -2.4), np.deg2rad(35.0), (15.0, 5.0)),  # at an angle
    ],
)
def test_an_eccentric_blow_keeps_momentum_and_turns_both(
    build: SimpleNamespace, place: tuple[float, float], yaw: float, speeds: tuple[float, float]
) -> None:
    first = build.actor(1, "vehicle.sedan", (100, 0), speed=speeds[0])
    second = build.actor(2, "vehicle.estate", place, yaw=yaw, speed=speeds[1])
    before, after = through_the_blow(build.scene([first, second], 1.0), steps=6)
    size = float(np.abs(before.mass_kg[:, None] * before.velocity_mps).sum())
    assert np.abs(after.momentum - before.momentum)[:2].max() < 0.03 * size
    # Turning is about a point near the blow, so that small losses don't weigh by 100 m.
    near = [m._replace(position_m=m.position_m - before.position_m[1]) for m in (before, after)]
    assert abs(near[1].momentum[2] - near[0].momentum[2]) < 0.04 * size * 2.0
    assert after.energy < 0.98 * before.energy
    assert np.abs(after.spin_radps).min() > 0.2
    assert np.abs(after.spin_radps).max() < 8.0


def test_fronts_that_half_meet_turn_both_the_same_way(build: SimpleNamespace) -> None:
    first = build.actor(1, "vehicle.sedan", (100, 0), speed=14.0)
    second = build.actor(2, "vehicle.sedan", (107, 1.1), yaw=np.pi, speed=14.0)
    _, after = through_the_blow(build.scene([first, second], 1.0), steps=6)
    # Each is pushed back on its left, so both turn to the left.
    assert after.spin_radps.min() > 0.3


def test_restitution_falls_with_speed() -> None:
    speeds = np.linspace(0.5, 30.0, 60)
    shares = [restitution(v) for v in speeds]
    assert (np.diff(shares) < 0).all()
    assert 0.25 < restitution(2.0) < 0.4
    assert 0.05 < restitution(12.0) < 0.1


def test_after_a_crash_cars_slide_to_a_stop_with_their_hazard_lights_on(
    build: SimpleNamespace,
) -> None:
    path = build.straight(build.lane_y)
    first = build.actor(
        1, "vehicle.sedan", (60, build.lane_y), [build.drive(path, 14.0, follow=False)], speed=14.0
    )
    second = build.actor(2, "vehicle.estate", (80, build.lane_y - 1.0), yaw=0.4)
    trajectory = simulate(build.scene([first, second], 5.0))
    hit = int(trajectory.contacts["step"][0]) // 12 + 1
    indicators = Lamp.INDICATOR_LEFT | Lamp.INDICATOR_RIGHT
    both = (trajectory.lamps & indicators) == indicators
    assert both[hit:].any(axis=0).all()
    assert not both[: hit - 1].any()
    assert np.linalg.norm(trajectory.velocity_mps[-1], axis=1).max() < 0.1
    gone = np.linalg.norm(trajectory.position_m[-1] - trajectory.position_m[hit], axis=1)
    # Sliding at full friction and braking gently bound how far each can get.
    fastest = np.linalg.norm(trajectory.velocity_mps[hit:], axis=2).max(axis=0)
    assert (gone < 0.5 + fastest**2 / (2 * 3.0)).all()
    assert (gone > fastest**2 / (2 * 12.0) - 0.3).all()
