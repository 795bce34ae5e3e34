"""Episodes: what is simulated without an agent, step by step, and the same again."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from scenegen.drive import ActionError, Episode, Pedals, Target
from scenegen.errors import InputError
from scenegen.records import Trajectory
from scenegen.simulate import simulate
from tests.drive.scenes import alone, behind, library
from tests.simulate.conftest import actor, scene


def equal(a: Trajectory, b: Trajectory) -> bool:
    pairs = ((getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    return all(x == y if isinstance(x, str) else np.array_equal(x, y) for x, y in pairs)


@pytest.mark.parametrize("name", ["wet_cut_in", "night_jaywalk", "red_light_cyclist"])
def test_without_an_action_it_is_what_is_simulated(name: str) -> None:
    scenario = library(name)
    with Episode(scenario, 5) as episode:
        while not episode.over:
            episode.step(None)
        assert equal(episode.trajectory(), simulate(scenario))


def test_the_same_actions_give_the_same_bytes_and_others_dont() -> None:
    scenario = library("wet_cut_in")

    def run(steer: float) -> Trajectory:
        with Episode(scenario) as episode:
            while not episode.over:
                episode.step(Pedals(steer * np.sin(episode.state.time_s), 0.1))
            return episode.trajectory()

    first = run(0.02)
    assert equal(first, run(0.02))
    assert not equal(first, run(0.021))


def test_decisions_come_at_their_rate_and_the_last_is_as_short_as_need_be() -> None:
    scenario = alone(duration_s=1.25)
    with Episode(scenario, 4) as episode:
        times = [episode.state.time_s]
        while not episode.over:
            times.append(episode.step(Target(10.0, 0.0)).time_s)
        assert times == pytest.approx([0, 0.25, 0.5, 0.75, 1.0, 1.25])
        with pytest.raises(ValueError, match="over"):
            episode.step(None)


def test_an_episode_ends_early_with_what_there_is() -> None:
    with Episode(alone()) as episode:
        for _ in range(10):
            episode.step(None)
        trajectory = episode.trajectory("enough")
    assert len(trajectory.step) == 11
    assert trajectory.termination == "enough"
    whole = simulate(alone())
    assert np.array_equal(trajectory.position_m, whole.position_m[:11])


def test_states_tell_what_is_there_and_stay_as_they_are() -> None:
    scenario = behind(30.0, 15.0, 10.0)
    with Episode(scenario) as episode:
        first = episode.state
        before = first.position_m.copy()
        assert first.from_ego[1] == pytest.approx((30.0 + scenario.ego.size_m[0], 0.0), abs=1e-6)
        assert first.route is not None
        assert first.route.offset_m == pytest.approx(0.0, abs=1e-6)
        for _ in range(20):
            state = episode.step(None)
        assert np.array_equal(first.position_m, before)
        trajectory = episode.trajectory()
        assert np.array_equal(state.position_m, trajectory.position_m[20])
        assert state.route is not None
        assert state.route.s_m == pytest.approx(state.position_m[0, 0], abs=0.01)
        gained = (state.speed_mps - first.speed_mps) / 1.0
        assert gained == pytest.approx(-1.0, abs=2.5)
        assert np.all(np.isfinite(episode.cast.half_m))


def test_contacts_are_told_once() -> None:
    with Episode(behind(10.0, 15.0)) as episode:
        touched = []
        while not episode.over:
            touched += list(episode.step(Target(15.0, 0.0)).touched)
    assert touched[0].other == 2
    assert touched[0].closing_mps == pytest.approx(15.0, abs=1.0)
    assert sum(t.closing_mps > 10 for t in touched) == 1


def test_what_cannot_be_driven_is_refused() -> None:
    with pytest.raises(InputError, match="no wheels"):
        Episode(scene([actor(1, "person.adult", (10.0, 0.0))], 1.0))
    with pytest.raises(InputError, match="decision_hz=7"):
        Episode(alone(), 7)
    with Episode(alone()) as episode, pytest.raises(ActionError, match="finite"):
        episode.step(Target(float("nan"), 0.0))
    with Episode(alone(), record=False) as episode, pytest.raises(ValueError, match="recorded"):
        episode.trajectory()
