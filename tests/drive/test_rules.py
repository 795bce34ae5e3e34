"""A driver who gives way: to traffic at junctions, and to people at crossings."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.drive import Drive, drive_episode
from scenegen.drive.agents.follower import Follower
from scenegen.drive.agents.rules import RuleKeeper
from scenegen.drive.agents.ways import LanePaths, on_way
from scenegen.drive.state import Route
from scenegen.records import ConcreteScenario
from scenegen.roads import build_network
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from tests.simulate.test_yielding import at_t

ZEBRA = """
scenario: zebra
description: Somebody walks over a zebra.
duration: 9 s
road: {kind: straight, length: 200 m, zebra: true, sidewalk: 2 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 50 m}, speed: 40 km/h}
actors:
  walker:
    asset: person.adult
    place: {lane: crosswalk_middle, s: 1 m}
    behaviour: [{when: {time: 1.2 s}, do: cross, speed: 1.3 m/s}]
"""


def scene(text: str) -> ConcreteScenario:
    return draw(parse_scenario(text, "scene.yaml"), 3, 0)


def speeds(drive: Drive, actor: int = 0) -> np.ndarray:
    return np.asarray(np.hypot(*drive.trajectory.velocity_mps[:, actor, :2].T))


def ruled(scenario: ConcreteScenario) -> Drive:
    return drive_episode(scenario, RuleKeeper(), "rules")


def straight(length_m: float = 100.0) -> Route:
    reach = np.arange(0.0, length_m, 2.0)
    points = np.stack([reach, np.zeros_like(reach)], axis=1)
    return Route(0.0, 0.0, points, np.zeros(len(reach)), np.zeros(len(reach)), 2.0)


def test_places_on_a_way() -> None:
    found = on_way(straight(), np.array([[11.0, 1.5], [-3.0, 0.0], [150.0, 0.0], [40.2, -7.0]]))
    assert found.ahead_m == pytest.approx([11.0, -3.0, 150.0, 40.2])
    assert found.aside_m == pytest.approx([1.5, 3.0, 52.0, 7.0])


def test_a_vehicle_may_go_wherever_its_lane_leads_to() -> None:
    network = build_network(scene(at_t("left", 30)).road)
    lane = network.lanes["side_backward_0"]
    at, yaw = lane.centre[3], np.arctan2(*np.diff(lane.centre[3:5, :2], axis=0)[0][::-1])
    paths = list(LanePaths(network, 90.0).of(at, float(yaw)))
    assert len(paths) == 2
    ends = sorted(float(path.points_m[-1, 0]) for path in paths)
    assert ends[0] < at[0] - 9 < at[0] + 9 < ends[1]
    for path in paths:
        assert path.along_m[0] == 0.0
        assert np.hypot(*np.diff(path.points_m, axis=0).T).sum() == pytest.approx(
            float(path.along_m[-1]), abs=0.5
        )
    assert not list(LanePaths(network, 90.0).of(at, float(yaw) + np.pi))


def test_who_gives_way_waits_until_the_main_road_is_clear() -> None:
    drive = ruled(scene(at_t("left", 30)))
    ego, main = drive.trajectory.position_m[:, 0], drive.trajectory.position_m[:, 1]
    assert speeds(drive).min() < 1.5
    assert speeds(drive, 1).min() > 11.0
    passed = int(np.argmax(main[:, 0] > 130))
    assert ego[passed, 1] < -6.0
    assert ego[-1, 1] > 0
    assert drive.record.impacts == ()


def test_an_empty_road_stops_nobody() -> None:
    drive = ruled(scene(at_t("right", 250)))
    assert speeds(drive).min() > 2.5
    assert drive.trajectory.position_m[-1, 0, 0] > 140


def test_at_a_stop_sign_one_stops_anyhow() -> None:
    drive = ruled(scene(at_t("right", 250, road="priority: stop")))
    assert drive.record.criteria["stop_line"] is not None
    assert drive.record.criteria["stop_line"] > 0
    assert drive.trajectory.position_m[-1, 0, 0] > 132
    ran = drive_episode(scene(at_t("right", 250, road="priority: stop")), Follower(), "idm")
    assert ran.record.criteria["stop_line"] is not None
    assert ran.record.criteria["stop_line"] < 0


def test_people_on_a_zebra_go_first() -> None:
    drive = ruled(scene(ZEBRA))
    walker = drive.trajectory.position_m[:, 1]
    ego = drive.trajectory.position_m[:, 0]
    front = ego[:, 0] + 2.4
    crossing = np.abs(walker[:, 1] - ego[:, 1]) < 1.5
    assert crossing.any()
    assert (front[crossing] < walker[crossing, 0]).all()
    assert speeds(drive).min() < 4.0
    assert drive.record.impacts == ()
