"""Behaviours at the same time, and such as take over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scenegen.records import Lamp

Play = Callable[..., Any]


def test_steering_and_braking_at_once(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 15 m/s,
      behaviour: [follow_lane,
                  {when: {time: 1 s}, parallel: [
                    {do: swerve, lateral: -1.2 m, over: 1 s},
                    {do: hard_brake, deceleration: 5 m/s^2, speed: 5 m/s},
                    {do: indicate, side: both}]}]}
"""
    )
    y, speed = scene.at("ego")[:, 1], scene.speed("ego")
    assert y[-1] == pytest.approx(-1.625 - 1.2, abs=0.15)
    assert speed[-1] == pytest.approx(5.0, abs=0.6)
    both = slice(26, 44)
    assert (np.diff(speed[both]) < -0.1).all()
    assert (np.diff(y[both]) < -0.01).all()
    hazard = Lamp.INDICATOR_LEFT | Lamp.INDICATOR_RIGHT
    lamps = scene.lamps("ego")
    assert not (lamps[:20] & hazard).any()
    assert ((lamps[20:] & hazard) == hazard).any()
    assert set(np.unique(lamps[20:] & hazard)) == {0, int(hazard)}


def test_the_order_of_what_runs_at_once_means_nothing(play: Play) -> None:
    ways = []
    for inner in (
        "{do: hard_brake, deceleration: 5 m/s^2}, {do: swerve, lateral: 1 m}",
        "{do: swerve, lateral: 1 m}, {do: hard_brake, deceleration: 5 m/s^2}",
    ):
        scene = play(
            f"""
ego: {{asset: vehicle.sedan, variant: 0, place: {{lane: forward_0, s: 30 m}}, speed: 15 m/s,
      behaviour: [follow_lane, {{when: {{time: 1 s}}, parallel: [{inner}]}}]}}
""",
            "4 s",
        )
        ways.append(scene.at("ego"))
    assert np.array_equal(ways[0], ways[1])


def test_braking_may_begin_later_than_steering(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 15 m/s,
      behaviour: [follow_lane,
                  {when: {time: 1 s}, parallel: [
                    {do: swerve, lateral: -1.2 m},
                    {when: {time: 2 s}, do: hard_brake, deceleration: 5 m/s^2}]}]}
""",
        "6 s",
    )
    speed = scene.speed("ego")
    assert speed[39] > 14.5
    assert speed[50] < 13.5
    assert (scene.does("ego")[20:] == 1).all()


def test_an_interrupt_takes_over_and_gives_back(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 12 m/s,
      behaviour: [{do: follow_lane, react: false},
                  {interrupt: {when: {at_s: 60 m}, do: hard_brake,
                               deceleration: 6 m/s^2, speed: 4 m/s}}]}
actors:
  who: {asset: person.adult, place: {lane: sidewalk_right, s: 90 m},
        behaviour: [{when: {actor: ego, ends: hard_brake}, do: walk_along, speed: 1 m/s}]}
"""
    )
    does = scene.does("ego")
    brakes = np.flatnonzero(does == 1)
    assert brakes[0] == np.flatnonzero(scene.at("ego")[:, 0] >= 60.0)[0]
    assert (np.diff(brakes) == 1).all()
    assert (does[brakes[-1] + 1 :] == 0).all()
    speed = scene.speed("ego")
    assert speed.min() == pytest.approx(4.0, abs=0.3)
    assert speed[-1] > 9.0
    assert np.abs(scene.at("ego")[:, 1] + 1.625).max() < 0.1
    assert np.flatnonzero(scene.does("who") == 0)[0] == pytest.approx(brakes[-1] + 1, abs=1)


def test_until_ends_an_interrupt_and_it_may_happen_again(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 8 m/s,
      behaviour: [{do: cruise, speed: 12 m/s, acceleration: 2.5 m/s^2},
                  {interrupt: {when: {speed: {above: 10 m/s}},
                               do: hard_brake, deceleration: 4 m/s^2},
                   until: {speed: {below: 7 m/s}}}]}
