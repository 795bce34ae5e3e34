"""People who get out of cars: where they are, how they look, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets.vehicles import KINDS
from scenegen.records.taxonomy import BIPED_JOINTS, DOORED_JOINTS, Intent

Play = Callable[..., Any]
LEFT = DOORED_JOINTS.index("door_front_left")
STREET = "{kind: straight, length: 200 m, parking: 2.2 m, sidewalk: 3 m, surroundings: urban}"
SCENE = """
ego: {{asset: vehicle.sedan, place: {{lane: backward_0, s: 20 m}}, speed: 3 m/s}}
actors:
  parked: {{asset: {car}, variant: 1, place: {{lane: parking_right, s: 80 m}},
           behaviour: [stand, {{when: {{time: 1 s}}, do: open_door, door: {door}, over: 1 s}}]}}
  driver: {{asset: {who}, variant: 2, place: {{attached_to: parked, anchor: seat_{door}}},
           behaviour: [{{do: get_out, over: 2 s}}, {{do: cross, speed: 1.4 m/s, distance: 4 m}}]}}
"""


@pytest.mark.parametrize(
    ("car", "door", "who"),
    [
        ("vehicle.sedan", "front_left", "person.adult"),
        ("vehicle.suv", "rear_left", "person.child"),
        ("vehicle.van", "front_right", "person.elder"),
    ],
)
def test_somebody_gets_out_and_walks_on(play: Play, car: str, door: str, who: str) -> None:
    scene = play(SCENE.format(car=car, door=door, who=who), "8 s", STREET)
    k, at = scene.column("driver"), scene.at("driver")
    car_at = scene.at("parked")
    time = scene.trajectory.time_s
    asset = assets.get(f"{car}.doors", 1)
    channel = asset.joints.index(f"door_{door}")
    open_ = np.flatnonzero(
        scene.trajectory.articulation[:, scene.column("parked"), channel] >= 0.7
    )[0]
    moves = np.flatnonzero(np.abs(at - at[0]).max(axis=1) > 2e-3)[0]
    assert open_ <= moves <= open_ + 6
    # Two seconds later they stand beside the car, at the seat's door, facing away from it.
    side = 1.0 if door.endswith("left") else -1.0
    stood = open_ + 41
    apart = at[stood] - car_at[stood]
    edge = 0.5 * asset.collision[0].size_m[1]
    assert side * apart[1] == pytest.approx(edge + 0.32, abs=0.03)
    assert asset.anchors[f"seat_{door}"][0] - 0.6 < apart[0]
    assert apart[0] < asset.anchors[f"seat_{door}"][0] + 0.05
    assert scene.yaw("driver")[stood] == pytest.approx(side * np.pi / 2, abs=0.02)
    assert side * (at[-1, 1] - at[stood, 1]) == pytest.approx(4.0, abs=0.1)
    # Upright on the ground all the while, up the kerb as anybody, without a jump anywhere.
    assert at[:, 2].max() == pytest.approx(0.12 if side < 0 else 0.0, abs=0.02)
    scene.assert_smooth("driver", 12.0)
    values = scene.trajectory.articulation[: stood + 4, k, : len(BIPED_JOINTS)]
    assert np.abs(np.diff(values, axis=0)).max() < 0.6
    assert not len(scene.trajectory.contacts)
    intent = scene.intent("driver")
    assert intent[0] == Intent.WAITING
    assert intent[stood - 5] == Intent.WILL_CROSS
    assert intent[stood + 20] == Intent.CROSSING
    assert time[stood] < 5.0


def test_nobody_gets_out_through_a_door_that_is_hardly_open(play: Play) -> None:
    actors = SCENE.format(car="vehicle.sedan", door="front_left", who="person.adult")
    scene = play(actors.replace("over: 1 s", "angle: 35 deg"), "5 s", STREET)
    assert np.abs(scene.at("driver") - scene.at("driver")[0]).max() < 1e-3


def test_who_is_struck_half_way_out_falls_beside_the_car(play: Play) -> None:
    struck = SCENE.format(car="vehicle.sedan", door="front_left", who="person.adult") + (
        "  comes: {asset: vehicle.compact, place: {lane: forward_0, s: 46 m, lateral: -0.8 m},\n"
        "          speed: 10 m/s, behaviour: [run_the_light]}\n"
    )
    scene = play(struck, "6 s", STREET)
    ids = [scene.actor(name).instance_id for name in ("driver", "comes", "parked")]
    met = {(int(c["actor_a"]), int(c["actor_b"])) for c in scene.trajectory.contacts}
    assert any(ids[0] in pair for pair in met)
    assert scene.intent("driver")[-1] == Intent.STRUCK
    # Nothing bursts apart, though limbs were within the car: nobody gets more than twice the speed
    # of what hits them.
    assert scene.speed("driver").max() < 2.1 * 10.0
    assert np.abs(scene.at("driver")[-1] - scene.at("driver")[0]).max() < 25.0
    assert np.abs(scene.at("parked") - scene.at("parked")[0]).max() < 1.0


@pytest.mark.parametrize("who", ["person.adult", "person.child", "person.elder"])
@pytest.mark.parametrize("wide", [0.7, 1.1])
@pytest.mark.parametrize("kind", list(KINDS))
def test_everybody_fits_every_seat(kind: str, wide: float, who: str) -> None:
    car = assets.get(f"{kind}.doors", 1)
    plain, person = assets.get(who, 4), assets.get(f"{who}.seated", 4)
    seats = [name for name in car.anchors if name.startswith(assets.SEAT)]
    assert len(seats) == KINDS[kind].doors
    at = [part.name for part in person.parts].index("pelvis")
    head = [part.name for part in person.parts].index("head")
    roof = car.collision[-1].center_m[2] + 0.5 * car.collision[-1].size_m[2]
    top = np.array([*person.anchors["head_top"], 1.0])
    for seat in seats:
        shares = np.linspace(0.0, 1.0, 41)
        ways = [assets.way_out(car, seat, person, u, door_rad=wide) for u in shares]
        frames = assets.body_from_parts(person, np.array([way.values for way in ways]))
        # Seated, the hips are at the seat and the head is below the roof.
        hips = frames[0, at, :3, 3] + [*ways[0].place_m, 0.0]
        assert hips == pytest.approx(car.anchors[seat], abs=1e-9)
        assert (frames[0, head] @ top)[2] < roof
        assert abs(ways[0].turn_rad) == 0.0
        # Upright in the end, on straight legs, feet on the ground.
        feet = [k for k, part in enumerate(person.parts) if part.name.startswith("foot")]
        rest = assets.body_from_parts(person, np.zeros(len(BIPED_JOINTS)))
        assert frames[-1, feet, 2, 3] == pytest.approx(rest[feet, 2, 3], abs=0.02)
        assert ways[-1].values[0] == pytest.approx(0.0, abs=1e-9)
        # The box of a track that holds all of it is little wider than a walker's bounds.
        box = assets.posed_bounds(person, np.array([way.values for way in ways]))
        assert (box[0] >= person.bounds_m[0] - 1e-6).all()
        assert (box[1] <= person.bounds_m[1] + 1e-6).all()
        assert np.ptp(box, axis=0)[0] < 1.35
        assert np.ptp(box, axis=0)[1] < 1.2
    # The same person otherwise.
    assert all(
        np.array_equal(a.vertices, b.vertices)
        for one, other in zip(plain.parts, person.parts, strict=True)
        for a, b in zip(one.surfaces, other.surfaces, strict=True)
    )
