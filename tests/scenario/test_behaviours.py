"""What is wrong with behaviours is said where, and with what would be right."""

from __future__ import annotations

import json

import pytest

from scenegen.errors import ScenarioError
from scenegen.sample import draw
from scenegen.scenario import LogicalScenario, json_schema, parse_scenario
from scenegen.scenario.behaviours import conditions, plain_entries, verbs

TEXT = """\
scenario: t
description: t
duration: 5 s
road: {{kind: straight, length: 300 m, lanes_forward: 2, lanes_backward: 1, sidewalk: 3 m}}
ego: {{asset: vehicle.sedan, place: {{lane: forward_1, s: 30 m}}, speed: 9 m/s,
      behaviour: [follow_lane, {{when: {{time: 2 s}}, do: hard_brake}}]}}
actors:
  lorry: {{asset: vehicle.flatbed_truck, place: {{ahead_of: ego, gap: 20 m}}, speed: 8 m/s}}
  crate: {{asset: debris.crate, place: {{attached_to: lorry}}}}
  bike: {{asset: bicycle.city, place: {{lane: forward_1, s: 130 m}}, speed: 4 m/s}}
  who:
    asset: {asset}
    place: {{lane: {lane}, s: 150 m}}
    behaviour: [{entry}]
"""


def read(entry: str, asset: str = "vehicle.compact", lane: str = "forward_1") -> LogicalScenario:
    return parse_scenario(TEXT.format(asset=asset, lane=lane, entry=entry), "t.yaml")


