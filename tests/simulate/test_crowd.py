"""Crowds: who avoids others touches nobody, keeps to the pavement and arrives."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.records import Actor, Manoeuvre, Trajectory, Walk
from scenegen.seeds import named_generator
from scenegen.simulate import simulate
from scenegen.simulate.orca import HORIZON_S, keep_clear, nearest_allowed


def stroller(
    build: SimpleNamespace,
    number: int,
    start: tuple[float, float],
    end: tuple[float, float],
    speed: float,
    **fields: object,
) -> Actor:
    yaw = float(np.arctan2(end[1] - start[1], end[0] - start[0]))
    way = Walk(path=(start, end), speed_mps=speed, avoid=True, **fields)
    asset = ("person.adult", "person.elder", "person.child")[number % 3]
    return build.actor(number, asset, start, [Manoeuvre(action=way)], yaw=yaw)


def closest(trajectory: Trajectory, actors: list[Actor]) -> float:
    """Return the least gap (m) between any two bodies' collision shapes."""
    radius = np.array([assets.get(a.asset_id, 0).collision[0].size_m[0] for a in actors])
    xy = trajectory.position_m[:, : len(actors), :2]
    apart = np.linalg.norm(xy[:, :, None] - xy[:, None], axis=-1)
    gap = apart - radius[:, None] - radius[None]
    return float(gap[:, ~np.eye(len(actors), dtype=bool)].min())


