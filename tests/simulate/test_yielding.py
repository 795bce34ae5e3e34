"""Drivers at junctions: they wait for those who go first, and go when there is a gap."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenegen.records import Trajectory
from scenegen.roads import build_network, lane_point
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate

T_JUNCTION = """
scenario: at_t
description: A car comes from a side road.
odd: [urban]
duration: {duration} s
road: {{kind: t_junction, length: 260 m, {road}}}
ego:
  asset: vehicle.sedan
  place: {{lane: side_backward_0, s: 45 m}}
  speed: 30 km/h
  behaviour: [{{do: follow_lane, turn: {turn}}}]
actors:
  main:
    asset: vehicle.suv
    place: {{lane: {lane}, s: {s} m}}
    speed: 50 km/h
"""


def run(tmp_path: Path, text: str) -> Trajectory:
    file = tmp_path / "scene.yaml"
    file.write_text(text)
    return simulate(draw(load_scenario(str(file)), 3, 0))


def speeds(trajectory: Trajectory, actor: int) -> np.ndarray:
    return np.asarray(np.hypot(*trajectory.velocity_mps[:, actor, :2].T))


def apart(trajectory: Trajectory) -> float:
    """Return how near the two came to each other's middle."""
    return float(np.hypot(*(np.diff(trajectory.position_m[:, :2, :2], axis=1)[:, 0]).T).min())


def at_t(turn: str, s: float, lane: str = "forward_0", road: str = "", duration: int = 14) -> str:
    return T_JUNCTION.format(turn=turn, s=s, lane=lane, road=road, duration=duration)


def test_who_gives_way_waits_until_the_main_road_is_clear(tmp_path: Path) -> None:
    """A car that would meet the other in the junction stops, and goes once that has passed."""
    trajectory = run(tmp_path, at_t("left", 30))
    ego, main = trajectory.position_m[:, 0], trajectory.position_m[:, 1]
    assert speeds(trajectory, 0).min() < 1.0
    assert speeds(trajectory, 1).min() > 11.0
    passed = int(np.argmax(main[:, 0] > 130))
    assert ego[passed, 1] < -8.0
    assert ego[-1, 1] > 0
    assert apart(trajectory) > 4.0


def test_an_empty_road_stops_nobody(tmp_path: Path) -> None:
    trajectory = run(tmp_path, at_t("right", 250))
    assert speeds(trajectory, 0).min() > 2.5
    assert trajectory.position_m[-1, 0, 0] > 140


def test_at_a_stop_sign_one_stops_anyhow(tmp_path: Path) -> None:
    trajectory = run(tmp_path, at_t("right", 250, road="priority: stop"))
    assert speeds(trajectory, 0).min() < 0.4
    assert trajectory.position_m[-1, 0, 0] > 132


def test_who_goes_first_waits_for_nobody(tmp_path: Path) -> None:
    for lane, s in (("forward_0", 60), ("backward_0", 210)):
        trajectory = run(tmp_path, at_t("right", s, lane))
        assert speeds(trajectory, 1).min() > 10.0


def test_those_who_turn_left_let_oncoming_cars_pass(tmp_path: Path) -> None:
    text = at_t("left", 35, duration=16).replace("side_backward_0, s: 45", "backward_0, s: 190")
    trajectory = run(tmp_path, text)
    assert speeds(trajectory, 0).min() < 2.5
    assert speeds(trajectory, 1).min() > 11.0
    assert len(trajectory.contacts) == 0
    assert trajectory.position_m[-1, 0, 1] < -15.0


RING = """
scenario: at_ring
description: Two cars at a roundabout.
odd: [urban]
duration: 20 s
road: {kind: roundabout, length: 240 m}
ego:
  asset: vehicle.sedan
  place: {lane: forward_0, s: 55 m}
  speed: 35 km/h
  behaviour: [{do: follow_lane, exit: 2}]
actors:
  circling:
    asset: vehicle.suv
    place: {lane: arm_3_backward_0, s: 24 m}
    speed: 35 km/h
    behaviour: [{do: follow_lane, exit: 3}]
"""


