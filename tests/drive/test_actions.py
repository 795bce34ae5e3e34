"""Actions do what they say, within what a car can."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.drive import ActionError, Pedals, Target, Waypoints
from scenegen.drive.actions import command_of
from scenegen.drive.episode import Episode
from scenegen.geometry import matrix_from_quaternion, yaw_of
from scenegen.records import RoadSpec
from tests.drive.scenes import LANE_Y, WAY, alone, driven
from tests.simulate.conftest import actor, drive, scene

WIDE = RoadSpec(kind="straight", length_m=600.0, lanes_forward=4, lanes_backward=4)


@pytest.mark.parametrize("radius", [40.0, -60.0])
def test_a_curvature_becomes_a_circle(radius: float) -> None:
    made = driven(alone(10.0, 6.0, road=WIDE), lambda state: Target(10.0, 1.0 / radius))
    yaw = np.unwrap(yaw_of(made.trajectory.quaternion_wxyz[:, 0]))
    speed = np.linalg.norm(made.trajectory.velocity_mps[:, 0, :2], axis=1)
    turned = (yaw[110] - yaw[50]) / (speed[50:110].mean() * 60 / 20)
    assert turned == pytest.approx(1.0 / radius, rel=0.06)


@pytest.mark.parametrize(("start", "wanted"), [(15.0, 8.0), (8.0, 15.0), (10.0, 0.0)])
def test_a_speed_is_taken_up(start: float, wanted: float) -> None:
    made = driven(alone(start, 8.0), lambda state: Target(wanted, 0.0))
    speed = np.linalg.norm(made.trajectory.velocity_mps[:, 0, :2], axis=1)
    assert speed[-1] == pytest.approx(wanted, abs=0.4)
    gained = np.diff(speed) * 20
    assert gained.max() < 5.0
    assert gained.min() > -11.0


def test_the_brake_pedal_is_worth_what_tyres_hold() -> None:
    made = driven(alone(25.0, 4.0), lambda state: Pedals(0.0, -1.0))
    speed = np.linalg.norm(made.trajectory.velocity_mps[:, 0, :2], axis=1)
    fell = -(speed[40] - speed[10]) / 1.5
    assert 8.0 < fell < 10.5


def test_no_pedal_keeps_the_speed() -> None:
    made = driven(alone(20.0, 4.0), lambda state: Pedals(0.0, 0.0))
    speed = np.linalg.norm(made.trajectory.velocity_mps[:, 0, :2], axis=1)
    assert speed == pytest.approx(20.0, abs=0.15)


def test_waypoints_are_where_it_comes_to_be() -> None:
    """A car that is told each time where a lane change at 12 m/s has it is there in the end."""

    def at(time_s: np.ndarray) -> np.ndarray:
        share = np.clip((time_s - 1.0) / 3.0, 0.0, 1.0)
        y = -1.625 + 3.25 * (10 * share**3 - 15 * share**4 + 6 * share**5)
        return np.stack([20.0 + 12.0 * time_s, y], axis=1)

    made = driven(
        alone(12.0, 6.0),
        lambda state: Waypoints(state.in_ego(at(state.time_s + 0.5 * np.arange(1, 7))), 0.5),
    )
    place, wanted = made.trajectory.position_m[:, 0], at(made.trajectory.time_s)
    assert np.abs(place[:, 1] - wanted[:, 1]).max() < 0.35
    assert np.abs(place[:, 0] - wanted[:, 0]).max() < 1.0


def test_reverse_is_shifted_at_a_standstill_only() -> None:
    made = driven(alone(5.0, 8.0), lambda state: Pedals(0.0, 0.2, reverse=True))
    speed = made.trajectory.velocity_mps[:, 0, 0]
    assert speed.min() > 4.0, "it went on forward, for it never stood"

    def back(state: object) -> Pedals:
        slow = made_speed[0] < 0.05
        return Pedals(0.0, 0.3 if slow or stood[0] else -1.0, reverse=True)

    made_speed, stood = [5.0], [False]

    def act(state):  # type: ignore[no-untyped-def]
        made_speed[0] = abs(state.speed_mps)
        stood[0] = stood[0] or made_speed[0] < 0.05
        return back(state)

    made = driven(alone(5.0, 8.0), act)
    assert made.trajectory.velocity_mps[-1, 0, 0] < -1.0


@pytest.mark.parametrize(
    ("asset", "speed", "radius"),
    [
        ("motorcycle.road", 12.0, 60.0),
        ("motorcycle.road", 20.0, 150.0),
        ("bicycle.city", 5.0, 25.0),
    ],
)
def test_two_wheelers_lean_into_the_bend_that_an_agent_takes(
    asset: str, speed: float, radius: float
) -> None:
    ego = actor(1, asset, (20.0, LANE_Y), [drive(WAY, speed)], speed=speed)
    made = driven(scene([ego], 5.0, road=WIDE), lambda state: Target(speed, 1.0 / radius))
    turn = made.trajectory.quaternion_wxyz[60:101, 0]
    yaw = np.unwrap(yaw_of(turn))
    went = np.linalg.norm(made.trajectory.velocity_mps[60:100, 0, :2], axis=1).sum() / 20
    assert (yaw[-1] - yaw[0]) / went == pytest.approx(1.0 / radius, rel=0.1)
    lean = np.arccos(matrix_from_quaternion(turn)[:, 2, 2])
    assert lean.mean() == pytest.approx(np.arctan(speed**2 / (radius * 9.81)), abs=0.04)


def test_what_is_no_action() -> None:
    with Episode(alone()) as episode:
        for action in (
            Pedals(float("inf"), 0.0),
            Waypoints(np.zeros((0, 2))),
            Waypoints(np.zeros((3, 3))),
            Waypoints(np.array([[np.nan, 0.0]])),
            Waypoints(np.zeros((2, 2)), 0.0),
        ):
            with pytest.raises(ActionError):
                command_of(action, episode.state, episode.vehicle)
        assert command_of(Pedals(9.0, 0.0), episode.state, episode.vehicle).steer_rad == (
            episode.vehicle.steer_max_rad
        )
