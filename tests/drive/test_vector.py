"""Many environments at once go as each of them alone does."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from scenegen.drive.env import DriveEnv
from scenegen.drive.vector import DriveVectorEnv
from scenegen.errors import InputError

STEPS = 130
"""More than an episode has."""


def actions(steps: int, count: int) -> np.ndarray:
    """Return speeds and curvatures."""
    generator = np.random.default_rng(5)
    speed = generator.uniform(5.0, 35.0, (steps, count, 1))
    return np.concatenate([speed, generator.normal(0.0, 2e-4, speed.shape)], 2).astype(np.float32)


@pytest.mark.parametrize("scenario", ["wet_cut_in", "night_jaywalk"])
def test_it_goes_as_single_environments_do(scenario: str) -> None:
    count, given = 3, actions(STEPS, 3)
    vector = DriveVectorEnv(scenario, count, action="target")
    single = [DriveEnv(scenario, action="target", physics="kinematic") for _ in range(count)]
    seen, infos = vector.reset(seed=7)
    alone = [env.reset(seed=7 + e) for e, env in enumerate(single)]
    over = np.zeros(count, dtype=bool)
    ends = 0
    for e in range(count):
        assert infos["scene_id"][e] == alone[e][1]["scene_id"]
        np.testing.assert_allclose(seen[e], alone[e][0], atol=2e-4, rtol=1e-5)
    for step in range(STEPS):
        seen, rewards, ended, cut, infos = vector.step(given[step])
        for e, env in enumerate(single):
            if over[e]:
                shown, info = env.reset()
                expected = (0.0, False, False)
                assert infos["scene_id"][e] == info["scene_id"]
            else:
                shown, *rest, info = env.step(given[step, e])
                expected = tuple(rest)
            np.testing.assert_allclose(seen[e], shown, atol=2e-4, rtol=1e-5)
            assert (rewards[e], ended[e], cut[e]) == expected
            over[e] = ended[e] or cut[e]
            if over[e]:
                ends += 1
                assert infos["termination"][e] == info["termination"]
            world = vector.batch.worlds[e]
            np.testing.assert_array_equal(world.position_m, env.episode.state.position_m)
    assert ends >= count
    vector.close()


def test_gymnasium_makes_it() -> None:
    env = gymnasium.make_vec(
        "scenegen.drive.env:scenegen/Drive-v0",
        num_envs=2,
        vectorization_mode="vector_entry_point",
        scenes=1,
    )
    assert env.metadata["autoreset_mode"] == AutoresetMode.NEXT_STEP
    first, infos = env.reset(seed=1)
    assert first in env.observation_space
    assert list(infos["scene_id"]) == ["wet_cut_in-000000"] * 2
    seen, rewards, ended, cut, _ = env.step(env.action_space.sample())
    assert seen in env.observation_space
    assert rewards.shape == ended.shape == cut.shape == (2,)
    again, _ = env.reset(seed=1)
    np.testing.assert_array_equal(first, again)
    env.close()


def test_scenes_come_round_again() -> None:
    env = DriveVectorEnv("wet_cut_in", 1, action="target", scenes=2)
    env.reset(seed=0)
    seen = [env.batch.worlds[0].scenario.scene_id]
    while len(seen) < 4:
        _, _, ended, cut, _ = env.step(np.array([[30.0, 0.002]], np.float32))
        if ended[0] or cut[0]:
            env.step(np.array([[30.0, 0.0]], np.float32))
            seen.append(env.batch.worlds[0].scenario.scene_id)
    assert seen == ["wet_cut_in-000000", "wet_cut_in-000001"] * 2
    env.close()


@pytest.mark.parametrize(
    "wrong",
    [{"action": "pedal"}, {"reward": "progres"}, {"endings": ("colision",)}, {"num_envs": 0}],
)
def test_what_there_is_not_is_told(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        DriveVectorEnv("wet_cut_in", **wrong)  # type: ignore[arg-type]
