"""Scenarios as a Gymnasium environment, by Gymnasium's own checks."""

from __future__ import annotations

import warnings

import gymnasium as gym
import numpy as np
import psutil
import pytest
from gymnasium.utils.env_checker import check_env

import scenegen
from scenegen.drive import ActionError
from scenegen.drive.env import DriveEnv
from scenegen.drive.observations import EGO, FARTHEST, OTHER, PIXELS, PLANES, STATE_SIZE
from scenegen.drive.rewards import Step
from scenegen.errors import InputError
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from tests.drive.scenes import alone, at_signals, behind


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"observations": ("raster",), "action": "target"},
        {"observations": ("state", "raster"), "action": "waypoints", "render_mode": "rgb_array"},
    ],
)
def test_gymnasium_finds_nothing_wrong(keys: dict) -> None:
    env = gym.make("scenegen/Drive-v0", scenario="wet_cut_in", **keys)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", module="gymnasium")
        # Metres and m/s are what they are: nobody has to normalise a target's speed.
        warnings.filterwarnings("ignore", message=".*symmetric and normalized.*")
        check_env(env.unwrapped, skip_render_check="render_mode" not in keys)
    env.close()


def test_many_at_once() -> None:
    env = gym.make_vec("scenegen.drive.env:scenegen/Drive-v0", 3, "sync", scenario="wet_cut_in")
    seen, _ = env.reset(seed=[1, 2, 1])
    assert seen.shape == (3, STATE_SIZE)
    assert np.array_equal(seen[0], seen[2])
    assert not np.array_equal(seen[0], seen[1])
    seen, reward, *_ = env.step(np.zeros((3, 2), np.float32))
    assert reward[0] == reward[2] > 0
    env.close()


def test_scenes_are_those_that_generate_makes() -> None:
    env = DriveEnv("wet_cut_in", observations=("state",))
    told = [env.reset(seed=5)[1], env.reset()[1], env.reset(options={"index": 7})[1]]
    assert [info["scene_id"] for info in told] == [f"wet_cut_in-{n:06d}" for n in (0, 1, 7)]
    assert env.episode.scenario == draw(load_scenario("wet_cut_in"), 5, 7)
    env.reset(options={"scenario": "night_jaywalk", "index": 2})
    assert env.episode.scenario == draw(load_scenario("night_jaywalk"), 5, 2)
    assert env.reset(options={"scenario": alone()})[1]["scene_id"] == "test-000000"
    env.close()


def test_the_same_seed_and_actions_give_the_same_episode() -> None:
    def run() -> list[np.ndarray]:
        env = DriveEnv("red_light_cyclist")
        seen, _ = env.reset(seed=4)
        rows, space = [seen], env.action_space
        space.seed(1)
        for _ in range(20):
            seen, _, terminated, truncated, _ = env.step(space.sample())
            rows.append(seen)
            if terminated or truncated:
                break
        env.close()
        return rows

    assert np.array_equal(np.array(run()), np.array(run()))


def test_the_state_vector_tells_the_other_car() -> None:
    env = DriveEnv()
    seen, _ = env.reset(options={"scenario": behind(30.0, 15.0, 10.0)})
    assert seen[0] == pytest.approx(15.0, abs=1e-3)
    other = seen[EGO + 15 : EGO + 15 + OTHER]
    length = env.episode.scenario.ego.size_m[0]
    assert other[:6] == pytest.approx([1, 30 + length, 0, 0, 1, 0], abs=1e-3)
    assert other[6:8] == pytest.approx([10, 0], abs=1e-2)
    assert other[8] == pytest.approx(length, abs=1e-3)
    assert other[10:].tolist() == [1, 0]
    assert not seen[EGO + 15 + OTHER :].any()
    assert np.abs(seen).max() <= FARTHEST
    env.close()


