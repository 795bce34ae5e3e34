"""What runs are said to come to: stands and their reasons, what never began, contacts, falls."""

import re
from dataclasses import replace

import numpy as np
import pytest

from scenegen.monitor import Finding, findings_of, waits_now
from scenegen.pipeline.found import gathered, lines
from scenegen.records.holds import Hold, Holds
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.simulate import simulate, simulate_told
from scenegen.simulate.coasting import coasting

HEAD = "scenario: t\ndescription: t\nduration: 12 s\n"
STRAIGHT = "road: {kind: straight, length: 300 m, sidewalk: 2 m, surroundings: rural}\n"
EGO = "ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: 10 m/s}\n"


def run(text):
    scene = draw(parse_scenario(HEAD + text, "t.yaml"), 0, 0)
    trajectory, holds = simulate_told(scene)
    return scene, trajectory, holds


def told(text):
    return {(one.who, one.what): one for one in findings_of(*run(text))}


def test_stands_for_whom_and_since_when():
    scene, trajectory, holds = run(
        STRAIGHT + EGO + "actors:\n  van: {asset: vehicle.van, place: {ahead_of: ego, gap: 30 m}}\n"
    )
    (one,) = findings_of(scene, trajectory, holds)
    assert (one.who, one.what, one.why) == ("ego", "stands", "for van (ahead on its way)")
    speed = np.linalg.norm(trajectory.velocity_mps[:, 0], axis=1)
    assert one.time_s == pytest.approx(trajectory.time_s[np.argmax(speed < 0.3)])
    assert one.lasts
    assert one.until_s is None
    assert waits_now(scene, trajectory, holds, 0) == ""
    assert waits_now(scene, trajectory, holds, len(speed) - 1) == "ego waits for van"
    assert any("ego brakes for van" in waits_now(scene, trajectory, holds, k) for k in range(150))


def test_who_stands_in_a_queue_stands_for_the_next_one():
    """Though a lorry at the head of the queue may bind it more."""
    queue = "  {}: {{asset: vehicle.{}, place: {{ahead_of: {}, gap: {} m}}}}\n"
    cars = queue.format("car", "compact", "ego", 30) + queue.format("bus", "bus", "car", 2)
    scene, trajectory, holds = run(STRAIGHT + EGO + "actors:\n" + cars)
    ids = {actor.name: actor.instance_id for actor in scene.actors}
    ahead = holds.kind == Hold.AHEAD
    bound = replace(
        holds,
        whom=np.where(ahead, ids["bus"], holds.whom).astype(np.uint16),
        nearest=np.where(ahead, ids["car"], 0).astype(np.uint16),
    )
    (one,) = findings_of(scene, trajectory, bound)
    assert one.why == "for car (ahead on its way)"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (STRAIGHT + EGO.replace("10 m/s}", "0 m/s}"), "as its behaviour has it"),
        (
            "road: {kind: crossing, signals: {green: 30 s, offset: 34 s}}\n"
            + EGO.replace("40 m", "90 m"),
            "at a signal",
        ),
        (
            "road: {kind: t_junction, length: 260 m, priority: stop}\n"
            "ego: {asset: vehicle.sedan, place: {lane: side_backward_0, s: 45 m}, speed: 9 m/s,\n"
            "      behaviour: [{do: follow_lane, turn: left}]}\n"
            "actors:\n  car:\n    {asset: vehicle.van, place: {lane: forward_0, s: 90 m},\n"
            "     speed: 4 m/s}\n",
            "for car (who goes first)",
        ),
    ],
    ids=["behaviour", "signal", "line"],
)
def test_what_holds_the_ego(text, why):
    found = told(text)
    assert found["ego", "stands"].why == why


SIGNALLED = (
    "road: {kind: crossing, length: 200 m, signals: {green: 12 s, offset: OFFSET}}\n"
    + EGO.replace("40 m", "50 m")
    + "actors:\n  side:\n    asset: vehicle.van\n    place: {lane: cross_forward_0, s: 40 m}\n"
    "    speed: 12 m/s\n    behaviour: [{do: run_the_light, speed: 12 m/s}]\n"
    "  waits: {asset: vehicle.van, place: {lane: cross_backward_0, s: 140 m}, speed: 8 m/s}\n"
)


