"""Loads, bicycles and their riders: carried, let go, fallen."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets import rider_offset
from scenegen.geometry import matrix_from_quaternion
from scenegen.records import Actor, Intent, Manoeuvre, Release, Trigger
from scenegen.simulate import simulate

RELEASE = Manoeuvre(trigger=Trigger(kind="time", value=1.0), action=Release())


def test_a_thing_falls_freely_and_comes_to_rest(build: SimpleNamespace) -> None:
    crate = build.actor(1, "debris.crate", (100, 0), z=3.0)
    trajectory = simulate(build.scene([crate], 5.0))
    t, z = trajectory.time_s[:15], trajectory.position_m[:15, 0, 2]
    # Stepping at 240 Hz falls g t dt / 2 further than the parabola.
    assert z == pytest.approx(3.0 - 0.5 * 9.81 * t * (t + 1 / 240), abs=1e-6)
    assert trajectory.position_m[-1, 0, 2] == pytest.approx(0.0, abs=0.01)
    assert np.linalg.norm(trajectory.velocity_mps[-1, 0]) < 0.02


def lorry_and_load(build: SimpleNamespace, side_m: float) -> tuple[Actor, Actor]:
    bed = assets.get("vehicle.flatbed_truck", 0).anchors["bed"]
    path = build.straight(build.lane_y)
    lorry = build.actor(
        1, "vehicle.flatbed_truck", (60, build.lane_y), [build.drive(path, 15.0)], speed=15.0
    )
    load = build.actor(
        2,
        "debris.crate",
        (60 + bed[0], build.lane_y + bed[1] + side_m),
        [RELEASE],
        z=bed[2] + 0.005,
        speed=15.0,
        attached_to=1,
    )
    return lorry, load


def test_a_load_is_carried_rigidly_and_lies_on_the_bed_after_release(
    build: SimpleNamespace,
) -> None:
    trajectory = simulate(build.scene(lorry_and_load(build, 0.0), 3.0))
    apart = trajectory.position_m[:, 1] - trajectory.position_m[:, 0]
    assert np.abs(apart[:20] - apart[0]).max() < 0.01
    assert np.abs(apart[-1] - apart[0]).max() < 0.05
    # Lying where it lay is no collision.
    assert len(trajectory.contacts) == 0


def test_a_load_beside_the_bed_falls_with_gravity(build: SimpleNamespace) -> None:
    lorry, load = lorry_and_load(build, 1.9)
    trajectory = simulate(build.scene([lorry, load], 3.0))
    t = np.arange(9) / 20
    z = trajectory.position_m[20:29, 1, 2]
    assert z == pytest.approx(z[0] - 0.5 * 9.81 * t * (t + 1 / 240), abs=0.02)
    assert trajectory.velocity_mps[28, 1, 0] == pytest.approx(15.0, abs=0.3)
    assert trajectory.velocity_mps[-1, 1, 0] < 12.0


def cyclist(
    build: SimpleNamespace, xy: tuple[float, float], yaw: float, path: object
) -> list[Actor]:
    bicycle, rider = assets.get("bicycle.city", 0), assets.get("person.rider", 0)
    x, y, z = rider_offset(bicycle, rider)
    turn = np.array([[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]])
    seat = np.array(xy) + turn @ (x, y)
    return [
        build.actor(2, "bicycle.city", xy, [build.drive(path, 5.0)], yaw=yaw, speed=5.0),
        build.actor(
            3,
            "person.rider",
            (float(seat[0]), float(seat[1])),
            z=z,
            yaw=yaw,
            speed=5.0,
            attached_to=2,
        ),
    ]


def test_a_cyclist_leans_into_a_curve_and_pedals(build: SimpleNamespace) -> None:
    angle = np.linspace(0, 4.0, 200)
    radius = 12.0
    path = list(
        zip(
            (100 + radius * np.sin(angle)).tolist(),
            (radius * (1 - np.cos(angle))).tolist(),
            strict=True,
        )
    )
    ego = build.actor(1, "vehicle.sedan", (20, build.lane_y), [build.stand])
    riders = cyclist(build, (100.0, 0.0), 0.0, path)
    riders[0] = riders[0].model_copy(update={"behaviour": (build.drive(path, 5.0, follow=False),)})
    trajectory = simulate(build.scene([ego, *riders], 4.0))
    lean = np.arcsin(matrix_from_quaternion(trajectory.quaternion_wxyz[50:75, 1])[:, 2, 1])
    assert lean.mean() == pytest.approx(-np.arctan(25 / (radius * 9.81)), abs=0.05)
    crank = np.unwrap(trajectory.articulation[:, 1, 3])
    assert crank[-1] - crank[0] == pytest.approx(5.0 * 4.0 / 0.34 / 2.4, rel=0.1)
    assert np.ptp(trajectory.articulation[:, 2, 10]) > 0.5


def test_a_cyclist_hit_by_a_car_is_thrown(build: SimpleNamespace) -> None:
    ego = build.actor(
        1,
        "vehicle.sedan",
        (80, build.lane_y),
        [build.drive(build.straight(build.lane_y), 13.0, follow=False)],
        speed=13.0,
    )
    path = [(110.0, -15.0), (110.0, 30.0)]
    riders = cyclist(build, (110.0, -11.5), np.pi / 2, path)
    trajectory = simulate(build.scene([ego, *riders], 7.0))
    assert trajectory.intent[-1, 2] == Intent.STRUCK
    assert trajectory.intent[0, 2] == Intent.CROSSING
    apart = trajectory.position_m[:, 2] - trajectory.position_m[:, 1]
    assert np.linalg.norm(apart[-1]) > 0.5
    up = matrix_from_quaternion(trajectory.quaternion_wxyz[-1])[:, 2, 2]
    assert abs(up[1]) < 0.6
    assert abs(up[2]) < 0.6
    assert np.linalg.norm(trajectory.velocity_mps[-1, 1:], axis=1).max() < 1.0
