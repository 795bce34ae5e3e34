"""Pushchairs in hands, wheelchairs and those who sit in them, until something hits them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.geometry import matrix_from_quaternion, wrap_angle
from scenegen.records import Actor, Fall, Intent, Manoeuvre, Release, RoadSpec, Trajectory, Trigger
from scenegen.records.base import F64
from scenegen.records.taxonomy import BIPED_JOINTS, ROLLER_JOINTS
from scenegen.simulate import simulate
from scenegen.simulate.rolling import RESISTANCE

ROAD = RoadSpec(kind="straight", length_m=100.0, sidewalk_m=4.0)
EDGE_Y = -ROAD.lanes_forward * ROAD.lane_width_m


def held(build: SimpleNamespace, instance: int, asset: str, by: Actor) -> Actor:
    """Return what someone pushes, or who sits in a chair, that faces along +x."""
    thing, carrier = assets.get(asset, 0), assets.get(by.asset_id, 0)
    seated = asset == "person.wheelchair_user"
    apart = assets.rider_offset(carrier, thing) if seated else assets.pushed_offset(thing, carrier)
    x, y, z = np.add(by.position_m, apart).tolist()
    return build.actor(instance, asset, (x, y), z=z, attached_to=by.instance_id)


def part_world(trajectory: Trajectory, k: int, asset: str, name: str) -> F64:
    """Return the poses (T, 4, 4) of a part in the world."""
    body = assets.get(asset, 0)
    index = [part.name for part in body.parts].index(name)
    poses = assets.body_from_parts(body, trajectory.articulation[:, k])[:, index]
    world = np.tile(np.eye(4), (len(poses), 1, 1))
    world[:, :3, :3] = matrix_from_quaternion(trajectory.quaternion_wxyz[:, k])
    world[:, :3, 3] = trajectory.position_m[:, k]
    return np.asarray(world @ poses)


def pushed(build: SimpleNamespace, asset: str, path: list[tuple[float, float]]) -> Trajectory:
    """Return a walk along a path behind something, with nobody near."""
    x, y = path[0]
    ego = build.actor(1, "vehicle.sedan", (5.0, 20.0), [build.stand])
    way = build.walk(path, 1.2, Trigger())
    carer = build.actor(2, "person.adult", (x, y), [way], speed=1.2)
    return simulate(build.scene([ego, carer, held(build, 3, asset, carer)], 4.0, road=ROAD))


@pytest.mark.parametrize("asset", ["pushed.pushchair", "pushed.trolley"])
def test_hands_stay_at_the_handle_of_what_rolls_before_them(
    build: SimpleNamespace, asset: str
) -> None:
    trajectory = pushed(build, asset, [(20.0, 0.0), (60.0, 0.0)])
    body, person = assets.get(asset, 0), assets.get("person.adult", 0)
    chair = part_world(trajectory, 2, asset, body.parts[0].name)
    for side in ("left", "right"):
        handle = np.array(body.anchors[f"handle_{side}"]) - body.parts[0].origin_m
        arm = part_world(trajectory, 1, "person.adult", f"forearm_{side}")
        apart = arm @ [*person.anchors["palm"], 1.0] - chair @ [*handle, 1.0]
        assert np.linalg.norm(apart[:, :3], axis=1).max() < 0.02
    went = np.diff(trajectory.position_m[:, 2, 0])
    assert went.mean() * 20 == pytest.approx(1.2, abs=0.02)
    for name, wheel in (("spin_rear_left", 0), ("spin_front_right", 3)):
        rolled = wrap_angle(np.diff(trajectory.articulation[:, 2, ROLLER_JOINTS.index(name)]))
        radius = sorted({w.radius_m for w in body.wheels})[-1 if wheel == 0 else 0]
        assert rolled[1:] == pytest.approx(went[1:] / radius, abs=0.02)


def test_it_climbs_a_kerb_on_its_wheels_and_its_castors_follow(build: SimpleNamespace) -> None:
    path = [(20.0, EDGE_Y + 1.2), (21.2, EDGE_Y + 1.2), (21.7, EDGE_Y - 6.0)]
    trajectory = pushed(build, "pushed.pushchair", path)
    hubs = np.array([w.position_m for w in assets.get("pushed.pushchair", 0).wheels])
    turn = matrix_from_quaternion(trajectory.quaternion_wxyz[:, 2])
    feet = trajectory.position_m[:, 2, None] + np.einsum(
        "tij,wj->twi", turn, hubs * np.array([1.0, 1.0, 0.0])
    )
    assert trajectory.position_m[-1, 2, 2] == pytest.approx(0.12, abs=0.01)
    assert feet[..., 2].min() > -0.03
    assert turn[:, 2, 2].min() > 0.94
    swivel = trajectory.articulation[:, 2, ROLLER_JOINTS.index("swivel_left")]
    assert np.abs(swivel).max() > 0.3  # in the bend
    assert abs(swivel[-1]) < 0.6 * np.abs(swivel).max()


def in_chair(
    build: SimpleNamespace, *others: Actor, seconds: float = 3.0, way_m: float = 40.0
) -> Trajectory:
    """Return the ride of someone who propels a wheelchair along y = 0 from x = 20."""
    ego = build.actor(1, "vehicle.sedan", (5.0, 20.0), [build.stand])
    way = build.walk([(20.0, 0.0), (20.0 + way_m, 0.0)], 1.0, Trigger())
    chair = build.actor(2, "pushed.wheelchair", (20.0, 0.0), [way], speed=1.0)
    user = held(build, 3, "person.wheelchair_user", chair)
    return simulate(build.scene([ego, chair, user, *others], seconds, road=ROAD))


def test_hands_go_with_the_rims_while_they_hold_them(build: SimpleNamespace) -> None:
    trajectory = in_chair(build)
    assert trajectory.velocity_mps[:, 1, 0] == pytest.approx(1.0, abs=0.02)
    assert (trajectory.intent[:, 2] == Intent.CROSSING).all()
    person = assets.get("person.wheelchair_user", 0)
    arm = part_world(trajectory, 2, person.id, "forearm_left")
    palm = (arm @ [*person.anchors["palm"], 1.0])[:, :3]
    wheel = part_world(trajectory, 1, "pushed.wheelchair", "wheel_rear_left")
    on_wheel = np.einsum("tji,tj->ti", wheel[:, :3, :3], palm - wheel[:, :3, 3])
    slip = np.linalg.norm(np.diff(on_wheel, axis=0), axis=1) * 20
    # In two fifths of the time the hands hold the rim, and hardly slip on it.
    assert 0.3 < (slip < 0.25).mean() < 0.6
    reach = palm[:, 0] - trajectory.position_m[:, 1, 0]
    assert np.ptp(reach) > 0.2
    strokes = (np.diff(np.sign(reach - reach.mean())) > 0).sum()
    assert strokes == 3


def test_a_car_throws_them_out_of_their_chair(build: SimpleNamespace) -> None:
    drive = build.drive([(21.5, -15.0), (21.5, 30.0)], 8.0, follow=False)
    car = build.actor(4, "vehicle.sedan", (21.5, -14.0), [drive], yaw=np.pi / 2, speed=8.0)
    trajectory = in_chair(build, car)
    struck = int(np.flatnonzero(trajectory.intent[:, 2] == Intent.STRUCK)[0])
    assert (trajectory.intent[:struck, 2] == Intent.CROSSING).all()
    assert (trajectory.intent[struck:, 2] == Intent.STRUCK).all()
    pelvis = trajectory.position_m[:, 2] - trajectory.position_m[:, 1]
    assert np.linalg.norm(pelvis[-1] - pelvis[0]) > 0.3
    assert np.linalg.norm(trajectory.velocity_mps[:, 1], axis=1).max() > 3.0


def test_who_falls_lets_go_and_what_they_pushed_rolls_on(build: SimpleNamespace) -> None:
    ego = build.actor(1, "vehicle.sedan", (5.0, 20.0), [build.stand])
    way = build.walk([(20.0, 0.0), (60.0, 0.0)], 1.2, Trigger())
    fall = way.model_copy(update={"trigger": Trigger(kind="time", value=1.0), "action": Fall()})
    carer = build.actor(2, "person.adult", (20.0, 0.0), [way, fall], speed=1.2)
    thing = held(build, 3, "pushed.wheelchair", carer)
    sitting = thing.model_copy(update={"quaternion_wxyz": (1.0, 0.0, 0.0, 0.0)})
    user = held(build, 4, "person.wheelchair_user", sitting)
    trajectory = simulate(build.scene([ego, carer, thing, user], 3.0, road=ROAD))
    assert trajectory.intent[-1, 1] == Intent.FALLEN
    # Struck from behind by the falling, it rolls where it points, and its wheels turn with it.
    fell = int(np.flatnonzero(trajectory.intent[:, 1] == Intent.FALLEN)[0])
    after = slice(fell + 10, None)
    assert 1.2 < trajectory.velocity_mps[-1, 2, 0] < 2.4
    left = matrix_from_quaternion(trajectory.quaternion_wxyz[after, 2])[:, :, 1]
    aside = np.einsum("ti,ti->t", trajectory.velocity_mps[after, 2], left)
    assert np.abs(aside[10:]).max() < 0.1
    turned = wrap_angle(np.diff(trajectory.articulation[after, 2, 0]))
    radius = assets.get("pushed.wheelchair").wheels[0].radius_m
    went = np.diff(trajectory.position_m[after, 2, 0])
    np.testing.assert_allclose(turned * radius, went, atol=0.01)
    up = matrix_from_quaternion(trajectory.quaternion_wxyz[:, 2])[:, 2, 2]
    assert up.min() > 0.9
    apart = trajectory.position_m[:, 3] - trajectory.position_m[:, 2]
    assert np.linalg.norm(apart - apart[0], axis=1).max() < 0.05
    assert trajectory.articulation[0, 3, BIPED_JOINTS.index("hip_left")] > 0.8


def test_who_has_arrived_in_a_wheelchair_crosses_no_more(build: SimpleNamespace) -> None:
    trajectory = in_chair(build, way_m=1.0)
    assert trajectory.intent[5, 2] == Intent.CROSSING
    assert trajectory.intent[-1, 2] == Intent.NONE


def test_a_pushchair_that_is_released_rolls_on_along_the_road(build: SimpleNamespace) -> None:
    ego = build.actor(1, "vehicle.sedan", (5.0, 20.0), [build.stand])
    way = build.walk([(20.0, 0.0), (60.0, 0.0)], 1.2, Trigger())
    carer = build.actor(2, "person.adult", (20.0, 0.0), [way], speed=1.2)
    late = Manoeuvre(trigger=Trigger(kind="time", value=1.0), action=Release())
    thing = held(build, 3, "pushed.pushchair", carer).model_copy(update={"behaviour": (late,)})
    trajectory = simulate(build.scene([ego, carer, thing], 3.0, road=ROAD))
    assert np.linalg.norm(trajectory.velocity_mps[-1, 1]) < 0.1
    alone = trajectory.time_s > 1.2
    x, time_s = trajectory.position_m[alone, 2, 0], trajectory.time_s[alone]
    slowing = 2 * np.polyfit(time_s, x, 2)[0]
    assert slowing == pytest.approx(-9.81 * RESISTANCE, rel=0.1)
    # Across the camber of the road its rear wheels hold it.
    assert np.ptp(trajectory.position_m[:, 2, 1]) < 0.02
    assert np.abs(trajectory.position_m[:, 2, 2]).max() < 0.02
    assert matrix_from_quaternion(trajectory.quaternion_wxyz[:, 2])[:, 2, 2].min() > 0.9


def test_a_wheelchair_that_stands_holds_who_sits_in_it(build: SimpleNamespace) -> None:
    ego = build.actor(1, "vehicle.sedan", (5.0, 20.0), [build.stand])
    chair = build.actor(2, "pushed.wheelchair", (20.0, 0.0), [build.stand])
    user = held(build, 3, "person.wheelchair_user", chair)
    trajectory = simulate(build.scene([ego, chair, user], 1.0, road=ROAD))
    assert np.ptp(trajectory.position_m[:, 1:], axis=0).max() < 0.02
    fall = Manoeuvre(trigger=Trigger(kind="time", value=0.3), action=Fall())
    user = user.model_copy(update={"behaviour": (fall,)})
    trajectory = simulate(build.scene([ego, chair, user], 2.0, road=ROAD))
    assert trajectory.intent[-1, 2] == Intent.FALLEN
    assert trajectory.position_m[-1, 2, 2] < trajectory.position_m[0, 2, 2] - 0.1


def test_nobody_sits_in_it(build: SimpleNamespace) -> None:
    ego = build.actor(1, "vehicle.sedan", (5.0, 20.0), [build.stand])
    way = build.walk([(20.0, 0.0), (60.0, 0.0)], 1.0, Trigger())
    chair = build.actor(2, "pushed.wheelchair", (20.0, 0.0), [way])
    with pytest.raises(ValueError, match="nobody sits in actor_2"):
        simulate(build.scene([ego, chair], 1.0, road=ROAD))
