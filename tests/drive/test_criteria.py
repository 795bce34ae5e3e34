"""Robustness of runs whose worst moment is known."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.drive import Pedals, Target
from scenegen.drive.course import Course
from scenegen.drive.criteria import HEADWAY_S, PROGRESS, TTC_S
from scenegen.drive.margins import paved
from scenegen.geometry import encounters
from scenegen.roads import build_network
from tests.drive.scenes import alone, at_signals, behind, driven, library, straight_on


def test_driving_into_what_stands() -> None:
    """Two equal cars, the one at rest: the momentum is shared, so that each changes by half."""
    made = driven(behind(20.0, 12.0), straight_on(12.0))
    (impact, *_), criteria = made.record.impacts, made.record.criteria
    assert made.record.termination == "collision"
    assert made.record.violated == ("collision",)
    assert impact.time_s == pytest.approx(20.0 / 12.0, abs=0.1)
    assert impact.closing_mps == pytest.approx(12.0, abs=0.4)
    assert impact.ego_delta_v_mps == pytest.approx(6.0, abs=1.2)
    assert impact.other_delta_v_mps == pytest.approx(6.0, abs=1.2)
    assert (impact.ego_part, impact.other_part, impact.struck_by) == ("front", "rear", "ego")
    assert criteria["collision"] == pytest.approx(
        -max(i.ego_delta_v_mps for i in made.record.impacts), abs=1e-3
    )
    assert criteria["ttc"] == pytest.approx(-TTC_S, abs=0.06)


def test_being_run_into_from_behind() -> None:
    scenario = behind(25.0, 5.0, 20.0)
    swapped = scenario.model_copy(
        update={
            "actors": tuple(
                actor.model_copy(update={"position_m": place, "velocity_mps": (speed, 0.0, 0.0)})
                for actor, place, speed in zip(
                    scenario.actors,
                    (scenario.actors[1].position_m, scenario.actors[0].position_m),
                    (5.0, 20.0),
                    strict=True,
                )
            )
        }
    )
    made = driven(swapped, straight_on(5.0))
    impact = made.record.impacts[0]
    assert (impact.ego_part, impact.other_part) == ("rear", "front")
    assert impact.struck_by == "other"
    assert impact.ego_delta_v_mps > 4.0


def test_braking_alone_is_no_change_by_a_collision() -> None:
    """A gentle touch at the end of hard braking is worth what the touch does."""
    made = driven(behind(11.5, 14.0), lambda state: Pedals(0.0, -1.0))
    for impact in made.record.impacts:
        assert impact.ego_delta_v_mps < impact.closing_mps + 0.5


@pytest.mark.parametrize("gap", [25.0, 40.0])
def test_following_at_a_constant_gap(gap: float) -> None:
    """Equal speeds: no collision to come, and the headway is the gap over the speed."""
    made = driven(behind(gap, 12.0, 12.0), straight_on(12.0))
    criteria = made.record.criteria
    assert criteria["collision"] == pytest.approx(gap, abs=0.6)
    assert criteria["headway"] == pytest.approx(gap / 12.0 - HEADWAY_S, abs=0.06)
    assert criteria["ttc"] is None or criteria["ttc"] > 20.0
    assert criteria["pet"] == pytest.approx(gap / 12.0 - 1.0, abs=0.12)
    assert made.record.impacts == ()


def test_criteria_are_the_least_over_all_rows() -> None:
    made = driven(behind(60.0, 14.0, 8.0), straight_on(14.0), stop_at_collision=False)
    course = Course(behind(60.0, 14.0, 8.0), made.trajectory)
    times = encounters.time_to_collision(course.bodies[0], course.bodies[1])
    assert made.record.criteria["ttc"] == pytest.approx(float(times.min()) - TTC_S, abs=1e-3)


def test_leaving_lane_and_road() -> None:
    """A car that drifts to the right with a known angle is out by what it went beyond."""
    made = driven(alone(10.0, 6.0), lambda state: Target(10.0, -0.002))
    y = made.trajectory.position_m[:, 0, 1]
    criteria = made.record.criteria
    wide = made.trajectory.position_m.shape[0] and alone().ego.size_m[1] / 2
    lane, left = 3.25, y.min() + 1.625
    assert criteria["lane"] == pytest.approx(lane / 2 - abs(left) - wide, abs=0.25)
    assert criteria["off_road"] is not None
    assert criteria["off_road"] < criteria["lane"] + 0.6
    assert "off_road" in made.record.violated
    kept = driven(alone(10.0, 3.0), straight_on(10.0)).record.criteria
    assert kept["lane"] == pytest.approx(lane / 2 - wide, abs=0.2)
    assert kept["off_road"] == pytest.approx(lane / 2 - wide, abs=0.2)


def test_the_corners_of_junctions_are_road() -> None:
    """They belong to no lane, and a car that cuts them has not left the road."""
    network = build_network(library("left_across_path").road)
    middle = network.lanes["forward_0"].centre.mean(axis=0)
    spots = middle + np.array([[0.0, 0.0, 0.0], [40.0, 40.0, 0.0], [0.0, 0.0, 20.0]])
    assert paved(network, spots).tolist() == [True, False, False]
    turned = driven(library("left_across_path"), lambda state: None, stop_at_collision=False)
    if not turned.record.impacts:
        assert turned.record.criteria["off_road"] is not None
        assert turned.record.criteria["off_road"] >= 0.0


def test_signals() -> None:
    ran = driven(at_signals("red"), straight_on(13.0))
    length = at_signals("red").ego.size_m[0]
    assert ran.record.criteria["red_light"] == pytest.approx(-length, abs=1e-3)
    assert "red_light" in ran.record.violated
    passed = driven(at_signals("green"), straight_on(13.0))
    assert passed.record.criteria["red_light"] is None
    nosed = driven(at_signals("red"), lambda state: Target(6.0 if state.time_s < 1 else 0.0, 0.0))
    assert nosed.record.criteria["red_light"] is not None
    assert 0.0 < nosed.record.criteria["red_light"] < 60.0


def test_speed_comfort_and_progress() -> None:
    scenario = alone(15.0, 6.0)
    limit = scenario.road.speed_limit_mps
    smooth = driven(scenario, straight_on(15.0)).record
    assert smooth.criteria["speed"] == pytest.approx(limit - 15.0, abs=0.2)
    assert smooth.criteria["comfort"] is not None
    assert smooth.criteria["comfort"] > 0.7
    assert smooth.criteria["progress"] == pytest.approx(1.0 - PROGRESS, abs=0.02)
    hard = driven(scenario, lambda state: Pedals(0.0, -1.0)).record
    assert hard.criteria["comfort"] is not None
    assert hard.criteria["comfort"] < -1.0
    stood = driven(alone(0.0, 6.0), lambda state: Pedals(0.0, -1.0)).record
    assert stood.criteria["progress"] is None


def test_monitors_count_if_they_are_asked_for() -> None:
    scenario = library("hesitates")
    names = [f"monitor.{name}" for name in scenario.monitors]
    made = driven(scenario, lambda state: None, counted=names)
    assert names
    assert set(made.record.violated) <= set(names)
    assert all(name in made.record.criteria for name in names)


def test_every_value_is_finite_or_none() -> None:
    for index in range(3):
        for value in driven(
            library("red_light_cyclist", index), straight_on(12.0)
        ).record.criteria.values():
            assert value is None or np.isfinite(value)
