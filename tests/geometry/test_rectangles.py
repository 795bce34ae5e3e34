"""Rectangles in the plane, against shapely and against small steps of time."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from scenegen.geometry.polylines import beside
from scenegen.geometry.rectangles import (
    Rectangles,
    distance,
    forward_speed,
    gap,
    gap_ahead,
    heading_to,
    time_headway,
    time_to_collision,
)


def car(x=0.0, y=0.0, yaw=0.0, speed=0.0, half=(2.0, 1.0)):
    velocity = (speed * np.cos(yaw), speed * np.sin(yaw))
    parts = ((x, y), yaw, velocity, half)
    return Rectangles(*(np.array(part, dtype=np.float64) for part in parts))


places = st.builds(
    car,
    st.floats(-20, 20),
    st.floats(-20, 20),
    st.floats(-3.1, 3.1),
    st.floats(-10, 10),
    st.tuples(st.floats(0.1, 6), st.floats(0.1, 3)),
)


@given(places, places)
def test_distance_is_that_of_polygons(a, b):
    ours = float(gap(a, b))
    theirs = shapely.Polygon(a.corners).distance(shapely.Polygon(b.corners))
    assert max(ours, 0.0) == pytest.approx(theirs, abs=1e-9)
    assert ours == pytest.approx(float(gap(b, a)), abs=1e-9)


@given(places, places)
def test_overlap_is_the_least_way_apart(a, b):
    """Moved apart by the depth along some normal, overlapping outlines just touch."""
    depth = float(gap(a, b))
    if depth > -1e-6:
        return
    ways = [sign * axis for axis in (a.ahead, a.left, b.ahead, b.left) for sign in (1.0, -1.0)]
    left = [
        float(gap(a, Rectangles(b.middle_m - depth * w, b.yaw_rad, b.velocity_mps, b.half_m)))
        for w in ways
    ]
    assert max(left) == pytest.approx(0.0, abs=1e-9)


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
    middle = a.middle_m + moments[:, None] * a.velocity_mps
    shape = moments.shape
    return Rectangles(
        middle,
        np.broadcast_to(a.yaw_rad, shape),
        np.broadcast_to(a.velocity_mps, middle.shape),
        np.broadcast_to(a.half_m, middle.shape),
    )


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
