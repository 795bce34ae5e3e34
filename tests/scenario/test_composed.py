"""Mixtures, truncation, conditions and arguments that are expressions, against scipy."""

import math

import numpy as np
import pytest
from scipy import stats

from scenegen.errors import ScenarioError
from scenegen.scenario import parse_scenario
from scenegen.scenario.arguments import DistributionError, Reading
from scenegen.scenario.choices import Categorical, Discrete
from scenegen.scenario.continuous import TruncatedNormal
from scenegen.scenario.drawn import parse_distribution
from scenegen.scenario.syntax import TEXT
from scenegen.scenario.units import LENGTH
from scenegen.seeds import named_generator

U = np.linspace(0.0005, 0.9995, 801)


def sampled(drawn, n=20_000):
    return drawn.sample(named_generator("composed", repr(drawn)), n)


TWO = {
    "mixture": [
        {"weight": 3, "normal": ["50 km/h", "4 km/h"]},
        {"weight": 1, "uniform": ["10 km/h", "30 km/h"]},
    ]
}
FIFTY, FOUR, TEN, THIRTY = 50 / 3.6, 4 / 3.6, 10 / 3.6, 30 / 3.6


def test_a_mixture_is_the_weighted_sum_of_its_parts():
    drawn = parse_distribution(TWO)
    parts = [(0.75, stats.norm(FIFTY, FOUR)), (0.25, stats.uniform(TEN, THIRTY - TEN))]

    def cdf(x):
        return sum(weight * part.cdf(x) for weight, part in parts)

    column = sampled(drawn)
    assert stats.kstest(column, cdf).pvalue > 1e-3
    x = np.linspace(1.0, 20.0, 301)
    np.testing.assert_allclose(drawn.cdf(x), cdf(x), atol=1e-12)
    density = sum(weight * part.pdf(x) for weight, part in parts)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(drawn.log_density(x), np.log(density), atol=1e-9)
    np.testing.assert_allclose(drawn.cdf(drawn.quantile(U)), U, atol=1e-12)
    assert (np.diff(drawn.quantile(U)) >= 0).all()


def test_quantiles_of_a_mixture_do_not_depend_on_their_neighbours():
    drawn = parse_distribution(TWO)
    alone = [float(drawn.quantile(np.array([u]))[0]) for u in U[::50]]
    assert alone == drawn.quantile(U)[::50].tolist()


def test_an_atom_of_a_mixture_is_hit_exactly_and_has_its_probability():
    drawn = parse_distribution(
        {"mixture": [{"weight": 0.6, "fixed": 0}, {"weight": 0.4, "exponential": [3, 0]}]}
    )
    column = sampled(drawn, 40_000)
    assert stats.binomtest(int((column == 0).sum()), 40_000, 0.6).pvalue > 1e-3
    assert stats.kstest(column[column > 0], stats.expon(0, 3).cdf).pvalue > 1e-3
    expected = [math.log(0.6), math.log(0.4) + stats.expon(0, 3).logpdf(2.0), -math.inf]
    np.testing.assert_allclose(drawn.log_density(np.array([0.0, 2.0, -1.0])), expected)
    assert drawn.atoms == (0.0,)


def test_mixtures_of_single_values_are_one_choice():
    texts = parse_distribution(
        {"mixture": [{"categorical": ["a", "b"]}, {"weight": 3, "categorical": ["b", "c"]}]}
    )
    assert texts == Categorical(("a", "b", "c"), (0.125, 0.5, 0.375))
    whole = parse_distribution({"mixture": [{"discrete": [1, 2]}, {"discrete": [2, 5]}]})
    assert whole == Discrete((1, 2, 5), (0.25, 0.5, 0.25))
    lengths = parse_distribution({"mixture": [{"fixed": "3 m"}, {"weight": 3, "fixed": "1 m"}]})
    column = sampled(lengths, 8_000)
    assert set(column) == {1.0, 3.0}
    assert stats.binomtest(int((column == 3).sum()), 8_000, 0.25).pvalue > 1e-3


