"""Recipes do what they are for: their monitors hold in most runs, and nothing unmeant happens."""

import re
from pathlib import Path

import pytest

from scenegen.monitor import findings_of, judge
from scenegen.sample import check, draw
from scenegen.scenario import parse_scenario
from scenegen.simulate import simulate_told

PAGE = Path(__file__).parents[2] / "docs" / "language" / "recipes.md"
TEXTS = re.findall(r"```yaml\n(scenario: .*?)```", PAGE.read_text(), re.DOTALL)
RUNS, LEAST = 5, 4


def test_there_are_recipes():
    names = {text.split()[1] for text in TEXTS}
    assert names == {
        "right_hook",
        "parked_van_passed",
        "out_from_behind",
        "rider_brakes",
        "pulls_in_to_the_kerb",
        "passed_by_half_a_lane",
        "red_light_runner",
        "close_follower",
        "late_cut_out",
        "oncoming_overtaker",
        "door_and_swerve",
    }


RECIPES = pytest.mark.parametrize("text", TEXTS, ids=[text.split()[1] for text in TEXTS])


@RECIPES
def test_a_recipe_is_drawn(text):
    logical = parse_scenario(text, "recipes.md")
    assert check(logical, 100, 0).acceptance_rate > 0.5
    assert logical.monitors


@pytest.mark.slow
@RECIPES
def test_a_recipe_does_what_it_is_for(text):
    logical = parse_scenario(text, "recipes.md")
    held = 0
    for index in range(RUNS):
        scene = draw(logical, 0, index)
        trajectory, holds = simulate_told(scene)
        held += min(judge(scene, trajectory).values()) >= 0
        told = [one for one in findings_of(scene, trajectory, holds) if "began" in one.what]
        assert told == [], f"run {index}"
    assert held >= LEAST
