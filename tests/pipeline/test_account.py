"""A run in a few lines of words."""

import numpy as np
import pytest

from scenegen.pipeline.account import LINES, account_of, ego_speed_kmh, met_by_ego
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.simulate import simulate_told

HEAD = """
scenario: told
description: A child runs before the ego.
duration: 5 s
road: {kind: straight, length: 300 m, sidewalk: 2.5 m}
ego:
  asset: vehicle.sedan
  place: {lane: forward_0, s: 40 m}
  speed: 36 km/h
  behaviour: [{do: follow_lane, react: REACTS}]
actors:
  child:
    asset: person.child
    place: {lane: sidewalk_right, s: 75 m, heading: across}
    behaviour: [{when: {distance: 26 m, to: ego}, do: dart_out, speed: 1.7 m/s}]
"""


def told(text):
    concrete = draw(parse_scenario(text, "told.yaml"), 0, 0)
    run, holds = simulate_told(concrete)
    return concrete, run, account_of(concrete, run, holds)


def test_braking_in_time():
    concrete, run, lines = told(HEAD.replace("REACTS", "true"))
    text = [line.text for line in lines]
    assert [line.time_s for line in lines] == sorted(line.time_s for line in lines)
    assert "child begins dart_out" in text
    (braking,) = [one for one in text if one.startswith("ego brakes")]
    assert braking.startswith("ego brakes for child: 36 km/h to")
    (near,) = [one for one in text if one.startswith("nearest: child")]
    assert near.endswith("m from the ego")
    assert any(one.startswith("least time to collision") for one in text)
    assert met_by_ego(concrete, run) == (concrete.actors[1].instance_id,)
    assert ego_speed_kmh(concrete, run, 0) == pytest.approx(36.0, abs=0.1)


def test_a_contact_is_told_in_place_of_how_near_it_was():
    _, run, lines = told(HEAD.replace("REACTS", "false"))
    assert len(run.contacts)
    (contact,) = [line for line in lines if "touches" in line.text]
    assert contact.text.startswith("ego touches child, closing at ")
    assert contact.rank == 0
    assert not any(line.text.startswith(("nearest", "least")) for line in lines)
    assert str(contact) == f"{contact.time_s:.1f} s  {contact.text}"


def test_what_tells_least_is_left_out():
    walkers = "".join(
        f"  w{k}: {{asset: person.adult, "
        f"place: {{lane: sidewalk_left, s: {90 + 3 * k} m, heading: across}}, "
        f"behaviour: [{{when: {{time: {0.5 + 0.2 * k:.1f} s}}, do: dart_out, speed: 2 m/s}}]}}\n"
        for k in range(LINES + 2)
    )
    _, _, lines = told(HEAD.replace("REACTS", "true") + walkers)
    assert len(lines) == LINES
    kinds = [line.rank for line in lines]
    assert np.sum(np.array(kinds) <= 1) >= 2
    assert kinds.count(2) >= 1


def test_a_row_begins_once():
    row = (
        "  queue: {asset: person.adult, count: 3, spacing: 1 m, "
        "place: {lane: sidewalk_left, s: 140 m, heading: across}, "
        "behaviour: [{when: {time: 1 s}, do: dart_out, speed: 2 m/s}]}\n"
    )
    _, _, lines = told(HEAD.replace("REACTS", "true") + row)
    assert [line.text for line in lines if "queue" in line.text] == ["queue_0 begins dart_out"]


def test_a_red_light_that_is_passed():
    text = """
scenario: red
description: The ego drives past a red light.
duration: 5 s
road: {kind: crossing, length: 200 m, signals: {mode: closed}}
ego:
  asset: vehicle.sedan
  place: {lane: forward_0, s: 60 m}
  speed: 36 km/h
  behaviour: [{do: follow_lane, obey_signals: false}]
"""
    _, _, lines = told(text)
    (line,) = lines
    assert line.text == "ego drives past a red light at 36 km/h"
