"""Accelerations, controls and contacts against runs whose numbers are known beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.annotate.motion import accelerations, contacts_between, controls_at
from scenegen.records import CONTACT_DTYPE, Actor, Trajectory
from scenegen.simulate.coasting import coasting

ROWS, HZ = 41, 20
finite = st.floats(-20, 20)


def alone(**changes: Any) -> Trajectory:
    """Return a run of one car; `changes` are arrays of its trajectory."""
    car = Actor(
        instance_id=1,
        name="ego",
        asset_id="vehicle.sedan",
        category="car",
        size_m=(4.6, 1.8, 1.5),
        position_m=(0.0, 0.0, 0.0),
        quaternion_wxyz=(1.0, 0.0, 0.0, 0.0),
        mass_kg=1400.0,
    )
    return replace(coasting([car], ROWS), **changes)


@given(st.tuples(finite, finite, finite), st.tuples(finite, finite, finite))
def test_constant_acceleration_is_found_at_every_row(start: Any, rate: Any) -> None:
    time = np.arange(ROWS) / HZ
    velocity = (np.array(start) + time[:, None] * np.array(rate))[:, None]
    found = accelerations(alone(velocity_mps=velocity))
    np.testing.assert_allclose(found[:, 0], np.tile(rate, (ROWS, 1)), atol=1e-10)


def test_inner_rows_are_central_differences() -> None:
    """Of v = t^3 they are 3 t^2 + dt^2, and the ends know one step only."""
    dt, velocity = 1 / HZ, np.zeros((ROWS, 1, 3))
    time = np.arange(ROWS) * dt
    velocity[:, 0, 0] = time**3
    found = accelerations(alone(velocity_mps=velocity))[:, 0, 0]
    np.testing.assert_allclose(found[1:-1], 3 * time[1:-1] ** 2 + dt**2, atol=1e-9)
    assert found[0] == pytest.approx(dt**2)


def test_a_blow_is_spread_over_the_steps_around_it() -> None:
    velocity = np.zeros((ROWS, 1, 3))
    velocity[20:, 0, 1] = 3.0
    found = accelerations(alone(velocity_mps=velocity))[:, 0, 1]
    assert found[[19, 20]].tolist() == pytest.approx([30.0, 30.0])
    assert not found[:19].any()
    assert not found[21:].any()
    # What it comes to is the change of velocity, whatever the rows.
    assert found.sum() / HZ == pytest.approx(3.0)


def test_controls() -> None:
    controls = np.tile([0.1, 0.2, -3.0, 0.0, 0.4, -1.0], (ROWS, 1))
    told = controls_at(alone(controls=controls), 3)
    assert told is not None
    assert (told.steer_rad, told.acceleration_asked_mps2, told.brake, told.gear) == (
        0.1,
        -3.0,
        0.4,
        -1,
    )
    assert controls_at(alone(), 3) is None
    assert controls_at(alone(controls=np.zeros((ROWS, 0))), 3) is None


@given(st.lists(st.integers(0, 12 * (ROWS - 1) - 1), max_size=12).map(sorted))
def test_every_contact_is_in_one_frame(street: Any, steps: list[int]) -> None:
    contacts = np.zeros(len(steps), CONTACT_DTYPE)
    contacts["step"], contacts["actor_a"] = steps, np.arange(len(steps)) + 1
    trajectory = alone(contacts=contacts)
    rows = range(0, ROWS, 2)
    found = [
        contact
        for before, row in zip([None, *rows], rows, strict=False)
        for contact in contacts_between(street.scenario, trajectory, before, row)
    ]
    assert [c.a for c in found] == (np.arange(len(steps)) + 1).tolist()
    assert [c.time_s for c in found] == [step / 240 for step in steps]
