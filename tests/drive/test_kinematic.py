"""Kinematic physics: the same drivers as with rigid bodies, nearly the same ways, no bodies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenegen.drive import Episode, Pedals, Target, drive_episode, named_agent
from scenegen.errors import InputError
from scenegen.records import Trajectory
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import World, simulate
from scenegen.simulate.kinematic import Batch, KinematicWorld
from scenegen.simulate.outlook import Outlook
from tests.drive.scenes import alone, at_signals, behind, library

MEETING = """\
scenario: meeting
description: two cars that pass a place together
duration: 4 s
road: {kind: straight, length: 300 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 11 m/s}
actors:
  oncoming: {asset: vehicle.suv, place: {lane: backward_0, s: 200 m}, speed: 8 m/s,
             behaviour: [{do: synchronize, with: ego, at_s: 100 m}]}
"""
AFTER_S = 5.0
NEAR = ("wet_cut_in", "lead_brakes", "night_jaywalk", "queue_behind_bend", "slow_lorry_at_night")


def run(world: World, steps: int) -> None:
    for _ in range(steps):
        world.step({})


@pytest.mark.parametrize("name", ["wet_cut_in", "runs_the_red", "lidar_in_fog", "breakdown_crest"])
def test_drivers_decide_as_those_of_rigid_bodies_do(name: str) -> None:
    world = KinematicWorld.alone(library(name))
    outlook, drivers, controls = Outlook(world), world.drivers, world.fleet.controls
    kept = ("s_m", "hold", "held_for", "tracks.index", "gear", "steer_rad", "acceleration_mps2")
    own = world.vehicles
    for _ in range(60):
        before = {
            "s_m": drivers.s_m,
            "index": drivers.tracks.index,
            **{key: getattr(controls, key) for key in kept[4:]},
            "lean_rad": controls.lean_rad,
        }
        drivers.decide(
            world.position_m[own],
            world.yaw_rad[own],
            world.speed_mps,
            outlook.crowd(),
            world.signals(),
        )
        steer, asked = controls.steer_rad, controls.acceleration_mps2
        drivers.s_m, drivers.tracks.index = before["s_m"], before["index"]
        for key in (*kept[4:], "lean_rad"):
            setattr(controls, key, before[key])
        world.step({})
        cars = ~world.fleet.balanced
        np.testing.assert_allclose(controls.steer_rad[cars], steer[cars], atol=1e-9)
        # The grid of heights rounds crests, behind which somebody is noticed a step sooner.
        if world.network.flat:
            np.testing.assert_allclose(controls.acceleration_mps2[cars], asked[cars], atol=1e-9)


def test_a_scene_goes_the_same_alone_and_in_any_batch() -> None:
    scenes = [library(name) for name in ("wet_cut_in", "cyclist_along", "lead_brakes")]
    alone_ = [KinematicWorld.alone(scene) for scene in scenes]
    both = Batch([scenes[2], scenes[0], scenes[1], scenes[0]])
    for _ in range(100):
        for world in alone_:
            world.step({})
        both.step({e: {} for e in range(4)})
    for world, e in ((0, 1), (0, 3), (1, 2), (2, 0)):
        for name in ("position_m", "quaternion_wxyz", "velocity_mps", "speed_mps"):
            np.testing.assert_array_equal(
                getattr(alone_[world], name), getattr(both.worlds[e], name)
            )


def test_a_scene_that_waits_is_not_stepped() -> None:
    batch = Batch([alone(), alone()])
    start = batch.worlds[1].position_m.copy()
    batch.step({0: {}})
    assert batch.worlds[0].row == 1
    assert batch.worlds[1].row == 0
    np.testing.assert_array_equal(batch.worlds[1].position_m, start)


@pytest.mark.parametrize("name", NEAR)
def test_it_stays_near_to_rigid_bodies(name: str) -> None:
    scene = library(name)
    kinematic, rigid = KinematicWorld.alone(scene), World(scene)
    try:
        for world in (kinematic, rigid):
            run(world, round(AFTER_S * scene.rates.control_hz))
        away = np.hypot(*(kinematic.position_m - rigid.position_m)[:, :2].T)
        assert np.median(away) < 0.1
        assert away.max() < 0.8
        assert np.abs(kinematic.position_m[:, 2] - rigid.position_m[:, 2]).max() < 0.1
    finally:
        rigid.close()


def test_a_steady_bend_has_the_curvature_of_the_bicycle() -> None:
    with Episode(alone(10.0), physics="kinematic") as episode:
        steer, vehicle = 0.05, episode.vehicle
        for _ in range(60):
            state = episode.step(Pedals(steer / vehicle.steer_max_rad, 0.05))
        rate = float(state.yaw_rate_radps[0])
        curvature = np.tan(steer) / (
            vehicle.wheelbase_m + vehicle.understeer * state.speed_mps**2 / 9.81
        )
        assert rate == pytest.approx(state.speed_mps * curvature, rel=0.01)


@pytest.mark.parametrize("speed", [10.0, 25.0])
def test_full_brakes_stop_within_what_friction_allows(speed: float) -> None:
    with Episode(alone(speed), physics="kinematic") as episode:
        start = episode.state.position_m[0, 0]
        while episode.state.speed_mps > 0.01 and not episode.over:
            episode.step(Pedals(0.0, -1.0))
        way = float(episode.state.position_m[0, 0] - start)
    least = speed**2 / (2.0 * 0.95 * 9.81)
    assert least < way < least + 0.2 * speed


def test_running_into_somebody_is_told_with_who_and_how_fast() -> None:
    scene = behind(30.0, 15.0)
    driven = drive_episode(scene, named_agent("constant"), "constant", physics="kinematic")
    (impact,) = driven.record.impacts
    assert (impact.name, impact.ego_part, impact.other_part) == ("actor_2", "front", "rear")
    assert impact.closing_mps == pytest.approx(15.0, abs=0.5)
    # Two equal cars that stick together each change by half.
    assert impact.ego_delta_v_mps == pytest.approx(7.5, abs=2.5)
    assert driven.record.criteria["collision"] < -5.0
    assert driven.record.violated == ("collision",)


def test_a_red_light_holds_those_who_heed_it() -> None:
    with Episode(at_signals("red"), physics="kinematic") as episode:
        while not episode.over:
            episode.step(None)
        assert abs(episode.state.speed_mps) < 0.1


def test_records_and_criteria_are_those_of_any_run() -> None:
    driven = drive_episode(library("wet_cut_in"), named_agent("idm"), "idm", physics="kinematic")
    trajectory = driven.trajectory
    assert isinstance(trajectory, Trajectory)
    assert trajectory.lamps.any()
    assert not trajectory.articulation.any()
    norms = np.linalg.norm(trajectory.quaternion_wxyz, axis=-1)
    np.testing.assert_allclose(norms, 1.0, atol=1e-9)
    went = np.diff(trajectory.position_m, axis=0) * 20.0
    np.testing.assert_allclose(went, trajectory.velocity_mps[1:], atol=1e-6)


def test_riders_go_with_what_they_ride() -> None:
    scene = library("cyclist_along")
    world = KinematicWorld.alone(scene)
    rigid = simulate(scene)
    run(world, 60)
    for k, actor in enumerate(scene.actors):
        if actor.attached_to is not None:
            away = world.position_m[k] - world.position_m[world.index[actor.attached_to]]
            column = rigid.column(actor.attached_to)
            there = rigid.position_m[60, rigid.column(actor.instance_id)]
            expected = there - rigid.position_m[60, column]
            assert np.abs(away - expected).max() < 0.1


@pytest.mark.parametrize(
    ("name", "says"),
    [("dooring", "opens a door"), ("cargo_fall", "lets go"), ("crash_scene", "falls")],
)
def test_scenes_that_need_bodies_are_refused(name: str, says: str) -> None:
    with pytest.raises(InputError, match=f"{says}.*physics=rigid"):
        Episode(library(name), physics="kinematic")


def test_scenes_that_keep_time_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "meeting.yaml"
    path.write_text(MEETING)
    with pytest.raises(InputError, match=r"oncoming keeps time with somebody.*physics=rigid"):
        Episode(draw(load_scenario(str(path)), 0, 0), physics="kinematic")


def test_other_physics_are_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"kinematik.*kinematic"):
        Episode(alone(), physics="kinematik")  # type: ignore[arg-type]


def test_an_agent_steers_the_ego_alone() -> None:
    scene = library("lead_brakes")
    with Episode(scene, physics="kinematic") as one, Episode(scene, physics="kinematic") as two:
        for _ in range(20):
            one.step(Target(5.0, 0.0))
            two.step(None)
        assert one.state.speed_mps < two.state.speed_mps - 1.0
