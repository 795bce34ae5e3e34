"""Each condition fires at the step at which the trajectory first meets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scenegen.records import SignalState

Play = Callable[..., Any]
EGO = """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 12 m/s,
      behaviour: [{do: follow_lane}, {when: {time: 2 s}, do: hard_brake, deceleration: 5 m/s^2}]}
actors:
"""
WAITER = "  who: {{asset: person.adult, place: {{lane: sidewalk_right, s: 90 m}}, behaviour: [{}]}}"
CROSSING = (
    "{kind: crossing, length: 240 m, lanes_forward: 1, lanes_backward: 1, sidewalk: 2 m, "
    "signals: {green: 4 s, amber: 2 s, all_red: 1 s, offset: 0 s}}"
)


def waits(when: str) -> str:
    return EGO + WAITER.format(f"{{when: {when}, do: walk_along, speed: 1 m/s}}")


def fired(scene: Any, name: str = "who", manoeuvre: int = 0) -> int:
    rows = np.flatnonzero(scene.does(name) == manoeuvre)
    assert rows.size
    return int(rows[0])


def first(condition: np.ndarray) -> int:
    assert condition.any()
    return int(np.flatnonzero(condition)[0])


@pytest.mark.parametrize(("key", "limit"), [("above", 3.0), ("below", 6.0)])
def test_speed(play: Play, key: str, limit: float) -> None:
    actors = waits(f"{{speed: {{{key}: {limit} m/s}}, of: ego}}")
    scene = play(actors, "5 s")
    speed = scene.speed("ego")
    expected = speed >= limit if key == "above" else speed <= limit
    assert fired(scene) == first(expected)


def test_own_speed(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 4 m/s,
      behaviour: [{do: cruise, speed: 15 m/s},
                  {when: {speed: {above: 8 m/s}}, do: hard_brake, deceleration: 6 m/s^2}]}
"""
    )
    assert fired(scene, "ego", 1) == first(scene.speed("ego") >= 8.0)
    assert scene.speed("ego")[-1] < 0.1


def test_place_in_the_own_lane_and_of_another(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 12 m/s,
      behaviour: [follow_lane, {when: {at_s: 60 m}, do: change_speed, speed: 8 m/s}]}
actors:
  oncoming: {asset: vehicle.sedan, place: {lane: backward_0, s: 140 m}, speed: 12 m/s,
             behaviour: [follow_lane, {when: {at_s: 100 m}, do: change_speed, speed: 5 m/s}]}
  who: {asset: person.adult, place: {lane: sidewalk_right, s: 90 m},
        behaviour: [{when: {at_s: 70 m, of: ego}, do: walk_along, speed: 1 m/s}]}
"""
    )
    assert fired(scene, "ego", 1) == first(scene.at("ego")[:, 0] >= 60.0)
    assert fired(scene, "oncoming", 1) == first(scene.at("oncoming")[:, 0] <= 100.0)
    assert fired(scene) == first(scene.at("ego")[:, 0] >= 70.0)


@pytest.mark.parametrize(
    ("group", "state", "shown"),
    [
        ("major", "red", SignalState.RED),
        ("major", "amber", SignalState.AMBER),
        ("minor", "green", SignalState.GREEN),
    ],
)
def test_signal(play: Play, group: str, state: str, shown: SignalState) -> None:
    scene = play(
        f"""
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 30 m}}, speed: 3 m/s}}
actors:
  who: {{asset: person.adult, place: {{lane: sidewalk_right, s: 60 m}},
        behaviour: [{{when: {{signal: {{of: {group}, is: {state}}}}},
                     do: walk_along, speed: 1 m/s}}]}}
""",
        "10 s",
        CROSSING,
    )
    from scenegen.roads import build_network

    heads = build_network(scene.scenario.road).signals
    columns = [k for k, h in enumerate(heads) if h.kind == "vehicle" and h.group == group]
    states = scene.trajectory.signal_states[:, columns]
    assert fired(scene) == first((states == shown).any(axis=1))


def test_what_another_begins_and_ends(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 12 m/s,
      behaviour: [follow_lane, {when: {at_s: 50 m}, do: cut_in, lane: forward_1, over: 2 s},
                  {when: {ends: cut_in}, do: change_speed, speed: 6 m/s}]}
actors:
  starts: {asset: person.adult, place: {lane: sidewalk_right, s: 90 m},
           behaviour: [{when: {actor: ego, does: cut_in}, do: walk_along, speed: 1 m/s}]}
  ends: {asset: person.adult, place: {lane: sidewalk_right, s: 95 m},
         behaviour: [{when: {actor: ego, ends: cut_in, delay: 0.5 s},
                      do: walk_along, speed: 1 m/s}]}
"""
    )
    begun = fired(scene, "ego", 1)
    assert fired(scene, "starts") == begun
    over = fired(scene, "ego", 2)
    assert over - begun == pytest.approx(2 * 20, abs=6)
    assert abs(scene.at("ego")[over, 1] + 1.5 * 3.25) < 0.5
    assert fired(scene, "ends") == over + 10


def test_being_ahead(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 15 m/s,
      behaviour: [follow_lane, {when: {ahead_of: slow, by: 5 m}, do: cut_in, lane: forward_1}]}
actors:
  slow: {asset: vehicle.van, place: {lane: forward_1, s: 50 m}, speed: 9 m/s}