def test_a_roundabout_is_entered_when_nobody_comes_around(tmp_path: Path) -> None:
    """The other passes the ego's arm on the circle; the ego waits for it and then leaves it."""
    trajectory = run(tmp_path, RING)
    assert speeds(trajectory, 1)[40:120].min() > 2.5
    assert apart(trajectory) > 4.0
    # The second exit of four leads straight on.
    end = trajectory.position_m[-1, 0]
    assert end[0] > 150
    assert abs(end[1]) < 8


@pytest.mark.parametrize("arm", range(1, 5))
def test_every_exit_leads_out_where_it_says(tmp_path: Path, arm: int) -> None:
    text = RING.replace("exit: 2", f"exit: {arm}").split("actors:")[0]
    trajectory = run(tmp_path, text)
    name = "backward_0" if arm == 4 else f"arm_{arm}_forward_0"
    file = tmp_path / "scene.yaml"
    lane = build_network(draw(load_scenario(str(file)), 3, 0).road).lane(name)
    place, _ = lane_point(lane, 12.0)
    assert np.hypot(*(trajectory.position_m[:, 0, :2] - place[:2]).T).min() < 1.0


TWO_LANES = """
scenario: two_lanes
description: Two cars on a roundabout, the ego on the inner lane and the other beside it outside.
odd: [urban]
duration: 14 s
road:
  {kind: roundabout, length: 240 m, lanes_forward: 2, lanes_backward: 2, inscribed_diameter: 50 m}
ego:
  asset: vehicle.sedan
  place: {lane: ring_past_1_forward_0, s: 3 m}
  speed: 18 km/h
  behaviour: [{do: follow_lane, exit: 1}]
actors:
  outer:
    asset: vehicle.suv
    place: {lane: ring_past_1_forward_1, s: 8 m}
    speed: 18 km/h
    behaviour: [{do: follow_lane, exit: EXIT}]
"""


@pytest.mark.parametrize("leaves", [True, False])
def test_who_leaves_from_the_inner_lane_lets_the_outer_one_pass(
    tmp_path: Path, leaves: bool
) -> None:
    """Both leave side by side, or the outer one drives on across the ego's way and goes first."""
    trajectory = run(tmp_path, TWO_LANES.replace("EXIT", "1" if leaves else "2"))
    assert len(trajectory.contacts) == 0
    # Within 8 s both have come to the exit.
    assert (speeds(trajectory, 0)[:160].min() < 2.5) == (not leaves)
    assert speeds(trajectory, 1).min() > 4.0
    ego, outer = trajectory.position_m[-1, :, :2]
    # The ego leaves to the east by the inner one of two lanes; so does the other, or drives on.
    assert ego[0] > 145
    assert -4.5 < ego[1] < -0.5
    assert outer[0] > 155 if leaves else outer[1] > 15


@pytest.mark.parametrize("sign", ["give_way", "stop"])
def test_who_does_not_obey_rides_over_the_line_and_brakes_only_for_who_is_in_the_way(
    tmp_path: Path, sign: str
) -> None:
    def scooter(keys: str, main: float) -> np.ndarray:
        text = at_t("right", main, road=f"priority: {sign}", duration=10)
        for old, new in (
            ("asset: vehicle.sedan", "asset: motorcycle.kick_scooter"),
            ("s: 45 m", "s: 25 m"),
            ("30 km/h", "4.5 m/s"),
            ("turn: right", f"turn: right, {keys}"),
            (
                "actors:",
                "actors:\n  rider: {asset: person.scooter_rider, place: {attached_to: ego}}",
            ),
        ):
            assert old in text
            text = text.replace(old, new, 1)
        return speeds(run(tmp_path, text), 0)

    # 50 km/h: the car from 30 m comes when the scooter does, the one at 250 m is past.
    assert scooter("obey_signals: false", 250).min() > 4.0
    assert scooter("obey_signals: false", 30).min() < 4.0
    # Until the two may have met.
    assert scooter("obey_signals: false, react: false", 30)[:-60].min() > 4.0
    assert scooter("obey_signals: true", 30).min() < 1.0
