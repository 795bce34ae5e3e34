"""A tractor and its semitrailer: held together, off-tracking by geometry, braking in line."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.geometry import matrix_from_quaternion, wrap_angle, yaw_of
from scenegen.records import Actor, Lamp, RoadSpec, Trajectory
from scenegen.simulate import simulate
from scenegen.simulate.specs import vehicle_spec

RADIUS = 20.0
ROAD = RoadSpec(kind="straight", length_m=400.0, lanes_forward=4, lanes_backward=4)
TRACTOR, TRAILER = assets.get("vehicle.tractor"), assets.get("trailer.semi")
WHEEL, PIN = np.array(TRACTOR.anchors["fifth_wheel"]), np.array(TRAILER.anchors["kingpin"])
BOGIE = float(np.mean([wheel.position_m[0] for wheel in TRAILER.wheels]))


def lorry(build: SimpleNamespace, xy: tuple[float, float], plan: list, speed: float) -> list[Actor]:
    """Return a tractor and its semitrailer in line."""
    behind = (xy[0] + WHEEL[0] - PIN[0], xy[1])
    return [
        build.actor(1, "vehicle.tractor", xy, plan, speed=speed),
        build.actor(2, "trailer.semi", behind, speed=speed, attached_to=1),
    ]


def joint(trajectory: Trajectory) -> tuple[np.ndarray, np.ndarray]:
    """Return fifth wheel and kingpin (T, 3) in the world."""
    turn = matrix_from_quaternion(trajectory.quaternion_wxyz)
    places = trajectory.position_m
    return places[:, 0] + turn[:, 0] @ WHEEL, places[:, 1] + turn[:, 1] @ PIN


def test_a_semitrailer_off_tracks_as_its_length_says(build: SimpleNamespace) -> None:
    angle = np.linspace(0.0, 3.6, 150)[1:]
    arc = zip(75 + RADIUS * np.sin(angle), RADIUS * (1 - np.cos(angle)) - 14, strict=True)
    drive = build.drive([(0.0, -14.0), (75.0, -14.0), *arc], 4.0, follow=False)
    trajectory = simulate(build.scene(lorry(build, (66, -14), [drive], 4.0), 17.0, road=ROAD))
    wheel, pin = joint(trajectory)
    assert np.linalg.norm(wheel - pin, axis=1).max() < 0.005
    turn = matrix_from_quaternion(trajectory.quaternion_wxyz[:, 1])
    bogie = trajectory.position_m[:, 1] + turn @ np.array([BOGIE, 0.0, 0.0])
    middle = np.array([75.0, RADIUS - 14.0])
    ahead, behind = (np.hypot(*(p[-1, :2] - middle)) for p in (pin, bogie))
    # In a steady turn the line from the kingpin to the bogie touches the bogie's circle.
    length = PIN[0] - BOGIE
    assert behind == pytest.approx(np.sqrt(ahead**2 - length**2), rel=0.01)
    assert ahead - behind > 1.5
    yaw = yaw_of(trajectory.quaternion_wxyz)
    hitch = wrap_angle(yaw[:, 0] - yaw[:, 1])
    assert float(hitch.max()) < np.deg2rad(40.0)
    assert len(trajectory.contacts) == 0


def test_a_lorry_brakes_in_line_and_then_stands_level(build: SimpleNamespace) -> None:
    plan = [build.drive(build.straight(-8.0), 15.0, follow=False), build.brake(1.0, 5.0)]
    trajectory = simulate(build.scene(lorry(build, (60, -8), plan, 15.0), 7.0, road=ROAD))
    assert np.linalg.norm(trajectory.velocity_mps[-1], axis=1).max() < 0.05
    gone = trajectory.position_m[-1, :, 0] - trajectory.position_m[20, :, 0]
    assert gone == pytest.approx(15.0**2 / (2 * 5.0), rel=0.15)
    assert np.abs(yaw_of(trajectory.quaternion_wxyz)).max() < 0.01
    assert np.abs(trajectory.position_m[-1, :, 2]).max() < 0.01
    lit = (trajectory.lamps & Lamp.BRAKE) > 0
    assert (lit[30:60].all(axis=0)).all()
    assert not lit[:20].any()


def test_the_kingpin_carries_its_share() -> None:
    tractor = vehicle_spec(TRACTOR, TRACTOR.mass_kg, hitched_kg=TRAILER.mass_kg)
    trailer = vehicle_spec(TRAILER, TRAILER.mass_kg)
    both = tractor.static_load_n.sum() + trailer.static_load_n.sum()
    assert both == pytest.approx(9.81 * (TRACTOR.mass_kg + TRAILER.mass_kg))
    assert min(tractor.static_load_n.min(), trailer.static_load_n.min()) > 9000.0


def test_an_engine_pulls_the_whole_train(build: SimpleNamespace) -> None:
    alone, pulling = (
        simulate(build.scene(actors, 3.0, road=ROAD)).velocity_mps[-1, 0, 0]
        for drive in [build.drive(build.straight(-8.0), 15.0, acceleration_mps2=1.0)]
        for actors in (
            lorry(build, (60, -8), [drive], 5.0)[:1],
            lorry(build, (60, -8), [drive], 5.0),
        )
    )
    assert pulling == pytest.approx(alone, abs=0.25)