"""
    )
    apart = (scene.at("ego") - scene.at("slow"))[:, 0]
    half = 0.5 * (scene.actor("ego").size_m[0] + scene.actor("slow").size_m[0])
    assert fired(scene, "ego", 1) == first(apart - half >= 5.0)
    assert scene.at("ego")[-1, 1] == pytest.approx(-1.5 * 3.25, abs=0.3)


@pytest.mark.parametrize("asked", [1.0, 2.5])
def test_a_headway_to_somebody_ahead(play: Play, asked: float) -> None:
    scene = play(
        f"""
ego: {{asset: vehicle.sedan, place: {{lane: forward_1, s: 30 m}}, speed: 15 m/s,
      behaviour: [{{do: follow_lane, react: false}},
                  {{when: {{headway: {asked} s, to: slow}}, do: cut_in, lane: forward_0}}]}}
actors:
  slow: {{asset: vehicle.van, place: {{ahead_of: ego, gap: 50 m}}, speed: 9 m/s}}
""",
        "8 s",
    )
    apart = (scene.at("slow") - scene.at("ego"))[:, 0]
    half = 0.5 * (scene.actor("ego").size_m[0] + scene.actor("slow").size_m[0])
    met = first(apart - half <= asked * 15.0)
    assert fired(scene, "ego", 1) == pytest.approx(met, abs=1)


@pytest.mark.parametrize("asked", [10.0, 30.0])
def test_free_way_to_somebody_ahead(play: Play, asked: float) -> None:
    scene = play(
        f"""
ego: {{asset: vehicle.sedan, place: {{lane: forward_1, s: 30 m}}, speed: 15 m/s,
      behaviour: [{{do: follow_lane, react: false}},
                  {{when: {{gap_ahead: {asked} m, to: slow}}, do: cut_in, lane: forward_0}}]}}
actors:
  slow: {{asset: vehicle.bus, place: {{ahead_of: ego, gap: 45 m}}, speed: 9 m/s}}
""",
        "8 s",
    )
    apart = (scene.at("slow") - scene.at("ego"))[:, 0]
    half = 0.5 * (scene.actor("ego").size_m[0] + scene.actor("slow").size_m[0])
    assert fired(scene, "ego", 1) == pytest.approx(first(apart - half <= asked), abs=1)


@pytest.mark.parametrize("condition", ["headway: 2 s", "gap_ahead: 30 m"])
def test_the_way_is_to_whom_is_ahead(play: Play, condition: str) -> None:
    scene = play(
        f"""
ego: {{asset: vehicle.sedan, place: {{lane: forward_1, s: 60 m}}, speed: 15 m/s,
      behaviour: [follow_lane, {{when: {{{condition}, to: behind}}, do: hard_brake}}]}}
actors:
  behind: {{asset: vehicle.van, place: {{behind: ego, gap: 10 m}}, speed: 15 m/s}}
"""
    )
    assert (scene.does("ego") == 0).all()


def test_room(play: Play) -> None:
    scene = play(
        """
ego: {asset: vehicle.sedan, place: {lane: forward_1, s: 60 m}, speed: 8 m/s,
      behaviour: [follow_lane, {when: {room: 3 s, lane: forward_0}, do: cut_in, lane: forward_0}]}
actors:
  fast: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: 15 m/s}
"""
    )
    apart = (scene.at("fast") - scene.at("ego"))[:, 0]
    half = 0.5 * (scene.actor("ego").size_m[0] + scene.actor("fast").size_m[0])
    # Behind or beside, there is none; ahead, nothing closes any more, but for two metres.
    assert fired(scene, "ego", 1) == first(apart - half >= 2.0)


def test_all_any_and_delay(play: Play) -> None:
    cases = {
        "all": "{all: [{time: 1 s}, {speed: {below: 9 m/s}, of: ego}]}",
        "any": "{any: [{time: 4 s}, {speed: {below: 9 m/s}, of: ego}]}",
        "late": "{speed: {below: 9 m/s}, of: ego, delay: 0.75 s}",
        "deep": "{any: [{all: [{time: 3 s}, {time: 1 s}]}, {time: 6 s}], delay: 0.25 s}",
    }
    people = "".join(
        f"  {name}: {{asset: person.adult, place: {{lane: sidewalk_right, s: {90 + 5 * k} m}}, "
        f"behaviour: [{{when: {when}, do: walk_along, speed: 1 m/s}}]}}\n"
        for k, (name, when) in enumerate(cases.items())
    )
    scene = play(EGO + people)
    slow = first(scene.speed("ego") <= 9.0)
    assert fired(scene, "all") == slow > 20
    assert fired(scene, "any") == slow
    assert fired(scene, "late") == slow + 15
    assert fired(scene, "deep") == 60 + 5


def test_nobody_is_waited_for_in_vain(play: Play) -> None:
    """An empty row is never near, never fast and does nothing."""
    none = "  none: {asset: debris.box, count: 0, spacing: 1 m, place: {lane: forward_1, s: 9 m}}\n"
    when = "{when: {speed: {below: 60 m/s}, of: none}, do: walk_along, speed: 1 m/s}"
    scene = play(EGO + none + WAITER.format(when), "2 s")
    assert (scene.does("who") == -1).all()
