"""Behaviours on wheels, from YAML to what the trajectory shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scenegen.records import Lamp
from scenegen.simulate.idm import interaction

Play = Callable[..., Any]
LANE_M = 3.25
INNER, OUTER = -0.5 * LANE_M, -1.5 * LANE_M


def test_cruising_keeps_the_headway_asked_for(play: Play) -> None:
    gaps = []
    for headway in (0.8, 2.0):
        scene = play(
            f"""
ego:
  asset: vehicle.sedan
  variant: 0
  place: {{lane: forward_1, s: 20 m}}
  speed: 10 m/s
  behaviour: [{{do: cruise, speed: 20 m/s, headway: {headway} s, min_gap: 3 m}}]
actors:
  lead: {{asset: vehicle.sedan, variant: 0, place: {{ahead_of: ego, gap: {10 * headway + 6} m}},
         speed: 10 m/s}}
""",
            "20 s",
        )
        length = scene.actor("ego").size_m[0]
        gap = float((scene.at("lead") - scene.at("ego"))[-1, 0]) - length
        gaps.append(gap)
        assert scene.speed("ego")[-1] == pytest.approx(10.0, abs=0.2)
        # In equilibrium, IDM's two terms add up to nothing: a(1 - (v/v0)^4) = a (s*/s)^2.
        wanted = (3.0 + 10.0 * headway) / np.sqrt(1.0 - (10.0 / 20.0) ** 4)
        assert gap == pytest.approx(wanted, rel=0.05)
    assert gaps[1] - gaps[0] == pytest.approx(12.0, rel=0.1)


def test_headway_and_gap_are_those_of_idm() -> None:
    v, still = np.array([10.0]), np.array([0.0])
    one = np.array([1.0])
    drag = interaction(v, still, np.array([20.0]), one, one, headway_s=1.5, min_gap_m=4.0)
    assert drag == pytest.approx((19.0 / 20.0) ** 2)


def test_overtaking_goes_out_past_and_back_in(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_1, s: 30 m}, speed: 12 m/s,
      behaviour: [{do: overtake, past: slow, speed: 19 m/s, clearance: 9 m},
                  {do: cruise, speed: 14 m/s}]}
actors:
  slow: {asset: vehicle.van, place: {ahead_of: ego, gap: 22 m}, speed: 9 m/s}
""",
        "14 s",
    )
    ego, slow = scene.at("ego"), scene.at("slow")
    assert not len(scene.trajectory.contacts)
    beside = np.abs(ego[:, 0] - slow[:, 0]) < 4.0
    assert beside.any()
    assert np.abs(ego[beside, 1] - INNER).max() < 0.3
    back = scene.does("ego") == 1
    half = 0.5 * (scene.actor("ego").size_m[0] + scene.actor("slow").size_m[0])
    first = np.flatnonzero(back)[0]
    gap = ego[:, 0] - slow[:, 0] - half
    assert gap[first - 1] < 9.0 <= gap[first] + 0.1
    assert ego[-1, 1] == pytest.approx(OUTER, abs=0.1)
    assert scene.speed("ego")[back].max() > 16.0
    lamps = scene.lamps("ego")
    assert (lamps[:20] & Lamp.INDICATOR_LEFT).any()
    assert not (lamps[:20] & Lamp.INDICATOR_RIGHT).any()
    assert (lamps[first : first + 20] & Lamp.INDICATOR_RIGHT).any()
    # Once it is in again, it stops indicating, and goes on to what comes next.
    assert not (lamps[scene.does("ego") == 2] & (Lamp.INDICATOR_LEFT | Lamp.INDICATOR_RIGHT)).any()
    assert scene.speed("ego")[-1] < 17.0
    scene.assert_smooth("ego", 6.0)


@pytest.mark.parametrize("room", ["", "room: 3 s, "])
def test_gap_acceptance_waits_for_who_comes_from_behind(play: Play, room: str) -> None:
    scene = play(
        f"""
ego: {{asset: vehicle.sedan, place: {{lane: forward_1, s: 60 m}}, speed: 10 m/s,
      behaviour: [{{do: overtake, past: slow, {room}speed: 15 m/s, deceleration: 4 m/s^2}}]}}
actors:
  slow: {{asset: vehicle.van, place: {{ahead_of: ego, gap: 25 m}}, speed: 9 m/s}}
  fast: {{asset: vehicle.compact, place: {{behind: ego, gap: 25 m, lane: forward_0}},
         speed: 22 m/s}}
""",
        "9 s",
    )
    ego, fast = scene.at("ego"), scene.at("fast")
    out = int(np.flatnonzero(ego[:, 1] > OUTER + 0.5)[0])
    if room:
        assert fast[out, 0] > ego[out, 0]
        assert scene.does("ego")[0] == 0
        assert scene.does("ego")[out] == 1
    else:
        assert fast[out, 0] < ego[out, 0]


