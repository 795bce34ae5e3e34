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
        ("{when: {gap > 1 m: {uniform: [1 mm/h, 9 mm/h]}, else: 0 mm/h}}", 0.006 / 3600, "6 mm/h"),
        ("{when: {gap > 1 m: {uniform: [1 km/h, 9 km/h]}, else: 0 km/h}}", 0.0, "0 km/h"),
        ("{when: {gap > 1 m: {uniform: [0 m/s, gap / 1 s]}, else: 0 km/h}}", 5.0, "18 km/h"),
    ],
)
def test_values_have_units(small, drawn, value, text):
    logical = small(("  gap: {", f"  other: {drawn}\n  gap: {{"))
    assert written(logical, "other", value) == text


@pytest.mark.parametrize(
    ("expression", "value", "text"),
    [
        ("other * 1.5 s", 15.0, "15 m"),
        ("other + 10 km/h", 10.0, "36 km/h"),
        ("other - other", 0.0, "0 km/h"),
        ("other / 2 s", 2.5, "2.5 m/s^2"),
        ("other / 9 m", 2.0, "2 Hz"),
        ("other * other", 4.0, "4 m^2 s^-2"),
        ("other / 3 m/s", 0.25, "0.25"),
        ("4 mm/h", 4e-3 / 3600, "4 mm/h"),
        ("30 deg", 0.5235987755982988, "30 deg"),
        ("other > 3 m/s", True, "true"),
    ],
)
def test_what_is_worked_out_has_the_unit_of_its_expression(small, expression, value, text):
    drawn = "  other: {uniform: [1 m/s, 9 m/s]}\n"
    logical = small(("  gap: {", f"{drawn}  made: {expression}\n  gap: {{"))
    assert written(logical, "made", value) == text


def test_what_is_no_parameter_is_a_plain_number(small):
    assert written(small(), "unknown", 0.12345) == "0.123"
