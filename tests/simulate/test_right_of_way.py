"""Junctions without signs: those from the right go first, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from scenegen.records import RoadSpec
from scenegen.roads import build_network, comes_from
from scenegen.roads.as_map_crossing import crossing_map
from scenegen.roads.opendrive import write_opendrive
from scenegen.roads.opendrive.read import parse_opendrive
from tests.simulate.conftest import Played

Play = Callable[..., Played]

BARE = "{kind: crossing, length: 240 m, priority: none, sidewalk: 2 m}"
T = "{kind: t_junction, length: 240 m, priority: none}"
ARMS = {
    "west": ("forward_0", 1.0, 0.0),
    "east": ("backward_0", -1.0, 0.0),
    "south": ("cross_forward_0", 0.0, 1.0),
    "north": ("cross_backward_0", 0.0, -1.0),
}
"""Lane and direction of those who come from each arm."""


def four_arms(*arms: str, s: float = 70.0, turns: tuple[str, ...] = ()) -> str:
    """Return actors that come from some arms of a crossing, equally far from it."""
    found = []
    for k, arm in enumerate(arms):
        at = s if sum(ARMS[arm][1:]) > 0 else 240.0 - s
        body = (
            f"{{asset: vehicle.sedan, place: {{lane: {ARMS[arm][0]}, s: {at} m}}, speed: 30 km/h,"
            f" behaviour: [{{do: follow_lane{turns[k] if turns else ''}}}]}}"
        )
        found.append(f"ego: {body}\nactors:" if k == 0 else f"  {arm}: {body}")
    return "\n".join(found) + ("" if len(arms) > 1 else " {}")


def passes(played: Played, *arms: str) -> list[float]:
    """Return when each of those from some arms passes the middle of the crossing, s."""
    found = []
    for k, arm in enumerate(arms):
        ahead = np.array(ARMS[arm][1:])
        along = (played.at("ego" if k == 0 else arm)[:, :2] - (120.0, 0.0)) @ ahead
        assert along.max() > 0, f"{arm} never gets there"
        found.append(float(played.trajectory.time_s[int(np.argmax(along > 0))]))
    return found


def test_of_two_the_one_from_the_right_goes_first(play: Play) -> None:
    for arms in (("west", "south"), ("south", "east"), ("east", "north"), ("north", "west")):
        played = play(four_arms(*arms), "16 s", BARE)
        waits, goes = passes(played, *arms)
        assert goes + 1.5 < waits
        assert played.speed(arms[1]).min() > 7.5
        assert played.speed("ego").min() < 3.0
        assert not len(played.trajectory.contacts)


@pytest.mark.parametrize("priority", ["give_way", "stop"])
def test_with_signs_the_other_road_waits(play: Play, priority: str) -> None:
    """Even if it comes from the right; at a stop sign it stands."""
    road = BARE.replace("none", priority)
    played = play(four_arms("west", "south"), "16 s", road)
    goes, waits = passes(played, "west", "south")
    assert goes + 1.5 < waits
    assert played.speed("ego").min() > 7.5
    assert played.speed("south").min() < 0.4 or priority != "stop"
    assert not len(played.trajectory.contacts)


def test_who_comes_long_before_the_other_does_not_wait(play: Play) -> None:
    actors = four_arms("west", "south").replace("cross_forward_0, s: 70", "cross_forward_0, s: 15")
    played = play(actors, "14 s", BARE)
    assert played.speed("ego").min() > 7.5
    assert not len(played.trajectory.contacts)


def test_three_go_one_after_the_other(play: Play) -> None:
    arms = ("west", "south", "east")
    played = play(four_arms(*arms), "24 s", BARE)
    west, south, east = passes(played, *arms)
    assert east < south < west
    assert not len(played.trajectory.contacts)


def test_four_who_wait_for_each_other_get_over_it(play: Play) -> None:
    arms = ("west", "south", "east", "north")
    played = play(four_arms(*arms), "40 s", BARE)
    times = passes(played, *arms)
    assert len(set(times)) == 4
    assert all(played.speed("ego" if k == 0 else arm).min() < 0.4 for k, arm in enumerate(arms))
    assert not len(played.trajectory.contacts)
    # All came at once, so the first in the scene goes; then whoever waited for it.
    assert np.argsort(times).tolist() == [0, 3, 2, 1]
    again = play(four_arms(*arms), "40 s", BARE)
    assert again.trajectory.position_m.tobytes() == played.trajectory.position_m.tobytes()


@pytest.mark.parametrize("s", [40.0, 46.0, 52.0])
def test_at_a_t_junction_the_main_road_waits_for_the_side_road(play: Play, s: float) -> None:
    actors = f"""ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: {s} m}}, speed: 36 km/h}}
