"""Coverage: counted by hand, evenness against scipy, and runs that go on until it is reached."""

import math
import re

import numpy as np
import pytest
from scipy.stats import qmc

from scenegen.records import Light, Weather
from scenegen.records.odd import CONDITIONS, conditions
from scenegen.sample import check, draw, scenes_until, with_design
from scenegen.sample.cells import axes_of
from scenegen.sample.coverage import all_combinations, cells_of, count_of, evenness
from scenegen.sample.designs.possible import possible_of
from scenegen.sample.designs.screening import Run
from scenegen.sample.survey import survey
from scenegen.scenario import parse_scenario
from scenegen.seeds import named_generator

TEXT = """\
scenario: surveyed
description: Parameters whose cells are counted.
odd: [rural, day]
duration: 2 s
parameters:
  a: {uniform: [0 m, 8 m]}
  b: {when: {wet == 'dry': {uniform: [0, 1]}, else: {uniform: [0, 2]}}}
  c: {discrete: {1: 3, 2: 1}}
  wet: {categorical: [dry, wet]}
road: {kind: straight, length: 200 m}
weather: {rain: "where(wet == 'wet', 4 mm/h, 0 mm/h)", visibility: 900 m}
light: {sun_elevation: {uniform: [-2 deg, 30 deg]}}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}
require: ["not (wet == 'dry' and a > 6 m)"]
"""


@pytest.fixture
def logical():
    return parse_scenario(TEXT, "surveyed.yaml")


COLUMNS = {
    "a": np.array([1.0, 3.0, 7.9]),
    "b": np.array([0.3, 1.9, 0.3]),
    "c": np.array([1.0, 2.0, 1.0]),
    "wet": np.array(["dry", "wet", "wet"]),
    "light.sun_elevation": np.radians([-1.0, 5.0, 20.0]),
}


def chosen(logical, *names):
    return [axis for axis in axes_of(logical.parameters, 4) if axis.name in names]


def test_cells_are_parts_of_what_is_drawn(logical):
    axes = {axis.name: axis for axis in axes_of(logical.parameters, 4)}
    assert axes["a"].labels[0] == "0..2 m"
    assert axes["a"].of(COLUMNS).tolist() == [0, 1, 3]
    # What b is drawn from depends on wet: 0.3 is in the second quarter, then in the first.
    assert axes["b"].of(COLUMNS).tolist() == [1, 3, 0]
    assert axes["b"].labels[1] == "25%..50%"
    assert axes["c"].of(COLUMNS).tolist() == [0, 1, 0]
    assert axes["wet"].of(COLUMNS).tolist() == [0, 1, 1]
    assert axes["light.sun_elevation"].labels[0] == "-2..6 deg"


def test_a_value_of_its_own_probability_is_one_cell(logical):
    """Rain is none two times in three: one cell, and until_coverage= can reach all pairs."""
    rain = "  b: {mixture: [{weight: 2, fixed: 0 mm/h}, {exponential: {mean: 3 mm/h}}]}"
    text = re.sub("  b: .*", rain, TEXT).replace("a > 6 m", "a > 9 m")
    (axis,) = chosen(parse_scenario(text, "surveyed.yaml"), "b")
    assert axis.single
    assert axis.edges == pytest.approx([0, 2 / 3, 1])  # 3/4 is too near to 2/3 for a cell between
    assert axis.labels[0] == "0 mm/h"
    mmph = 1 / 3.6e6
    some = {"b": np.array([0.0, 0.01, 40.0]) * mmph}
    assert axis.of(some).tolist() == [0, 1, 1]
    ten = {a.name: a for a in axes_of(parse_scenario(text, "s.yaml").parameters, 10)}["b"]
    assert ten.edges == pytest.approx([0, 2 / 3, 0.8, 0.9, 1])
    logical = with_design(parse_scenario(text, "surveyed.yaml"), "pairwise")
    assert scenes_until(logical, 0, 0, 200, 1.0) < 30
    assert evenness([axis], some) is None


def test_combinations_are_counted(logical):
    axes = chosen(logical, "a", "c", "wet")
    cells = cells_of(axes, COLUMNS)
    assert [axis.name for axis in axes] == ["a", "c", "wet"]
    pairs = all_combinations(cells, axes, 2)
    # a x c: 3 of 8; a x wet: 3 of 8; c x wet: 3 of 4.
    assert (pairs.hit, pairs.possible, pairs.share) == (9, 20, 0.45)
    assert count_of([4, 2, 2], 2) == 20
    assert count_of([4, 2, 2], 3) == 16
    assert all_combinations(cells, axes, 4) is None


