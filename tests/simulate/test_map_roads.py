"""Cars drive over road maps: through a junction, and on the level that they are on."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen.records import RoadSpec
from scenegen.roads import along, build_network, lane_length, path_along, route
from scenegen.simulate import simulate
from tests.roads.maps import bridge

T = RoadSpec(kind="t_junction", sidewalk_m=2.0, length_m=200)


def test_a_car_turns_at_a_junction_along_a_route(build: SimpleNamespace) -> None:
    network = build_network(T)
    ids = route(network, "forward_0", to_lane="side_forward_0")
    way = along(network, ids)
    path = path_along(way, 50.0, lane_length(way))
    x, y = path[3]
    car = build.actor(1, "vehicle.sedan", (x, y), [build.drive(path, 6.0)], speed=6.0)
    trajectory = simulate(build.scene([car], 12.0, road=T))
    driven = trajectory.position_m[:, 0]
    gap = np.linalg.norm(driven[:, None, :2] - way.centre[None, :, :2], axis=2).min(axis=1)
    assert gap.max() < 1.3  # points of the line are 2 m apart
    assert driven[-1, 1] < -25.0
    assert np.abs(driven[:, 2]).max() < 0.05
    turned = trajectory.velocity_mps[-1, 0]
    assert np.arctan2(turned[1], turned[0]) == pytest.approx(-np.pi / 2, abs=0.1)


def test_each_level_carries_its_own_cars(build: SimpleNamespace) -> None:
    road = RoadSpec(kind="opendrive", map=bridge(7.0), surroundings="rural")
    network = build_network(road)
    cars = []
    for number, (name, s) in enumerate((("1_0_-1", 75.0), ("2_0_-1", 95.0)), start=1):
        path = path_along(network.lane(name), s - 6.0, s + 60.0)
        x, y = path[3]
        heading = float(np.arctan2(path[4][1] - y, path[4][0] - x))
        z = 0.0 if number == 1 else 6.96
        drive = build.drive(path, 9.0, follow=False)
        cars.append(
            build.actor(number, "vehicle.sedan", (x, y), [drive], z=z, yaw=heading, speed=9.0)
        )
    trajectory = simulate(build.scene(cars, 5.0, road=road))
    below, above = trajectory.position_m[:, 0], trajectory.position_m[:, 1]
    assert below[-1, 0] > 15.0
    assert above[-1, 1] > 15.0
    assert np.abs(below[:, 2]).max() < 0.05
    assert above[:, 2].min() > 6.7
    assert not trajectory.contacts.tolist()