@pytest.mark.parametrize(
    ("raw", "theirs"),
    [
        ({"exponential": [3, 1], "high": 7}, stats.truncexpon(2, 1, 3)),
        ({"normal": [0, 1], "low": 1, "high": 2}, stats.truncnorm(1, 2)),
        ({"normal": [0, 1], "low": 4}, stats.truncnorm(4, np.inf)),
        ({"normal": [5, 2], "high": 4}, stats.truncnorm(-np.inf, -0.5, 5, 2)),
        ({"uniform": [0, 10], "low": 4}, stats.uniform(4, 6)),
    ],
)
def test_truncation(raw, theirs):
    drawn = parse_distribution(raw)
    column = sampled(drawn)
    assert stats.kstest(column, theirs.cdf).pvalue > 1e-3
    points = theirs.ppf(U)
    np.testing.assert_allclose(drawn.log_density(points), theirs.logpdf(points), atol=1e-6)
    np.testing.assert_allclose(drawn.cdf(points), U, atol=1e-9)
    outside = np.array([theirs.support()[0] - 1, theirs.support()[1] + 1])
    assert (drawn.log_density(outside[np.isfinite(outside)]) == -np.inf).all()


def test_discrete_values_are_truncated_too():
    drawn = parse_distribution({"discrete": {"1": 1, "2": 2, "3": 1, "9": 5}, "low": 2, "high": 5})
    np.testing.assert_allclose(drawn.quantile(np.array([0.1, 0.66, 0.67])), [2, 2, 3])
    np.testing.assert_allclose(drawn.mass(np.array([1.0, 2.0, 3.0])), [0, 2 / 3, 1 / 3])
    assert drawn.whole


READING = Reading({"gap": LENGTH, "wet": TEXT}, name="it")
BY_WETNESS = {
    "when": {
        "wet == 'dry'": {"uniform": ["1 m", "2 m"], "nominal": {"uniform": ["1 m", "5 m"]}},
        "gap > 5 m": "7 m",
        "else": {"normal": ["gap", "1 m"]},
    }
}


def test_the_first_condition_that_holds_says_what_is_drawn():
    drawn = parse_distribution(BY_WETNESS, READING)
    assert drawn.references == {"gap", "wet"}
    n = 30_000
    given = {
        "wet": np.where(np.arange(n) % 3 == 0, "dry", "wet"),
        "gap": np.where(np.arange(n) % 3 == 1, 8.0, 2.0),
    }
    bound = drawn.bind(given)
    column = bound.quantile(named_generator("when").random(n))
    assert stats.kstest(column[::3], stats.uniform(1, 1).cdf).pvalue > 1e-3
    assert (column[1::3] == 7.0).all()
    assert stats.kstest(column[2::3], stats.norm(2, 1).cdf).pvalue > 1e-3
    density = bound.log_density(column)
    np.testing.assert_allclose(density[:3], [0.0, 0.0, stats.norm(2, 1).logpdf(column[2])])
    np.testing.assert_allclose(bound.log_weight(column)[:3], [math.log(1 / 4), 0.0, 0.0])


def test_arguments_may_be_expressions():
    drawn = parse_distribution({"uniform": ["1 m", "2 * gap"]}, READING)
    gap = named_generator("gap").uniform(1.0, 9.0, 20_000)
    column = drawn.bind({"gap": gap}).sample(named_generator("expressions"), 20_000)
    assert stats.kstest((column - 1) / (2 * gap - 1), "uniform").pvalue > 1e-3
    density = drawn.bind({"gap": gap}).log_density(column)
    np.testing.assert_allclose(density, -np.log(2 * gap - 1))
    assert isinstance(parse_distribution({"truncated_normal": [0, 1, -1, 1]}), TruncatedNormal)


