"""Draws of whole scenarios: rank correlations, conditions, and weights that lead to the nominal."""

import numpy as np
import pytest
from scipy import stats

from scenegen.sample.candidates import draw_candidates
from scenegen.sample.points import UniformPoints
from scenegen.scenario import parse_scenario
from scenegen.seeds import named_generator

TEXT = """\
scenario: dependent
description: Parameters that go together.
duration: 2 s
parameters:
{}
road: {{kind: straight, length: 200 m}}
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 20 m}}}}
"""
N = 100_000


def drawn(parameters, *more, n=N, seed=0):
    lines = "\n".join(f"  {line}" for line in parameters)
    logical = parse_scenario(TEXT.format(lines) + "\n".join(more), "dependent.yaml")
    points = UniformPoints(named_generator("dependence", seed), len(logical.parameters))
    return draw_candidates(logical, points.take(n))


def mean_and_error(values, log_weight):
    """Return the self-normalised weighted mean and its standard error (delta method)."""
    weight = np.exp(log_weight - log_weight.max())
    share = weight / weight.sum()
    mean = float(share @ values)
    return mean, float(np.sqrt(share**2 @ (values - mean) ** 2))


PAIR = ("a: {uniform: [0, 1]}", "b: {exponential: [3, 0]}", "c: {normal: [0, 1]}")
RANK = "[[1, .6, -.3], [.6, 1, .1], [-.3, .1, 1]]"


def test_rank_correlations_lie_within_their_confidence_interval():
    found = drawn(PAIR, f"correlations: [{{of: [a, b, c], rank: {RANK}}}]")
    for one, other, rank in (("a", "b", 0.6), ("a", "c", -0.3), ("b", "c", 0.1)):
        rho = stats.spearmanr(found.columns[one], found.columns[other]).statistic
        # Fisher's z of Spearman's rho has a variance of (1 + rho^2 / 2) / (n - 3)
        # (Bonett and Wright 2000).
        error = np.sqrt((1 + rank**2 / 2) / (N - 3))
        assert abs(np.arctanh(rho) - np.arctanh(rank)) < 4 * error
    margins = {"a": stats.uniform, "b": stats.expon(0, 3), "c": stats.norm}
    for name, theirs in margins.items():
        assert stats.kstest(found.columns[name], theirs.cdf).pvalue > 1e-3
    assert (found.log_weight == 0).all()


def test_what_is_not_in_a_set_stays_independent():
    found = drawn((*PAIR, "d: {uniform: [0, 1]}"), "correlations: [{of: [c, b], rank: 0.9}]")
    for other in "bcd":
        assert abs(stats.spearmanr(found.columns["a"], found.columns[other]).statistic) < 0.015


NOMINAL = (
    "a: {uniform: [0, 2], nominal: {truncated_normal: [0.8, 0.4, 0, 2]}}",
    "b: {uniform: [0, 6], nominal: {exponential: [1, 0], high: 6}}",
)


