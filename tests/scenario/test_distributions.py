"""Distributions against scipy.stats: densities, samples, bounds, weights."""

import math

import numpy as np
import pytest
from scipy import stats

from scenegen.scenario.arguments import DistributionError
from scenegen.scenario.choices import Categorical, Discrete
from scenegen.scenario.continuous import (
    Beta,
    Exponential,
    LogUniform,
    Normal,
    TruncatedNormal,
    Uniform,
)
from scenegen.scenario.distributions import Fixed, Proposal
from scenegen.scenario.drawn import parse_distribution
from scenegen.scenario.units import LENGTH, NUMBER, SPEED
from scenegen.seeds import named_generator

CASES = [
    (Uniform(LENGTH, 2.0, 5.0), stats.uniform(2, 3)),
    (LogUniform(LENGTH, 0.1, 50.0), stats.loguniform(0.1, 50)),
    (Normal(LENGTH, -1.0, 2.5), stats.norm(-1, 2.5)),
    (TruncatedNormal(LENGTH, 0.0, 1.0, -0.5, 2.0), stats.truncnorm(-0.5, 2.0)),
    (TruncatedNormal(LENGTH, 0.0, 2.0, 8.0, 10.0), stats.truncnorm(4, 5, 0, 2)),
    (TruncatedNormal(LENGTH, 0.0, 1.0, -9.0, -8.0), stats.truncnorm(-9, -8)),
    (Beta(NUMBER, 2.0, 5.0, 1.0, 4.0), stats.beta(2, 5, 1, 3)),
    (Beta(NUMBER, 0.6, 2.0, 0.0, 1.0), stats.beta(0.6, 2)),
    (Exponential(LENGTH, 3.0, 1.0), stats.expon(1, 3)),
]


@pytest.mark.parametrize(("ours", "theirs"), CASES, ids=lambda case: str(case)[:24])
def test_continuous(ours, theirs):
    column = ours.sample(named_generator("test", repr(ours)), 20_000)
    assert stats.kstest(column, theirs.cdf).pvalue > 1e-3
    low, high = theirs.support()
    assert column.min() >= low
    assert column.max() <= high
    points = theirs.ppf(np.linspace(0.001, 0.999, 41))
    np.testing.assert_allclose(
        ours.log_density(points), theirs.logpdf(points), rtol=1e-6, atol=1e-6
    )
    assert np.isfinite(ours.log_density(column)).all()
    np.testing.assert_allclose(ours.cdf(points), theirs.cdf(points), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.quantile(theirs.cdf(points)), points, rtol=1e-6)
    if math.isfinite(low):
        assert ours.log_density(np.array([low - 1.0])) == -np.inf


def test_discrete_and_categorical():
    weighted = Discrete((1, 4, 2), (0.5, 0.2, 0.3))
    column = weighted.sample(named_generator("discrete"), 20_000)
    counts = [int((column == value).sum()) for value in (1, 4, 2)]
    assert stats.chisquare(counts, np.array([0.5, 0.2, 0.3]) * 20_000).pvalue > 1e-3
    np.testing.assert_allclose(weighted.log_density(np.array([4.0, 7.0])), [math.log(0.2), -np.inf])
    texts = Categorical(("a", "bb"), (0.25, 0.75))
    column = texts.sample(named_generator("texts"), 8_000)
    assert stats.binomtest(int((column == "bb").sum()), 8_000, 0.75).pvalue > 1e-3
    np.testing.assert_allclose(texts.log_density(np.array(["bb"])), [math.log(0.75)])


def test_a_value_of_no_weight_is_never_drawn():
    column = Discrete((1, 2, 3), (0.5, 0.5, 0.0)).sample(named_generator("zero"), 5_000)
    assert 3 not in column


def test_weights_give_the_nominal_mean():
    proposal = Proposal(Uniform(SPEED, 0.0, 30.0), TruncatedNormal(SPEED, 12.0, 4.0, 0.0, 30.0))
    column = proposal.sample(named_generator("weights"), 200_000)
    weights = np.exp(proposal.log_weight(column))
    assert weights.mean() == pytest.approx(1.0, abs=0.01)
    nominal = stats.truncnorm(-3, 4.5, 12, 4)
    assert np.average(column, weights=weights) == pytest.approx(nominal.mean(), abs=0.05)


def test_values_compare_and_print():
    assert Fixed(LENGTH, 2.0) == Fixed(LENGTH, 2.0)
    assert Fixed(LENGTH, 2.0) != Fixed(SPEED, 2.0)
    assert "low=2.0" in repr(Uniform(LENGTH, 2.0, 5.0))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"unifrom": [1, 2]}, "did you mean 'uniform'"),
        ({"uniform": [2, 1]}, "reversed"),
        ({"uniform": [2, 2]}, "empty"),
        ({"uniform": [1]}, r"takes \[low, high\]"),
        ({"uniform": ["1 m", "2 s"]}, "mixes a length and a time"),
        ({"uniform": {"low": 1, "hight": 2}}, "did you mean 'high'"),
        ({"uniform": 3}, "takes"),
        ({"uniform": [True, 2]}, "number"),
        ({"uniform": [-1e308, 1e308]}, "too wide"),
        ({"log_uniform": [0, 2]}, "greater than 0"),
        ({"normal": [0, -1]}, "greater than 0"),
        ({"truncated_normal": [0, 1, 90, 91]}, "no mass"),
        ({"beta": [1, 0]}, "greater than 0"),
        ({"categorical": []}, "1 to"),
        ({"categorical": {"a": 0}}, "add up"),
        ({"categorical": {"a": -1, "b": 2}}, "from 0"),
        ({"categorical": ["a", "a"]}, "twice"),
        ({"discrete": [1.5]}, "whole"),
        ({"uniform": [1, 2], "normal": [0, 1]}, "one kind"),
        ({}, "one kind"),
        ({"uniform": [1, 2], "nominal": 3}, "nominal"),
        ({"uniform": [1, 2], "nominal": {"uniform": ["1 m", "2 m"]}}, "nominal"),
        ({"uniform": [1, 2], "nominal": {"discrete": [1, 2]}}, "density"),
    ],
)
def test_refused(raw, message):
    with pytest.raises(DistributionError, match=message):
        parse_distribution(raw)
