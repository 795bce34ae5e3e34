"""The gate: rules are read, held, and never pass for want of a figure."""

from __future__ import annotations

import pytest

from scenegen.errors import InputError
from scenegen.evaluate.gate import check_gate, parse_rule
from scenegen.evaluate.results import MetricResult, Section

RESULTS = Section(
    name="fidelity",
    title="Fidelity",
    results=(
        MetricResult(name="fidelity.kid", value=0.05, ci_low=0.04, ci_high=0.07, n=100),
        MetricResult(
            name="fidelity.kid", value=0.2, ci_low=0.1, ci_high=0.3, n=9, slice="class=car"
        ),
        MetricResult(name="utility.semantic.miou", value=None, n=0, note="no pictures"),
        MetricResult(name="fidelity.recall", value=0.5, n=100),
        MetricResult(name="diversity.recall", value=0.5, n=100),
    ),
)


def passed(rule: str) -> bool:
    (line,) = check_gate([parse_rule(rule)], [("night", [RESULTS])])
    return line.passed


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("kid<=0.05", True),
        ("kid<0.05", False),
        ("fidelity.kid>=0.05", True),
        ("kid > 0.05", False),
        ("kid.high<=0.05", False),
        ("kid.low<=0.04", True),
        ("kid[class=car]<=0.05", False),
        ("kid[class=car]<=2e-1", True),
    ],
)
def test_a_rule_is_held_against_the_figure_that_it_names(rule: str, holds: bool) -> None:
    assert passed(rule) is holds


def test_a_figure_that_is_not_defined_does_not_pass() -> None:
    assert not passed("miou>=0")
    assert not passed("fidelity.recall.low>=0")


def test_every_data_set_is_held_to_every_rule() -> None:
    rules = [parse_rule("kid<=0.1"), parse_rule("fidelity.recall>=0.9")]
    lines = check_gate(rules, [("a", [RESULTS]), ("b", [RESULTS])])
    assert [(line.dataset, line.passed) for line in lines] == [
        ("a", True),
        ("a", False),
        ("b", True),
        ("b", False),
    ]


@pytest.mark.parametrize("text", ["kid", "kid<=", "<=3", "kid=0.05", "kid<=a", "kid<=nan<3", ""])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write METRIC<=NUMBER"):
        parse_rule(text)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("kidd<=1", "did you mean 'kid'"),
        ("recall>=0.5", r"diversity\.recall or fidelity\.recall"),
        ("kid[class=cat]<=1", "did you mean 'class=car'"),
    ],
)
def test_a_rule_about_nothing_is_refused(rule: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        passed(rule)
