"""What monitors say of being hidden: as `require` does at the start, and by how much."""

import numpy as np
import pytest

from scenegen.monitor import judge
from scenegen.sample import draw, rejected_draw
from scenegen.scenario import parse_scenario
from scenegen.simulate.coasting import coasting

PARKED = """
scenario: hidden
description: A child behind parked cars, and somebody who looks.
duration: 4 s
parameters:
  ego_s: {uniform: [30 m, 80 m]}
  child_s: {uniform: [88 m, 104 m]}
  side: {uniform: [-1 m, 1 m]}
road: {kind: straight, length: 220 m, parking: 2.4 m, sidewalk: 2 m}
sensors: {front: {}, roof: {kind: lidar}}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: ego_s}, speed: 10 m/s}
actors:
  parked:
    asset: [vehicle.van, vehicle.suv]
    count: 2
    spacing: 1.5 m
    place: {lane: parking_right, s: 90 m}
  child: {asset: person.child, place: {lane: parking_right, s: child_s, lateral: side}}
  pair: {asset: person.adult, count: 2, spacing: 6 m, place: {lane: sidewalk_right, s: 92 m}}
  nobody: {asset: person.adult, count: 0, place: {lane: sidewalk_left, s: 60 m}}
require: [REQUIRE]
monitors:
  start: always[0 s, 0 s](occluded(ego.front, child))
  roof: always[0 s, 0 s](occluded(ego.roof, child))
  back: always[0 s, 0 s](occluded(child, ego))
  pair: always[0 s, 0 s](occluded(ego.front, pair))
  nobody: eventually(occluded(ego.front, nobody))
  ahead: always[0 s, 0 s](visible_from(ego.front, child, 12 deg))
  around: always(visible_from(ego.roof, child))
  narrow: always[0 s, 0 s](visible_from(ego.front, child, 20 deg, 30 m))
  seen: eventually(not occluded(ego.front, child))
  throughout: always(occluded(ego.front, child))
"""
ASKED = {
    "start": "occluded(ego.front, child)",
    "roof": "occluded(ego.roof, child)",
    "back": "occluded(child, ego)",
    "pair": "occluded(ego.front, pair)",
    "ahead": "visible_from(ego.front, child, 12 deg)",
    "narrow": "visible_from(ego.front, child, 20 deg, 30 m)",
}


def scenario(require="ego_s > 0 m"):
    return parse_scenario(PARKED.replace("REQUIRE", f"'{require}'"), "hidden.yaml")


def judged(concrete):
    run = coasting(concrete.actors, 4 * concrete.rates.control_hz + 1, concrete.rates)
    return judge(concrete, run)


@pytest.mark.parametrize("name", list(ASKED))
def test_at_the_start_it_is_what_require_says(name):
    holds = scenario(ASKED[name])
    fails = scenario(f"not {ASKED[name]}")
    for index in range(3):
        assert judged(draw(holds, 0, index))[name] > 0
        assert judged(draw(fails, 0, index))[name] < 0
        assert judged(rejected_draw(holds, 1, index, ASKED[name]).scenario)[name] < 0


def test_it_is_the_way_to_the_edge_of_what_hides():
    """A bus straight ahead hides a car ahead of it by half of the bus's width, and its height."""
    text = """
scenario: queue
description: A car behind a coach.
duration: 2 s
road: {kind: straight, length: 220 m}
ego: {asset: vehicle.coach, place: {lane: forward_0, s: 30 m}, speed: 0 m/s}
actors:
  bus: {asset: vehicle.coach, place: {ahead_of: ego, gap: 10 m}}
  car: {asset: object.cone, place: {ahead_of: bus, gap: 2 m}}
monitors: {hidden: "always(occluded(ego, car))", seen: "eventually(not occluded(ego, car))"}
"""
    concrete = draw(parse_scenario(text, "queue.yaml"), 0, 0)
    found = judged(concrete)
    bus, cone = concrete.actors[1], concrete.actors[2]
    # From half way between the lamps to the cone's near corner, deepest where the line leaves the
    # bus or enters it: the nearest side is at most half of its width away.
    assert 0.5 < found["hidden"] <= bus.size_m[1] / 2
    assert found["hidden"] >= bus.size_m[1] / 2 - cone.size_m[1] / 2 - 0.1
    assert found["seen"] == pytest.approx(-found["hidden"])


def test_in_view_it_is_the_way_to_the_edge():
    """A cone straight ahead, 20 m from the eye: its near corners are deepest in the field."""
    text = """
scenario: ahead
description: A cone ahead of a car.
duration: 2 s
road: {kind: straight, length: 220 m}
sensors: {front: {hfov: 60 deg, position: [0 m, 0 m, 1.2 m]}}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 30 m}, speed: 0 m/s}
actors: {cone: {asset: object.cone, place: {lane: forward_0, s: 50 m}}}
monitors:
  wide: always(visible_from(ego.front, cone))
  near: always(visible_from(ego.front, cone, 60 deg, 15 m))
  behind: always(visible_from(cone, ego, 60 deg, 50 m))
"""
    concrete = draw(parse_scenario(text, "ahead.yaml"), 0, 0)
    found = judged(concrete)
    half = concrete.actors[1].size_m[0] / 2
    assert found["wide"] == pytest.approx((20 + half) * np.sin(np.pi / 6), rel=0.02)
    assert found["near"] == pytest.approx(15 - (20 - half), abs=0.05)
    assert found["behind"] == pytest.approx(-20 + 2.3, abs=0.6)


def test_over_the_run_it_is_the_least_and_the_greatest():
    concrete = draw(scenario("occluded(ego.front, child)"), 0, 0)
    found = judged(concrete)
    assert found["throughout"] <= found["start"]
    assert found["seen"] == pytest.approx(-found["throughout"])
    assert found["nobody"] == -np.inf
    assert found["around"] > 0  # of a spinning LiDAR only the reach counts
