"""Who comes nearest to the ego."""

import pytest

from scenegen.monitor import nearest_of
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.simulate import simulate

HEAD = """
scenario: near
description: The ego passes a parked car and meets another.
duration: 5 s
road: {kind: straight, length: 300 m, lane_width: 3.5 m, parking: 2.2 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: 10 m/s}
"""
PARKED = "  parked: {asset: vehicle.sedan, place: {lane: parking_right, s: 60 m}}\n"
ONCOMING = (
    "  oncoming: {asset: vehicle.sedan, place: {lane: backward_0, s: 100 m}, speed: 10 m/s}\n"
)


def nearest(actors):
    concrete = draw(parse_scenario(HEAD + actors, "near.yaml"), 0, 0)
    run = simulate(concrete)
    names = {actor.instance_id: actor.name for actor in concrete.actors}
    found = nearest_of(concrete, run)
    return found and (names[found.actor], run.time_s[found.row], found.gap_m)


def test_who_stands_all_the_time_counts_only_where_nobody_moves():
    who, time_s, gap_m = nearest("actors:\n" + PARKED + ONCOMING)
    assert who == "oncoming"
    assert time_s == pytest.approx(3.0, abs=0.35)  # 60 m apart at 20 m/s, less both lengths
    assert gap_m == pytest.approx(3.5 - 1.8, abs=0.2)
    who, _, parked_m = nearest("actors:\n" + PARKED)
    assert who == "parked"
    assert parked_m < gap_m


def test_nobody():
    assert nearest("") is None


def test_a_contact_is_as_near_as_can_be():
    crossing = ONCOMING.replace("lane: backward_0", "lane: forward_0, heading: against")
    who, _, gap_m = nearest("actors:\n" + crossing)
    assert (who, gap_m) == ("oncoming", 0.0)
