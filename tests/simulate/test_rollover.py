"""Who rolls over in a turn: the tall, faster than their track and height allow, and nobody else."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.geometry import matrix_from_quaternion
from scenegen.records import RoadSpec, Trajectory
from scenegen.simulate import simulate
from scenegen.simulate.specs import vehicle_spec

RADIUS = 30.0
ROAD = RoadSpec(kind="straight", length_m=300.0, lanes_forward=4, lanes_backward=4)


def stability(asset: str) -> float:
    """Return the static stability factor: half of the track over the height of gravity."""
    body = assets.get(asset)
    spec = vehicle_spec(body, body.mass_kg)
    return float(max(w.position_m[1] for w in spec.wheels) / spec.cg_m[2])


def turned(build: SimpleNamespace, asset: str, lateral_g: float) -> Trajectory:
    """Return a drive into a left turn whose middle asks for so much lateral acceleration."""
    speed = float(np.sqrt(lateral_g * 9.81 * RADIUS))
    angle = np.linspace(0.0, 4.0, 200)[1:]
    arc = zip(105 + RADIUS * np.sin(angle), RADIUS * (1 - np.cos(angle)) - 20, strict=True)
    drive = build.drive([(40.0, -20.0), (105.0, -20.0), *arc], speed, follow=False, bends="none")
    return simulate(
        build.scene([build.actor(1, asset, (90, -20), [drive], speed=speed)], 5.0, road=ROAD)
    )


@pytest.mark.parametrize("asset", ["vehicle.box_truck", "vehicle.van"])
def test_the_tall_roll_over_beyond_their_stability_and_not_below(
    build: SimpleNamespace, asset: str
) -> None:
    factor = stability(asset)
    for share, rolls in ((0.65, False), (1.0, True)):
        trajectory = turned(build, asset, share * factor)
        up = matrix_from_quaternion(trajectory.quaternion_wxyz[:, 0])[:, 2, 2]
        # Springs and tyres give way, so vehicles roll over somewhat below the rigid factor.
        assert (up.min() < 0.2) == rolls
        if rolls:
            assert abs(up[-1]) < 0.3
            # It tips over its tyres and side, and doesn't take off.
            half = 0.5 * assets.get(asset).size_m[1]
            assert trajectory.position_m[:, 0, 2].max() < half + 0.15
            right = matrix_from_quaternion(trajectory.quaternion_wxyz[-1, 0])[:, 1]
            assert right[2] > 0.8  # in a left turn, over its right side
            slid = np.linalg.norm(trajectory.velocity_mps[-10:, 0], axis=1)
            assert (np.diff(slid) < 0.05).all()
        else:
            assert up.min() > 0.98


def test_a_low_car_slides_before_it_could_roll_over(build: SimpleNamespace) -> None:
    assert stability("vehicle.sedan") > 1.3
    up = matrix_from_quaternion(turned(build, "vehicle.sedan", 2.0).quaternion_wxyz[:, 0])[:, 2, 2]
    assert up.min() > 0.98