actors:
  side: {{asset: vehicle.suv, place: {{lane: side_backward_0, s: 40 m}}, speed: 25 km/h,
         behaviour: [{{do: follow_lane, turn: left}}]}}"""
    played = play(actors, "16 s", T)
    assert played.speed("side").min() > 3.5
    assert played.speed("ego").min() < 4.0
    assert not len(played.trajectory.contacts)
    assert played.at("ego")[-1, 0] > 130


def test_three_at_a_t_junction_who_all_wait_get_over_it(play: Play) -> None:
    """Straight on waits for the side road, that for who turns left into it, that for the first."""
    actors = """ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 62 m}, speed: 30 km/h}
actors:
  side: {asset: vehicle.suv, place: {lane: side_backward_0, s: 38 m}, speed: 30 km/h,
         behaviour: [{do: follow_lane, turn: left}]}
  oncoming: {asset: vehicle.estate, place: {lane: backward_0, s: 178 m}, speed: 30 km/h,
         behaviour: [{do: follow_lane, turn: left}]}"""
    played = play(actors, "35 s", T)
    assert played.at("ego")[-1, 0] > 130
    assert played.at("side")[-1, 0] < 110
    assert played.at("oncoming")[-1, 1] < -10
    assert not len(played.trajectory.contacts)


def test_lines_lie_before_the_junction_where_somebody_comes_from_the_side() -> None:
    lines = build_network(RoadSpec(kind="crossing", length_m=240.0, priority="none")).yields
    assert [line.kind for line in lines] == ["side"] * 4
    for line in lines:
        to_middle = np.array([120.0, 0.0]) - line.point_m[:2]
        assert 8.0 < to_middle @ [np.cos(line.yaw_rad), np.sin(line.yaw_rad)] < 16.0
    signed = build_network(RoadSpec(kind="crossing", length_m=240.0)).yields
    assert [line.id for line in signed] == ["give_way_cross_forward_0", "give_way_cross_backward_0"]
    sides = build_network(RoadSpec(kind="t_junction", priority="none", length_m=240.0)).yields
    # Nobody comes to those on the far lane from the right: the side road is on their left.
    assert sorted(line.kind for line in sides) == ["side", "side", "turn"]
    ramps = RoadSpec(kind="motorway", length_m=900.0, lanes_forward=2, lanes_backward=0)
    assert not build_network(ramps).yields


def test_imported_maps_have_lines_too() -> None:
    plan = crossing_map(RoadSpec(kind="crossing", length_m=240.0, priority="none"))
    back = parse_opendrive(write_opendrive(plan), "crossing.xodr").map
    lines = build_network(RoadSpec(kind="opendrive", map=back)).yields
    assert sum(line.kind == "side" for line in lines) == 4
    left = back.model_copy(
        update={"roads": tuple(r.model_copy(update={"rule": "left"}) for r in back.roads)}
    )
    mirrored = build_network(RoadSpec(kind="opendrive", map=left)).yields
    assert {line.first for line in mirrored if line.kind == "side"} == {"left"}


def test_sides() -> None:
    """Who heads north comes from the right of who heads east."""
    headings = [0.0, 0.5 * np.pi, np.pi, 1.5 * np.pi, 2.0 * np.pi]
    for own, other in pairwise(headings):
        assert comes_from("right", own, other)
        assert comes_from("left", other, own)
        assert not comes_from("right", other, own)
    assert not comes_from("right", 0.0, np.pi)
    assert not comes_from("right", 0.0, 0.2)
