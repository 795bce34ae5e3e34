"""Joint values of everything articulated, from how it moves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scenegen.assets import STROKE_RAD, body_from_parts, reach_for, riding_pose
from scenegen.geometry import matrix_from_quaternion, wrap_angle
from scenegen.records import MAX_JOINTS, Asset
from scenegen.records.base import F64
from scenegen.records.behaviour import Gait
from scenegen.records.taxonomy import (
    BICYCLE_JOINTS,
    BIPED_JOINTS,
    QUADRUPED_JOINTS,
    ROLLER_JOINTS,
)
from scenegen.simulate.biped import Biped
from scenegen.simulate.quadruped import Quadruped
from scenegen.simulate.travel import Travel

if TYPE_CHECKING:
    from scenegen.simulate.world import World

CRANKS = 72
HUB_M = 1e-6
"""How closely a part's origin is a wheel's hub."""

GEAR_RATIO = 2.4
"""Turns of a bicycle's rear wheel for one of its cranks."""

COME_OVER_S = 0.25
"""How long who has got out takes to stand, or go, as everybody does."""


def _underfoot(world: World, k: int, xy_m: F64) -> F64:
    """Return the ground's heights (n,) at points (n, 2) near a body."""
    return world.ground.height(xy_m, world.position_m[k, 2])


def wheel_channels(asset: Asset) -> dict[str, dict[int, int]]:
    """Return, for ``spin`` and ``travel``, the wheel that each of these channels shows.

    Wheels are recognised by their hubs; of several that share a channel, the first counts.
    """
    places = body_from_parts(asset, np.zeros(MAX_JOINTS))[:, :3, 3]
    found: dict[str, dict[int, int]] = {"spin": {}, "travel": {}}
    for wheel_index, wheel in enumerate(asset.wheels):
        away = np.abs(places - wheel.position_m).max(axis=1)
        for index in np.flatnonzero(away < HUB_M).tolist():
            for joint in asset.parts[index].joints:
                kind = asset.joints[joint.channel].partition("_")[0]
                if kind in found:
                    found[kind].setdefault(joint.channel, wheel_index)
    return found


