"""Kerbs trip what slides into them sideways, from the critical sliding velocity on."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.geometry import matrix_from_quaternion
from scenegen.records import RoadSpec, Trajectory
from scenegen.records.base import F64
from scenegen.roads.section import KERB_HEIGHT_M
from scenegen.simulate import simulate
from scenegen.simulate.kerbs import HALF_WIDTH
from scenegen.simulate.rebound import restitution
from scenegen.simulate.specs import vehicle_spec

ROAD = RoadSpec(kind="straight", length_m=100.0, sidewalk_m=4.0)
EDGE_Y = -ROAD.lanes_forward * ROAD.lane_width_m
GAP_M, BRAKING_M2PS2 = 0.4, 8.0


def critical_sliding_mps(asset: str) -> float:
    """Return the speed from which a rigid body that is stopped at its wheels' side rolls over.

    Angular momentum about the kerb, M v h = I w, and the energy left, I w^2 / 2, against
    lifting the centre of gravity over it: NHTSA's critical sliding velocity, with the blow
    half way up the kerb.
    """
    body = assets.get(asset)
    spec = vehicle_spec(body, body.mass_kg)
    half = max(w.position_m[1] for w in spec.wheels)
    height = spec.cg_m[2] - 0.5 * KERB_HEIGHT_M
    inertia = spec.inertia_kgm2[0] / spec.mass_kg + half**2 + height**2
    return float(np.sqrt(2 * 9.81 * inertia * (np.hypot(half, height) - height)) / height)


def slid(build: SimpleNamespace, asset: str, speed: float, duration_s: float) -> Trajectory:
    """Return a slide into a kerb on the right that arrives with about so much speed."""
    wheel = max(assets.get(asset).wheels, key=lambda w: w.position_m[1])
    y = EDGE_Y + wheel.position_m[1] + HALF_WIDTH * wheel.radius_m + GAP_M
    start = build.actor(1, asset, (50.0, y), [build.stand])
    sideways = (0.0, -float(np.sqrt(speed**2 + BRAKING_M2PS2)), 0.0)
    start = start.model_copy(update={"velocity_mps": sideways})
    return simulate(build.scene([start], duration_s, road=ROAD))


def energy_j_per_kg(trajectory: Trajectory, asset: str) -> F64:
    """Return the energy (T,) of the first actor's body, over its mass."""
    body = assets.get(asset)
    spec = vehicle_spec(body, body.mass_kg)
    turned = matrix_from_quaternion(trajectory.quaternion_wxyz[:, 0])
    arm, spin = turned @ np.array(spec.cg_m), trajectory.angular_velocity_radps[:, 0]
    velocity = trajectory.velocity_mps[:, 0] + np.cross(spin, arm)
    about = np.einsum("tji,tj->ti", turned, spin) ** 2 @ np.array(spec.inertia_kgm2)
    height = trajectory.position_m[:, 0, 2] + arm[:, 2]
    return np.asarray(0.5 * ((velocity**2).sum(axis=1) + about / spec.mass_kg) + 9.81 * height)


@pytest.mark.parametrize(
    ("asset", "stays"),
    [("vehicle.sedan", 0.85), ("vehicle.box_truck", 0.7)],
)
def test_it_rolls_over_beyond_its_critical_sliding_velocity_and_not_below(
    build: SimpleNamespace, asset: str, stays: float
) -> None:
    critical = critical_sliding_mps(asset)
    # Springs give way, so the tall tip over from somewhat below what rigid bodies stand.
    below, above = (
        slid(build, asset, stays * critical, 1.6),
        slid(build, asset, 1.1 * critical, 1.6),
    )
    up = matrix_from_quaternion(below.quaternion_wxyz[:, 0])[:, 2, 2]
    assert up.min() > 0.4
    assert up[-1] > up.min() + 0.05  # it has tilted, and is coming back
    # It has stayed on the road: its wheels stand before the kerb.
    track = max(w.position_m[1] for w in assets.get(asset).wheels)
    assert below.position_m[-1, 0, 1] - track > EDGE_Y
    turned = matrix_from_quaternion(above.quaternion_wxyz[:, 0])
    assert turned[:, 2, 2].min() < 0.2
    over = int(turned[:, 2, 2].argmin())
    assert turned[over, 2, 1] > 0.8  # onto its right side, over the kerb
    # In the air and on its side nothing gives it energy.
    energy = energy_j_per_kg(above, asset)[np.flatnonzero(turned[:, 2, 2] < 0.5)]
    assert len(energy) > 5
    assert np.diff(energy).max() < 0.02


def test_a_slow_slide_bounces_back(build: SimpleNamespace) -> None:
    trajectory = slid(build, "vehicle.sedan", 3.0, 0.6)
    across = trajectory.velocity_mps[:, 0, 1]
    assert across.min() < -2.5
    assert across.max() > 0.2
    up = matrix_from_quaternion(trajectory.quaternion_wxyz[:, 0])[:, 2, 2]
    assert up.min() > 0.98
    # The blow is on the record, as one contact with what stands, on the kerb's face.
    (blow,) = trajectory.contacts
    assert (blow["actor_a"], blow["actor_b"]) == (1, 0)
    assert blow["closing_speed_mps"] == pytest.approx(3.0, rel=0.1)
    assert blow["position_m"][1:] == pytest.approx([EDGE_Y, 0.5 * KERB_HEIGHT_M], abs=0.03)
    body = assets.get("vehicle.sedan")
    spec = vehicle_spec(body, body.mass_kg)
    # A point that is below the centre of gravity yields more than the whole body's mass does.
    arm = spec.cg_m[2] - 0.5 * KERB_HEIGHT_M
    felt = 1 / (1 / spec.mass_kg + arm**2 / spec.inertia_kgm2[0])
    bounced = 1 + restitution(float(blow["closing_speed_mps"]))
    assert blow["impulse_ns"] == pytest.approx(felt * bounced * blow["closing_speed_mps"], rel=0.1)


def test_who_drives_straight_onto_a_kerb_climbs_it(build: SimpleNamespace) -> None:
    y = EDGE_Y + 5.0
    drive = build.drive([(50.0, y), (50.0, EDGE_Y - 30.0)], 4.0, follow=False)
    start = build.actor(1, "vehicle.suv", (50.0, y), [drive], yaw=-np.pi / 2, speed=4.0)
    trajectory = simulate(build.scene([start], 2.0, road=ROAD))
    assert trajectory.position_m[-1, 0, 1] < EDGE_Y - 1.0
    assert -trajectory.velocity_mps[:, 0, 1].max() > 2.5
    assert not len(trajectory.contacts)