def expected_product(rank):
    """Return E[ab] under the nominal margins and a Gaussian copula, by numerical integration."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    r = 2 * np.sin(np.pi * rank / 6)
    z1, z2 = np.meshgrid(nodes, nodes, indexing="ij")
    a = stats.truncnorm(-2, 3, 0.8, 0.4).ppf(stats.norm.cdf(z1))
    b = stats.truncexpon(6).ppf(stats.norm.cdf(r * z1 + np.sqrt(1 - r * r) * z2))
    return float(weights @ (a * b) @ weights)


@pytest.mark.parametrize(("nominal", "rank"), [("same", 0.5), ("independent", 0.0), ("-0.4", -0.4)])
def test_weights_lead_to_the_nominal_means_and_dependence(nominal, rank):
    found = drawn(NOMINAL, f"correlations: [{{of: [a, b], rank: 0.5, nominal: {nominal}}}]")
    a, b = found.columns["a"], found.columns["b"]
    for values, expected in (
        (a, stats.truncnorm(-2, 3, 0.8, 0.4).mean()),
        (b, stats.truncexpon(6).mean()),
        (a * b, expected_product(rank)),
    ):
        mean, error = mean_and_error(values, found.log_weight)
        assert error < 0.02
        assert mean == pytest.approx(expected, abs=4 * error)
    assert np.exp(found.log_weight).mean() == pytest.approx(1.0, abs=0.06)


def test_weights_of_correlated_single_values_are_exact():
    """A whole number and a length with an atom: the copula spans an interval of each."""
    found = drawn(
        (
            "k: {discrete: {1: 1, 2: 1, 3: 1}, nominal: {discrete: {1: 6, 2: 3, 3: 1}}}",
            "x: {mixture: [{fixed: 0}, {uniform: [0, 1]}],"
            " nominal: {mixture: [{weight: 3, fixed: 0}, {uniform: [0, 1]}]}}",
        ),
        "correlations: [{of: [k, x], rank: 0.7}]",
    )
    k, x = found.columns["k"], found.columns["x"]
    normal = stats.multivariate_normal([0, 0], [[1, r := 2 * np.sin(np.pi * 0.7 / 6)], [r, 1]])
    both = normal.cdf([stats.norm.ppf(0.6), stats.norm.ppf(0.75)])
    for values, expected in (
        (k, 1.5),
        (x, 0.125),
        ((x == 0).astype(float), 0.75),
        (((k == 1) & (x == 0)).astype(float), both),
    ):
        mean, error = mean_and_error(values, found.log_weight)
        assert mean == pytest.approx(expected, abs=4 * error)


def test_conditions_and_their_weights():
    found = drawn(
        (
            "wet: {categorical: {dry: 1, wet: 1}, nominal: {categorical: {dry: 9, wet: 1}}}",
            "grip: {when: {wet == 'dry': {uniform: [0.7, 1]}, else: {uniform: [0.2, limit],"
            " nominal: {normal: [0.5, 0.1], low: 0.2, high: 0.7}}}}",
            "limit: 0.7",
        ),
    )
    wet, grip = found.columns["wet"] == "wet", found.columns["grip"]
    assert stats.kstest(grip[~wet], stats.uniform(0.7, 0.3).cdf).pvalue > 1e-3
    assert stats.kstest(grip[wet], stats.uniform(0.2, 0.5).cdf).pvalue > 1e-3
    theirs = stats.truncnorm(-3, 2, 0.5, 0.1)
    mean, error = mean_and_error(grip, found.log_weight)
    assert mean == pytest.approx(0.9 * 0.85 + 0.1 * theirs.mean(), abs=4 * error)
    np.testing.assert_allclose(found.log_weight[~wet], np.log(0.9 / 0.5))
    np.testing.assert_allclose(
        found.log_weight[wet], np.log(0.1 / 0.5) + theirs.logpdf(grip[wet]) - np.log(1 / 0.5)
    )


def test_a_nominal_around_conditions():
    found = drawn(
        (
            "a: {uniform: [0, 1]}",
            "b: {when: {a > 0.5: {uniform: [0, 4]}, else: {uniform: [0, 9]}},"
            " nominal: {exponential: [1, 0], high: 4}}",
        )
    )
    mean, error = mean_and_error(found.columns["b"], found.log_weight)
    assert mean == pytest.approx(stats.truncexpon(4).mean(), abs=4 * error)
    joint, error = mean_and_error((found.columns["a"] > 0.5).astype(float), found.log_weight)
    assert joint == pytest.approx(0.5, abs=4 * error)


def test_draws_whose_arguments_make_no_sense_are_rejected():
    found = drawn(("a: {uniform: [0, 2]}", "b: {uniform: [1, a]}"))
    a, b = found.columns["a"], found.columns["b"]
    kept = found.accepted
    assert len(kept) / N == pytest.approx(0.5, abs=0.01)
    assert (a[kept] > 1).all()
    assert ((b[kept] >= 1) & (b[kept] <= a[kept])).all()
