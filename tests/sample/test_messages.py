"""Mistakes that people make, and what `scenegen check` tells them: where, what, what to do."""

from pathlib import Path

import pytest

from scenegen.errors import InputError
from scenegen.sample import check
from scenegen.scenario import parse_scenario

GOOD = """\
scenario: small
description: A car on a road.
duration: 2 s
parameters:
  v: {uniform: [30 km/h, 50 km/h]}
  gap: v * 1.2 s + 5 m
road: {kind: straight, length: 200 m}
ego:
  asset: vehicle.sedan
  place: {lane: forward_0, s: 20 m}
  speed: v
  behaviour: [follow_lane]
actors:
  child:
    asset: person.child
    place: {ahead_of: ego, gap: gap, lateral: -3 m, heading: left}
    behaviour:
      - {when: {distance: 20 m, to: ego}, do: dart_out, speed: 3 m/s}
require:
  - gap > 10 m
"""
V = "v: {uniform: [30 km/h, 50 km/h]}"
GAP = "gap: v * 1.2 s + 5 m"
ROAD = "road: {kind: straight, length: 200 m}"
EGO_PLACE = "place: {lane: forward_0, s: 20 m}"
PLACE = "{ahead_of: ego, gap: gap, lateral: -3 m, heading: left}"
DRIVES = "  behaviour: [follow_lane]"
LATER = "duration: 2 s"
ASKS = "require:\n"

