"""The reference street: about 60 meshes, 100k triangles and 3 lights, standing still."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenegen import assets
from scenegen.records import (
    Actor,
    CameraSpec,
    ConcreteScenario,
    Lamp,
    Light,
    Prop,
    RoadSpec,
    Trajectory,
    Weather,
)
from scenegen.simulate.coasting import coasting

VEHICLES = (
    *("vehicle.sedan", "vehicle.compact", "vehicle.estate", "vehicle.suv", "vehicle.van"),
    *("vehicle.sedan", "vehicle.bus", "vehicle.compact", "vehicle.estate", "vehicle.box_truck"),
)
PEOPLE = ("person.adult", "person.child", "person.elder", "person.adult")


def reference_street() -> tuple[ConcreteScenario, Trajectory]:
    """Return the scene and a trajectory of one second in which nothing moves."""
    actors = [_actor(1, "vehicle.sedan", 0.0, -1.75, 0.0)]
    for slot, asset_id in enumerate(VEHICLES):
        side = -1 if slot % 2 else 1
        actors.append(_actor(len(actors) + 1, asset_id, 12.0 + 7.5 * slot, 4.4 * side, 0.0))
    for slot in range(12):
        side = -1 if slot % 2 else 1
        x = 9.0 + 5.0 * slot
        actors.append(_actor(len(actors) + 1, PEOPLE[slot % 4], x, 7.0 * side, 0.4 * slot))
    scenario = ConcreteScenario(
        name="reference_street",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={},
        log_weight=0.0,
        duration_s=1.0,
        road=RoadSpec(kind="straight", length_m=300, lane_width_m=3.5, sidewalk_m=3.0),
        weather=Weather(),
        light=Light(sun_elevation_rad=0.5, sun_azimuth_rad=1.2, headlights=True),
        actors=tuple(actors),
        props=tuple(_props()),
        sensors={"front": CameraSpec()},
    )
    return scenario, _standing(scenario)


def in_motion(trajectory: Trajectory) -> Trajectory:
    """Return the street's trajectory with everybody driving or walking on where they look."""
    speed = np.where(np.arange(len(trajectory.actor_ids)) <= len(VEHICLES), 10.0, 1.5)
    yaw = 2 * np.arctan2(trajectory.quaternion_wxyz[..., 3], trajectory.quaternion_wxyz[..., 0])
    velocity = speed[:, None] * np.stack([np.cos(yaw), np.sin(yaw), 0 * yaw], axis=-1)
    moved = trajectory.position_m + trajectory.time_s[:, None, None] * velocity
    return replace(trajectory, position_m=moved, velocity_mps=velocity)


def _actor(instance_id: int, asset_id: str, x: float, y: float, yaw: float) -> Actor:
    asset = assets.get(asset_id, instance_id)
    return Actor(
        instance_id=instance_id,
        name=f"actor{instance_id}",
        asset_id=asset_id,
        variant=instance_id,
        category=asset.category,
        size_m=asset.size_m,
        position_m=(x + 60.0, y, 0.12 if abs(y) > 5 else 0.0),
        quaternion_wxyz=(float(np.cos(yaw / 2)), 0.0, 0.0, float(np.sin(yaw / 2))),
        mass_kg=asset.mass_kg,
    )


def _props() -> list[Prop]:
    props = []
    for slot in range(7):
        for side in (-1, 1):
            x = 60.0 + 20.0 * slot
            turn = (float(np.cos(side * np.pi / 4)), 0.0, 0.0, -float(np.sin(side * np.pi / 4)))
            size = (14.0, 10.0, 8.0 + 2.0 * (slot % 3))
            where = (x, side * 17.0, 0.0)
            building = Prop(
                asset_id="prop.building",
                variant=slot,
                position_m=where,
                quaternion_wxyz=turn,
                size_m=size,
            )
            tree = Prop(
                asset_id="prop.tree_broadleaf", variant=slot, position_m=(x + 8, side * 9.0, 0.0)
            )
            props += [building, tree]
    lamps = [
        Prop(asset_id="prop.street_lamp", position_m=(70.0 + 30 * slot, -7.6, 0.12))
        for slot in range(6)
    ]
    return props + lamps


def _standing(scenario: ConcreteScenario) -> Trajectory:
    rows = int(scenario.duration_s * scenario.rates.control_hz) + 1
    trajectory = coasting(scenario.actors, rows, scenario.rates)
    lamps = trajectory.lamps.copy()
    lamps[:, 0] = int(Lamp.LOW_BEAM | Lamp.TAIL)
    return replace(trajectory, lamps=lamps)