def test_the_raster_shows_what_is_ahead() -> None:
    env = DriveEnv(observations=("raster",), render_mode="rgb_array")
    seen, _ = env.reset(options={"scenario": behind(10.0, 15.0)})
    planes = dict(zip(PLANES, seen, strict=True))
    row = round(0.75 * PIXELS - (10.0 + env.episode.scenario.ego.size_m[0]) / 0.5)
    assert planes["vehicles"][row, PIXELS // 2] == 255
    assert planes["driving"][row, PIXELS // 2] == 255
    assert planes["way"][row, PIXELS // 2] == 255
    assert not planes["people"].any()
    assert not planes["stop"].any()
    shown = env.render()
    assert shown.shape == (PIXELS, PIXELS, 3)
    assert shown[row, PIXELS // 2].tolist() == [80, 140, 240]
    env.reset(options={"scenario": at_signals("red")})
    for _ in range(30):
        seen, *_ = env.step(np.zeros(2, np.float32))
    assert seen[PLANES.index("stop")].any()
    env.close()


def test_endings_and_rewards() -> None:
    env = DriveEnv()
    env.reset(options={"scenario": behind(10.0, 15.0)})
    while True:
        _, reward, terminated, truncated, info = env.step(np.zeros(2, np.float32))
        if terminated or truncated:
            break
    assert (terminated, truncated, info) == (True, False, {"termination": "collision"})
    assert reward < -9.0
    with pytest.raises(gym.error.ResetNeeded):
        env.step(np.zeros(2, np.float32))
    env.reset(options={"scenario": alone(duration_s=1.0)})
    for _ in range(10):
        _, _, terminated, truncated, info = env.step(np.zeros(2, np.float32))
    assert (terminated, truncated, info) == (False, True, {"termination": "completed"})
    env.close()


def test_plug_ins() -> None:
    def speed(step: Step) -> float:
        return step.after.speed_mps - step.before.speed_mps

    def soon(step: Step) -> str | None:
        return "enough" if step.after.time_s > 0.45 else None

    env = DriveEnv(alone_logical(), reward=speed, endings=(soon,), action="target")
    env.reset(seed=0)
    rewards = []
    for _ in range(5):
        _, reward, ended, _, info = env.step(np.array([0.0, 0.0], np.float32))
        rewards.append(reward)
    assert ended
    assert info["termination"] == "enough"
    assert sum(rewards) < -1.0
    env.close()


def alone_logical():  # type: ignore[no-untyped-def]
    return load_scenario("wet_cut_in")


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"observations": ("stat",)}, "did you mean 'state'"),
        ({"observations": ()}, "observations= is empty"),
        ({"action": "pedal"}, "did you mean 'pedals'"),
        ({"reward": "progres"}, "did you mean 'progress'"),
        ({"endings": ("colision",)}, "did you mean 'collision'"),
        ({"scenario": "wet_cutin"}, "did you mean 'wet_cut_in'"),
        ({"render_mode": "human"}, "there is rgb_array"),
    ],
)
def test_what_is_not_there(keys: dict, told: str) -> None:
    with pytest.raises(InputError, match=told):
        DriveEnv(**keys)


def test_misuse_is_told() -> None:
    env = scenegen.DriveEnv()
    with pytest.raises(gym.error.ResetNeeded):
        env.step(np.zeros(2, np.float32))
    with pytest.raises(InputError, match="did you mean 'index'"):
        env.reset(options={"indx": 3})
    env.reset(seed=0)
    with pytest.raises(ActionError, match="finite"):
        env.step(np.array([np.nan, 0.0], np.float32))
    env.close()
    env.close()


@pytest.mark.slow
def test_a_thousand_episodes_leave_no_memory_behind() -> None:
    env = DriveEnv()
    process, sizes = psutil.Process(), []
    for index in range(1000):
        env.reset(seed=0, options={"index": index % 5})
        for _ in range(5):
            env.step(np.zeros(2, np.float32))
        if index in (100, 999):
            sizes.append(process.memory_info().rss / 2**20)
    env.close()
    assert sizes[1] - sizes[0] < 25.0
