"""Units: sizes, dimensions, and what is no quantity."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.scenario.units import (
    ACCELERATION,
    ANGLE,
    LENGTH,
    NUMBER,
    SPEED,
    TIME,
    UNITS,
    parse_quantity,
)


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("50 km/h", 50 / 3.6, SPEED),
        ("30 deg", math.pi / 6, ANGLE),
        ("1.2 s", 1.2, TIME),
        ("3m", 3.0, LENGTH),
        ("0.4", 0.4, NUMBER),
        ("80 %", 0.8, NUMBER),
        ("36 mm/h", 1e-5, SPEED),
        ("-2e1 cm", -0.2, LENGTH),
        ("2 m/s^2", 2.0, ACCELERATION),
    ],
)
def test_quantities(text, value, dimension):
    quantity = parse_quantity(text)
    assert quantity.value == pytest.approx(value, rel=1e-15)
    assert quantity.dimension == dimension


@pytest.mark.parametrize(
    "text", ["", "km/h", "5 kmh", "1e999 m", "nan m", "inf", "5 m 3", "0x10 m"]
)
def test_what_is_no_quantity(text):
    with pytest.raises(ValueError, match=r"."):
        parse_quantity(text)


def test_nearest_unit_is_named():
    with pytest.raises(ValueError, match=r"did you mean 'km/h'"):
        parse_quantity("50 km/hr")


def test_dimensions_multiply():
    assert LENGTH / TIME == SPEED
    assert SPEED * TIME == LENGTH
    assert (SPEED**2) / ACCELERATION == LENGTH


@given(
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from(sorted(UNITS)),
)
def test_every_unit_scales(number, unit):
    quantity = parse_quantity(f"{number!r} {unit}")
    size, dimension = UNITS[unit]
    assert quantity.value == number * size
    assert quantity.dimension == dimension
