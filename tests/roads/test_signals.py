"""Signal phases against the plan's own numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.records import SignalHead, SignalPlan, SignalState
from scenegen.roads import cycle_s, head_state, next_change, signal_state, walk_state

PLAN = SignalPlan(green_s=10, amber_s=3, red_amber_s=1, all_red_s=2)
plans = st.builds(
    SignalPlan,
    green_s=st.floats(1, 40),
    amber_s=st.floats(0.5, 5),
    red_amber_s=st.floats(0, 3),
    all_red_s=st.floats(0, 5),
    offset_s=st.floats(-100, 100),
)


@pytest.mark.parametrize(
    ("time_s", "major", "minor"),
    [
        (0, "GREEN", "RED"),
        (9.99, "GREEN", "RED"),
        (10, "AMBER", "RED"),
        (13, "RED", "RED"),
        (15, "RED", "RED_AMBER"),
        (16, "RED", "GREEN"),
        (26, "RED", "AMBER"),
        (29, "RED", "RED"),
        (31, "RED_AMBER", "RED"),
        (32, "GREEN", "RED"),
        (-1, "RED_AMBER", "RED"),
    ],
)
def test_a_cycle(time_s: float, major: str, minor: str) -> None:
    assert cycle_s(PLAN) == 32
    assert signal_state(PLAN, "major", time_s).name == major
    assert signal_state(PLAN, "minor", time_s).name == minor


def test_phases_last_as_long_as_planned() -> None:
    times = np.arange(0, 32, 0.05)
    states = [signal_state(PLAN, "minor", float(t)) for t in times]
    seconds = {s: 0.05 * states.count(s) for s in set(states)}
    assert seconds == pytest.approx(
        {
            SignalState.GREEN: 10,
            SignalState.AMBER: 3,
            SignalState.RED_AMBER: 1,
            SignalState.RED: 18,
        }
    )


@given(plans, st.floats(0, 1000))
def test_never_both_released(plan: SignalPlan, time_s: float) -> None:
    states = {signal_state(plan, group, time_s) for group in ("major", "minor")}
    assert SignalState.RED in states


@given(plans, st.floats(0, 500), st.sampled_from(["major", "minor"]))
def test_repeats_each_cycle(plan: SignalPlan, time_s: float, group: str) -> None:
    cycle = cycle_s(plan)
    phase = (time_s + plan.offset_s) % (0.5 * cycle)
    edges = np.cumsum([0, plan.green_s, plan.amber_s, plan.all_red_s, plan.red_amber_s])
    if np.abs(edges - phase).min() > 1e-6:
        assert signal_state(plan, group, time_s) is signal_state(plan, group, time_s + cycle)


@given(plans, st.floats(0, 500), st.sampled_from(["major", "minor"]))
def test_who_walks_is_not_crossed_by_green(plan: SignalPlan, time_s: float, road: str) -> None:
    if walk_state(plan, road, time_s) is SignalState.GREEN:
        other = "minor" if road == "major" else "major"
        assert signal_state(plan, road, time_s) is SignalState.RED
        assert signal_state(plan, other, time_s) is SignalState.GREEN


def test_walkers_have_their_share_and_no_signal_when_it_fails() -> None:
    times = np.arange(0, 32, 0.05)
    green = [walk_state(PLAN, "major", float(t)) is SignalState.GREEN for t in times]
    assert 0.05 * sum(green) == pytest.approx(0.6 * PLAN.green_s)
    for mode in ("dark", "flashing"):
        failing = PLAN.model_copy(update={"mode": mode})
        assert walk_state(failing, "minor", 1.0) is SignalState.OFF
    conflicting = PLAN.model_copy(update={"mode": "conflicting"})
    assert walk_state(conflicting, "major", 1.0) is SignalState.RED


def test_offset_moves_the_start() -> None:
    plan = PLAN.model_copy(update={"offset_s": 16.0})
    assert signal_state(plan, "minor", 0) is SignalState.GREEN


def test_conflicting_shows_green_all_round_only_in_the_major_green() -> None:
    plan = PLAN.model_copy(update={"mode": "conflicting"})
    for t in np.arange(0, 32, 0.25):
        major, minor = (signal_state(plan, g, float(t)) for g in ("major", "minor"))
        if major is SignalState.GREEN:
            assert minor is SignalState.GREEN
        else:
            assert minor is signal_state(PLAN, "minor", float(t))


def test_flashing_and_dark() -> None:
    flashing = PLAN.model_copy(update={"mode": "flashing"})
    dark = PLAN.model_copy(update={"mode": "dark"})
    on = [signal_state(flashing, "minor", t / 20) for t in range(20)]
    assert on.count(SignalState.FLASHING_AMBER_ON) == 10
    assert on.count(SignalState.FLASHING_AMBER_OFF) == 10
    assert on[0] is SignalState.FLASHING_AMBER_ON
    assert signal_state(dark, "major", 3.0) is SignalState.OFF


all_plans = st.builds(
    SignalPlan,
    mode=st.sampled_from(["normal", "flashing", "dark", "conflicting", "closed"]),
    green_s=st.floats(2, 30),
    amber_s=st.floats(1, 5),
    red_amber_s=st.sampled_from([0.0, 1.0, 2.0]),
    all_red_s=st.sampled_from([0.0, 1.0, 2.5]),
    offset_s=st.floats(0, 60),
)
heads = st.builds(
    SignalHead,
    id=st.just("head"),
    group=st.sampled_from(["major", "minor"]),
    position_m=st.just((0.0, 0.0, 5.0)),
    foot_m=st.just((0.0, 0.0, 0.0)),
    yaw_rad=st.just(0.0),
    lanes=st.just(()),
    stop_point_m=st.just((0.0, 0.0, 0.0)),
    kind=st.sampled_from(["vehicle", "walk", "level_crossing"]),
)


@given(all_plans, heads, st.floats(0, 120))
def test_a_signal_shows_the_same_until_it_changes(plan, head, time_s) -> None:
    wait, state = next_change(plan, head, time_s)
    now = head_state(plan, head, time_s)
    assert wait > 0
    for moment in np.linspace(0.0, min(wait, 200.0) - 1e-6, 80):
        assert head_state(plan, head, time_s + max(moment, 0.0)) is now
    if wait < np.inf:
        assert state is not now
        assert head_state(plan, head, time_s + wait + 1e-6) is state
    else:
        assert state is now


def test_the_countdown_of_a_known_plan() -> None:
    plan = SignalPlan(green_s=12, amber_s=3, red_amber_s=1, all_red_s=2)
    head = SignalHead("h", "major", (0, 0, 5), (0, 0, 0), 0.0, (), (0, 0, 0))
    assert next_change(plan, head, 0.0) == (pytest.approx(12.0), SignalState.AMBER)
    assert next_change(plan, head, 12.0) == (pytest.approx(3.0), SignalState.RED)
    # 36 s are a whole cycle, of which red and amber is the last.
    assert next_change(plan, head, 15.0) == (pytest.approx(20.0), SignalState.RED_AMBER)
    assert next_change(plan, head, 35.5) == (pytest.approx(0.5), SignalState.GREEN)
