"""Who keeps time with another is at its place when the other is at theirs."""

import numpy as np
import pytest

from scenegen.errors import ScenarioError
from scenegen.monitor import findings_of
from scenegen.monitor.meetings import meetings_of
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.simulate import simulate_told

SCENE = """
scenario: together
description: Two who are somewhere at once.
duration: 11 s
road: {kind: straight, length: 400 m, lanes_forward: 2, lanes_backward: 2, surroundings: rural}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: 12 m/s, EGO}
actors:
  other: {asset: ASSET, place: {lane: backward_1, s: 230 m}, speed: 10 m/s,
          behaviour: [{do: synchronize, with: ego, at_s: 130 m, KEYS}, NEXT]}
"""

CHANGES = "behaviour: [cruise, {{when: {{time: {} s}}, do: change_speed, speed: {} m/s}}]"


def run(keys="", ego="lights: true", asset="vehicle.suv", after="{do: follow_lane, speed: 6 m/s}"):
    text = SCENE.replace("EGO", ego).replace("ASSET", asset).replace("NEXT", after)
    concrete = draw(
        parse_scenario(text.replace(", KEYS", f", {keys}" if keys else ""), "t.yaml"), 0, 0
    )
    trajectory, holds = simulate_told(concrete)
    (meeting,) = meetings_of(concrete, trajectory)
    told = [one for one in findings_of(concrete, trajectory, holds) if "synchronize" in one.what]
    return concrete, trajectory, meeting, told


@pytest.mark.parametrize(
    ("keys", "ego", "asset"),
    [
        ("", "lights: true", "vehicle.suv"),
        ("ahead: 0.5 s", "lights: true", "motorcycle.road"),
        ("ahead: -1 s", "lights: true", "vehicle.bus"),
        # The other speeds up, or brakes, on its way.
        (
            "",
            CHANGES.format(1, 15),
            "vehicle.van",
        ),
        (
            "",
            CHANGES.format(3, 8),
            "vehicle.suv",
        ),
        # Each at a place of its own.
        ("their_s: 145 m, their_lane: forward_0", "lights: true", "vehicle.suv"),
    ],
)
def test_both_are_there_at_once(keys, ego, asset):
    _, trajectory, meeting, told = run(keys, ego, asset)
    assert meeting.late_s == pytest.approx(0.0, abs=0.05)
    assert told == []
    # Then it does what comes next.
    assert np.linalg.norm(trajectory.velocity_mps[-1, 1]) < 10.0


def test_a_steady_pair_meets_when_it_must():
    """The ego needs 90 m at 12 m/s: 7.5 s, in which the other comes 100 m."""
    _, trajectory, meeting, _ = run()
    assert meeting.their_s == pytest.approx(7.5, abs=0.03)
    assert meeting.own_s == pytest.approx(7.5, abs=0.05)
    speed = np.linalg.norm(trajectory.velocity_mps[:, 1], axis=1)
    change = np.diff(speed) / np.diff(trajectory.time_s)
    assert change[2:140].max() < 2.2
    # A ramp of 2 m/s² from 10 m/s to v, then v, over 100 m in 7.5 s: v = 25 - sqrt(115).
    assert speed[140] == pytest.approx(25.0 - np.sqrt(115.0), abs=0.5)


def test_what_cannot_be_is_told():
    _, trajectory, meeting, told = run("at_most: 11 m/s")
    assert meeting.late_s == pytest.approx(100.0 / 11.0 - 7.5, abs=0.25)
    assert np.linalg.norm(trajectory.velocity_mps[:, 1], axis=1).max() < 11.3
    (one,) = told
    assert one.what == "synchronize misses ego"
    assert "s too late" in one.why


def test_who_waits_for_one_that_stands():
    _, trajectory, meeting, told = run("", "behaviour: [{do: hard_brake}]")
    assert meeting.late_s is None
    assert "never passes its place" in told[0].why
    assert np.linalg.norm(trajectory.velocity_mps[-1, 1]) < 0.3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("with: ego", "with: egoo"), "unknown actor 'egoo'.*did you mean 'ego'"),
        (("with: ego", "with: other"), "can't do this to itself"),
        (("at_s: 130 m", "at_s: 900 m"), "lane 'backward_1' is 400 m long"),
        (("at_s: 130 m", "lane: forward_1"), "at_s"),
        (("at_s: 130 m", "at_s: 130 m, at_most: 100 m/s"), "at most 70"),
        (("vehicle.suv", "person.adult"), "no wheels that drive"),
    ],
)
def test_slips_are_told(change, message):
    text = SCENE.replace("EGO", "lights: true").replace("ASSET", "vehicle.suv")
    text = text.replace(", KEYS", "").replace(", NEXT", "").replace(*change)
    with pytest.raises(ScenarioError, match=message):
        draw(parse_scenario(text, "t.yaml"), 0, 0)
