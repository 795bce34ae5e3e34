"""Places beside lines, against what is known of straight ones and of circles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.geometry.polylines import beside


@given(st.floats(-5, 15), st.floats(-3, 3))
def test_beside_a_straight_line(x, y):
    station, left, past = beside(
        np.array([[x, y]]), np.array([[0.0, 0.0], [4.0, 0.0], [10.0, 0.0]])
    )
    assert station[0] == pytest.approx(np.clip(x, 0, 10), abs=1e-9)
    assert left[0] == pytest.approx(y)
    assert past[0] == pytest.approx(max(-x, x - 10, 0), abs=1e-9)


@given(st.floats(0.05, 3.0), st.floats(-8, 8))
def test_beside_a_circle(angle, left):
    turn = np.linspace(0, np.pi, 2001)
    circle = 20 * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    point = (20 - left) * np.array([[np.cos(angle), np.sin(angle)]])
    station, found, past = beside(point, circle)
    assert station[0] == pytest.approx(20 * angle, abs=1e-2)
    assert found[0] == pytest.approx(left, abs=1e-3)
    assert past[0] == 0.0
