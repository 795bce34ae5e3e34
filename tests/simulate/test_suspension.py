"""Bodies that pitch, roll and heave on wheels that stay on the road."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets import WHEEL_TRAVEL_M, body_from_parts
from scenegen.geometry import matrix_from_quaternion, pose
from scenegen.records import Actor, Trajectory
from scenegen.simulate import World, simulate
from scenegen.simulate.recorder import Recorder
from scenegen.simulate.specs import VehicleSpec, vehicle_spec

G = 9.81


def hubs(actor: Actor, trajectory: Trajectory, index: int = 0) -> np.ndarray:
    """Return the heights (T, K) of a vehicle's hubs as they are drawn, world."""
    asset = assets.get(actor.asset_id, actor.variant)
    bodies = pose(trajectory.position_m[:, index], trajectory.quaternion_wxyz[:, index])
    parts = [k for k, part in enumerate(asset.parts) if part.name.startswith("wheel")]
    drawn = body_from_parts(asset, trajectory.articulation[:, index])[:, parts]
    return (bodies[:, None] @ drawn)[:, :, 2, 3]


def pitch_stiffness(spec: VehicleSpec) -> float:
    """Return the moment, N m/rad, that turns a body on its springs about its gravity centre."""
    x = np.array([w.position_m[0] for w in spec.wheels]) - spec.cg_m[0]
    return float(x @ spec.coupling @ x)


def roll_stiffness(spec: VehicleSpec) -> float:
    y = np.array([w.position_m[1] for w in spec.wheels])
    return float(y @ spec.coupling @ y)


@pytest.mark.parametrize(
    "asset_id", ["vehicle.sedan", "vehicle.suv", "vehicle.bus", "vehicle.flatbed_truck"]
)
def test_a_braking_vehicle_dives_by_its_springs_and_keeps_its_wheels_on_the_road(
    build: SimpleNamespace, asset_id: str
) -> None:
    asked = 5.0
    ego = build.actor(
        1,
        asset_id,
        (20, build.lane_y),
        [build.drive(build.straight(build.lane_y), 18.0), build.brake(0.5, asked)],
        speed=18.0,
    )
    trajectory = simulate(build.scene([ego], 6.0))
    radius = assets.get(asset_id, 0).wheels[0].radius_m
    assert hubs(ego, trajectory) == pytest.approx(radius, abs=0.004)
    nose = np.arcsin(matrix_from_quaternion(trajectory.quaternion_wxyz[:, 0])[:, 2, 0])
    spec = vehicle_spec(assets.get(asset_id, 0), ego.mass_kg)
    steady = slice(40, 64)
    slowing = -np.polyfit(trajectory.time_s[steady], trajectory.velocity_mps[steady, 0, 0], 1)[0]
    # Brakes push at the ground: the moment is mass x deceleration x height, and gravity
    # adds its own as the raised body leans.
    moment = spec.mass_kg * slowing * spec.cg_m[2]
    expected = moment / (pitch_stiffness(spec) - spec.mass_kg * G * spec.cg_m[2])
    assert slowing == pytest.approx(asked, rel=0.1)
    assert -nose[steady].mean() == pytest.approx(expected, rel=0.1)
    travel = trajectory.articulation[50, 0, 5:9]
    assert travel[:2].min() > 0.01
    assert travel[2:].max() < -0.01
    assert np.abs(trajectory.articulation[-1, 0, 5:9]).max() < 2e-3


def test_a_body_rolls_outward_in_a_curve_by_its_springs_and_bars(build: SimpleNamespace) -> None:
    radius, speed = 40.0, 12.0
    angle = np.linspace(0, 4 * np.pi, 800)
    path = np.stack([300 + radius * np.sin(angle), radius * (1 - np.cos(angle))], axis=-1)
    laps = build.drive([(x, y) for x, y in path.tolist()], speed, follow=False)
    ego = build.actor(1, "vehicle.suv", (300, 0), [laps], speed=speed)
    scenario = build.scene([ego], 8.0)
    world = World(scenario)
    world.ground.height = lambda xy: np.zeros(len(xy))
    recorder = Recorder(world, 161)
    for row in range(161):
        recorder.write(row)
        if row < 160:
            world.step()
    world.close()
    trajectory = recorder.trajectory()
    spec = vehicle_spec(assets.get("vehicle.suv", 0), ego.mass_kg)
    late = slice(100, 161)
    rate, v = trajectory.angular_velocity_radps[late, 0, 2], trajectory.velocity_mps[late, 0]
    aside = float((rate * np.linalg.norm(v, axis=1)).mean())
    weight, high = spec.mass_kg * G, spec.cg_m[2]
    expected = spec.mass_kg * aside * high / (roll_stiffness(spec) - weight * high)
    rotation = matrix_from_quaternion(trajectory.quaternion_wxyz[late, 0])
    # Positive about x: to the right in a left curve.
    assert np.arcsin(rotation[:, 2, 1]).mean() == pytest.approx(expected, rel=0.1)
    assert np.rad2deg(expected) > 1.0
    radius_m = spec.wheels[0].radius_m
    # Wheels camber with the body: hubs stay within the cosine of a few degrees.
    assert hubs(ego, trajectory)[late] == pytest.approx(radius_m, abs=0.004)


def test_a_wheel_that_leaves_the_road_hangs_down(build: SimpleNamespace) -> None:
    ego = build.actor(1, "vehicle.sedan", (100, build.lane_y), [build.stand], z=0.5)
    trajectory = simulate(build.scene([ego], 3.0))
    travel = trajectory.articulation[:, 0, 5:9]
    low, high = WHEEL_TRAVEL_M
    assert travel.min() < 0.6 * low
    assert travel.max() > 0.03
    assert (travel >= low).all()
    assert (travel <= high).all()
    assert np.abs(travel[-1]).max() < 3e-3