TEXT_OF = """\
scenario: small
description: A car on a road.
duration: 2 s
parameters:
  far: {{uniform: [1 m, 30 m]}}
  wet: {{categorical: [dry, wet]}}
  {}
road: {{kind: straight, length: 200 m}}
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 20 m}}}}
"""


def scenario_with(line):
    return parse_scenario(TEXT_OF.format(line), "small.yaml")


def test_parameters_are_worked_out_in_the_order_of_their_needs():
    logical = scenario_with(
        "a: {uniform: [1 m, half]}\n  half: b / 2\n  b: {uniform: [far, far + 9 m]}"
    )
    order = logical.order
    assert [name for name in order if name != "wet"] == ["far", "b", "half", "a"]
    told = [constraint.text for constraint in logical.constraints]
    assert told == [
        "uniform of 'b' has 'low' below 'high'",
        "uniform of 'a' has 'low' below 'high'",
    ]


def test_guards_hold_only_where_their_branch_is_taken():
    logical = scenario_with("a: {when: {far > 9 m: {uniform: [5 m, far]}, else: 3 m}}")
    from scenegen.scenario.syntax import evaluate

    guard = logical.constraints[0].node
    assert evaluate(guard, {"far": np.array([2.0, 9.5])}).tolist() == [True, True]
    tight = scenario_with("a: {when: {far > 3 m: {uniform: [5 m, far]}, else: 3 m}}")
    held = evaluate(tight.constraints[0].node, {"far": np.array([2.0, 4.0, 9.5])})
    assert held.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("a: {uniform: [1 m, b]}\n  b: {uniform: [a, 9 m]}", "7:6", "circular: 'a', 'b'"),
        ("a: {uniform: [1 m, a]}", "7:6", "circular: 'a'"),
        ("a: {uniform: [1 m, fra]}", "7:22", "did you mean 'far'"),
        ("a: {uniform: [1 s, far]}", "7:16", "mixes a time and a length"),
        ("a: {uniform: [1 m, wet]}", "7:16", "is a quantity, not a text"),
        ("a: {when: {wet == 'dry': 3 m}}", "7:13", "'else: distribution' last"),
        ("a: {when: {far: 3 m, else: 4 m}}", "7:19", "no condition such as"),
        ("a: {when: {far > 3: 3 m, else: 4 m}}", "7:23", "needs two alike"),
        ("a: {when: {far > 3 m: 3 m, else: 4 s}}", "7:36", "draws a length or a time"),
        ("a: {when: {far > 3 m: {unifrm: [1, 2]}, else: 4}}", "7:34", "did you mean 'uniform'"),
        ("a: {when: {far > 3 m: 3 m, else: 4 m}, low: 2 m}", "7:47", "write it in the branches"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(line, place, message):
    with pytest.raises(ScenarioError) as caught:
        scenario_with(line)
    assert str(caught.value).startswith(f"small.yaml:{place}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"mixture": []}, "list of 1"),
        ({"mixture": [{"uniform": [1, 2]}, {"uniform": ["1 m", "2 m"]}]}, "mixes"),
        ({"mixture": [{"uniform": [1, 2], "weight": -1}]}, "from 0"),
        ({"mixture": [{"uniform": [1, 2], "nominal": {"uniform": [1, 2]}}]}, "no 'nominal'"),
        ({"mixture": [3]}, "an entry of mixture"),
        ({"normal": [0, 1], "low": 60}, "no mass"),
        ({"exponential": [1], "low": 60}, "no mass"),
        ({"uniform": [0, 1], "low": 0.5, "high": 0.2}, "reversed"),
        ({"uniform": [0, 1], "low": "2 m"}, "'low' is a length"),
        ({"categorical": ["a"], "low": 1}, "'low' is a plain number but what is drawn is a text"),
        (
            {
                "mixture": [{"fixed": 0}, {"uniform": [0, 1]}],
                "nominal": {"uniform": [0, 1]},
            },
            "0 has a probability of its own",
        ),
    ],
)
def test_refused(raw, message):
    with pytest.raises(DistributionError, match=message):
        parse_distribution(raw)