YAML = [
    ("  speed: v", "\tspeed: v", "11:1", "blanks, not with a tab"),
    ("  speed: v", "    speed: v", "11:5", "they begin at line 9, column 3"),
    ("  speed: v", "  speed:v", "11:3", "a blank after the colon"),
    (EGO_PLACE, "place: {lane: forward_0, s: 20 m", "11:8", "'}' is missing .* opens at 10:10"),
    (EGO_PLACE, "place: {lane:forward_0, s:20 m}", "10:11", "a blank goes between 'lane:'"),
    (EGO_PLACE, "place:\n  lane: forward_0\n  s: 20 m", "11:3", "to 'place', indent it farther"),
    ("description: A car on a road.", 'description: "A car', "2:14", "quotes .* never closed"),
    ("description: A car on a road.", "description:", "2:1", "empty; write a text"),
    (LATER, "duration: 2 s\nduration: 3 s", "4:1", "duplicate key 'duration'; keep one"),
    (GAP, "gap: 60 m + {uniform: [0 m, 5 m]}", "6:23", "name under 'parameters'.*'60 m \\+ more'"),
    ("s: 20 m", "s: '60 m + {uniform: [0 m, 5 m]}'", "10:31", "name under 'parameters'"),
    (ASKS, "monitors: {a: always(gap(ego, child) > 1 m)}\nrequire:\n", "19:31", "in quotes"),
    (ASKS, "monitors: {a: always[0 s, 1 s](speed(ego) > v)}\nrequire:\n", "19:21", "in quotes"),
    ("- gap > 10 m", "- {that: distance(ego, child) > 1 m}", "20:26", "goes in quotes"),
]
WORDS = [
    ("  speed: v", "  velocity: v", "11:3", "did you mean 'speed'"),
    ("  asset: vehicle.sedan", "  model: vehicle.sedan", "9:3", "did you mean 'asset'"),
    (DRIVES, "  behavior: [follow_lane]", "12:3", "did you mean 'behaviour'"),
    (ROAD, "road: {kind: highway}", "7:14", "did you mean 'motorway'"),
    (ROAD, "road: {type: straight}", "7:8", "did you mean 'kind'"),
    (ROAD, "road: {kind: straight, lanes: 3}", "7:24", "'lanes_backward' or 'lanes_forward'"),
    (LATER, "duration: 2 s\nweather: {season: fall}", "4:19", "did you mean 'autumn'"),
    (LATER, "duration: 2 s\nweather: {fog: 50 m}", "4:11", "did you mean 'visibility'"),
    (V, "v: {gaussian: [30 km/h, 5 km/h]}", "5:17", "did you mean 'normal'"),
    (V, "v: {uniform: {min: 30 km/h, max: 50 km/h}}", "5:22", "did you mean 'low'"),
    ("  asset: vehicle.sedan", "  asset: sedan", "9:10", "did you mean 'vehicle.sedan'"),
    ("ahead_of: ego", "in_front_of: ego", "16:13", "did you mean 'ahead_of'"),
    ("ahead_of: ego", "ahead_of: ego by 30 m", "16:23", "write ahead_of: ego, .* gap: 30 m"),
    (ASKS, "design: sobel\nrequire:\n", "19:9", "did you mean 'sobol'"),
    (ASKS, "design: {kind: lhs}\nrequire:\n", "19:16", "did you mean 'latin_hypercube'"),
    (LATER, "duration: 2 s\nextends: rain_heavy", "4:10", "a mix-in, .* under 'with'"),
    (LATER, "duration: 2 s\nwith: [night_jaywalk]", "4:8", "a scenario, .* under 'extends'"),
]
EXPRESSIONS = [
    (V, "v: 30-50 km/h", "5:6", r"for a range write \{uniform: \[30 km/h, 50 km/h\]\}"),
    (V, "v: uniform(30 km/h, 50 km/h)", "5:6", r"a value by itself: \{uniform: …\}"),
    (V, "v: {uniform: 30 km/h, 50 km/h}", "5:6", "values of one kind go in brackets"),
    (V, "v: {categorical: {30 km/h: 1, 50 km/h: 1}}", "5:30", r"\{mixture: \[\{fixed: 30 km/h"),
    (V, "v: {discrete: {3: 0, 5: 0}}", "5:17", "weights .* have to add up to more than 0"),
    (V, "v: {empirical: {file: none.csv, column: v}}", "5:25", "there is no file 'none.csv'"),
    (V, "v: w + 1 m/s\n  w: v + 1 m/s", "5:6", "circular: 'v', 'w', .* give one a value"),
    (GAP, "gap: v x 1.2 s + 5 m", "6:8", "multiply with"),
    (GAP, "gap: v ^ 2 / 3 m/s^2", "6:8", r"a power is written with \*\*"),
    (GAP, "gap: (v * 1.2 s + 5 m", "6:8", r"a '\)' is missing"),
    (GAP, "gap: if v > 3 m/s then 3 m else 4 m", "6:8", r"write where\(CONDITION, a, b\)"),
    (GAP, "gap: 1.2 s * v + 5", "6:8", "not a length and a plain number; add a unit"),
    ("  speed: v", "  speed: 50,5 km/h", "11:10", "a point and no comma"),
    ("  speed: v", "  speed: fast", "11:10", "'speed' needs a speed such as '50 km/h'"),
    (LATER, "duration: 2 s\nlight: {headlights: on}", "4:21", "write true or false"),
    ("- gap > 10 m", "- gap = 10 m", "20:5", "compare with =="),
    ("- gap > 10 m", "- gap > 10 m && v > 3 m/s", "20:5", "joined by 'and'"),
    ("- gap > 10 m", "- in_lane(child, forward_0)", "20:5", "a lane goes in quotes"),
    ("- gap > 10 m", "- always(speed(ego) > v)", "20:5", "for 'monitors'"),
]
ROADS = [
    (ROAD, "road: {kind: rural, length: 120 m, bends: 5}", "7:29", "'road.length' is 120 m, but"),
    (ROAD, "road: {kind: curve, radius: 10 m}", "7:29", "'road.radius' is 10 m.* at least"),
    (ROAD, "road: {kind: motorway}", "7:14", "set 'road.lanes_backward' to 0"),
    (ROAD, "road: {kind: tunnel, tunnel: 290 m}", "7:30", "a length of at least 370 m"),
    (ROAD, "road: {kind: t_junction, arm_angle: 20 deg}", "7:37", "20 deg .* at least 60 deg"),
    (ROAD, "road: {kind: straight, length: 20 km}", "7:32", "at least 50 m and at most 3000 m"),
    (ROAD, "road: {kind: straight, arms: 4}", "7:24", "no use for 'arms', .* with roundabout"),
    (LATER, "duration: 2 s\nlight: {sun_elevation: 120 deg}", "4:24", "at most 90 deg"),
    (LATER, "duration: 2 s\nweather: {rain: 5000 mm/h}", "4:17", "at most 200 mm/h"),
    ("lane: forward_0", "lane: forward_2", "10:17", "lanes_forward' .* backward_0, forward_0"),
    ("lane: forward_0", "lane: side_forward_0", "10:17", "no lanes of other roads"),
    ("lane: forward_0", "lane: 0", "10:17", "lanes are called forward_0"),
    (PLACE, "{on: sidewalk_right}", "16:17", "a width for 'road.sidewalk' makes one"),
    (PLACE, "{on: crossing_area}", "16:17", "a 'straight' with 'zebra: true'"),
]
PLACES = [
    (PLACE, "{ahead_of: ego, s: 20 m}", "16:12", "exactly one of .* has s and ahead_of"),
    (PLACE, "{lane: forward_0, s: 500 m}", "16:33", "beyond an end of its lane"),
    (PLACE, "{lane: forward_0, s: 20 m}", "16:33", "bodies would overlap"),
    (
        PLACE,
        "{lane: forward_0, s: 20.5 m}",
        "16:33",
        "by at least 1.* apart .* or 1\\.\\d\\d m across",
    ),
    (PLACE, "{left_of: ego, lane: backward_0}", "16:12", "has no 'lane' .* {beside: NAME, lane"),
    (PLACE, "{ahead_of: ego, s: 3 m}", "16:12", "exactly one of .*left_of"),
    (PLACE, "{ahead_of: ego, gap: gap, lane: +1}", "16:44", r"'lane\(\+1\)'.* no such lane beside"),
    (PLACE, "{attached_to: ego, anchor: bed}", "15:12", "no anchor 'bed', .* its anchors|nor any"),
    (DRIVES, "  behaviour: follow_lane", "12:14", r"write behaviour: \[follow_lane\]"),
    (DRIVES, "  behaviour: [{do: follow_lane, turn: left}]", "12:39", "need a 't_junction'"),
    (DRIVES, "  behaviour: [{do: cut_in}]", "12:15", "'lane' is missing in 'cut_in'"),
    (DRIVES, "  behaviour: [{when: 3 s, do: stand}]", "12:22", r"such as when: \{time: 1 s\}"),
    (
        DRIVES,
        "  behaviour: [{when: {time: -3 s}, do: hard_brake}]",
        "12:29",
        "-3 s; it is 0 or more",
    ),
    ("do: dart_out, speed: 3 m/s", "do: dart_out", "18:9", "'speed' is missing in 'dart_out'"),
    ("  child:\n", "  2nd child:\n", "14:3", "can't name an actor"),
    (LATER, "duration: 2 s\nrates: {camera: 10 Hz}", "4:17", "whole number of Hz without the unit"),
    (LATER, "duration: 2 s\ndesign: {kind: t_way, t: 9}", "4:26", "9 and should be at most 6"),
    (LATER, "duration: 2 s\nplan: all", "4:1", "scenegen generate plan=FILE"),
    (LATER, "duration: 2 s\n---\na: b", "4:1", "a file is one document"),
    (LATER, "duration: 2 s\nlight: {time: 12:30, date: x}", "4:8", "needs latitude, longitude"),
    (LATER, "duration: 2 s\nsensors: {front: camera}", "4:18", r"such as front: \{kind: camera\}"),
    ("- gap > 10 m", "- ego.speed > 10 m/s", "20:5", r"as in speed\(ego\)"),
    ("- gap > 10 m", "- gap: 10 m", "20:5", "a text such as 'gap > 10 m'"),
    (LATER, "duration: 2 s\nsensors: {front: {position: [1, 2 m, 3 m]}}", "4:30", "value 1 of"),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "told"), YAML + WORDS + EXPRESSIONS + ROADS + PLACES
)
def test_it_tells_where_what_and_what_to_do(
    old: str, new: str, place: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert old in GOOD
    with pytest.raises(InputError, match=told) as caught:
        check(parse_scenario(GOOD.replace(old, new, 1), "s.yaml"), 200, 0)
    assert str(caught.value).startswith(f"s.yaml:{place}: ")


def test_an_actor_below_is_told_to_be_moved() -> None:
    later = "  later: {asset: vehicle.van, place: {lane: forward_0, s: 90 m}}\nrequire:"
    text = GOOD.replace("ahead_of: ego", "ahead_of: later").replace("require:", later)
    with pytest.raises(InputError, match=r"s\.yaml:16:23: 'later' .* above this one .*move it up"):
        parse_scenario(text, "s.yaml")


def test_the_good_one_is_good() -> None:
    assert check(parse_scenario(GOOD, "s.yaml"), 200, 0).acceptance_rate > 0.5