def test_overtaking_in_the_oncoming_lane(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 13 m/s,
      behaviour: [{do: overtake, past: slow, room: 6 s, speed: 22 m/s, acceleration: 3 m/s^2}]}
actors:
  slow: {asset: vehicle.compact, place: {ahead_of: ego, gap: 22 m}, speed: 11 m/s}
  oncoming: {asset: vehicle.sedan, place: {lane: backward_0, s: 150 m}, speed: 15 m/s}
""",
        "16 s",
        "{kind: straight, length: 500 m, lanes_forward: 1, lanes_backward: 1, surroundings: rural}",
    )
    ego, other = scene.at("ego"), scene.at("oncoming")
    assert not len(scene.trajectory.contacts)
    assert ego[:, 1].max() == pytest.approx(-INNER, abs=0.3)
    out = int(np.flatnonzero(ego[:, 1] > 0.0)[0])
    assert other[out, 0] < ego[out, 0]
    assert ego[-1, 1] == pytest.approx(INNER, abs=0.15)
    assert ego[-1, 0] > scene.at("slow")[-1, 0] + 8.0


def test_pulling_out_of_a_parking_place(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: 8 m/s}
actors:
  parked: {asset: vehicle.compact, place: {lane: parking_right, s: 90 m},
           behaviour: [{when: {time: 1 s}, do: pull_out, lane: forward_1, room: 3 s, speed: 9 m/s}]}
  passing: {asset: vehicle.sedan, place: {lane: forward_1, s: 60 m}, speed: 12 m/s}
""",
        "12 s",
    )
    way = scene.at("parked")
    starts = scene.starts("parked", 1)
    row = round(starts * 20)
    assert scene.at("passing")[row, 0] > way[row, 0]
    assert np.abs(way[:row] - way[0]).max() < 0.01
    waiting = scene.lamps("parked")[25:row]
    assert (waiting & Lamp.INDICATOR_LEFT).any()
    assert not (waiting & Lamp.LOW_BEAM).any()
    assert way[-1, 1] == pytest.approx(OUTER, abs=0.15)
    assert scene.speed("parked")[-1] == pytest.approx(9.0, abs=0.7)
    scene.assert_smooth("parked", 6.0)


def test_reversing_straight_stops_where_asked(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_1, s: 100 m},
      behaviour: [{do: reverse, distance: 9 m, speed: 2 m/s}, {do: cruise, speed: 5 m/s}]}
""",
        "14 s",
    )
    x = scene.at("ego")[:, 0]
    assert x[0] - x.min() == pytest.approx(9.0, abs=0.4)
    backing = scene.does("ego") == 0
    along = scene.trajectory.velocity_mps[:, 0, 0]
    assert along[backing].max() < 0.05
    assert along.min() == pytest.approx(-2.0, abs=0.1)
    reversing = (scene.lamps("ego") & Lamp.REVERSE) > 0
    assert reversing[5 : np.flatnonzero(backing)[-1]].all()
    # It shifts at a stand, and then goes forward.
    assert np.abs(along[np.flatnonzero(~backing)[0]]) < 0.2
    assert along[-1] > 2.0
    assert not reversing[-1]
    assert np.abs(np.degrees(scene.yaw("ego"))).max() < 1.0
    wheels = scene.trajectory.articulation[:, 0, 1]
    assert (np.diff(np.unwrap(wheels))[10:60] < 0).all()
    scene.assert_smooth("ego", 4.0)


@pytest.mark.parametrize(("turn", "sense"), [("60 deg", -1.0), ("-60 deg", 1.0)])
def test_reversing_in_a_bend(play: Play, turn: str, sense: float) -> None:
    scene = play(
        f"""
ego: {{asset: vehicle.compact, place: {{lane: forward_0, s: 100 m}},
      behaviour: [{{do: reverse, distance: 3 m, turn: {turn}}}]}}