class Joints:
    """Writes joint values of all actors, once for each control step."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._values = world.articulation
        self._crank_rad = np.zeros(len(world.bodies))
        self._rolled_rad = np.zeros(len(world.bodies))
        figures: dict[tuple[str, ...], type[Biped | Quadruped]] = {
            BIPED_JOINTS: Biped,
            QUADRUPED_JOINTS: Quadruped,
        }
        self._kinds = figures
        self._figures = {k: self._figure(k) for k in world.walkers}
        self._stood: dict[int, tuple[float, F64]] = {}
        self._travel = Travel(world.fleet)
        self._wheels = [wheel_channels(world.bodies[k].asset) for k in world.vehicles.tolist()]
        self._rides: dict[int, F64] = {}
        self._begun = False

    def _figure(self, k: int) -> Biped | Quadruped:
        """Return somebody's legs, standing where they are."""
        world, body = self._world, self._world.bodies[k]
        return self._kinds[body.asset.joints](
            body.asset,
            partial(_underfoot, world, k),
            world.position_m[k],
            float(world.yaw_rad[k]),
            body.actor.instance_id,
        )

    def update(self) -> F64:
        """Return the joint values (A, MAX_JOINTS) at the present control step."""
        world = self._world
        dt = world.control_dt if self._begun else 0.0
        self._begun = True
        self._travel.update(dt)
        for n, k in enumerate(world.vehicles.tolist()):
            self._roll(n, k)
        world.rolling.roll(dt)
        for k in world.rolling.things():
            self._values[k, : len(ROLLER_JOINTS)] = world.rolling.values(k)
            self._crank_rad[k] = world.rolling.rolled_rad(k) / STROKE_RAD * 2.0 * np.pi
        for k, walker in world.walkers.items():
            if walker.struck:
                self._values[k] = world.ragdolls.bent(k, self._values[k])
            elif world.alighting.goes(k):
                self._values[k] = world.alighting.values(k)
            elif not world.carriage.attached[k]:
                self._stand_up(k)
                self._go(k, walker.gait, dt)
                self._come_over(k)
        world.doors.show()
        world.barriers.show()
        for k in world.carriage.riders():
            sits = k in world.alighting.seats
            self._values[k] = (
                world.alighting.values(k)
                if sits
                else self._riding(k, int(world.carriage.carrier[k]))
            )
        return self._values

    def _stand_up(self, k: int) -> None:
        """Put the feet of who has just got out of a car where they stand."""
        if k in self._world.alighting.out and k not in self._stood:
            self._figures[k] = self._figure(k)
            self._stood[k] = self._world.time_s, self._values[k].copy()

    def _come_over(self, k: int) -> None:
        """Let who got out come over from the posture in which they did."""
        if k not in self._stood:
            return
        since, before = self._stood[k]
        u = min((self._world.time_s - since) / COME_OVER_S, 1.0)
        share = u * u * (3.0 - 2.0 * u)
        self._values[k] = before + share * (self._values[k] - before)

    def _go(self, k: int, gait: Gait, dt: float) -> None:
        """Let someone's legs go on, their hands at the handle of what they push."""
        world, figure = self._world, self._figures[k]
        pushed = [j for j in world.carriage.borne(k) if j in world.rolling.moved]
        if isinstance(figure, Biped):
            figure.manner = "push" if pushed else gait
        self._values[k] = figure.update(
            world.position_m[k],
            float(world.yaw_rad[k]),
            world.velocity_mps[k, :2],
            world.time_s,
            dt,
        )
        for j in pushed:
            here = matrix_from_quaternion(world.quaternion_wxyz[k])
            there = matrix_from_quaternion(world.quaternion_wxyz[j])
            asset = world.bodies[k].asset
            index = [part.name for part in asset.parts].index("torso")
            torso = body_from_parts(asset, self._values[k])[index]
            for side in ("left", "right"):
                handle = there @ world.bodies[j].asset.anchors[f"handle_{side}"]
                grip = here.T @ (world.position_m[j] + handle - world.position_m[k])
                reach_for(self._values[k], asset, torso, side, grip)

    def _riding(self, rider: int, bicycle: int) -> F64:
        """Return a rider's joints, between those worked out for even angles of the cranks."""
        if rider not in self._rides:
            world, bodies = self._world, self._world.bodies
            idle = bool(world.carriage.attached[bicycle])
            cranks = np.arange(CRANKS) * (2.0 * np.pi / CRANKS)
            self._rides[rider] = riding_pose(
                bodies[bicycle].asset, bodies[rider].asset, cranks, idle
            )
        place = (float(self._crank_rad[bicycle]) / (2.0 * np.pi) * CRANKS) % CRANKS
        low = int(place) % CRANKS
        here, there = self._rides[rider][low], self._rides[rider][(low + 1) % CRANKS]
        return np.asarray(here + (place - int(place)) * (there - here))

    def _roll(self, n: int, k: int) -> None:
        """Set a vehicle's steering, wheels, springs, and cranks if it has them."""
        fleet, values, joints = (
            self._world.fleet,
            self._values[k],
            self._world.bodies[k].asset.joints,
        )
        if "steer" in joints:
            values[joints.index("steer")] = fleet.steer_rad[n]
        angles = np.asarray(wrap_angle(fleet.wheel_angle_rad[n]))
        for channel, wheel in self._wheels[n]["spin"].items():
            values[channel] = angles[wheel]
        for channel, wheel in self._wheels[n]["travel"].items():
            values[channel] = self._travel.up_m[n, wheel]
        if joints == BICYCLE_JOINTS:
            self._pedal(n, k)

    def _pedal(self, n: int, k: int) -> None:
        """Turn the cranks with the rear wheel; a rider who brakes doesn't pedal."""
        fleet = self._world.fleet
        rear = float(fleet.wheel_angle_rad[n, 1])
        if fleet.controls.acceleration_mps2[n] > -0.5 and fleet.balanced[n]:
            self._crank_rad[k] += (rear - self._rolled_rad[k]) / GEAR_RATIO
        self._rolled_rad[k] = rear
        self._values[k, BICYCLE_JOINTS.index("crank")] = wrap_angle(self._crank_rad[k])
