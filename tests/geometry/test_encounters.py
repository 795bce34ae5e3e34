"""What moving bodies are to each other, against small steps of time and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.geometry.encounters import (
    Moving,
    distance,
    forward_speed,
    gap_ahead,
    heading_to,
    time_headway,
    time_to_collision,
)
from scenegen.geometry.rectangles import gap


def car(x=0.0, y=0.0, yaw=0.0, speed=0.0, half=(2.0, 1.0)):
    c, s = np.cos(yaw), np.sin(yaw)
    parts = (x, y, c, s, *half, yaw, speed * c, speed * s)
    return Moving(*(np.asarray(part, dtype=np.float64) for part in parts))


places = st.builds(
    car,
    st.floats(-20, 20),
    st.floats(-20, 20),
    st.floats(-3.1, 3.1),
    st.floats(-10, 10),
    st.tuples(st.floats(0.1, 6), st.floats(0.1, 3)),
)


@given(places, places)
def test_time_to_collision_is_when_they_first_touch(a, b):
    time = float(time_to_collision(a, b))
    moments = np.linspace(0.0, 30.0, 3001)
    apart = gap(_at(a, moments), _at(b, moments))
    touching = np.flatnonzero(apart < -1e-3)
    if touching.size:
        assert time <= moments[touching[0]]
    if time <= 30.0:
        then = gap(_at(a, np.array([time])), _at(b, np.array([time])))
        assert float(then[0]) == pytest.approx(min(float(apart[0]), 0.0), abs=1e-6)
        assert (apart[moments < time] > -1e-9).all() or time == 0.0


def _at(a, moments):
    x, y = a.x_m + moments * a.vx_mps, a.y_m + moments * a.vy_mps
    return replace(a, x_m=x, y_m=y)


def test_one_behind_the_other():
    ego, lead = car(speed=10.0), car(x=24.0, speed=5.0)
    assert float(gap_ahead(ego, lead)) == pytest.approx(20.0)
    assert float(gap_ahead(lead, ego)) == pytest.approx(-28.0)
    assert float(gap(ego, lead)) == pytest.approx(20.0)
    assert float(distance(ego, lead)) == pytest.approx(24.0)
    assert float(time_headway(ego, lead)) == pytest.approx(2.0)
    assert float(time_to_collision(ego, lead)) == pytest.approx(4.0)
    assert np.isinf(time_headway(lead, ego))
    assert np.isinf(time_headway(car(), lead))
    assert float(time_headway(ego, car(x=3.0, y=5.0))) == 0.0
    assert np.isinf(time_to_collision(ego, car(x=24.0, speed=12.0)))


def test_directions():
    assert float(heading_to(car(yaw=1.0), car(x=np.cos(1.5), y=np.sin(1.5)))) == pytest.approx(0.5)
    assert float(forward_speed(car(yaw=2.0, speed=-3.0))) == pytest.approx(-3.0)