def test_what_constraints_rule_out_is_told_and_not_missed(logical):
    possible = possible_of(Run(logical.digest, 0, logical), 2)
    assert possible.names == ("a = 6..8 m, wet = dry",)
    hit, total = possible.count(cells_of(possible.space.axes, COLUMNS), 2)
    levels = [len(axis) for axis in possible.space.axes]
    assert total == count_of(levels, 2) - 1
    # Three rows, ten pairs of axes, no two rows alike in any of them.
    assert hit == 30


def test_rare_combinations_are_found():
    """A corner that one draw in a thousand hits is possible, as is all that goes with it."""
    text = TEXT.replace("a > 6 m", "a > 6 m and b * 8 m < 7.97 m")
    logical = parse_scenario(text, "surveyed.yaml")
    assert possible_of(Run(logical.digest, 0, logical), 2).names == ()


def test_evenness_is_scipys(logical):
    axes = [
        axis for axis in axes_of(logical.parameters, 4) if axis.name in {"a", "light.sun_elevation"}
    ]
    u = np.column_stack([COLUMNS["a"] / 8, (np.degrees(COLUMNS["light.sun_elevation"]) + 2) / 32])
    found = evenness(axes, COLUMNS)
    assert found.discrepancy == pytest.approx(math.sqrt(qmc.discrepancy(u, method="CD")))
    assert found.dimension == 2


def test_chance_is_what_independent_points_have(logical):
    axes = [
        axis for axis in axes_of(logical.parameters, 4) if axis.name in {"a", "light.sun_elevation"}
    ]
    generator = named_generator("even")
    squares = []
    for _ in range(400):
        u = generator.random((50, 2))
        columns = {"a": 8 * u[:, 0], "light.sun_elevation": np.radians(32 * u[:, 1] - 2)}
        found = evenness(axes, columns)
        squares.append(found.discrepancy**2)
    error = np.std(squares) / math.sqrt(len(squares))
    assert np.mean(squares) == pytest.approx(found.of_chance**2, abs=4 * error)


def test_conditions_are_named():
    light = Light(sun_elevation_rad=math.radians(-7))
    night = conditions(Weather(rain_mmph=3, wetness=1, visibility_m=700), light)
    assert night == {
        "illumination": "night",
        "rain": "moderate",
        "snow": "none",
        "visibility": "fog",
        "road surface": "wet",
    }
    fair = conditions(Weather(), Light())
    assert set(fair.values()) == {"day", "none", "clear", "dry"}
    assert all(night[name] in words for name, words in CONDITIONS.items())


def test_a_survey_counts_conditions_and_says_so(logical):
    found = survey(logical, 0, COLUMNS)
    assert found.conditions["illumination"] == {"day": 1, "low sun": 1, "twilight": 1, "night": 0}
    assert found.conditions["rain"]["moderate"] == 2
    told = str(found)
    assert "scenes by ODD tag: rural 3, day 3" in told
    assert "never: clear, mist" in told
    assert "a = 6..8 m, wet = dry" in told
    assert "2-way: " in told
    assert "3-way: " in told


def test_a_check_of_a_design_tells_what_its_scenes_cover(logical):
    result = check(with_design(logical, "pairwise"), 500, 0)
    assert result.survey.combinations[0].share == 1.0
    assert result.survey.scenes < 30
    assert result.empty == ("a = 6..8 m, wet = dry",)
    plain = check(logical, 500, 0, num_scenes=result.survey.scenes)
    assert plain.survey.scenes == result.survey.scenes
    assert plain.survey.combinations[0].share < 1.0


def test_a_run_goes_on_until_a_coverage_is_reached(logical):
    enough = scenes_until(logical, 3, 0, 200, 0.9)
    assert 16 < enough < 100
    possible = possible_of(Run(logical.digest, 3, logical), 2)

    def share(count):
        scenes = [draw(logical, 3, index).parameters for index in range(count)]
        columns = {name: np.array([scene[name] for scene in scenes]) for name in scenes[0]}
        hit, total = possible.count(cells_of(possible.space.axes, columns), 2)
        return hit / total

    assert share(enough) >= 0.9
    assert share(enough - 1) < 0.9
    assert scenes_until(logical, 3, 0, 10, 0.9) == 10
    assert scenes_until(with_design(logical, "pairwise"), 3, 0, 200, 1.0) < 30
