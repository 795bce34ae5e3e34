"""Values with the units that people use."""

import pytest

from scenegen.sample import written


@pytest.mark.parametrize(
    ("drawn", "value", "text"),
    [
        ("{uniform: [30 km/h, 50 km/h]}", 10.0, "36 km/h"),
        ("{exponential: {mean: 2 mm/h}}", 0.004 / 3600, "4 mm/h"),
        ("{uniform: [4 m, 9 m]}", 4.25, "4.25 m"),
        ("{uniform: [1 s, 2 s]}", 1.5, "1.5 s"),
        ("{uniform: [500 m, 2 km]}", 1812.4, "1812 m"),
        ("{discrete: [1, 2]}", 2.0, "2"),
        ("{categorical: [dry, wet]}", "wet", "wet"),
        ("{mixture: [{fixed: 0 mm/h}, {exponential: {mean: 2 mm/h}}]}", 0.0, "0 mm/h"),
    ],
)
def test_values_have_units(small, drawn, value, text):
    logical = small(("  gap: {", f"  other: {drawn}\n  gap: {{"))
    assert written(logical, "other", value) == text


def test_what_is_no_parameter_is_a_plain_number(small):
    assert written(small(), "unknown", 0.12345) == "0.123"
