"""Doors of parked cars: they open, are drawn, labelled and run into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets.vehicles import KINDS
from scenegen.records.taxonomy import DOORED_JOINTS, FOUR_DOORED_JOINTS, WHEELED_JOINTS, Intent
from scenegen.simulate.world import World

Play = Callable[..., Any]
LEFT = DOORED_JOINTS.index("door_front_left")
STREET = "{kind: straight, length: 200 m, parking: 2.2 m, sidewalk: 3 m, surroundings: urban}"
SCENE = """
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 20 m}}, speed: 3 m/s}}
actors:
  parked: {{asset: {asset}, variant: 1, place: {{lane: parking_right, s: 80 m}},
           behaviour: [stand, {{when: {{time: 1 s}}, do: open_door, angle: 60 deg, over: 0.8 s}},
                       {{when: {{time: {shut} s}}, do: close_door, over: 0.6 s}}]}}
  bike: {{asset: bicycle.city, place: {{lane: parking_right, s: {bike} m, lateral: 1.6 m}},
         speed: 4 m/s, behaviour: [{{do: run_the_light, speed: 4 m/s}}]}}
  rider: {{asset: person.rider, place: {{attached_to: bike}}}}
"""


def test_a_door_swings_open_and_shut(play: Play) -> None:
    actors = SCENE.format(asset="vehicle.sedan", shut=3, bike=30)
    scene = play(actors, "5 s", STREET)
    k = scene.column("parked")
    angle = scene.trajectory.articulation[:, k, LEFT]
    assert scene.actor("parked").asset_id == "vehicle.sedan.doors"
    assert angle[:21] == pytest.approx(np.zeros(21))
    assert (np.diff(angle[20:37]) > 0).all()
    assert angle[36:60] == pytest.approx(np.full(24, np.radians(60)))
    assert angle[-1] == 0.0
    assert (scene.trajectory.articulation[:, k, LEFT + 1] == 0.0).all()
    assert not len(scene.trajectory.contacts)
    asset = assets.get("vehicle.sedan.doors", 1)
    shut, wide = (
        assets.posed_bounds(asset, scene.trajectory.articulation[row : row + 1, k])
        for row in (0, 50)
    )
    # Open, it stands out to the left of its hinge by most of its length.
    part, _ = assets.door_shape(asset, "door_front_left")
    reach = part.origin_m[1] + 1.08 * np.sin(np.radians(60))
    assert wide[1, 1] == pytest.approx(reach, abs=0.12)
    assert wide[1, 1] > shut[1, 1] + 0.6
    assert wide[0] == pytest.approx(shut[0], abs=1e-6)


def test_a_cyclist_runs_into_an_open_door_and_not_into_a_shut_one(play: Play) -> None:
    for shut, hit in ((9, True), (1.9, False)):
        actors = SCENE.format(asset="vehicle.compact", shut=shut, bike=68)
        scene = play(actors, "5 s", STREET)
        ids = {scene.actor(n).instance_id for n in ("parked", "bike", "rider")}
        met = [{int(c["actor_a"]), int(c["actor_b"])} for c in scene.trajectory.contacts]
        assert any(pair <= ids for pair in met) is hit
        assert bool(scene.intent("rider")[-1] == Intent.STRUCK) is hit
        if hit:
            # Stopped by the door, abreast of the car's middle, not by the car behind it.
            assert 79.0 < scene.at("bike")[-1, 0] < 83.5
        assert np.abs(scene.at("parked") - scene.at("parked")[0]).max() < 0.1


PASSING = """
ego: {{asset: vehicle.sedan, variant: 0, place: {{lane: forward_0, s: 30 m}}, speed: 8 m/s}}
actors:
  parked: {{asset: vehicle.sedan, variant: 1, place: {{lane: parking_right, s: 90 m}},
           behaviour: [stand, {{when: {{time: 1 s}}, do: open_door, door: {door},
                                angle: {angle} deg}}]}}
