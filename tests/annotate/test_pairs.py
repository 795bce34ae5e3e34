"""Gaps, times to collision and post-encroachment times of ways that can be worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegen import assets
from scenegen.annotate.pairs import Pairs, post_encroachment
from scenegen.geometry import quaternion_from_yaw
from scenegen.geometry.rectangles import Rectangles
from scenegen.records import Actor, ConcreteScenario, Light, RoadSpec, Weather
from scenegen.simulate.coasting import coasting

ROWS, HZ = 161, 20
REAR, FRONT = 2.30015147, 2.29337275
HALF_WIDTH = 0.89718493


def car(number: int, xy: tuple[float, float], speed: float, yaw: float = 0.0, **more: Any) -> Actor:
    velocity = (speed * np.cos(yaw), speed * np.sin(yaw), 0.0)
    return Actor(
        instance_id=number,
        name=f"car_{number}",
        asset_id=more.pop("asset_id", "vehicle.sedan"),
        category=more.pop("category", "car"),
        size_m=(4.6, 1.8, 1.5),
        position_m=(*xy, more.pop("z", 0.0)),
        quaternion_wxyz=tuple(quaternion_from_yaw(yaw).tolist()),
        velocity_mps=velocity,
        mass_kg=1400.0,
        **more,
    )


def pairs_of(*actors: Actor) -> Pairs:
    scenario = ConcreteScenario(
        name="meeting",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={},
        log_weight=0.0,
        duration_s=(ROWS - 1) / HZ,
        road=RoadSpec(kind="straight"),
        weather=Weather(),
        light=Light(),
        actors=actors,
        sensors={},
    )
    return Pairs(scenario, coasting(actors, ROWS))


def test_the_body_is_what_the_numbers_below_say() -> None:
    (low, high) = assets.solid_bounds(assets.get("vehicle.sedan", 0))
    assert (-low[0], high[0], high[1]) == pytest.approx((REAR, FRONT, HALF_WIDTH))


def test_following() -> None:
    """15 m/s behind 10 m/s: the gap over 5 m/s, and half of 5 m/s over that."""
    (pair,) = pairs_of(car(1, (0, 0), 15.0), car(2, (30, 0), 10.0)).at(0)
    gap = 30 - REAR - FRONT
    assert pair.gap_m == pytest.approx(gap, abs=1e-4)
    assert pair.ttc_s == pytest.approx(gap / 5, abs=1e-4)
    assert pair.drac_mps2 == pytest.approx(5.0**2 / (2 * gap), abs=1e-4)
    assert pair.pet_s == 0.0


@pytest.mark.parametrize("late_s", [0.4, 1.0, 2.5])
def test_crossing_at_a_right_angle(late_s: float) -> None:
    """One leaves the other's strip as its rear passes, which the other's front reaches later."""
    speed = 10.0
    # The ego's rear leaves the other's strip after (30 + HALF_WIDTH + REAR) / speed.
    leaves = (30.0 + HALF_WIDTH + REAR) / speed
    start = -(leaves + late_s) * speed - FRONT - HALF_WIDTH
    found = pairs_of(car(1, (0, 0), speed), car(2, (30, start), speed, np.pi / 2))
    (pair,) = found.at(0)
    # Rows are 0.05 s apart; leaving and coming are each seen up to a row late or early.
    assert pair.pet_s == pytest.approx(late_s, abs=2.01 / HZ)
    assert pair.pet_s >= late_s
    assert pair.ttc_s is None
    assert pair.drac_mps2 is None


def test_a_crash_course() -> None:
    """Both reach the crossing at once: time to collision from the way to the other's side."""
    (pair,) = pairs_of(car(1, (0, 0), 10.0), car(2, (30, -30), 10.0, np.pi / 2)).at(0)
    assert pair.ttc_s == pytest.approx((30 - FRONT - HALF_WIDTH) / 10, abs=1e-3)
    assert pair.drac_mps2 == pytest.approx(np.hypot(10, 10) / 2 / pair.ttc_s, abs=1e-3)
    assert pair.pet_s == 0.0


def test_roads_above_each_other_never_meet() -> None:
    (pair,) = pairs_of(car(1, (0, 0), 10.0), car(2, (30, -30), 10.0, np.pi / 2, z=6.0)).at(0)
    assert (pair.ttc_s, pair.drac_mps2, pair.pet_s) == (None, None, None)


def test_who_is_a_pair() -> None:
    """All with the ego but its load; else near, one driving, one moving, none carried."""
    walker = {"asset_id": "person.adult", "category": "person"}
    found = pairs_of(
        car(1, (0, 0), 10.0),
        car(2, (20, 4), 5.0),
        car(3, (40, 4), 0.0),
        car(4, (42, 8), 0.0),
        car(5, (30, 8), 1.0, **walker),
        car(6, (31, 8), 1.0, **walker),
        car(7, (0, 0), 10.0, attached_to=1),
        car(8, (20, 4), 5.0, attached_to=2),
        car(9, (90, 4), 5.0),
    )
    told = {(pair.a, pair.b) for pair in found.at(0)}
    assert {b for a, b in told if a == 1} == {2, 3, 4, 5, 6, 8, 9}
    others = {pair for pair in told if pair[0] != 1}
    assert others == {(2, 3), (2, 4), (2, 5), (2, 6), (3, 5), (3, 6), (4, 5), (4, 6)}


coordinate = st.floats(-12, 12)
bodies = st.tuples(
    coordinate, coordinate, st.floats(-6, 6), st.floats(-6, 6), st.floats(-3, 3), st.floats(0.3, 3)
)


def moving(values: tuple[float, ...], rows: int) -> Rectangles:
    x, y, vx, vy, yaw, half = values
    time, one = np.arange(rows) * 0.1, np.ones(rows)
    c, s = np.cos(yaw) * one, np.sin(yaw) * one
    return Rectangles(x + vx * time, y + vy * time, c, s, half * one, 0.4 * half * one)


@settings(max_examples=60)
@given(bodies, bodies)
def test_post_encroachment_is_the_least_of_all_rows(one: Any, other: Any) -> None:
    """Every row of one is held against every row of the other, as polygons."""
    a, b = moving(one, 25), moving(other, 25)
    found = post_encroachment(a, b, np.zeros(25), np.zeros(25))
    assert post_encroachment(b, a, np.zeros(25), np.zeros(25)) == found
    polygons = [shapely.polygons(r.corners()) for r in (a, b)]
    share = shapely.area(shapely.intersection(polygons[0][:, None], polygons[1][None]))
    first, second = np.nonzero(share > 1e-9)
    least = int(np.abs(first - second).min()) if len(first) else None
    edge = np.nonzero(shapely.distance(polygons[0][:, None], polygons[1][None]) < 1e-9)
    lags = {int(lag) for lag in np.abs(edge[0] - edge[1])}
    assert found == least or found in lags
