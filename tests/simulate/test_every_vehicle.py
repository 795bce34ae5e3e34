"""Every vehicle of the catalogue drives, steers and brakes; two wheels lean and beacons flash."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.geometry import matrix_from_quaternion
from scenegen.records import Lamp, RoadSpec
from scenegen.simulate import simulate
from scenegen.simulate.lamps import BEACON_HZ
from scenegen.simulate.specs import CLASSES, vehicle_spec

VEHICLES = [info.id for info in assets.list_assets() if info.category in CLASSES]
DRIVABLE = [asset for asset in VEHICLES if "kingpin" not in assets.get(asset).anchors]
SPEED = 8.0
SHIFT_M = 2.0
ROAD = RoadSpec(kind="straight", length_m=600.0, lanes_forward=4, lanes_backward=4)


def shifted_path(y: float) -> list[tuple[float, float]]:
    """Return a path that goes over to the left by `SHIFT_M` and straight on."""
    x = np.linspace(0.0, 580.0, 291)
    share = np.clip((x - 45.0) / 25.0, 0.0, 1.0)
    return list(zip(x, y + SHIFT_M * (3 - 2 * share) * share**2, strict=True))


@pytest.mark.parametrize("asset", DRIVABLE)
def test_weight_rests_on_all_wheels(asset: str) -> None:
    body = assets.get(asset)
    spec = vehicle_spec(body, body.mass_kg)
    assert spec.static_load_n.min() > 0.05 * 9.81 * body.mass_kg / len(body.wheels)
    assert spec.static_load_n.sum() == pytest.approx(9.81 * body.mass_kg)


@pytest.mark.slow
def test_every_vehicle_changes_lane_and_brakes(build: SimpleNamespace) -> None:
    # They share one road, farther apart than the longest of them gets.
    places = [(20.0, -12.0 + 6.0 * (k % 5)) for k in range(len(DRIVABLE))]
    actors = []
    for k, (asset, (x, y)) in enumerate(zip(DRIVABLE, places, strict=True)):
        path = [(px + 90.0 * (k // 5), py) for px, py in shifted_path(y)]
        plan = [build.drive(path, SPEED, follow=False), build.brake(7.0, 3.0)]
        actors.append(build.actor(k + 1, asset, (x + 90.0 * (k // 5), y), plan, speed=SPEED))
    trajectory = simulate(build.scene(actors, 12.0, road=ROAD))
    assert len(trajectory.contacts) == 0
    upright = matrix_from_quaternion(trajectory.quaternion_wxyz)[..., 2, 2]
    for k, asset in enumerate(DRIVABLE):
        moved = trajectory.position_m[:, k] - trajectory.position_m[0, k]
        assert moved[-1, 1] == pytest.approx(SHIFT_M, abs=0.35), asset
        assert 50.0 < moved[-1, 0] < 75.0, asset
        assert np.abs(moved[:, 2]).max() < 0.05, asset
        assert np.linalg.norm(trajectory.velocity_mps[-1, k]) < 0.05, asset
        assert np.rad2deg(np.arccos(upright[:, k].min())) < 12.0, asset
        if assets.get(asset).category == "motorcycle":
            assert trajectory.lamps[145, k] & Lamp.BRAKE
            # Small wheels turn more than half a turn between two rows.
            rolled = moved[:, 0] / assets.get(asset).wheels[1].radius_m
            beyond = np.unwrap(trajectory.articulation[:, k, 2] - rolled)
            assert np.ptp(beyond) < 0.03 * rolled[-1]


def test_beacons_flash_while_they_are_on(build: SimpleNamespace) -> None:
    calm = build.actor(1, "vehicle.police", (20, build.lane_y))
    busy = build.actor(2, "vehicle.ambulance", (60, build.lane_y)).model_copy(
        update={"beacon": True}
    )
    lamps = simulate(build.scene([calm, busy], 3.0)).lamps
    lit = (lamps & Lamp.BEACON) > 0
    assert not lit[:, 0].any()
    assert np.count_nonzero(np.diff(lit[:, 1].astype(int)) == 1) in (
        3 * BEACON_HZ - 1,
        3 * BEACON_HZ,
    )


def test_a_struck_motorcycle_throws_its_rider(build: SimpleNamespace) -> None:
    bike = assets.get("motorcycle.road")
    biker = assets.get("person.motorcyclist")
    x, y, z = assets.rider_offset(bike, biker)
    path = build.straight(build.lane_y)
    actors = [
        build.actor(1, "vehicle.suv", (60, build.lane_y), yaw=0.0),
        build.actor(
            2,
            "motorcycle.road",
            (20, build.lane_y),
            [build.drive(path, 13.0, follow=False)],
            speed=13.0,
        ),
        build.actor(
            3, "person.motorcyclist", (20 + x, build.lane_y + y), z=z, speed=13.0, attached_to=2
        ),
    ]
    trajectory = simulate(build.scene(actors, 5.0))
    assert len(trajectory.contacts) > 0
    apart = trajectory.position_m[:, 2] - trajectory.position_m[:, 1]
    np.testing.assert_allclose(apart[10], (x, y, z), atol=0.02)
    assert np.linalg.norm(apart[-1] - (x, y, z)) > 0.5