"""


@pytest.mark.parametrize(
    ("door", "angle", "stops"),
    [
        ("front_left", 65, True),
        ("rear_left", 65, True),
        ("front_left", 12, False),
        ("rear_right", 65, False),
    ],
)
def test_only_a_door_that_reaches_into_the_way_stops_who_comes(
    play: Play, door: str, angle: float, stops: bool
) -> None:
    scene = play(PASSING.format(door=door, angle=angle), "12 s", STREET)
    if stops:
        # Two metres short of where the door's panel begins.
        asset = assets.get("vehicle.sedan.doors", 1)
        part, shape = assets.door_shape(asset, f"door_{door}")
        panel = 90.0 + part.origin_m[0] - shape.size_m[0] * np.cos(np.radians(angle))
        front = scene.at("ego")[-1, 0] + 0.5 * scene.actor("ego").size_m[0]
        assert scene.speed("ego")[-1] < 0.3
        assert panel - front == pytest.approx(2.0, abs=0.5)
    else:
        assert scene.speed("ego").min() > 7.5
    assert not len(scene.trajectory.contacts)


def test_drivers_see_doors_where_they_are(play: Play) -> None:
    scene = play(PASSING.format(door="front_left", angle=60), "1 s", STREET)
    world = World(scene.scenario)
    k = scene.column("parked")
    try:
        shut, ajar = world.doors.boxes()
        assert not ajar.any()
        for _ in range(40):
            world.step()
        boxes, ajar = world.doors.boxes()
        left = world.doors.panels.index((k, "door_front_left"))
        assert np.flatnonzero(ajar).tolist() == [left]
        asset = world.bodies[k].asset
        part, panel = assets.door_shape(asset, "door_front_left")
        # A turn by 60 degrees about the hinge, clockwise from above, of a car that faces east.
        arm = panel.center_m[0] + 1j * panel.center_m[1]
        turned = arm * np.exp(-1j * np.radians(60))
        at = world.position_m[k]
        assert boxes.middle_m[left, 0] - at[0] == pytest.approx(
            part.origin_m[0] + turned.real, abs=1e-3
        )
        assert boxes.middle_m[left, 1] - at[1] == pytest.approx(
            part.origin_m[1] + turned.imag, abs=1e-3
        )
        assert boxes.yaw_rad[left] == pytest.approx(-np.radians(60), abs=1e-3)
        assert 2.0 * boxes.half_m[left] == pytest.approx(panel.size_m)
        others = np.arange(len(ajar)) != left
        assert boxes.middle_m[others] == pytest.approx(shut.middle_m[others], abs=1e-3)
    finally:
        world.close()


@pytest.mark.parametrize("asset_id", list(KINDS))
def test_every_car_is_whole_with_its_doors_shut(asset_id: str) -> None:
    plain, doored = assets.get(asset_id, 2), assets.get(asset_id + ".doors", 2)
    assert plain.joints == WHEELED_JOINTS
    four = KINDS[asset_id].doors == 4
    assert doored.joints == (FOUR_DOORED_JOINTS if four else DOORED_JOINTS)
    assert np.array_equal(plain.bounds_m, doored.bounds_m)
    at_rest = np.zeros((1, len(doored.joints)))
    outer = assets.posed_bounds(doored, at_rest)
    assert outer == pytest.approx(assets.posed_bounds(plain, at_rest), abs=1e-5)
    # What is cut is there again: the painted skin keeps its area, seen from the side. The deck
    # that closed cars have below their cabins is gone; it is crowned a little.
    names = {s.material.name for p in plain.parts for s in p.surfaces}

    def area(asset: Any, name: str) -> float:
        poses = assets.body_from_parts(asset, at_rest[0])
        total = 0.0
        for pose, part in zip(poses, asset.parts, strict=True):
            for surface in part.surfaces:
                if surface.material.name == name:
                    points = surface.vertices @ pose[:3, :3].T + pose[:3, 3]
                    a, b, c = (points[surface.faces[:, i]] for i in range(3))
                    total += 0.5 * float(np.abs(np.cross(b - a, c - a)[:, 1]).sum())
        return total

    paint = max(names, key=lambda name: area(plain, name))
    assert area(doored, paint) == pytest.approx(area(plain, paint), rel=0.03)
    # A door is a metre long and is hinged at its front.
    for name in doored.joints[len(WHEELED_JOINTS) :]:
        part, shape = assets.door_shape(doored, name)
        assert 0.75 < shape.size_m[0] < 1.2
        assert shape.center_m[0] < 0
        assert part.joints[0].axis == (0.0, 0.0, -1.0 if name.endswith("left") else 1.0)
        # Opened, none of it reaches into the car, and it stands out by most of its length.
        wide = np.where([j == name for j in doored.joints], np.radians(69), 0.0)[None]
        side = np.sign(part.origin_m[1])
        panel = assets.body_from_parts(doored, wide[0])[[p.name for p in doored.parts].index(name)]
        points = np.concatenate([s.vertices for s in part.surfaces]) @ panel[:3, :3].T
        reach = side * (points[:, 1] + panel[1, 3])
        assert reach.min() > abs(part.origin_m[1]) - 0.2
        assert reach.max() > abs(part.origin_m[1]) + 0.75 * shape.size_m[0]


HEEDLESS = """
ego: {{asset: vehicle.sedan, variant: 1, place: {{lane: forward_0, s: 40 m, lateral: {aside} m}},
      speed: 10 m/s, behaviour: [{{do: follow_lane, react: false, speed: 10 m/s}}]}}
actors:
  parked: {{asset: vehicle.sedan, variant: 1, place: {{lane: parking_right, s: 75 m}},
           behaviour: [stand, {{when: {{time: 0.5 s}}, do: open_door, angle: 60 deg}}]}}
"""


@pytest.mark.parametrize("aside", [-0.3, -0.6])
def test_a_blow_to_a_door_is_a_blow_to_its_car(play: Play, aside: float) -> None:
    """What is exchanged is what both cars' momentum changes by, and no more than there is."""
    road = "{kind: straight, length: 300 m, lane_width: 3.5 m, parking: 2.5 m}"
    scene = play(HEEDLESS.format(aside=aside), "6 s", road)
    ids = [scene.actor(name).instance_id for name in ("ego", "parked")]
    blows = [c for c in scene.trajectory.contacts if [c["actor_a"], c["actor_b"]] == ids]
    assert blows
    mass = scene.actor("ego").mass_kg
    for blow in blows:
        elastic = 2.0 * 0.5 * mass * 10.0
        assert 0.0 < blow["impulse_ns"] < 0.7 * elastic
    rates = scene.scenario.rates
    row = int(blows[0]["step"] // (rates.physics_hz // rates.control_hz))
    columns = [scene.column("ego"), scene.column("parked")]
    change = np.diff(scene.trajectory.velocity_mps[row : row + 2, columns], axis=0)[0]
    assert mass * np.linalg.norm(change, axis=1) == pytest.approx(blows[0]["impulse_ns"], rel=0.25)
    # Nobody drives through anybody: the ego is slowed down or turned aside.
    assert scene.speed("ego")[row + 1] < 9.0
    assert scene.speed("parked")[row + 1] > 1.0