@pytest.mark.parametrize("seed", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in (1, 2))])
def test_two_streams_pass_through_each_other_without_touching(
    build: SimpleNamespace, seed: int
) -> None:
    rng = named_generator("test crowd", str(seed))
    actors = []
    for k in range(10):
        side = 1 if k % 2 else -1
        x, y = 100 - side * (3 + 1.0 * (k // 2)), -6.0 + rng.uniform(-1.2, 1.2)
        speed = float(rng.uniform(0.9, 1.7))
        actors.append(stroller(build, k + 1, (x, y), (x + side * 30.0, y), speed))
    trajectory = simulate(build.scene(actors, 9.0))
    assert closest(trajectory, actors) > 0.0
    assert len(trajectory.contacts) == 0
    # Nobody is stuck: all have got along, most of them through all the others.
    moved = np.abs(trajectory.position_m[-1, :, 0] - trajectory.position_m[0, :, 0])
    assert moved.min() > 4.0
    assert np.median(moved) > 7.0
    speeds = np.linalg.norm(trajectory.velocity_mps, axis=-1)
    assert speeds.max() < 1.3 * 1.7


def jitter_hz(trajectory: Trajectory) -> float:
    """Return how often people begin to turn back at once, both ways faster than 20 deg/s."""
    w, z = trajectory.quaternion_wxyz[..., 0], trajectory.quaternion_wxyz[..., 3]
    turning = np.diff(np.unwrap(2 * np.arctan2(z, w), axis=0), axis=0)
    seconds = float(trajectory.time_s[-1])
    fast = np.abs(turning) > np.radians(20) * seconds / len(turning)
    return float((fast[1:] & fast[:-1] & (turning[1:] * turning[:-1] < 0)).sum(axis=0).max()) / (
        seconds
    )


@pytest.mark.parametrize("seed", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in (1, 2))])
def test_twenty_on_a_pavement_neither_touch_nor_jitter(build: SimpleNamespace, seed: int) -> None:
    rng = named_generator("test crowd of 20", str(seed))
    people, pushed = [], []
    for k in range(20):
        side, off = (1, 0.0) if k % 2 else (-1, np.pi)
        x, y = 100 - side * (2 + 2.2 * (k // 2)), -6 + float(rng.uniform(-1.3, 1.3))
        room = (1.75 - side * (y + 6), 1.75 + side * (y + 6))
        speed = float(rng.uniform(0.9, 1.6))
        people.append(stroller(build, k + 1, (x, y), (x + side * 40, y), speed, room_m=room))
        if k in (4, 5):
            chair, carer = assets.get("pushed.pushchair", 0), assets.get(people[k].asset_id, 0)
            ahead = x + side * assets.pushed_offset(chair, carer)[0]
            pushed.append(
                build.actor(17 + k, "pushed.pushchair", (ahead, y), yaw=off, attached_to=k + 1)
            )
    trajectory = simulate(build.scene([*people, *pushed], 4.0))
    assert closest(trajectory, people) > 0.05
    assert len(trajectory.contacts) == 0
    assert jitter_hz(trajectory) < 0.6
    strides = np.abs(np.diff(trajectory.velocity_mps[:, :20, :2], axis=0)) * 20
    assert np.sqrt((strides**2).mean()) < 1.0
    # Their chairs keep clear of everybody's middle.
    xy = trajectory.position_m[:, :, :2]
    for j in (20, 21):
        others = [k for k in range(20) if k != (4, 5)[j - 20]]
        apart = np.linalg.norm(xy[:, others] - xy[:, None, j], axis=-1)
        assert apart.min() > 0.5


def test_a_ring_of_people_changes_places(build: SimpleNamespace) -> None:
    angle = np.arange(6) * (np.pi / 3)
    ring = np.stack([100 + 5 * np.cos(angle), -30 + 5 * np.sin(angle)], axis=1)
    actors = [
        stroller(build, k + 1, tuple(ring[k].tolist()), tuple(ring[(k + 3) % 6].tolist()), 1.3)
        for k in range(6)
    ]
    trajectory = simulate(build.scene(actors, 11.0))
    assert closest(trajectory, actors) > 0.0
    away = np.linalg.norm(trajectory.position_m[-1, :, :2] - np.roll(ring, -3, axis=0), axis=1)
    assert away.max() < 0.8


def test_people_walk_round_a_parked_car_and_those_who_stand(build: SimpleNamespace) -> None:
    car = build.actor(1, "vehicle.sedan", (100, 0), [build.stand])
    pole = build.actor(2, "person.adult", (106, 0.1), [build.stand])
    walker = stroller(build, 3, (96.0, 0.0), (109.0, 0.0), 1.4)
    trajectory = simulate(build.scene([car, pole, walker], 13.0))
    assert len(trajectory.contacts) == 0
    at = trajectory.position_m[:, 2, :2]
    beside = np.abs(at[np.abs(at[:, 0] - 100) < 2.2, 1])
    assert beside.min() > 0.5 * 1.75
    assert np.linalg.norm(at[-1] - (109.0, 0.0)) < 0.8


def test_a_crowd_keeps_to_the_strip_it_walks_on(build: SimpleNamespace) -> None:
    actors = [
        stroller(build, k + 1, (100 + 2.0 * s * k, -6.0), (100 - s * 9, -6.0), 1.2, room_m=(1, 1))
        for k in range(6)
        for s in (1 if k % 2 else -1,)
    ]
    trajectory = simulate(build.scene(actors, 8.0))
    assert np.abs(trajectory.position_m[:, :, 1] + 6.0).max() < 1.0
    assert closest(trajectory, actors) > 0.0


def test_what_keeps_clear_does_not_meet_within_the_horizon() -> None:
    """The half-plane against the definition: relative motion over the horizon, both moving."""
    rng = named_generator("test", "orca")
    for _ in range(200):
        apart = rng.uniform(-4, 4, 2)
        reach = 0.5
        if np.hypot(*apart) < 1.05 * reach:
            continue
        own, other = rng.uniform(-2, 2, (2, 2))
        planes = [
            keep_clear(tuple(a), tuple(v), tuple(w), reach, 0.5, 0.05)
            for a, v, w in ((apart, own, other), (-apart, other, own))
        ]
        new = [
            np.array(nearest_allowed(tuple(v), np.array([p]), np.array([False]), 10.0))
            for v, p in zip((own, other), planes, strict=True)
        ]
        times = np.linspace(0, HORIZON_S, 200)[:, None]
        gap = np.linalg.norm(apart + times * (new[1] - new[0]), axis=1)
        assert gap.min() > reach - 1e-3


def test_the_nearest_allowed_velocity_is_that_of_a_fine_search() -> None:
    rng = named_generator("test", "half-planes")
    grid = np.linspace(-2, 2, 401)
    tried = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    tried = tried[np.hypot(*tried.T) <= 2.0]
    for _ in range(20):
        angle = rng.uniform(0, 2 * np.pi, 4)
        planes = np.stack([np.cos(angle), np.sin(angle), rng.uniform(-1.5, 0.4, 4)], axis=1)
        wanted = rng.uniform(-2, 2, 2)
        allowed = tried[(tried @ planes[:, :2].T >= planes[:, 2]).all(axis=1)]
        found = np.array(nearest_allowed(tuple(wanted), planes, np.zeros(4, dtype=bool), 2.0))
        if len(allowed):
            best = np.linalg.norm(allowed - wanted, axis=1).min()
            assert np.linalg.norm(found - wanted) == pytest.approx(best, abs=0.02)
            assert (planes[:, :2] @ found >= planes[:, 2] - 1e-6).all()


def test_crowds_are_the_same_every_time(build: SimpleNamespace) -> None:
    actors = [
        stroller(build, k + 1, (100 + 1.5 * k, -6.0), (100 - 1.5 * k - 4, -6.0), 1.2)
        for k in range(5)
    ]
    first, second = (simulate(build.scene(actors, 3.0)) for _ in range(2))
    assert np.array_equal(first.position_m, second.position_m)
