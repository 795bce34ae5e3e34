"""Half barriers: they move with the lights, are obeyed, run into, and rest on what is below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scenegen import assets
from scenegen.records.taxonomy import BARRIER_JOINTS, SignalState
from scenegen.roads import barrier_lift

Play = Callable[..., Any]
LIFT, SWING = (BARRIER_JOINTS.index(name) for name in ("lift", "swing"))
ROAD = "{{kind: level_crossing, length: 240 m, shoulder: 0.5 m, barriers: {}, signals: {}}}"
CLOSING = ROAD.format("automatic", "{green: 2 s, amber: 3 s, all_red: 12 s}")
CLOSED = ROAD.format("closed", "{mode: closed}")
COMES = """
ego: {{asset: {}, place: {{lane: forward_0, s: {} m}}, speed: {} m/s,
      behaviour: [{{do: {}, speed: {} m/s}}]}}
"""


def test_arms_follow_the_lights_and_drivers_wait(play: Play) -> None:
    scene = play(COMES.format("vehicle.compact", 40, 9, "follow_lane", 9), "14 s", CLOSING)
    run = scene.trajectory
    for name in ("barrier_forward", "barrier_backward"):
        lift = run.articulation[:, scene.column(name), LIFT]
        wanted = [barrier_lift(scene.scenario.road, t) for t in run.time_s]
        assert lift == pytest.approx(wanted)
        assert lift[0] == pytest.approx(0.0, abs=1e-9)  # red until then
        assert lift[100] > 1.2
        assert lift[-1] == 0.0
        assert not run.articulation[:, scene.column(name), SWING].any()
        assert np.ptp(scene.at(name), axis=0).max() == 0.0
    assert run.signal_states[-1].tolist() == [SignalState.RED] * 2
    assert scene.speed("ego")[-1] < 0.3
    assert scene.at("ego")[-1, 0] < 113.0
    assert not len(run.contacts)


def test_who_heeds_no_lights_still_stops_before_an_arm_that_is_down(play: Play) -> None:
    text = """
ego: {asset: vehicle.compact, place: {lane: forward_0, s: 40 m}, speed: 9 m/s,
      behaviour: [{do: cruise, obey_signals: false}]}
"""
    shut = play(text, "14 s", CLOSED)
    assert shut.speed("ego")[-1] < 0.3
    assert 105.0 < shut.at("ego")[-1, 0] < 115.0
    assert not len(shut.trajectory.contacts)
    away = play(text, "14 s", ROAD.format("open", "{mode: closed}"))
    assert away.at("ego")[-1, 0] > 150.0


@pytest.mark.parametrize(("asset", "speed"), [("vehicle.compact", 10), ("vehicle.bus", 8)])
def test_an_arm_that_is_run_into_swings_away(play: Play, asset: str, speed: float) -> None:
    text = COMES.format(asset, 80, speed, "run_the_light", speed)
    scene = play(text, "6 s", CLOSED)
    contacts = scene.trajectory.contacts
    ids = {scene.actor(name).instance_id for name in ("ego", "barrier_forward")}
    assert {int(contacts[0]["actor_a"]), int(contacts[0]["actor_b"])} == ids
    assert contacts[0]["closing_speed_mps"] == pytest.approx(speed, abs=0.2)
    swing = scene.trajectory.articulation[:, scene.column("barrier_forward"), SWING]
    assert swing[0] == 0.0
    assert -1.65 < swing[-1] < -1.0  # along the road, the way that the ego went
    # An arm of 4 m and 24 kg takes, where a car meets it, the impulse of some 40 kg at most.
    assert contacts[0]["impulse_ns"] < 100.0 * speed
    before = scene.trajectory.time_s < contacts[0]["step"] / 240
    lost = scene.speed("ego")[before][-1] - scene.speed("ego")[~before][1]
    assert 0.0 < lost < 0.12 * speed
    other = scene.trajectory.articulation[:, scene.column("barrier_backward"), SWING]
    assert not other.any()


def test_an_arm_rests_on_what_stands_below_it(play: Play) -> None:
    text = """
ego: {asset: vehicle.van, place: {lane: forward_0, s: 116.5 m}, speed: 0 m/s, behaviour: [stand]}
"""
    road = ROAD.format("automatic", "{green: 9 s, offset: 8 s}")  # up when it begins
    scene = play(text, "14 s", road)
    k = scene.column("barrier_forward")
    lift = scene.trajectory.articulation[-1, k, LIFT]
    barrier = scene.actor("barrier_forward")
    asset = assets.get(barrier.asset_id, barrier.variant)
    assert 0.1 < lift < 0.9, lift
    assert scene.trajectory.articulation[-1, scene.column("barrier_backward"), LIFT] == 0.0
    assert np.abs(scene.at("ego") - scene.at("ego")[0]).max() < 0.1
    assert assets.posed_bounds(asset, scene.trajectory.articulation[-1:, k])[1, 2] > 1.3


def test_lights_at_a_railway_start_behaviours(play: Play) -> None:
    text = """
ego: {asset: vehicle.compact, place: {lane: forward_0, s: 20 m}, speed: 5 m/s}
actors:
  waits: {asset: person.adult, place: {lane: shoulder_right, s: 60 m},
          behaviour: [{when: {signal: {of: major, is: red}}, do: walk_along, speed: 1 m/s}]}
"""
    scene = play(text, "7 s", CLOSING)
    assert scene.starts("waits", 0) == pytest.approx(5.0, abs=0.06)
