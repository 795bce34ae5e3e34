"""What monitors say of runs whose answers are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scenegen.monitor import judge
from scenegen.monitor.questions import Run
from scenegen.records import CONTACT_DTYPE, Lamp
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.scenario.formulas import parse_formula
from scenegen.simulate.coasting import coasting

SCENARIO = """
scenario: approach
description: The ego drives at 10 m/s towards a car that stands; a row of people is beside it.
duration: 4 s
parameters:
  near: {uniform: [30 m, 40 m]}
  patience: 2 s
road: {kind: KIND, length: 240 m, lanes_forward: 2, sidewalk: 2 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: 10 m/s}
actors:
  lead: {asset: vehicle.sedan, variant: 0, place: {ahead_of: ego, gap: near}, behaviour: [stand]}
  people:
    asset: person.adult
    count: 3
    spacing: 2 m
    place: {lane: sidewalk_right, s: 60 m}
  nobody: {asset: person.adult, count: 0, place: {lane: sidewalk_left, s: 60 m}}
monitors:
"""


def judged(kind="straight", change=None, **monitors):
    text = SCENARIO.replace("KIND", kind)
    text += "\n".join(f"  {name}: {formula}" for name, formula in monitors.items()) or "  {}"
    concrete = draw(parse_scenario(text, "approach.yaml"), 3, 0)
    run = coasting(concrete.actors, 4 * concrete.rates.control_hz + 1, concrete.rates)
    return concrete, judge(concrete, run if change is None else change(concrete, run))


def test_lamps_that_are_switched_on():
    def lit(_, run):
        lamps = np.zeros((len(run.step), len(run.actor_ids)), dtype=np.uint16)
        lamps[20:40, 1] = Lamp.BRAKE
        lamps[30:, 1] += np.uint16(Lamp.INDICATOR_LEFT)
        lamps[60:, 1] += np.uint16(Lamp.INDICATOR_RIGHT)
        return replace(run, lamps_on=lamps)

    _, found = judged(
        change=lit,
        brakes="eventually[0 s, 1 s](lamp(lead, 'brake'))",
        later="eventually[2.05 s, 4 s](lamp(lead, brake))",
        first="until(not lamp(lead, 'brake'), lamp(lead, 'indicator_left'))",
        left="always[1.5 s, 4 s](lamp(lead, 'indicator_left'))",
        both="always[3 s, 4 s](lamp(lead, 'hazard'))",
        one="eventually[0 s, 2.95 s](lamp(lead, 'hazard'))",
        other="eventually(lamp(ego, 'brake'))",
        nobody="eventually(lamp(nobody, 'brake'))",
    )
    held = {name for name, value in found.items() if value == np.inf}
    assert held == {"brakes", "left", "both"}
    assert set(found.values()) == {np.inf, -np.inf}


def test_a_car_that_does_not_brake():
    concrete, found = judged(
        clear="always(gap_ahead(ego, lead) > 2 m)",
        early="always[0 s, 1 s](gap_ahead(ego, lead) > 2 m)",
        drawn="always[0 s, patience](gap_ahead(ego, lead) > near / 2)",
        slow="eventually(speed(ego) < 5 m/s)",
        steady="always(abs(acceleration(ego)) < 1 m/s^2)",
        ttc="always(time_to_collision(ego, lead) > 1 s)",
        headway="until(time_headway(ego, lead) > 2 s, gap_ahead(ego, lead) < 25 m)",
        lane="always(in_lane(ego))",
        other="always(in_lane(ego, 'forward_1'))",
        middle="always(lateral(ego, 'forward_0') == 0 m)",
        size="always[0 s, 2 s](distance(ego, lead) - gap(ego, lead)"
        " == (length(ego) + length(lead)) / 2)",
        narrow="always(width(ego) < 2 m and width(people) < 1 m)",
        nobody="always(length(nobody) > 0 m)",
    )
    assert found["size"] == pytest.approx(0, abs=1e-6)
    assert found["narrow"] > 0
    assert found["nobody"] == -np.inf
    # The outlines that one would run into are a little longer than the boxes that gaps are of.
    start = concrete.parameters["near"] - 0.02
    assert found["clear"] == pytest.approx(start - 42, abs=0.05)
    assert found["early"] == pytest.approx(start - 12, abs=0.05)
    assert found["drawn"] == pytest.approx(start - 20 - start / 2, abs=0.05)
    assert found["slow"] == pytest.approx(-5)
    assert found["steady"] == pytest.approx(1)
    assert found["ttc"] == pytest.approx(-1)
    assert found["headway"] == pytest.approx((start - 25) / 10 - (start - 25) / 10 + 0.5, abs=0.06)
    width = concrete.road.lane_width_m
    assert found["lane"] == pytest.approx(width / 2, abs=1e-6)
    assert found["other"] == pytest.approx(-width / 2, abs=1e-6)
    assert found["middle"] == pytest.approx(0, abs=1e-6)


def test_what_is_true_or_false_has_no_margin():
    def hit(concrete, run):
        contacts = np.zeros(1, CONTACT_DTYPE)
        contacts[0]["step"], contacts[0]["actor_a"], contacts[0]["actor_b"] = 241, 1, 2
        return replace(run, contacts=contacts)

    _, found = judged(
        change=hit,
        safe="always(not touches(ego, lead))",
        anything="always(not touches(ego))",
        others="always(not touches(people))",
        when="eventually[1.05 s, 1.05 s](touches(lead, ego))",
        sooner="eventually[0 s, 1 s](touches(lead, ego))",
        unlit="always(signal(major) == 'off')",
    )
    signs = {name: np.sign(value) for name, value in found.items()}
    assert all(np.isinf(value) for value in found.values())
    assert signs == {
        "safe": -1,
        "anything": -1,
        "others": 1,
        "when": 1,
        "sooner": -1,
        "unlit": 1,
    }


def test_signals_of_a_crossing():
    def red(concrete, run):
        heads = 8
        states = np.full((len(run.step), heads), 4, dtype=np.uint8)
        states[40:] = 1
        return replace(run, signal_states=states)

    _, found = judged(
        kind="crossing, signals: {mode: normal}",
        change=red,
        green="always[0 s, 1.95 s](signal(major) == 'green')",
        longer="always[0 s, 2 s](signal(major) == 'green')",
        then="always[2 s, 4 s](signal('major') == 'red')",
    )
    assert found == {"green": np.inf, "longer": -np.inf, "then": np.inf}


def test_a_row_counts_as_one():
    concrete, found = judged(
        far="always(gap(ego, people) > 0 m)",
        back="always(gap(people, ego) > 0 m)",
        nobody="always(gap(ego, nobody) > 9 m)",
        none="eventually(speed(nobody) >= 0 m/s)",
        outside="eventually(in_lane(nobody))",
        walkers="always(in_lane(people, 'sidewalk_right'))",
        strays="always(not in_lane(people, 'forward_0'))",
    )
    assert [actor.name for actor in concrete.actors][2:] == ["people_0", "people_1", "people_2"]
    run = Run(concrete, coasting(concrete.actors, 81, concrete.rates))
    gap = parse_formula("always(gap(ego, people) > 0 m)", {}, {"ego", "people"}).arguments[0]
    each = [run.measure(gap.arguments[0], {"ego": (1,), "people": (body,)}) for body in (3, 4, 5)]
    assert found["far"] == found["back"] == np.min(each) > 0
    assert found["nobody"] == np.inf
    assert found["none"] == found["outside"] == -np.inf
    assert found["walkers"] == pytest.approx(1.0, abs=0.02)
    assert found["strays"] > 0


def test_monitors_change_no_draw():
    bare, _ = judged()
    watched, _ = judged(clear="always(gap_ahead(ego, lead) > 2 m)")
    assert watched.model_copy(update={"monitors": {}}) == bare


def test_a_scene_read_back_is_judged_alike():
    concrete, found = judged(
        clear="always(implies(gap_ahead(ego, lead) < near, speed(ego) * 2 s < near))"
    )
    again = type(concrete).model_validate_json(concrete.model_dump_json())
    run = coasting(concrete.actors, 81, concrete.rates)
    assert judge(again, run) == found


def test_foreign_formulas_are_refused():
    concrete, _ = judged(clear="always(gap_ahead(ego, lead) > 2 m)")
    run = coasting(concrete.actors, 81, concrete.rates)
    monitor = concrete.monitors["clear"]
    for formula, message in [
        (["always", ["__import__", "os"]], "unknown operation"),
        (["always", 3.0], "'always' doesn't take"),
        (["always", [">", ["speed", {"actor": "x", "ids": [99]}], 1.0]], "not in the run"),
        (["+", 1.0, 2.0], "true or false"),
        (["always", ["occluded", {"sensor": "x", "ids": [1]}, {"actor": "a", "ids": [2]}]], "'x'"),
        ({"a": 1}, "no part of a formula"),
        ([["always"]] * 3, "no part of a formula"),
    ]:
        changed = monitor.model_copy(update={"formula": formula})
        with pytest.raises(ValueError, match=message):
            judge(concrete.model_copy(update={"monitors": {"clear": changed}}), run)
