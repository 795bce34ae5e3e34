"""Brakings of speeds that are written down, and of drivers who are told to brake."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.monitor import brakings_of
from scenegen.monitor.brakings import SPAN_S, brakes, deceleration
from scenegen.records.holds import Hold
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.simulate import simulate_told

TIMES = np.arange(0.0, 10.0, 0.05)


def ramp(*knots):
    """Return a speed (T,) that goes straight from knot (time, speed) to knot."""
    return np.interp(TIMES, *zip(*knots, strict=True))


@given(st.floats(-9.0, 9.0), st.floats(0.0, 30.0))
def test_the_deceleration_of_a_straight_line_is_its_slope(slope, first):
    assert deceleration(first - slope * TIMES, TIMES) == pytest.approx(slope, abs=1e-9)


def test_one_braking():
    speed = ramp((0, 15), (2, 15), (4, 3), (10, 3))  # 6 m/s^2 from 2 s to 4 s
    ((first, end, hardest),) = brakes(speed, TIMES)
    assert TIMES[first] == pytest.approx(2.0, abs=SPAN_S)
    assert TIMES[end - 1] == pytest.approx(4.0, abs=SPAN_S)
    assert hardest == pytest.approx(6.0, abs=1e-6)


def test_a_short_pause_does_not_part_brakings_and_a_long_one_does():
    for pause_s, count in ((0.3, 1), (1.5, 2)):
        on = 3 + pause_s
        speed = ramp((0, 20), (1, 20), (3, 14), (on, 14), (on + 2, 8), (10, 8))
        assert len(brakes(speed, TIMES)) == count


@pytest.mark.parametrize(
    "speed",
    [
        ramp((0, 15), (10, 6)),  # rolls out at 0.9 m/s^2
        ramp((0, 15), (2, 15), (2.5, 13.5), (10, 13.5)),  # 3 m/s^2, but 1.5 m/s only
        ramp((0, 5), (10, 25)),
        np.full(len(TIMES), 8.0),
    ],
)
def test_what_is_no_braking(speed):
    assert brakes(speed, TIMES) == []


def test_too_few_rows():
    assert brakes(np.array([3.0]), np.array([0.0])) == []


SCENE = """
scenario: braked
description: A car brakes before another.
duration: 6 s
road: {kind: straight, length: 300 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: 15 m/s}
actors:
  lead:
    asset: vehicle.van
    place: {ahead_of: ego, gap: 20 m}
    speed: 15 m/s
    behaviour: [cruise, {when: {time: 1 s}, do: hard_brake, deceleration: 6 m/s2}]
"""


def test_who_brakes_for_whom():
    concrete = draw(parse_scenario(SCENE, "braked.yaml"), 0, 0)
    run, holds = simulate_told(concrete)
    ego, lead = (brakings_of(actor, concrete, run, holds) for actor in concrete.actors)
    assert len(ego) == len(lead) == 1
    assert lead[0].why == ""
    assert lead[0].begins_s == pytest.approx(1.0, abs=0.25)
    assert lead[0].hardest_mps2 == pytest.approx(6.0, abs=1.0)
    assert lead[0].stands
    assert ego[0].why == "for lead (ahead on its way)"
    assert ego[0].begins_s > lead[0].begins_s
    assert 12.0 < ego[0].from_mps < 15.0  # it has fallen back a little before


def test_what_follows_a_contact_is_no_braking():
    text = SCENE.replace(
        "speed: 15 m/s}", "speed: 15 m/s, behaviour: [{do: follow_lane, react: false}]}"
    )
    concrete = draw(parse_scenario(text, "braked.yaml"), 0, 0)
    run, holds = simulate_told(concrete)
    assert len(run.contacts)
    assert brakings_of(concrete.ego, concrete, run, holds) == ()


def test_what_scenery_stops_does_not_brake():
    text = """
scenario: wall
description: A car leaves a motorway and is stopped by its rail.
duration: 6 s
road: {kind: straight, length: 300 m, lanes_forward: 2, lanes_backward: 0, surroundings: motorway}
ego:
  asset: vehicle.sedan
  place: {lane: forward_0, s: 40 m}
  speed: 30 m/s
  behaviour: [{do: swerve, lateral: -9 m, over: 1.5 s, react: false}]
"""
    concrete = draw(parse_scenario(text, "wall.yaml"), 0, 0)
    run, holds = simulate_told(concrete)
    assert 0 in run.contacts["actor_b"]
    assert (holds.kind[:, 0] == Hold.CRASHED).any()
    assert brakings_of(concrete.ego, concrete, run, holds) == ()
