"""Time to collision against cases that can be worked out by hand.

What counts is the sedan's solid body, 2.300 m behind and 2.293 m ahead of its origin, which is
6.5 mm shorter than its bounds of 4.6 x 1.8 m: within 2 ms at 10 m/s.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from scenegen.geometry import quaternion_from_yaw
from scenegen.records import CONTACT_DTYPE
from scenegen.report.conflict import time_to_collision
from scenegen.report.facts import effective_sample_size, find_encounter


def meeting(makers, other_xy, other_velocity, ego_speed=10.0, yaw=0.0):
    """One scenario and a trajectory in which both keep this state in every row."""
    trajectory = makers.make_trajectory()
    position, velocity = np.zeros((5, 2, 3)), np.zeros((5, 2, 3))
    quaternion = trajectory.quaternion_wxyz.copy()
    position[:, 1, :2], velocity[:, 1, :2] = other_xy, other_velocity
    velocity[:, 0, 0] = ego_speed
    quaternion[:, 1] = quaternion_from_yaw(yaw)
    changed = dataclasses.replace(
        trajectory, position_m=position, velocity_mps=velocity, quaternion_wxyz=quaternion
    )
    return makers.make_concrete(), changed


@pytest.mark.parametrize(
    ("xy", "velocity", "yaw", "expected"),
    [
        ((24.6, 0.0), (0.0, 0.0), 0.0, 2.0),  # bumper to bumper: (24.6 - 4.6) / 10
        ((24.6, 0.0), (-10.0, 0.0), np.pi, 1.0),  # head on
        ((24.6, 1.9), (0.0, 0.0), 0.0, np.inf),  # beside: 1.9 > 1.8 m
        ((24.6, 1.7), (0.0, 0.0), 0.0, 2.0),  # overlapping by 0.1 m
        ((-24.6, 0.0), (0.0, 0.0), 0.0, np.inf),  # behind
        ((3.0, 0.5), (0.0, 0.0), 0.0, 0.0),  # overlapping now
        ((24.6, 0.0), (10.0, 0.0), 0.0, np.inf),  # same speed
        # A car from the left, at a right angle: its side is reached in x from
        # (23.2 - 3.2) / 10 = 2 s on, in y from (23.2 - 3.2) / 10 = 2 s on.
        ((23.2, 23.2), (0.0, -10.0), -np.pi / 2, 2.0),
        # The same, but it crosses long before the ego arrives.
        ((43.2, 13.2), (0.0, -10.0), -np.pi / 2, np.inf),
    ],
)
def test_time_to_collision(makers, xy, velocity, yaw, expected):
    scenario, trajectory = meeting(makers, xy, velocity, yaw=yaw)
    np.testing.assert_allclose(time_to_collision(trajectory, scenario, 1, 2), expected, atol=2e-3)
    np.testing.assert_allclose(time_to_collision(trajectory, scenario, 2, 1), expected, atol=2e-3)


def test_absent_actors_do_not_collide(makers):
    scenario, trajectory = meeting(makers, (24.6, 0.0), (0.0, 0.0))
    valid = np.ones((5, 2), bool)
    valid[3:, 1] = False
    gone = dataclasses.replace(trajectory, valid=valid)
    ttc = time_to_collision(gone, scenario, 1, 2)
    assert np.isfinite(ttc).tolist() == [True, True, True, False, False]


def test_a_contact_with_an_actor_outranks_scenery_and_ttc(makers):
    scenario, trajectory = meeting(makers, (24.6, 0.0), (0.0, 0.0))
    assert find_encounter(scenario, trajectory).ttc_s == pytest.approx(2.0, abs=2e-3)
    contacts = np.zeros(2, CONTACT_DTYPE)
    contacts["step"], contacts["actor_a"], contacts["actor_b"] = (12, 24), (1, 2), (0, 1)
    contacts["closing_speed_mps"] = (3.0, 7.0)
    met = find_encounter(scenario, dataclasses.replace(trajectory, contacts=contacts))
    assert (met.actor, met.contact_mps, met.time_s) == (2, 7.0, 0.1)


def test_effective_sample_size():
    assert effective_sample_size([-700.0] * 8) == pytest.approx(8.0)
    assert effective_sample_size([0.0, -60.0]) == pytest.approx(1.0)
    assert effective_sample_size([np.log(3.0), 0.0]) == pytest.approx(16 / 10)
