"""Behaviours on legs, from YAML to what the trajectory shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scenegen.records import Intent
from scenegen.records.taxonomy import BIPED_JOINTS
from scenegen.sample.roaming import wander_path

Play = Callable[..., Any]
EGO = "ego: {asset: vehicle.sedan, place: {lane: forward_1, s: 20 m}, speed: 5 m/s}\nactors:\n"
ELBOW = BIPED_JOINTS.index("elbow_right")


def test_who_hesitates_stops_in_the_road_and_goes_back(play: Play) -> None:
    scene = play(
        f"""{EGO}
  child: {{asset: person.child, place: {{lane: parking_right, s: 80 m, heading: across}},
          behaviour: [{{when: {{time: 1 s}}, do: hesitate, after: 2.2 m, pause: 1.5 s, speed: 2 m/s,
                      back_speed: 3 m/s}}]}}
"""
    )
    way, does = scene.at("child")[:, 1] - scene.at("child")[0, 1], scene.does("child")
    assert way[:20] == pytest.approx(np.zeros(20), abs=1e-6)
    stands = np.flatnonzero((does == 1) & (scene.speed("child") < 0.05))
    assert way[stands] == pytest.approx(np.full(len(stands), 2.2), abs=0.05)
    assert len(stands) / 20 == pytest.approx(1.5, abs=0.15)
    assert way[-1] == pytest.approx(0.0, abs=0.05)
    assert scene.speed("child")[does == 2].max() > 2.2
    intent = scene.intent("child")
    assert intent[2] == Intent.WILL_CROSS
    assert (intent[does == 0][2:-2] == Intent.CROSSING).all()
    assert (intent[does == 1] == Intent.HESITATING).all()
    assert (intent[does == 2][:15] == Intent.TURNING_BACK).all()
    scene.assert_smooth("child", 12.0)


def test_who_hesitates_may_go_on(play: Play) -> None:
    scene = play(
        f"""{EGO}
  adult: {{asset: person.adult, place: {{lane: sidewalk_right, s: 80 m, heading: across}},
          behaviour: [{{do: hesitate, after: 4 m, pause: 0.5 s, then: on, speed: 2.5 m/s}}]}}
""",
        "12 s",
    )
    way = scene.at("adult")[:, 1]
    assert way[-1] > 8.0
    still = scene.speed("adult") < 0.05
    assert (still & (np.abs(way - way[0] - 4.0) < 0.1)).any()
    assert (np.diff(way) > -1e-9).all()
    assert (scene.intent("adult")[scene.does("adult") == 2][:20] == Intent.CROSSING).all()


def test_who_wanders_stays_near_and_gets_around(play: Play) -> None:
    scene = play(
        f"""{EGO}
  somebody: {{asset: person.adult, place: {{lane: sidewalk_right, s: 80 m}},
             behaviour: [{{do: wander, speed: 1.2 m/s, within: 1.4 m}}]}}
  dog: {{asset: animal.dog, place: {{lane: verge_right, s: 60 m}},
        behaviour: [{{do: wander, speed: 2 m/s, within: 3 m}}]}}
""",
        "10 s",
        "{kind: straight, length: 300 m, lanes_forward: 2, sidewalk: 3 m, verge: 6 m}",
    )
    for name, within, speed in (("somebody", 1.4, 1.2), ("dog", 3.0, 2.0)):
        off = np.linalg.norm((scene.at(name) - scene.at(name)[0])[:, :2], axis=1)
        assert off.max() < within + 0.1
        assert off.max() > 0.5 * within
        walked = scene.speed(name)[20:]
        assert walked == pytest.approx(np.full(len(walked), speed), abs=0.5)
        # It doesn't go round in a circle: it turns both ways.
        turns = np.diff(scene.yaw(name))
        assert turns.max() > 0.02
        assert turns.min() < -0.02
        assert (scene.intent(name) == Intent.WANDERING).all()


def test_ways_without_an_aim_differ_and_keep_to_their_circle() -> None:
    ways = [
        np.array(wander_path(np.zeros(2), 0.0, 60.0, 2.0, np.random.Generator(np.random.Philox(k))))
        for k in range(5)
    ]
    for way in ways:
        assert np.hypot(*way.T).max() <= 2.0 + 1e-9
        steps = np.hypot(*np.diff(way, axis=0).T)
        assert steps.max() <= 0.25 + 1e-9
        assert np.hypot(*way.T).mean() > 0.5
    assert not np.allclose(ways[0], ways[1])


def test_crossing_after_walking_along_starts_where_one_is(play: Play) -> None:
    scene = play(
        f"""{EGO}
  adult: {{asset: person.adult, place: {{lane: sidewalk_right, s: 80 m}},
          behaviour: [{{do: walk_along, speed: 1.5 m/s, distance: 6 m}},
                      {{do: cross, heading: across, speed: 1.5 m/s, distance: 5 m}}]}}
""",
        "11 s",
    )
    way = scene.at("adult")
    first = np.flatnonzero(scene.does("adult") == 1)[0]
    assert way[first, :2] == pytest.approx(way[0, :2] + (6.0, 0.0), abs=0.05)
    assert way[-1, :2] == pytest.approx(way[0, :2] + (6.0, 5.0), abs=0.05)
    scene.assert_smooth("adult", 12.0)


def test_a_walk_that_is_cut_short_goes_on_from_there(play: Play) -> None:
    scene = play(
        f"""{EGO}
  adult: {{asset: person.adult, place: {{lane: sidewalk_right, s: 80 m}},
          behaviour: [{{do: walk_along, speed: 1.5 m/s}},
                      {{when: {{time: 2 s}}, do: cross, heading: left, speed: 1.5 m/s}},
                      {{when: {{time: 4 s}}, do: walk_along, speed: 1 m/s}}]}}
""",
        "9 s",
    )
    way = scene.at("adult")
    crossing = scene.does("adult") == 1
    assert np.ptp(way[crossing, 0]) < 0.6
    assert way[crossing, 1].max() > way[0, 1] + 2.0
    # On its way along the lane again, it first comes back to it.
    assert way[-1, 1] == pytest.approx(way[0, 1], abs=0.05)
    # Turning on one's heel takes a step, not a jump: half a metre a second within 50 ms.
    scene.assert_smooth("adult", 26.0)


def test_a_telephone_is_looked_at_while_walking(play: Play) -> None:
    scene = play(
        f"""{EGO}
  adult: {{asset: person.adult, place: {{lane: sidewalk_right, s: 80 m}},
          behaviour: [{{parallel: [{{do: walk_along, speed: 1.4 m/s}},
                                  {{when: {{time: 2 s}}, do: use_phone}}]}}]}}
"""
    )
    elbow = scene.trajectory.articulation[:, scene.column("adult"), ELBOW]
    assert elbow[:38].max() < 1.0
    assert elbow[60:].min() > 1.2
    walked = scene.speed("adult")[30:]
    assert walked == pytest.approx(np.full(len(walked), 1.4), abs=0.01)