def error(entry: str, **others: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        draw(read(entry, **others), 0, 0)
    return str(caught.value)


WALKER = {"asset": "person.adult", "lane": "sidewalk_right"}


@pytest.mark.parametrize(
    ("entry", "others", "column", "words"),
    [
        (
            "{do: overtkae, past: ego}",
            {},
            17,
            "'overtkae' (did you mean 'overtake'",
        ),
        ("{do: overtake, past: lory}", {}, 17, "unknown actor 'lory' (did you mean 'lorry'?)"),
        ("{do: overtake, past: who}", {}, 17, "can't do this to itself"),
        (
            "{do: drop_cargo, load: crat}",
            {},
            17,
            "carries no 'crat'; place a load with {",
        ),
        ("{when: {actor: ego, does: cut_in}, do: stand}", {}, 17, "'ego' never does 'cut_in'"),
        ("{when: {actor: eog, does: cut_in}, do: stand}", {}, 17, "unknown actor 'eog'"),
        ("{when: {actor: ego, does: hard_break}, do: stand}", {}, 17, "did you mean 'hard_brake'?"),
        ("{when: {time: 1 s, ttc: 2 s}, do: stand}", {}, 17, "'all: [{…}, {…}]'"),
        ("{when: {time: 1 s, of: ego}, do: stand}", {}, 17, "'of' goes with speed or at_s"),
        ("{when: {room: 2 s}, do: stand}", {}, 17, "'room' needs the 'lane'"),
        ("{when: {speed: {}}, do: stand}", {}, 17, "'above' or 'below'"),
        ("{when: {signal: {of: major, is: rde}}, do: stand}", {}, 17, "did you mean 'red'?"),
        ("{when: {any: []}, do: stand}", {}, 17, "any"),
        ("{when: {all: [{time: 1 m}]}, do: stand}", {}, 17, "needs a time"),
        ("{when: {ahead_of: who, by: 1 m}, do: stand}", {}, 17, "waits for itself"),
        ("{interrupt: {do: stand}}", {}, 17, "an interrupt says 'when'"),
        ("{interrupt: {when: {time: 1 s}, do: stant}}", {}, 17, "did you mean 'stand'"),
        ("{parallel: [{do: stand}]}", {}, 17, "parallel"),
        ("{parallel: [{do: stand, speed: 3}, {do: stand}]}", {}, 17, "unknown key 'speed'"),
        ("{do: hesitate, speed: 1 m/s}", WALKER, 17, "'after' is missing"),
    ],
)
def test_problems_of_structure_have_a_place_and_a_remedy(
    entry: str, others: dict[str, str], column: int, words: str
) -> None:
    message = error(entry, **others)
    assert words in message
    file, line, found = message.split(":")[:3]
    assert (file, line) == ("t.yaml", "14")
    assert int(found) >= column


@pytest.mark.parametrize(
    ("entry", "others", "words"),
    [
        ("{do: overtake, past: lorry}", WALKER, "no wheels that drive to overtake: people and"),
        ("{do: reverse, distance: 3 m}", WALKER, "no wheels that drive to reverse: people and"),
        ("{do: indicate, side: left}", WALKER, "no wheels that drive"),
        ("{do: cross, speed: 1 m/s}", {}, "no legs to cross: vehicles do"),
        ("{do: hesitate, speed: 1 m/s, after: 1 m}", {}, "no legs to hesitate"),
        ("{do: wander, speed: 1 m/s}", {}, "no legs to wander"),
        ("{do: use_phone}", {}, "no free hands to use_phone"),
        ("{do: use_phone}", {"asset": "animal.dog", "lane": "sidewalk_right"}, "no free hands"),
        ("{do: open_door}", {"asset": "vehicle.bus"}, "no front left door on hinges"),
        ("{do: open_door, angle: 80 deg}", {}, "opens to 1.2 rad (69 deg) at most"),
        ("{do: open_door, door: rear_lefft}", {}, "did you mean 'rear_left'"),
        (
            "{do: open_door, door: rear_left}",
            {"asset": "vehicle.city"},
            "no rear left door on hinges to open_door; it has front_left, front_right",
        ),
        ("{do: reverse, distance: 3 m}", {"asset": "bicycle.city"}, "no reverse gear"),
        ("{do: reverse}", {}, "needs the 'distance' that it reverses, or the 'lane'"),
        ("{do: reverse, distance: 3 m, turn: 1 rad, radius: 2 m}", {}, "no bend tighter than"),
        ("{do: cross, speed: 1 m/s, distance: 900 km}", WALKER, "it is at most 1500"),
        ("{do: reverse, distance: 9 km}", {}, "it is at most 200"),
        ("{do: reverse, distance: 3 m, turn: 200 deg}", {}, "180 deg at most"),
        ("{do: swerve, lateral: 1 m, over: 2 h}", {}, "it is at most 60"),
        ("{do: pull_out, lane: forward_0, within: 9 km}", {}, "it is at most 300"),
        ("{do: reverse, lane: forward_0}", {}, "doesn't come to lane 'forward_0'"),
        (
            "{do: reverse, lane: forward_0, distance: 1 m}",
            {},
            "'distance' and a 'turn', or",
        ),
        ("{do: u_turn, lane: forward_0, at_s: 200 m}", {}, "a lane of the other direction"),
        ("{do: u_turn, lane: backward_0, at_s: 90 m}", {}, "not ahead of 'who'"),
        ("{do: pull_out, lane: backward_0}", {}, "traffic in 'backward_0' comes towards"),
        ("{do: overtake, past: lorry, room: 0 s}", {}, "it is above 0"),
        ("{do: overtake, past: lorry}", {"lane": "forward_0"}, ""),
        ("{do: hesitate, speed: 1 m/s, after: 90 m}", WALKER, "stops before its end"),
        ("{when: {at_s: 400 m}, do: stand}", {}, "is 300 m long"),
        ("{when: {signal: {of: major, is: red}}, do: stand}", {}, "this road has no signals"),
        ("{when: {time: 1 s, delay: -1 s}, do: stand}", {}, "not below 0"),
        ("{do: change_speed, speed: 99 m/s}", {}, "goes at most 70 m/s"),
        (
            "{parallel: [{do: hard_brake}, {do: swerve, lateral: 1 m, back_after: 1 s}]}",
            {},
            "can't run in 'parallel'",
        ),
        (
            "{parallel: [{when: {time: 1 s}, do: hard_brake}, {when: {time: 1 s}, do: cruise}]}",
            {},
            "one of what runs in 'parallel' starts at once",
        ),
    ],
)
def test_what_a_body_cannot_do_is_said(entry: str, others: dict[str, str], words: str) -> None:
    if not words:
        # The lane to the left of the innermost one is the oncoming one: allowed.
        draw(read(entry, **others), 0, 0)
        return
    message = error(entry, **others)
    assert words in message
    assert message.startswith("t.yaml:1")


def test_entries_conditions_and_verbs_are_found_at_every_depth() -> None:
    scenario = read(
        "{parallel: [{when: {any: [{time: 1 s}, {ttc: 2 s}]}, do: hard_brake}, follow_lane]}, "
        "{interrupt: {when: {gap: 1 s}, sequence: [stand, {do: cruise}]}, until: {time: 3 s}}"
    )
    entries = scenario.actors["who"].behaviour
    assert verbs(entries) == {"hard_brake", "follow_lane", "stand", "cruise"}
    kinds = [when.kind for _, when in conditions(entries)]
    assert sorted(kinds) == ["any", "gap", *["start"] * 4, "time", "time", "ttc"]
    paths = [path for path, _ in plain_entries(entries, ("b",))]
    assert ("b", 0, "parallel", 1) in paths
    assert ("b", 1, "interrupt", "sequence", 0) in paths


def test_what_is_new_changes_no_older_digest() -> None:
    text = TEXT.format(asset="person.adult", lane="sidewalk_right", entry="{do: stand}")
    plain = parse_scenario(text, "a.yaml")
    assert "interrupt" not in json.dumps(plain.canonical())
    when = plain.canonical()["actors"][0][1]["behaviour"][1]["when"]
    assert set(when) == {"time", "to"}


def test_the_schema_knows_the_groups() -> None:
    schema = json_schema()
    assert {"Parallel", "InterruptEntry", "Steps", "SignalIs", "SpeedIs"} <= set(schema["$defs"])
    assert "is" in schema["$defs"]["SignalIs"]["properties"]


IN_CAR = """
scenario: t
description: t
duration: 5 s
road: {{kind: straight, length: 300 m, parking: 2.2 m, sidewalk: 3 m}}
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 30 m}}, speed: 9 m/s}}
actors:
  parked: {{asset: {car}, place: {{lane: parking_right, s: 80 m}}, behaviour: [{does}]}}
  driver: {{asset: {who}, place: {{attached_to: parked{seat}}}, behaviour: [{entry}]}}
"""
OPENS, SEATED = "stand, open_door", ", anchor: seat_front_left"


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"does": "stand"}, "'parked' (vehicle.sedan) has no seats for people"),
        ({"seat": ""}, "has several seats; 'anchor' is one of seat_front_left"),
        ({"seat": ", anchor: seat_frnt_left"}, "did you mean 'seat_front_left'"),
        ({"car": "vehicle.bus"}, "'parked' (vehicle.bus) has no seats for people"),
        ({"car": "vehicle.city", "seat": ", anchor: seat_rear_left"}, "no 'seat_rear_left'"),
        ({"who": "animal.dog"}, "'animal.dog' can't sit in 'vehicle.sedan.doors'"),
        ({"entry": "{do: cross, speed: 1 m/s}"}, "can't cross: let them 'get_out' first"),
        ({"entry": "{do: fall}"}, "can't fall: let them 'get_out' first"),
        ({"entry": "{do: get_out, over: 0 s}"}, "over' comes to 0; it is above 0"),
        (
            {"seat": ", anchor: seat_front_right"},
            "'parked' never opens the door beside them; give it {do: open_door, door: front_right}",
        ),
    ],
)
def test_what_is_wrong_with_who_sits_in_a_car_is_said(others: dict[str, str], words: str) -> None:
    usual = {"car": "vehicle.sedan", "does": OPENS, "who": "person.adult", "seat": SEATED}
    text = IN_CAR.format(**{**usual, "entry": "get_out", **others})
    with pytest.raises(ScenarioError) as caught:
        draw(parse_scenario(text, "t.yaml"), 0, 0)
    assert words in str(caught.value)
    assert "t.yaml:" in str(caught.value)


def test_who_has_got_out_counts_in_the_lane_of_the_car() -> None:
    entry = "get_out, {do: walk_along, speed: 1 m/s, distance: 5 m}, {do: cross, speed: 1 m/s}"
    usual = {"car": "vehicle.sedan", "does": OPENS, "who": "person.adult", "seat": SEATED}
    scene = draw(parse_scenario(IN_CAR.format(entry=entry, **usual), "t.yaml"), 0, 0)
    driver = next(a for a in scene.actors if a.name == "driver")
    kinds = [m.action.kind for m in driver.behaviour]
    assert kinds == ["get_out", "walk", "walk"]
    along, across = (m.action for m in driver.behaviour[1:])
    parked = next(a for a in scene.actors if a.name == "parked")
    beside = 0.5 * 1.82 + 0.32
    assert along.path[0][1] - parked.position_m[1] == pytest.approx(beside, abs=0.06)
    assert across.path[-1][1] > across.path[0][1] + 4.0
