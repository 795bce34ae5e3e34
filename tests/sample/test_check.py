"""The check: rates, histograms and coverage of a known scenario."""

import pytest

from scenegen.sample import check


def test_rates_and_coverage(small):
    logical = small(("ego:\n", "require: [gap > 5 m, gap < 7 m, v > 20 km/h]\nego:\n"))
    result = check(logical, 4000, 0)
    assert result.acceptance_rate == pytest.approx(0.4, abs=0.03)
    assert result.rejection_rates["gap > 5 m"] == pytest.approx(0.2, abs=0.02)
    assert result.rejection_rates["gap < 7 m"] == pytest.approx(0.4, abs=0.03)
    assert result.rejection_rates["v > 20 km/h"] == 0.0
    histograms = {entry.name: entry for entry in result.survey.histograms}
    assert sum(histograms["gap"].counts) == result.accepted
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
    assert result.effective_samples < 0.5 * result.accepted
    assert check(small(), 2000, 0).effective_samples == pytest.approx(2000)


def test_what_overlaps_is_counted(small):
    result = check(small(("gap: gap", "gap: gap - 6 m")), 400, 0)
    assert result.rejection_rates["no_overlap(ego, first)"] > 0.1
    assert result.acceptance_rate < 0.9


def test_equal_seeds_equal_results(small):
    assert check(small(), 300, 1) == check(small(), 300, 1)
