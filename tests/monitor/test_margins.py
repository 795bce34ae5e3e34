"""Robustness as people read it."""

import numpy as np
import pytest

from scenegen.monitor import Verdict, margin_told, unit_of
from scenegen.scenario import parse_scenario

SCENE = """
scenario: asked
description: Monitors of several units.
duration: 1 s
road: {kind: straight, length: 200 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: 10 m/s}
actors: {lead: {asset: vehicle.van, place: {ahead_of: ego, gap: 20 m}, speed: 10 m/s}}
monitors:
  apart: 'always(gap(ego, lead) > 2 m)'
  slow: 'eventually[0 s, 1 s](speed(ego) < 3 m/s and speed(lead) < 3 m/s)'
  late: 'until(time_to_collision(ego, lead) > 2 s, gap(ego, lead) < 9 m)'
  hit: 'eventually(touches(ego, lead))'
  hidden: 'always(not occluded(ego, lead) implies in_lane(lead, "forward_0"))'
  both: 'always((gap(ego, lead) > 2 m) == in_lane(lead))'
  soft: 'always(acceleration(ego) > -4 m/s2)'
"""


def test_the_unit_is_that_of_all_conditions():
    scenario = SCENE.replace("not occluded(ego, lead) implies", "occluded(ego, lead) or")
    monitors = parse_scenario(scenario, "asked.yaml").monitors
    units = {name: unit_of(monitor.node) for name, monitor in monitors.items()}
    assert units == {
        "apart": "m",
        "slow": "m/s",
        "late": "",
        "hit": "",
        "hidden": "m",
        "both": "m",
        "soft": "m/s^2",
    }


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1.2345, "1.23 s"),
        (-0.000451, "-0.000451 s"),
        (123.4, "123 s"),
        (-23900.0, "<-1000 s"),
        (2e5, ">1000 s"),
        (-0.0, "0 s"),
        (np.inf, "inf"),
        (-np.inf, "-inf"),
    ],
)
def test_margins_have_no_exponent(value, told):
    assert margin_told(value, "s") == told


def test_verdicts_in_words():
    assert Verdict("apart", 1.5, None).told("m") == "apart holds by 1.5 m"
    assert Verdict("late", -23900.0, 3).told("s") == "late BROKEN by >1000 s"
    assert Verdict("hit", -np.inf, None).told() == "hit BROKEN"
