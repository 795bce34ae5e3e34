"""Every mistake gives one clear message at its place."""

import re

import pytest

from scenegen.errors import ScenarioError
from scenegen.scenario import parse_scenario
from scenegen.scenario.source import MAX_CHARACTERS, read_source

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


def error_of(old, new, count=1):
    assert old in GOOD
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(GOOD.replace(old, new, count), "small.yaml")
    return str(caught.value)


def test_the_good_one_is_good():
    assert parse_scenario(GOOD, "small.yaml").name == "small"


def test_conditions_are_told_beside_keys():
    text = GOOD.replace("  speed: v", "  sped: v").replace(
        "- gap > 10 m", "- distance(ego, chidl) > 9 m"
    )
    text += "monitors: {clear: 'always(gap(egoo, child) > vv)'}\n"
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "small.yaml")
    told = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in told] == [
        "small.yaml:11:3",
        "small.yaml:20:5",
        "small.yaml:21:19",
    ]
    assert "did you mean 'speed'" in told[0]
    assert "did you mean 'child'" in told[1]
    assert "did you mean 'ego'" in told[2]


def test_conditions_are_told_beside_whom_behaviours_name():
    text = GOOD.replace("to: ego", "to: egoo").replace("gap > 10 m", "gap(ego, chidl) > 10 m")
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "small.yaml")
    assert str(caught.value).count("did you mean") == 2


def test_a_wrong_parameter_is_told_once():
    text = GOOD.replace("  speed: v", "  sped: v").replace("50 km/h]}", "50 kmh]}")
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "small.yaml")
    told = str(caught.value).splitlines()
    assert len(told) == 2
    assert "unknown unit 'kmh'" in told[0]


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("duration:", "duratoin:", "3:1", "did you mean 'duration'"),
        ("  speed: v", "  sped: v", "11:3", "did you mean 'speed'"),
        ("duration: 2 s", "", "", "'duration' is missing"),
        ("  speed: v", "  speed: 50 m", "11:10", "needs a speed such as '50 km/h', not a length"),
        ("ego:", "weather: {rain: 4 mm}\nego:", "8:17", "a speed such as '4 mm/h', not a length"),
        ("  speed: v", "  speed: 50", "11:10", "add a unit"),
        ("  speed: v", "  speed: 50 KM/H", "11:10", "did you mean 'km'"),
        ("ego:", "scenery: {bench: 3}\nego:", "8:18", "needs a text, not a plain number"),
        ("  speed: v", "  speed: '50'", "11:10", "add a unit"),
        ("  speed: v", "  speed: [1, 2]", "11:10", "needs a speed"),
        ("  speed: v", "  speed: true", "11:10", "needs a speed"),
        ("  speed: v", "  speed: 50 kmh", "11:10", "unknown unit 'kmh'"),
        ("  speed: v", "  speed: quite fast", "11:10", "'speed' needs a speed such as '50 km/h'"),
        ("  speed: v", "  speed: w + 3 m/s", "11:10", "unknown parameter 'w'"),
        ("  speed: v", "  speed: {uniform: [50 km/h, 30 km/h]}", "11:", "reversed"),
        ("  speed: v", "  speed: {uniform: [3 m, 5 m]}", "11:10", "not a length"),
        ("[30 km/h, 50 km/h]", "[50 km/h, 50 km/h]", "5:", "empty"),
        ("kind: straight", "kind: strait", "7:14", "did you mean 'straight'"),
        ("length: 200 m", "length: 200 m, lanes_forward: 1.5", "7:", "whole number"),
        ("lane: forward_0", "lane: foward_0", "10:17", "did you mean 'forward_0'"),
        ("to: ego", "to: egon", "18:37", "did you mean 'ego'"),
        ("ahead_of: ego", "ahead_of: truck", "16:23", "no actor above"),
        (
            "{lane: forward_0, s: 20 m}",
            "{behind: child, gap: 9 m}",
            "10:19",
            "laid out first: .* place 'child' relative to it instead, {ahead_of: ego, …}",
        ),
        ("{lane: forward_0, s: 20 m}", "{behind: chlid}", "10:19", "did you mean 'child'"),
        ("lane: forward_0", "lane: froward_0", "10:17", "list what=lanes"),
        ("do: dart_out", "do: dart_ot", "", "did you mean 'dart_out'"),
        ("gap: v * 1.2 s + 5 m", "gap: v * 1.2 s + 5 s", "6:8", "two alike"),
        ("gap: v * 1.2 s + 5 m", "gap: other + 1 m\n  other: gap + 1 m", "6:8", "circular"),
        ("- gap > 10 m", "- gap", "20:5", "condition"),
        ("- gap > 10 m", "- gap > 10 s", "20:5", "two alike"),
        ("{lane: forward_0, s: 20 m}", "{lane: forward_0}", "10:10", "exactly one of"),
        ("{lane: forward_0, s: 20 m}", "none", "10:10", "is a mapping"),
        ("actors:\n", "actors: [1]\nx:\n", "", "unknown key 'x'"),
        ("duration: 2 s", "duration: .nan", "3:11", "finite"),
        ("duration: 2 s", "duration: 1e999", "3:11", "finite"),
        ("duration: 2 s", "duration: !!python/object:os.system x", "3:11", "tags are not allowed"),
        ("duration: 2 s", "duration: !quantity 2 s", "3:11", "tags are not allowed"),
        ("duration: 2 s", "duration: 2 s\nduration: 3 s", "4:1", "duplicate key 'duration'"),
        ("duration: 2 s", "duration: 2 s\nrates: {physics: 240, control: 50}", "4:8", "divide"),
        ("duration: 2 s", "duration: 2 s\nrates: {control: '20'}", "4:", "write 20"),
        ("duration: 2 s", "duration: 2 s\nrates: {control: 20 Hz}", "4:", "unit: write 20"),
        ("duration: 2 s", "duration: 2 s\nrates: {control: fast}", "4:", "whole number"),
        ("duration: 2 s", "<<: {duration: 2 s}", "3:1", "merge"),
        ("duration: 2 s", "duration: [2 s", "", "not valid YAML"),
        (
            "forward_0, s",
            "where(v > 9 m/s, 'a', 'b'), s",
            "10:",
            "inside {…} goes in quotes",
        ),
        ("scenario: small", "scenario: ../etc", "1:11", "letters, digits and _"),
        ("  v: {", "  m: {", "5:3", "can't name a parameter"),
    ],
)
def test_one_message_at_its_place(old, new, place, message):
    text = error_of(old, new)
    first = text.splitlines()[0]
    assert first.startswith(f"small.yaml:{place}"), text
    assert re.search(message, text), text


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", "42", "null", "# nothing\n"])
def test_not_a_mapping(text):
    with pytest.raises(ScenarioError, match="is a mapping"):
        parse_scenario(text, "x.yaml")


