"""Intentions and gazes of people whose ways and looks are known beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen import assets
from scenegen.annotate.gaze import EgoInView
from scenegen.annotate.intentions import Intentions, times_to_crossing
from scenegen.geometry import quaternion_from_yaw
from scenegen.records import Actor, ConcreteScenario, Intent, Light, Prop, RoadSpec, Weather
from scenegen.roads import build_network
from scenegen.simulate.coasting import coasting

ROWS, HZ = 61, 20
TIME = np.arange(ROWS) / HZ
NOWHERE = np.zeros(ROWS, dtype=bool)


def constant(intent: Intent) -> Any:
    return np.full(ROWS, int(intent), dtype=np.uint8)


@given(st.floats(0.3, 3.5), st.floats(0.2, 1.3))
def test_the_time_to_the_kerb_is_way_over_speed(speed: float, off: float) -> None:
    beyond = off - speed * TIME
    found = times_to_crossing(beyond, constant(Intent.CROSSING), NOWHERE, TIME)
    before = beyond >= 0
    if before.all():
        assert np.isnan(found).all()
        return
    np.testing.assert_allclose(found[before], off / speed - TIME[before], atol=1e-9)
    assert (found[~before] == 0).all()


def test_after_the_last_crossing_there_is_none() -> None:
    beyond = np.abs(TIME - 1.5) * 2 - 1  # on the road from 1 s to 2 s
    found = times_to_crossing(beyond, constant(Intent.CROSSING), NOWHERE, TIME)
    assert found[0] == pytest.approx(1.0)
    assert np.isnan(found[TIME > 2.01]).all()


def test_who_walks_along_the_road_does_not_cross_it_but_on_a_zebra() -> None:
    beyond = 1.0 - 2.0 * TIME
    along = constant(Intent.WALKING_ALONG)
    assert np.isnan(times_to_crossing(beyond, along, NOWHERE, TIME)).all()
    assert times_to_crossing(beyond, along, ~NOWHERE, TIME)[0] == pytest.approx(0.5)


def test_whom_something_has_struck_goes_nowhere() -> None:
    """Being thrown onto the road is no crossing, and lying there isn't either."""
    beyond, intent = 1.0 - 2.0 * TIME, constant(Intent.WAITING)
    intent[5:] = Intent.STRUCK
    assert np.isnan(times_to_crossing(beyond, intent, NOWHERE, TIME)).all()
    intent[:] = Intent.CROSSING
    intent[20:] = Intent.STRUCK
    found = times_to_crossing(beyond, intent, NOWHERE, TIME)
    assert found[0] == pytest.approx(0.5)
    assert np.isnan(found[20:]).all()


def actor(number: int, asset_id: str, xy: Any, yaw: float, speed: float = 0.0) -> Actor:
    asset = assets.get(asset_id, 0)
    return Actor(
        instance_id=number,
        name=f"{asset_id}_{number}",
        asset_id=asset_id,
        category=asset.category,
        size_m=asset.size_m,
        position_m=(*xy, 0.0),
        quaternion_wxyz=tuple(quaternion_from_yaw(yaw).tolist()),
        velocity_mps=(speed * np.cos(yaw), speed * np.sin(yaw), 0.0),
        mass_kg=asset.mass_kg,
    )


def scene(*actors: Actor, props: Any = (), visibility_m: float = 10000.0) -> ConcreteScenario:
    return ConcreteScenario(
        name="looks",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={},
        log_weight=0.0,
        duration_s=(ROWS - 1) / HZ,
        road=RoadSpec(kind="straight", length_m=200, sidewalk_m=2.0),
        weather=Weather(visibility_m=visibility_m),
        light=Light(),
        actors=actors,
        props=props,
        sensors={},
    )


EGO = actor(1, "vehicle.sedan", (20, -1.6), 0.0, 10.0)


def first_row(person: Actor, *others: Actor, **more: Any) -> int:
    scenario = scene(EGO, person, *others, **more)
    return EgoInView(scenario, coasting(scenario.actors, ROWS)).first_row(person)


def test_the_ego_is_seen_by_who_faces_it() -> None:
    assert first_row(actor(2, "person.adult", (60, -5), np.pi)) == 0
    assert first_row(actor(2, "person.adult", (60, -5), 0.0)) == ROWS
    # Who looks along the road the ego goes sees it once it has passed: 20 m, and 2 m more until
    # it is within 60 degrees of straight ahead, 3.4 m aside; at 10 m/s.
    row = first_row(actor(2, "person.adult", (40, -5), 0.0))
    assert row == pytest.approx(44, abs=2)


def test_a_head_that_turns_sees_other_things() -> None:
    person = actor(2, "person.adult", (60, -5), 0.5 * np.pi)
    scenario = scene(EGO, person)
    trajectory = coasting(scenario.actors, ROWS)
    joints = assets.get("person.adult", 0).joints
    looks = trajectory.articulation.copy()
    looks[10:, 1, joints.index("neck_yaw")] = 1.0  # to the left, where the ego comes from
    assert EgoInView(scenario, replace(trajectory, articulation=looks)).first_row(person) == 10


def test_vehicles_and_walls_hide_the_ego_posts_do_not() -> None:
    person = actor(2, "person.adult", (60, -5), np.pi)
    lorry = actor(3, "vehicle.box_truck", (52, -4.2), 0.0)
    assert first_row(person, lorry) > 0
    wall = Prop(asset_id="prop.building", position_m=(55, -6, 0), size_m=(4, 6, 5))
    assert first_row(person, props=(wall,)) > 0
    post = Prop(asset_id="prop.signal_post", position_m=(50, -4.15, 0))
    assert first_row(person, props=(post,)) == 0


def test_nobody_sees_through_fog_or_past_a_telephone() -> None:
    person = actor(2, "person.adult", (60, -5), np.pi)
    # Seen from 15 m on, half of the visibility: 25 m nearer than at the start, at 10 m/s.
    assert first_row(person, visibility_m=30.0) == pytest.approx(51, abs=2)
    scenario = scene(EGO, person)
    looks = np.zeros((ROWS, 2), dtype=bool)
    looks[:30, 1] = True
    trajectory = replace(coasting(scenario.actors, ROWS), distracted=looks)
    assert EgoInView(scenario, trajectory).first_row(person) == 30


def test_an_intention_says_all_of_it() -> None:
    scenario = scene(EGO, actor(2, "person.adult", (60, 6.5), -0.5 * np.pi, 2.0))
    trajectory = coasting(scenario.actors, ROWS)
    intent = np.zeros((ROWS, 2), dtype=np.uint8)
    intent[:, 1] = Intent.CROSSING
    intent[50:, 1] = Intent.HESITATING
    trajectory = replace(trajectory, intent=intent)
    intentions = Intentions(scenario, trajectory, build_network(scenario.road))
    told = intentions.at(scenario.actors[1], 0)
    assert told.will_cross
    assert told.time_to_crossing_s is not None
    place = 6.5 - 2.0 * told.time_to_crossing_s
    lanes = build_network(scenario.road).lanes
    edge = max(
        abs(lane.centre[0, 1]) + lane.width_m / 2
        for lane in lanes.values()
        if lane.kind == "driving"
    )
    assert place == pytest.approx(edge, abs=0.7)  # where the gutter is, a bit beside the lane
    assert (told.hesitating, told.distracted) == (False, False)
    later = intentions.at(scenario.actors[1], 55)
    assert later.hesitating
    assert later.time_to_crossing_s == 0.0
