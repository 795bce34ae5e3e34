"""Half barriers follow their lights: the closed form against an arm that is driven step by step."""

from __future__ import annotations

from math import radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.records import RoadSpec, SignalPlan, SignalState
from scenegen.roads import barrier_lift, cycle_s, lowered, signal_state
from scenegen.roads.barriers import LOWERING_S, RAISING_S, UPRIGHT_RAD, WARNING_S

seconds = st.floats(0.5, 40.0).map(lambda value: round(value, 2))


def railway(barriers: str, plan: SignalPlan | None) -> RoadSpec:
    return RoadSpec.model_validate(
        {"kind": "level_crossing", "barriers": barriers, "signals": plan}, strict=False
    )


@given(green=seconds, amber=seconds, red=seconds, at=st.floats(0.0, 200.0))
def test_an_arm_that_is_driven_ends_where_the_closed_form_says(
    green: float, amber: float, red: float, at: float
) -> None:
    plan = SignalPlan(green_s=green, amber_s=amber, all_red_s=red)
    spec, dt = railway("automatic", plan), 0.01
    cycle = cycle_s(plan)
    times = np.arange(at - 4 * cycle, at, dt) + 0.5 * dt
    # Ten cycles were enough for an arm to come to its round from anywhere.
    down, since = 0.5, 0.0
    for time in times.tolist():
        state = signal_state(plan, "major", time)
        since = 0.0 if state is SignalState.GREEN else since + dt
        closing = since > max(WARNING_S, amber)
        down = down + dt / LOWERING_S if closing else down - dt / RAISING_S
        down = min(max(down, 0.0), 1.0)
    assert lowered(spec, at) == pytest.approx(down, abs=0.02)


def test_arms_come_down_after_the_warning_and_go_up_with_the_lights() -> None:
    spec = railway("automatic", SignalPlan(green_s=20, amber_s=2, all_red_s=10, offset_s=5))
    begins = 20 - 5 + WARNING_S  # amber is shorter than the warning
    assert lowered(spec, begins - 0.1) == 0.0
    assert 0.0 < lowered(spec, begins + 0.1) < 0.02
    assert lowered(spec, begins + LOWERING_S + 0.1) == 1.0
    opens = cycle_s(SignalPlan(green_s=20, amber_s=2, all_red_s=10)) - 5
    assert lowered(spec, opens - 0.1) == 1.0
    assert lowered(spec, opens + 0.5 * RAISING_S) == pytest.approx(0.5)
    assert lowered(spec, opens + RAISING_S) == pytest.approx(0.0, abs=1e-6)


def test_the_lift_starts_and_stops_gently() -> None:
    spec = railway("automatic", SignalPlan(green_s=10, amber_s=3, all_red_s=10))
    lift = np.array([barrier_lift(spec, t) for t in np.arange(12, 22, 0.05)])
    assert lift[0] == UPRIGHT_RAD
    assert lift[-1] == 0.0
    speed = np.diff(lift) / 0.05
    assert speed.min() > radians(-25)
    assert np.abs(np.diff(speed) / 0.05).max() < radians(15)


@pytest.mark.parametrize(
    ("barriers", "mode", "down"),
    [
        ("none", "closed", 0.0),
        ("open", "closed", 0.0),
        ("closed", "closed", 1.0),
        ("automatic", "closed", 1.0),
        ("automatic", "dark", 0.0),
        ("automatic", "flashing", 0.0),
    ],
)
def test_lights_that_never_change(barriers: str, mode: str, down: float) -> None:
    spec = railway(barriers, SignalPlan.model_validate({"mode": mode}))
    assert [lowered(spec, t) for t in (0.0, 3.3, 50.0)] == [down] * 3