""",
        "12 s",
    )
    assert np.degrees(scene.yaw("ego")[-1]) == pytest.approx(sense * 60.0, abs=8.0)
    assert scene.speed("ego")[-1] < 0.05
    # The tail swings to the side it was sent to.
    assert np.sign(scene.at("ego")[-1, 1] - INNER) == -sense
    scene.assert_smooth("ego", 6.0)


def test_backing_out_of_a_driveway_into_a_lane(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: 1 m/s}
actors:
  home: {asset: vehicle.compact, place: {lane: verge_right, s: 150 m, heading: right},
         behaviour: [{do: reverse, lane: forward_0, react: true},
                     {do: cruise, lane: forward_0, speed: 8 m/s}]}
""",
        "16 s",
        "{kind: straight, length: 300 m, lanes_forward: 2, lanes_backward: 2, verge: 6 m}",
    )
    stops = np.flatnonzero(scene.does("home") == 1)[0]
    assert np.degrees(scene.yaw("home")[stops]) == pytest.approx(0.0, abs=8.0)
    assert scene.at("home")[stops, 1] == pytest.approx(INNER, abs=0.5)
    assert scene.at("home")[stops, 0] < 150.0
    assert scene.at("home")[-1, 0] > scene.at("home")[stops, 0] + 8.0
    assert scene.at("home")[-1, 1] == pytest.approx(INNER, abs=0.15)
    scene.assert_smooth("home", 4.0)


def test_turning_round(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.compact, place: {lane: forward_1, s: 60 m}, speed: 8 m/s,
      behaviour: [{do: u_turn, lane: backward_1, at_s: 90 m},
                  {do: cruise, lane: backward_1, speed: 6 m/s}]}
""",
        "13 s",
    )
    way = scene.at("ego")
    assert way[:, 0].max() == pytest.approx(90.0 + 1.5 * LANE_M, abs=1.0)
    assert np.degrees(scene.yaw("ego")[-1]) == pytest.approx(180.0, abs=3.0)
    assert way[-1, 1] == pytest.approx(-OUTER, abs=0.2)
    assert scene.does("ego")[-1] == 1
    scene.assert_smooth("ego", 8.0)


def test_swerving_and_coming_back(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 12 m/s,
      behaviour: [follow_lane, {when: {speed: {above: 5 m/s}, delay: 1 s}, do: swerve,
                  lateral: 1.5 m, over: 1.5 s, back_after: 1 s}]}
""",
    )
    y = scene.at("ego")[:, 1]
    assert scene.starts("ego", 1) == pytest.approx(1.0)
    assert y[:20] == pytest.approx(np.full(20, INNER), abs=0.05)
    assert y.max() == pytest.approx(INNER + 1.5, abs=0.25)
    # The way out takes its time, then a second, then the way back.
    assert scene.starts("ego", 2) == pytest.approx(1.0 + 1.5 + 1.0, abs=0.4)
    assert y[-1] == pytest.approx(INNER, abs=0.1)
    scene.assert_smooth("ego", 7.0)


def test_a_change_of_speed_keeps_the_way(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 15 m/s,
      behaviour: [{do: cut_in, lane: forward_1},
                  {when: {time: 1 s}, do: change_speed, speed: 9 m/s, deceleration: 2 m/s^2}]}
""",
    )
    assert scene.speed("ego")[-1] == pytest.approx(9.0, abs=0.4)
    assert scene.at("ego")[-1, 1] == pytest.approx(OUTER, abs=0.15)


def test_a_load_is_dropped_by_who_carries_it(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: 12 m/s}
actors:
  lorry: {asset: vehicle.flatbed_truck, place: {lane: forward_1, s: 60 m}, speed: 15 m/s,
          behaviour: [cruise, {when: {at_s: 100 m}, do: drop_cargo, load: crate},
                      {when: {delay: 1 s}, do: hard_brake, deceleration: 4 m/s^2}]}
  crate: {asset: debris.crate, place: {attached_to: lorry, offset: [-2 m, 0 m, 0.02 m]}}
""",
    )
    lorry, crate = scene.at("lorry"), scene.at("crate")
    row = round(scene.starts("lorry", 1) * 20)
    assert lorry[row - 1, 0] < 100.0 <= lorry[row, 0]
    held = np.linalg.norm((crate - lorry)[: row + 1] - (crate - lorry)[0], axis=1)
    assert held.max() < 0.05
    # It is on the road again, and nobody took the lorry's drive away.
    assert scene.speed("lorry")[row + 10] > 14.0
    assert scene.does("lorry")[-1] == 2
    assert scene.speed("lorry")[-1] < 5.0
    assert lorry[-1, 0] - crate[-1, 0] > 4.5
    # It has slid off the bed and lies, or stands, on the road.
    assert crate[-1, 2] < 0.9
    assert crate[0, 2] > 1.0
