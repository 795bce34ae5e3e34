"""Rotations and poses: round trips and hand-computed cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation

from scenegen import geometry as g

unit = st.floats(-1, 1)
quaternions = arrays(np.float64, 4, elements=unit).filter(lambda q: np.linalg.norm(q) > 1e-2)
points = arrays(np.float64, (5, 3), elements=st.floats(-1e3, 1e3))
angles = st.floats(-np.pi, np.pi)


def as_scipy(q: np.ndarray) -> Rotation:
    return Rotation.from_quat(q, scalar_first=True)


@given(quaternions)
def test_matrix_agrees_with_scipy(q: np.ndarray) -> None:
    np.testing.assert_allclose(g.matrix_from_quaternion(q), as_scipy(q).as_matrix(), atol=1e-12)


@given(quaternions)
def test_quaternion_survives_the_matrix(q: np.ndarray) -> None:
    q = q / np.linalg.norm(q)
    back = g.quaternion_from_matrix(g.matrix_from_quaternion(q))
    assert back[0] >= 0
    assert min(np.abs(back - q).max(), np.abs(back + q).max()) < 1e-9


@given(quaternions, quaternions, arrays(np.float64, 3, elements=st.floats(-10, 10)))
def test_product_turns_by_b_then_a(a: np.ndarray, b: np.ndarray, v: np.ndarray) -> None:
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    both = g.rotate(g.quaternion_multiply(a, b), v)
    np.testing.assert_allclose(both, g.rotate(a, g.rotate(b, v)), atol=1e-9)


@given(angles, st.floats(-1.5, 1.5), angles)
def test_roll_pitch_yaw_agrees_with_scipy(roll: float, pitch: float, yaw: float) -> None:
    expected = Rotation.from_euler("xyz", [roll, pitch, yaw]).as_matrix()
    turned = g.matrix_from_quaternion(g.quaternion_from_rpy(roll, pitch, yaw))
    np.testing.assert_allclose(turned, expected, atol=1e-12)


def test_positive_pitch_lowers_the_nose() -> None:
    nose = g.rotate(g.quaternion_from_rpy(0.0, 0.1, 0.0), [1.0, 0.0, 0.0])
    assert nose[2] == pytest.approx(-np.sin(0.1))


@given(quaternions, arrays(np.float64, 3, elements=st.floats(-1e3, 1e3)), points)
def test_inverse_brings_points_back(q: np.ndarray, t: np.ndarray, p: np.ndarray) -> None:
    there = g.pose(t, q / np.linalg.norm(q))
    np.testing.assert_allclose(g.apply(g.inverse(there), g.apply(there, p)), p, atol=1e-8)


@given(angles)
def test_yaw_round_trip(yaw: float) -> None:
    assert abs(g.wrap_angle(g.yaw_of(g.quaternion_from_yaw(yaw)) - yaw)) < 1e-9


@given(st.floats(-100, 100))
def test_wrapped_angles_lie_in_the_half_open_range(angle: float) -> None:
    wrapped = float(g.wrap_angle(angle))
    assert -np.pi < wrapped <= np.pi
    assert np.cos(wrapped) == pytest.approx(np.cos(angle), abs=1e-9)
    assert np.sin(wrapped) == pytest.approx(np.sin(angle), abs=1e-9)


def test_pi_stays_pi() -> None:
    assert float(g.wrap_angle(-np.pi)) == np.pi