def test_who_drives_past_a_red_light():
    """One who heeds none, but not who stops, nor who passes at green."""
    found = told(SIGNALLED.replace("OFFSET", "0 s"))
    red = [who for who, what in found if what == "drives past a red light"]
    assert red == ["side"]
    one = found["side", "drives past a red light"]
    assert one.why == "at 43 km/h"
    # The front of a van of about 5 m has some 46 m to go.
    assert one.time_s == pytest.approx(46.0 / 12.0, abs=0.4)
    passed = told(SIGNALLED.replace("OFFSET", "18 s"))
    assert not [who for who, what in passed if what == "drives past a red light" and who == "side"]


def test_what_never_began_says_what_it_waits_for():
    found = told(
        STRAIGHT + EGO + "actors:\n  kid:\n    asset: person.child\n"
        "    place: {lane: sidewalk_right, s: 200 m, heading: left}\n"
        "    behaviour:\n      - {when: {distance: 4 m, to: ego}, do: cross, speed: 2 m/s}\n"
        "      - {do: walk_along, speed: 1 m/s}\n"
        "      - {when: {all: [{time: 3 s}, {speed: {below: 9 km/h}, of: ego}]}, do: stand}\n"
    )
    kid = {what: one.why for (who, what), one in found.items() if who == "kid"}
    assert kid["cross never began"] == "waits for: distance 4 m to ego"
    assert kid["walk_along never began"] == "comes after cross, which never began"
    assert kid["stand never began"] == "comes after walk_along, which never began"


def test_contacts_and_falls():
    found = told(
        STRAIGHT
        + EGO.replace("speed: 10 m/s}", "speed: 14 m/s, behaviour: [run_the_light]}")
        + "actors:\n  bike:\n    {asset: bicycle.city,\n"
        "     place: {lane: forward_0, s: 70 m, heading: left}}\n"
    )
    touch = found["ego", "touches bike"]
    assert 1.5 < touch.time_s < 2.5
    assert touch.why.startswith("closing at 1")
    assert touch.time_s < found["bike", "fell"].time_s < touch.time_s + 2.0


def test_who_leaves_the_road_and_who_is_never_seen():
    scene = draw(
        parse_scenario(
            HEAD + STRAIGHT + EGO + "sensors: {front: {kind: camera}}\nactors:\n"
            "  behind: {asset: vehicle.van, place: {behind: ego, gap: 9 m}, speed: 10 m/s}\n"
            "  ahead: {asset: vehicle.van, place: {ahead_of: ego, gap: 9 m}, speed: 10 m/s}\n",
            "t.yaml",
        ),
        0,
        0,
    )
    trajectory = coasting(scene.actors, 100)
    nothing = np.zeros((100, len(scene.actors)), dtype=np.uint16)
    holds = Holds(nothing.astype(np.uint8), nothing)
    behind = ("behind", "never in sight of the ego's sensors")
    found = findings_of(scene, trajectory, holds)
    assert [(f.who, f.what) for f in found if "began" not in f.what] == [behind]
    aside = trajectory.position_m.copy()
    aside[60:, trajectory.column(scene.actors[2].instance_id), 1] -= 30.0
    found = findings_of(scene, replace(trajectory, position_m=aside), holds)
    assert Finding("ahead", "left the road", 3.0) in found


