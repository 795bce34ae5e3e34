"""The section `monitors`: what is read, and what is refused at its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.errors import ScenarioError
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.scenario.expressions import Cast, ExpressionError, read_tree
from scenegen.scenario.formulas import TEMPORAL, FormulaBuilder, parse_formula
from scenegen.scenario.functions import FUNCTIONS, SIGNALS
from scenegen.scenario.syntax import BOOLEAN
from scenegen.scenario.units import TIME

START = """scenario: s
description: d
duration: 4 s
parameters:
  wait: {uniform: [1 s, 2 s]}
road: {kind: straight, length: 200 m, sidewalk: 2 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: 5 m/s}
actors:
  child: {asset: person.child, place: {lane: sidewalk_right, s: 60 m}}
monitors:
"""


def read(formula, name="m"):
    return parse_scenario(f'{START}  {name}: "{formula}"\n', "s.yaml")


@pytest.mark.parametrize(
    "formula",
    [
        "always(gap(ego, child) > 1 m)",
        "always[0 s, 5 s](speed(ego) < 50 km/h) and eventually[wait, 2 * wait](in_lane(child))",
        "until[0 s, 4 s](speed(ego) > 1 m/s, gap_ahead(ego, child) < 3 m or touches(ego))",
        "not always(eventually[0 s, 1 s](signal(minor) != 'red'))",
        "always(where(in_lane(ego), speed(ego), 0 m/s) < 9 m/s)",
        "always(implies(time_to_collision(ego, child) < wait, acceleration(ego) < -2 m/s^2))",
        "wait < 3 s and always(heading_to(ego, child) < 90 deg)",
    ],
)
def test_read(formula):
    assert read(formula).monitors["m"].text == formula


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("gap(ego, child) > 1 m", "says nothing about when"),
        ("always(gap(ego, kid) > 1 m)", "'kid' is no actor"),
        ("always(gap(ego, child))", "needs conditions"),
        ("always[0 s](speed(ego) > 1 m/s)", r"an interval such as \[0 s, 5 s\]"),
        ("always[0 m, 5 m](speed(ego) > 1 m/s)", "needs times such as '2 s', not a length"),
        ("always[5 s, 1 s](speed(ego) > 1 m/s)", "ends before it begins"),
        ("always[-1 s, 1 s](speed(ego) > 1 m/s)", "counts from 0 s on"),
        ("always[0 s, speed(ego) / 1 m/s^2](in_lane(ego))", "can't depend on the run"),
        ("allways(in_lane(ego))", "did you mean 'always'"),
        ("until(in_lane(ego))", "until takes 2 values, not 1"),
        ("min[0 s, 1 s](in_lane(ego))", r"takes no \[from, to\]"),
        ("always(1 < 2)", "asks about an actor"),
        ("speed(ego)", "needs conditions"),
        ("always(lamp(ego, 'brakes'))", "'brakes' is no lamp.*did you mean 'brake'"),
        ("always(lamp(ego, 3))", "lamp needs a lamp"),
        ("always(where(always(in_lane(ego)), 1, 2) > 1)", "can't stand in '>'"),
        ("always(in_lane(ego)) == true", "can't stand in '=='"),
    ],
)
def test_refused_at_its_place(formula, message):
    with pytest.raises(ScenarioError, match=message) as error:
        read(formula)
    assert str(error.value).startswith("s.yaml:11:6: ")


def test_names():
    with pytest.raises(ScenarioError, match=r"s\.yaml:11:3: 'm-1' can't name a monitor"):
        read("always(in_lane(ego))", "m-1")


def test_what_only_a_draw_shows():
    with pytest.raises(ScenarioError, match=r"s\.yaml:11:6: this road has no lane 'forward_9'"):
        draw(read("always(in_lane(ego, 'forward_9'))"), 0, 0)
    with pytest.raises(ScenarioError, match="ends before it begins"):
        draw(read("always[wait, 0.5 s](in_lane(ego))"), 0, 0)


def test_a_monitor_is_no_part_of_the_digest():
    assert read("always(in_lane(ego))").digest == read("always(in_lane(child))").digest


WORDS = [
    "always",
    "until",
    "[",
    "]",
    "(",
    ")",
    ",",
    "0s",
    "3m",
    "wait",
    "ego",
    "child",
    "speed",
    "distance",
    "<",
    "and",
    "not",
    "true",
    "'x'",
    "touches",
    "signal",
    "major",
    "in_lane",
    "-",
]


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_whatever_is_no_formula_is_refused_in_words(text):
    try:
        node = parse_formula(text, {"wait": TIME}, {"ego", "child"})
    except ExpressionError:
        return
    assert node.type is BOOLEAN


PAGE = Path(__file__).parents[2] / "docs" / "language" / "monitors.md"


def test_the_page_is_right():
    text = PAGE.read_text()
    example = re.search(r"```yaml\n(scenario: .*?)```", text, re.DOTALL)
    logical = parse_scenario(example.group(1), "monitors.md")
    draw(logical, 0, 0)
    asked = [name for name, function in FUNCTIONS.items() if "run" in function.moments]
    assert [name for name in (*asked, *TEMPORAL, *SIGNALS) if name not in text] == []
    cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    shown = [formula for cell in cells for formula in re.findall(r"`([^`]+)`", cell)]
    assert len(shown) > 20
    for formula in shown:
        kind = parse_formula_part(formula)
        assert kind is not None, formula


def parse_formula_part(formula):
    types = {"c": BOOLEAN, "d": BOOLEAN}
    slots, tree = read_tree(formula)
    return FormulaBuilder(slots, types, Cast({"a", "b"}, "run")).build(tree, 0).type
