"""Conditions on monitors: which runs they keep, by how much, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.scenario import parse_keep_if
from scenegen.scenario.expressions import ExpressionError

NAMES = ("clear", "stays", "stops")
VALUES = st.floats(allow_nan=False)


@pytest.mark.parametrize(
    ("text", "kept", "margin"),
    [
        ("clear", True, 1.5),
        ("not clear", False, -1.5),
        ("stays", False, -0.5),
        ("not stays and clear", True, 0.5),
        ("stays or stops", True, math.inf),
        ("implies(clear, stays)", False, -0.5),
        ("not (clear and stays)", True, 0.5),
    ],
)
def test_what_is_kept(text, kept, margin):
    run = {"clear": 1.5, "stays": -0.5, "stops": math.inf}
    condition = parse_keep_if(text, NAMES)
    assert condition.holds(run) is kept
    assert condition.margin(run) == margin


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)))
def test_a_margin_has_the_sign_of_the_answer(run):
    """And a monitor that is worth 0 holds, so `not` of it doesn't, as everywhere else."""
    for text in ("clear and not stays", "implies(clear, stays or not stops)", "not stops"):
        condition = parse_keep_if(text, NAMES)
        margin = condition.margin(run)
        assert margin == 0 or condition.holds(run) is (margin > 0)
    assert not parse_keep_if("not stops", NAMES).holds({**run, "stops": 0.0})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not cleer", "unknown monitor 'cleer' .did you mean 'clear'"),
        ("clear > 1", "'>'"),
        ("clear == stays", "monitors are joined by and, or, not, implies only"),
        ("1 m", "what runs are kept by"),
        ("true", "names no monitor"),
        ("always(gap(ego, child) > 1 m)", "unknown function 'always'"),
        ("clear and", "clear and|syntax|expression"),
    ],
)
def test_what_is_refused(text, message):
    with pytest.raises(ExpressionError, match=message):
        parse_keep_if(text, NAMES)


def test_a_scenario_without_monitors_keeps_nothing():
    with pytest.raises(ExpressionError, match="has no 'monitors'"):
        parse_keep_if("clear", ())
