"""Expressions: agreement with Python on safe input, dimensions, and refusal of all else."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scenegen.scenario.expressions import MAX_LENGTH, Cast, ExpressionError, parse_expression
from scenegen.scenario.syntax import BOOLEAN, TEXT, evaluate, references
from scenegen.scenario.units import LENGTH, NUMBER, SPEED, TIME

TYPES = {"speed": SPEED, "gap": LENGTH, "n": NUMBER, "kind": TEXT, "a.b.0.c": LENGTH}


def value_of(text, **columns):
    node = parse_expression(text, TYPES)
    return evaluate(node, {k: np.asarray(v) for k, v in columns.items()})


numbers = st.floats(0.01, 100).map(lambda x: repr(round(x, 3)))


def grow(inner):
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        pair.map(lambda t: f"min({t[0]}, {t[1]})"),
        pair.map(lambda t: f"max({t[0]}, {t[1]})"),
        inner.map(lambda t: f"abs({t})"),
        inner.map(lambda t: f"-({t})"),
    )


@given(st.recursive(st.one_of(numbers, st.just("n")), grow, max_leaves=12), st.floats(-5, 5))
def test_arithmetic_agrees_with_python(text, n):
    assume(len(text) <= MAX_LENGTH)
    try:
        expected = eval(text, {"__builtins__": {}}, {"n": n, "min": min, "max": max, "abs": abs})
    except ZeroDivisionError:
        assume(False)
    assert float(value_of(text, n=n)) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(numbers, numbers, numbers)
def test_comparison_and_logic_agree_with_python(a, b, c):
    text = f"{a} < {b} <= {c} or not {a} == {c} and {b} > {c}"
    assert bool(value_of(text)) is eval(text)


def test_units_inside_expressions():
    assert float(value_of("speed * 1.2 s + 5 m", speed=10.0)) == pytest.approx(17.0)
    assert float(value_of("gap / (36 km/h)", gap=20.0)) == pytest.approx(2.0)
    assert float(value_of("sin(30 deg)")) == pytest.approx(0.5)
    assert float(value_of("sqrt(speed ** 2)", speed=3.0)) == pytest.approx(3.0)
    assert float(value_of("50 % * 4")) == pytest.approx(2.0)
    assert float(value_of("clip(gap, 1 m, 2 m)", gap=7.0)) == 2.0
    assert float(value_of("a.b.0.c + 1 m", **{"a.b.0.c": 2.0})) == 3.0


def test_columns_are_evaluated_together():
    column = value_of(
        "where(kind == 'wet', speed * 2, speed)", kind=["wet", "dry"], speed=[3.0, 3.0]
    )
    assert column.tolist() == [6.0, 3.0]


def test_types_and_references():
    node = parse_expression("speed * 2 s > gap and n != 3", TYPES)
    assert node.type is BOOLEAN
    assert references(node) == {"speed", "gap", "n"}
    assert parse_expression("speed ** 2 / (2 * 8 m/s^2)", TYPES).type == LENGTH


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("speed + gap", "needs two alike, not a speed .* and a length"),
        ("sped * 2", "did you mean 'speed'"),
        ("5 furlong", "unknown unit 'furlong'"),
        ("5 kmh", "unknown unit 'kmh'"),
        ("foo(3)", "unknown function 'foo'"),
        ("min(3)", "takes 2 to 8 values, not 1"),
        ("sin(3)", "needs an angle"),
        ("gap < 3", "needs two alike"),
        ("not gap", "needs conditions"),
        ("kind < 'a'", "needs a number"),
        ("gap ** n", "exponent"),
        ("gap ** 900", "exponent"),
        ("where(1, 2, 3)", "needs conditions"),
        ("gap is 3 m", "unexpected|not an expression"),
        ("[1, 2]", "is made of"),
        ("always[0 s, 2 s](n > 1)", "for monitors"),
        ("distance(ego, child) > 1 m", "as 'require' and 'monitors' may"),
        ("lambda: 0", "unexpected"),
        ("n if n else n", "expression"),
        ("__import__('os').system('x')", "."),
        ("n.__class__", "."),
        ("(n)(3)", "unknown function"),
        ("min(*n, 3)", "."),
        ("3 +", "not an expression"),
        ("", "not an expression"),
        ("n" * (MAX_LENGTH + 1), "at most"),
        ("(" * 300 + "n" + ")" * 290, "."),
        ("-" * 500 + "n", "levels deep|not an expression"),
        ("'\\x41' == kind", "unexpected"),
    ],
)
def test_refused(text, message):
    with pytest.raises(ExpressionError, match=message):
        parse_expression(text, TYPES)


def test_division_by_zero_is_not_finite():
    assert math.isinf(float(value_of("1 / n", n=0.0)))
    assert not bool(value_of("0 / n > 1", n=0.0))


def test_dimension_of_time_over_time():
    assert parse_expression("1 s / 2 s", TYPES).type == NUMBER
    assert parse_expression("gap / speed", TYPES).type == TIME


CAST = Cast({"ego", "child"}, "run")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("distance(ego, child)", LENGTH),
        ("gap(ego, child) / speed(ego)", TIME),
        ("in_lane(ego) and in_lane(child, kind)", BOOLEAN),
        ("signal(major) == 'red'", BOOLEAN),
        ("implies(touches(ego), time_to_collision(ego, child) < 1 s)", BOOLEAN),
    ],
)
def test_questions_about_actors(text, kind):
    assert parse_expression(text, TYPES, CAST).type == kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("distance(ego, chld) > 1 m", "'chld' is no actor .did you mean 'child'"),
        ("distance(ego) > 1 m", "distance takes 2 values, not 1"),
        ("distance(ego, 3 m) > 1 m", "distance needs an actor"),
        ("distance(ego, child) > 1 s", "needs two alike, not a length and a time"),
        ("ego > 3", "'ego' is an actor; ask for a number"),
        ("signal(mayor) == 'red'", "'mayor' is no group of signals"),
        ("in_lane(ego, 3)", "needs a lane"),
        ("distnce(ego, child) > 1 m", "did you mean 'distance'"),
    ],
)
def test_wrong_questions(text, message):
    with pytest.raises(ExpressionError, match=message):
        parse_expression(text, TYPES, CAST)


def test_the_start_knows_no_contacts():
    with pytest.raises(ExpressionError, match="for monitors"):
        parse_expression("touches(ego, child)", TYPES, Cast({"ego", "child"}))


def test_answers_come_from_who_is_asked():
    node = parse_expression("distance(ego, child) < 2 * gap", TYPES, CAST)
    asked = []

    def measure(call):
        asked.append((call.operation, *(argument.value for argument in call.arguments)))
        return np.array([1.0, 9.0])

    assert evaluate(node, {"gap": np.array([1.0, 2.0])}, measure).tolist() == [True, False]
    assert asked == [("distance", "ego", "child")]
