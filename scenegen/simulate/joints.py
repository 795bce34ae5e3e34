"""Joint values of everything articulated, from how it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.assets import riding_pose
from scenegen.geometry import wrap_angle
from scenegen.records import MAX_JOINTS
from scenegen.records.base import F64
from scenegen.records.taxonomy import (
    BICYCLE_JOINTS,
    BIPED_JOINTS,
    QUADRUPED_JOINTS,
    WHEELED_JOINTS,
)
from scenegen.simulate.biped import Biped
from scenegen.simulate.limp import fallen_pose, gone_limp
from scenegen.simulate.quadruped import Quadruped

if TYPE_CHECKING:
    from scenegen.simulate.bodies import Body
    from scenegen.simulate.world import World

CRANKS = 72
GEAR_RATIO = 2.4
"""Turns of a bicycle's rear wheel for one of its cranks."""


class Joints:
    """Writes joint values of all actors, once for each control step."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._values = np.zeros((len(world.bodies), MAX_JOINTS))
        self._crank_rad = np.zeros(len(world.bodies))
        self._rolled_rad = np.zeros(len(world.bodies))
        figures: dict[tuple[str, ...], type[Biped | Quadruped]] = {
            BIPED_JOINTS: Biped,
            QUADRUPED_JOINTS: Quadruped,
        }
        self._figures = {
            k: figures[world.bodies[k].asset.joints](
                world.bodies[k].asset,
                world.ground.height,
                walker.position_m,
                walker.yaw_rad,
                world.bodies[k].actor.instance_id,
            )
            for k, walker in world.walkers.items()
        }
        self._rides: dict[int, F64] = {}
        self._begun = False

    def update(self) -> F64:
        """Return the joint values (A, MAX_JOINTS) at the present control step."""
        world = self._world
        for k, body in enumerate(world.bodies):
            if body.asset.joints == WHEELED_JOINTS:
                self._values[k, : len(WHEELED_JOINTS)] = self._wheeled(k, body)
            elif body.asset.joints == BICYCLE_JOINTS:
                self._values[k, : len(BICYCLE_JOINTS)] = self._bicycle(k)
        dt = world.control_dt if self._begun else 0.0
        self._begun = True
        for k, walker in world.walkers.items():
            if walker.struck:
                instance = world.bodies[k].actor.instance_id
                pose = fallen_pose(world.bodies[k].asset.joints, instance % 2 == 1)
                self._values[k] = gone_limp(self._values[k], pose, dt)
            elif not world.carriage.attached[k]:
                self._values[k] = self._figures[k].update(
                    world.position_m[k],
                    float(world.yaw_rad[k]),
                    world.velocity_mps[k, :2],
                    world.time_s,
                    dt,
                )
        for k in world.carriage.riders():
            self._values[k] = self._riding(k, int(world.carriage.carrier[k]))
        return self._values

    def _riding(self, rider: int, bicycle: int) -> F64:
        """Return a rider's joints, between those worked out for even angles of the cranks."""
        if rider not in self._rides:
            bodies = self._world.bodies
            cranks = np.arange(CRANKS) * (2.0 * np.pi / CRANKS)
            self._rides[rider] = riding_pose(bodies[bicycle].asset, bodies[rider].asset, cranks)
        place = (float(self._crank_rad[bicycle]) / (2.0 * np.pi) * CRANKS) % CRANKS
        low = int(place) % CRANKS
        here, there = self._rides[rider][low], self._rides[rider][(low + 1) % CRANKS]
        return np.asarray(here + (place - int(place)) * (there - here))

    def _wheeled(self, k: int, body: Body) -> list[float]:
        """Return steering and the turn of one wheel at each corner."""
        fleet, n = self._world.fleet, self._world.vehicle_of[k]
        angles = np.asarray(wrap_angle(fleet.wheel_angle_rad[n]))
        values = [float(fleet.steer_rad[n])]
        for front in (True, False):
            for left in (True, False):
                corner = next(
                    j
                    for j, wheel in enumerate(body.asset.wheels)
                    if wheel.steered == front and (wheel.position_m[1] > 0) == left
                )
                values.append(float(angles[corner]))
        return values

    def _bicycle(self, k: int) -> list[float]:
        """Return steering, wheels and cranks; a rider who brakes doesn't pedal."""
        fleet, n = self._world.fleet, self._world.vehicle_of[k]
        front, rear = fleet.wheel_angle_rad[n, :2].tolist()
        if fleet.controls.acceleration_mps2[n] > -0.5 and fleet.balanced[n]:
            self._crank_rad[k] += (rear - self._rolled_rad[k]) / GEAR_RATIO
        self._rolled_rad[k] = rear
        turned = wrap_angle([front, rear, self._crank_rad[k]]).tolist()
        return [float(fleet.steer_rad[n]), *turned]