def test_several_problems_are_told_at_once():
    text = error_of("speed: v", "speed: 3 m\n  variant: 1.5")
    assert "needs a speed" in text.splitlines()[0]
    assert "small.yaml:12:12: 'variant' needs a whole number" in text


def test_a_yaml_bomb_is_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(ScenarioError, match="aliases expand"):
        parse_scenario("\n".join(lines), "bomb.yaml")


def test_an_alias_of_itself_is_refused():
    with pytest.raises(ScenarioError, match=r"nest|found undefined|alias"):
        parse_scenario("a: &a [*a]\n", "loop.yaml")


def test_depth_and_size_are_bounded():
    with pytest.raises(ScenarioError, match="nest at most"):
        parse_scenario("a: " + "[" * 5_000, "deep.yaml")
    with pytest.raises(ScenarioError, match="at most"):
        parse_scenario("a: " + "x" * (MAX_CHARACTERS + 1), "long.yaml")
    with pytest.raises(ScenarioError, match="at most"):
        parse_scenario("a: [" + "1, " * 30_000 + "1]", "wide.yaml")
    with pytest.raises(ScenarioError, match=r"finite|not a mapping|missing|unknown"):
        parse_scenario("a: " + "9" * 6_000, "digits.yaml")


@pytest.mark.parametrize("name", ["7_0_1", "7_0_-1", "12_1_2"])
def test_lanes_of_maps_are_names(name):
    """YAML's own rules read 7_0_1 as the number 701."""
    assert read_source(f"lane: {name}", "x.yaml").data == {"lane": name}
    assert read_source("n: -12", "x.yaml").data == {"n": -12}


def test_a_quoted_number_stays_a_text():
    logical = parse_scenario(GOOD.replace("A car on a road.", "'4'"), "x.yaml")
    assert logical.description == "4"
    with pytest.raises(ScenarioError, match="description"):
        parse_scenario(GOOD.replace("A car on a road.", "4"), "x.yaml")