""",
        "10 s",
    )
    does, speed = scene.does("ego"), scene.speed("ego")
    begins = np.flatnonzero((does[1:] == 1) & (does[:-1] == 0)) + 1
    assert len(begins) >= 2
    assert (speed[begins] >= 10.0).all()
    ends = np.flatnonzero((does[1:] == 0) & (does[:-1] == 1)) + 1
    assert (speed[ends] <= 7.0).all()
    assert speed[ends] == pytest.approx(np.full(len(ends), 7.0), abs=0.5)


def test_an_interrupt_may_keep_what_it_took(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 12 m/s,
      behaviour: [follow_lane, {when: {time: 5 s}, do: cut_in, lane: forward_1},
                  {interrupt: {when: {time: 2 s}, sequence: [
                     {do: hard_brake, deceleration: 5 m/s^2},
                     {when: {delay: 1 s}, do: stand, hazard_lights: true}]}, give_back: false}]}
"""
    )
    does = scene.does("ego")
    assert set(np.unique(does)) == {0, 2, 3}
    assert scene.speed("ego")[-1] < 0.01
    stopped = np.flatnonzero(scene.speed("ego") <= 0.1)[0]
    assert np.flatnonzero(does == 3)[0] == pytest.approx(stopped + 20, abs=2)
    hazard = Lamp.INDICATOR_LEFT | Lamp.INDICATOR_RIGHT
    assert (scene.lamps("ego")[does == 3] & hazard).any()


def test_who_swerved_comes_back_to_the_lane_gently(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 14 m/s,
      behaviour: [follow_lane,
                  {interrupt: {when: {distance: 24 m, to: child},
                               do: swerve, lateral: 1.6 m, over: 1 s},
                   until: {ahead_of: child, by: 1 m}}]}
actors:
  child: {asset: person.child, place: {lane: forward_0, s: 80 m, lateral: -1.6 m}}
"""
    )
    y = scene.at("ego")[:, 1]
    assert y.max() > -1.625 + 1.0
    assert y[-1] == pytest.approx(-1.625, abs=0.1)
    assert scene.does("ego")[-1] == 0
    assert not len(scene.trajectory.contacts)
    scene.assert_smooth("ego", 9.0)


def test_who_moved_aside_slowly_stays_there_until_what_stands_is_past(play: Play) -> None:
    """Its way aside ends before the van does; it doesn't come back to stand behind it."""
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: 34 km/h,
      behaviour: [{do: follow_lane},
                  {interrupt: {when: {distance: 22 m, to: van}, do: swerve, lateral: 2.6 m,
                               over: 1.8 s, speed: 24 km/h},
                   until: {ahead_of: van, by: 3 m}}]}
actors:
  van: {asset: vehicle.van, place: {lane: forward_0, s: 75 m}, behaviour: [stand]}
""",
        "10 s",
    )
    assert scene.speed("ego").min() > 5.0
    past = scene.at("ego")[:, 0] > scene.at("van")[0, 0]
    assert past.any()
    assert scene.at("ego")[-1, 1] == pytest.approx(-1.625, abs=0.3)
    assert not len(scene.trajectory.contacts)


def test_a_walk_goes_on_after_an_interrupt(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_1, s: 20 m}, speed: 9 m/s}
actors:
  adult: {asset: person.adult, place: {lane: sidewalk_right, s: 70 m, heading: across},
          behaviour: [{do: cross, speed: 1.2 m/s, distance: 8 m},
                      {interrupt: {when: {distance: 40 m}, do: stand},
                       until: {distance: 12 m}, give_back: true}]}
""",
        "12 s",
    )
    way, does = scene.at("adult")[:, 1], scene.does("adult")
    assert (does == 1).any()
    assert way[-1] - way[0] == pytest.approx(8.0, abs=0.1)
    scene.assert_smooth("adult", 12.0)
