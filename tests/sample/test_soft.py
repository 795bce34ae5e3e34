"""Soft constraints hold with the probability that is promised, and disturb nothing."""

import numpy as np
import pytest
from scipy import stats

from scenegen.errors import ScenarioError
from scenegen.sample import check, draw
from scenegen.sample.soft import constraints_of_scene, rows_of_scenes
from scenegen.seeds import SceneKey, named_generator

SOFT = "require: [{that: gap > 8 m, probability: 80 %}, v > 32 km/h]\nego:\n"
SCENES = 6000


def scenes_of(logical, seed=0):
    """The first candidate of each scene that meets what that scene asks, as `draw` takes it."""
    gaps = []
    for index in range(SCENES):
        asked = constraints_of_scene(logical, SceneKey(logical.digest, seed, index))
        generator = named_generator("candidates", index)
        while True:
            gap = generator.uniform(4.0, 9.0)
            if gap > 8.0 or len(asked) == 1:
                break
        gaps.append(gap)
    return np.array(gaps)


def test_it_holds_with_at_least_the_probability(small):
    """By itself it holds in h = 1/5; enforced with 80 %, in 0.8 + 0.2 / 5 of scenes."""
    held = scenes_of(small(("ego:\n", SOFT))) > 8.0
    expected = 0.8 + 0.2 * 0.2
    assert stats.binomtest(int(held.sum()), SCENES, expected).pvalue > 1e-3
    assert stats.binomtest(int(held.sum()), SCENES, 0.8, "less").pvalue > 1e-3


def test_draws_hold_it_as_often(small):
    logical = small(("ego:\n", SOFT))
    parameters = [draw(logical, 0, index).parameters for index in range(60)]
    assert all(p["v"] > 32 / 3.6 for p in parameters)
    held = sum(p["gap"] > 8.0 for p in parameters)
    assert stats.binomtest(held, 60, 0.84).pvalue > 1e-3


def test_what_is_not_enforced_is_drawn_as_without(small):
    """A scene that is let off is the scene of the candidates' own stream, untouched."""
    soft, rare = (small(("ego:\n", SOFT.replace("80 %", p))) for p in ("80 %", "1e-9"))
    key = SceneKey(soft.digest, 0, 0)
    assert key.generator("sample").random() == key.generator("sample").random()
    assert len(constraints_of_scene(rare, SceneKey(rare.digest, 0, 3))) == 1
    assert check(rare, 3000, 0).acceptance_rate == pytest.approx(0.9, abs=0.02)


def test_coins_are_independent_of_each_other_and_of_scenes(small):
    first, second = "{that: gap > 8 m, probability: 0.5}", "{that: v > 40 km/h, probability: 0.5}"
    logical = small(("ego:\n", f"require: [{first}, {second}]\nego:\n"))
    table = np.zeros((2, 2))
    for index in range(2000):
        asked = constraints_of_scene(logical, SceneKey(logical.digest, 1, index))
        table[tuple(int(c in asked) for c in logical.constraints)] += 1
    assert stats.chisquare(table.ravel()).pvalue > 1e-3


def test_check_sees_scenes_as_they_are_drawn(small):
    """Acceptance is scenes over candidates: 1 / (0.8 * 5 + 0.2 * 1) of what `v` leaves."""
    result = check(small(("ego:\n", SOFT)), 40_000, 0)
    assert result.acceptance_rate == pytest.approx(0.9 / 4.2, rel=0.03)
    gap = next(entry for entry in result.survey.histograms if entry.name == "gap")
    fifth = len(gap.counts) // 5  # cells of equal probability: the last fifth is above 8 m
    assert sum(gap.counts[-fifth:]) / sum(gap.counts) == pytest.approx(0.84, abs=0.02)
    assert "gap > 8 m (probability 0.8)" in result.rejection_rates


def test_without_soft_ones_every_row_that_passes_counts(small):
    logical = small(("ego:\n", "require: [gap > 8 m]\nego:\n"))
    rows = np.array([1, 4, 9])
    assert rows_of_scenes(logical, lambda asked: rows, named_generator("none")) is rows


def test_probability_one_is_hard(small):
    hard = small(("ego:\n", "require: [gap > 8 m]\nego:\n"))
    certain = "require: [{that: gap > 8 m, probability: 100 %}]\nego:\n"
    assert small(("ego:\n", certain)).digest == hard.digest
    assert small(("ego:\n", certain.replace("100", "99"))).digest != hard.digest


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{that: gap > 8 m, probability: 120 %}", r":8:42: 'probability': it is a number above 0"),
        ("{that: gap > 8 m, probability: 0}", "above 0 to 1"),
        ("{that: gap > 8 m, probability: 3 m}", "above 0 to 1"),
        ("{that: gap > 8 m, probability: true}", "above 0 to 1"),
        (
            "{that: gap > 8 m, chance: 0.5}",
            r":8:29: unknown key 'chance'",
        ),
        ("{probability: 0.5}", "'that' is missing"),
        ("{that: gap, probability: 0.5}", r":8:18: a constraint is a condition"),
        ("7", r":8:11: a constraint is a condition, such as 'gap > 10 m', not 7"),
    ],
)
def test_what_is_wrong(small, entry, message):
    with pytest.raises(ScenarioError, match=message):
        small(("ego:\n", f"require: [{entry}]\nego:\n"))