def test_a_row_is_unseen_if_nobody_of_it_is_seen():
    scene = draw(
        parse_scenario(
            HEAD + STRAIGHT + EGO + "sensors: {front: {kind: camera}}\nactors:\n"
            "  row: {asset: vehicle.van, count: 4, spacing: 2 m, "
            "place: {behind: ego, gap: 9 m}, speed: 10 m/s}\n"
            "  mixed: {asset: vehicle.van, count: 2, spacing: 60 m, "
            "place: {lane: backward_0, s: 20 m}, speed: 10 m/s}\n",
            "t.yaml",
        ),
        0,
        0,
    )
    trajectory = coasting(scene.actors, 20)
    nothing = np.zeros((20, len(scene.actors)), dtype=np.uint16)
    found = findings_of(scene, trajectory, Holds(nothing.astype(np.uint8), nothing))
    unseen = {f.who for f in found if f.what.startswith("never in sight")}
    ego = scene.ego.position_m[0]
    assert [a.position_m[0] > ego for a in scene.actors if "mixed" in a.name] == [False, True]
    assert unseen == {f"row_{k}" for k in range(4)}


SPEEDS = """road: {kind: straight, length: 900 m, lanes_forward: 2, surroundings: rural}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: 10 m/s}
actors:
  moto: {asset: motorcycle.moped, place: {lane: forward_1, s: 90 m}, speed: SPEED,
         behaviour: [{do: cruise, speed: WANTED}]}
  rider: {asset: person.motorcyclist, place: {attached_to: moto}}
"""


@pytest.mark.parametrize(
    ("speed", "wanted", "why"),
    [
        ("25 m/s", "130 km/h", r"^\d+ km/h at most; its engine can do \d+ km/h$"),
        ("0 m/s", "80 km/h", "^[67]\\d km/h at most; it gains speed slowly"),
        ("60 km/h", "60 km/h", None),
    ],
)
def test_who_never_gets_as_fast_as_wanted(speed, wanted, why):
    text = SPEEDS.replace("SPEED", speed).replace("WANTED", wanted)
    found = [f for f in told(text).values() if "never reaches" in f.what]
    if why is None:
        assert found == []
    else:
        (one,) = found
        assert (one.who, one.what) == ("moto", f"cruise never reaches its {wanted}")
        assert re.search(why, one.why)


def test_the_top_speed_is_had():
    """A moped that starts above what its engine can do comes down to that, and stays there."""
    text = SPEEDS.replace("SPEED", "35 m/s").replace("WANTED", "60 m/s")
    _, trajectory, holds = run(text.replace("900 m", "1500 m"))
    speed = np.linalg.norm(trajectory.velocity_mps[-1, 1])
    assert speed == pytest.approx(float(holds.top_mps[1]), rel=0.05)
    assert np.isinf(holds.top_mps[2])


def test_the_nearer_one_is_named_too():
    text = (
        STRAIGHT
        + EGO
        + (
            "actors:\n  lorry: {asset: vehicle.box_truck, place: {ahead_of: ego, gap: 60 m}}\n"
            "  moto: {asset: motorcycle.road, place: {ahead_of: ego, gap: 20 m}, speed: 14 m/s}\n"
        )
    )
    scene, trajectory, holds = run(text)
    told_of = {waits_now(scene, trajectory, holds, k) for k in range(150)}
    assert "ego brakes for lorry (moto is nearer)" in told_of


def test_simulating_told_changes_nothing():
    scene = draw(parse_scenario(HEAD + STRAIGHT + EGO, "t.yaml"), 0, 0)
    assert np.array_equal(simulate(scene).position_m, simulate_told(scene)[0].position_m)


def test_like_findings_of_runs_are_told_together():
    stands = [Finding("ego", "stands", t, u, True, "for a_1") for t, u in ((2.0, 4.0), (3.0, None))]
    touch = Finding("a_1", "touches a_2", 1.0, why="closing at 2.0 m/s")
    idle = Finding("a_2", "cross never began", why="waits for: time 9 s")
    found = gathered({0: [touch, stands[0]], 3: [idle, stands[1]], 5: [idle]}, {"ego", "a"})
    assert lines(found, 4) == [
        "ego: stands in 2 of 4 runs, for a; longest from 3.0 s to the end (run 3)",
        "a: cross never began in 2 of 4 runs (waits for: time 9 s)",
        "a: touches a in 1 of 4 runs; first at 1.0 s (run 0), closing at 2.0 m/s",
    ]
    assert lines(gathered({0: [touch]}, {"ego", "a_1", "a_2"}), 1)[0].startswith("a_1: touches a_2")
