"""The check: rates, histograms and coverage of a known scenario."""

import pytest

from scenegen.errors import InputError, UnsatisfiableError
from scenegen.sample import check, sample_many, with_design
from scenegen.sample.designs import empty_cells, size_of
from scenegen.sample.draw import draft
from scenegen.scenario import parse_scenario


def test_rates_and_coverage(small):
    logical = small(("ego:\n", "require: [gap > 5 m, gap < 7 m, v > 20 km/h]\nego:\n"))
    result = check(logical, 4000, 0)
    assert result.acceptance_rate == pytest.approx(0.4, abs=0.03)
    assert result.rejection_rates["gap > 5 m"] == pytest.approx(0.2, abs=0.02)
    assert result.rejection_rates["gap < 7 m"] == pytest.approx(0.4, abs=0.03)
    assert result.rejection_rates["v > 20 km/h"] == 0.0
    histograms = {entry.name: entry for entry in result.survey.histograms}
    assert sum(histograms["gap"].counts) == result.survey.scenes
    assert len(histograms["gap"].empty) == 6
    assert not histograms["v"].empty
    pairs = result.survey.combinations[0]
    assert pairs.t == 2
    assert pairs.hit == pairs.possible
    assert "gap = 7.75..9 m" in result.survey.impossible
    assert "gap < 7 m" in str(result)


def test_weights_make_samples_worth_less(small):
    pushed = ("nominal: {uniform: [30 km/h, 80 km/h]}", "nominal: {normal: [30 km/h, 3 km/h]}")
    result = check(small(pushed), 2000, 0)
    assert result.effective_samples < 0.5 * result.survey.scenes
    assert check(small(), 2000, 0).effective_samples == pytest.approx(2000)


def test_what_overlaps_is_counted(small):
    result = check(small(("gap: gap", "gap: gap - 6 m")), 400, 0)
    assert result.rejection_rates["no_overlap(ego, first)"] > 0.1
    assert result.acceptance_rate < 0.9


def test_equal_seeds_equal_results(small):
    assert check(small(), 300, 1) == check(small(), 300, 1)


NEAR = "require: [{that: 'gap(ego, first) < 5 m', probability: PROBABILITY}]\nego:\n"


def test_constraints_on_places_count(small):
    """What `check` accepts is what `sample_many` does: one draw in five is near enough."""
    logical = small(("ego:\n", NEAR.replace("PROBABILITY", "100 %")))
    result = check(logical, 2000, 0)
    drawn = sample_many(logical, 0, 400)
    assert result.acceptance_rate == pytest.approx(0.2, abs=0.03)
    assert result.acceptance_rate == pytest.approx(400 / drawn.tried, abs=0.03)
    assert result.rejection_rates["gap(ego, first) < 5 m"] == pytest.approx(0.8, abs=0.03)
    histograms = {entry.name: entry for entry in result.survey.histograms}
    assert sum(histograms["gap"].counts[2:]) == 0
    assert result.by_values == result.judged == 2000
    assert result.effective_samples < 0.25 * 2000


def test_soft_constraints_on_places_count(small):
    """p + (1 - p) h of scenes meet it: half of them, and a fifth of the other half."""
    logical = small(("ego:\n", NEAR.replace("PROBABILITY", "50 %")))
    result = check(logical, 4000, 0)
    gaps = {entry.name: entry for entry in result.survey.histograms}["gap"].counts
    assert sum(gaps[:2]) / sum(gaps) == pytest.approx(0.5 + 0.5 * 0.2, abs=0.04)
    # One candidate for a scene that may be as it likes, five for one that may not.
    assert result.acceptance_rate == pytest.approx(1 / 3, abs=0.03)
    drawn = sample_many(logical, 0, 400)
    assert result.acceptance_rate == pytest.approx(400 / drawn.tried, abs=0.05)


def test_what_only_a_soft_constraint_rules_out_is_possible(small):
    logical = small(("ego:\n", "require: [{that: gap > 5.5 m, probability: 60 %}]\nego:\n"))
    assert check(logical, 500, 0).survey.impossible == ()
    cells = check(with_design(logical, {"kind": "pairwise", "levels": 10}), 500, 0)
    assert "gap = 4..4.5 m" in cells.survey.impossible
    assert "soft ones counted as met" in str(cells)


def test_places_of_a_few_are_judged_on_maps(small):
    logical = small(("kind: straight", "kind: t_junction"), ("length: 200 m", "length: 260 m"))
    result = check(logical, 300, 0)
    assert (result.few, result.judged, result.by_values) == ("whose roads are maps", 20, 300)
    assert "places judged in 20 of them" in str(result)
    assert "before their places are judged" in str(result)


SCHOOL = """\
scenario: school
description: A child, and a parent somewhere on the same pavement.
duration: 2 s
parameters:
  at: {uniform: [20 m, 180 m]}
  v: {uniform: [20 km/h, 40 km/h]}
  wet: {categorical: [dry, wet]}
road: {kind: straight, length: 200 m, sidewalk: 3 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: v}
actors:
  child: {asset: person.child, place: {lane: sidewalk_right, s: {uniform: [98 m, 102 m]}}}
  parent: {asset: person.adult, place: {lane: sidewalk_right, s: at}}
require: ["distance(parent, child) < 15 m"]
"""


def test_cells_that_no_bodies_fit_are_left_out_and_told():
    logical = with_design(parse_scenario(SCHOOL, "school.yaml"), "pairwise")
    assert logical.design.of == ("at", "v", "wet")
    assert empty_cells(logical, 0) == (
        "at = 140..180 m (no bodies fit)",
        "at = 20..60 m (no bodies fit)",
    )
    result = check(logical, 300, 0)
    assert result.survey.no_room == ("at = 140..180 m", "at = 20..60 m")
    pairs = result.survey.combinations[0]
    assert pairs.hit == pairs.possible == 2 * 4 + 2 * 2 + 4 * 2
    for index in range(size_of(logical, 0)):
        assert 60 <= draft(logical, 0, index).choice.columns["at"][0] <= 140
    grid = with_design(logical, {"kind": "grid", "of": ["at"]})
    assert size_of(grid, 0) == 2
    assert len(empty_cells(grid, 0)) == 2


def test_a_cell_without_room_is_named_where_roads_are_maps():
    text = SCHOOL.replace("kind: straight, length: 200 m", "kind: parking_street, length: 200 m")
    logical = with_design(parse_scenario(text, "school.yaml"), {"kind": "grid", "of": ["at"]})
    told = []
    for index in range(size_of(logical, 0)):
        try:
            draft(logical, 0, index)
        except UnsatisfiableError as error:
            told.append(str(error))
    assert len(told) == 2
    assert any("in cell 'at = 20..60 m' of the design 'grid' can be placed" in t for t in told)
    assert not any("holds most often" in t for t in told)


def test_designs_of_cells_need_parameters_with_names(small):
    logical = small()
    with pytest.raises(
        InputError, match=r"under 'parameters'; only .* vary there .name inline ones with 'of'"
    ):
        with_design(logical, {"kind": "t_way", "t": 3})
