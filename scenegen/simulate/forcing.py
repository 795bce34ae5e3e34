"""What disturbs vehicles from step to step: wind from the side, and unsteady feet and hands."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from scenegen.errors import InputError
from scenegen.records.disturbance import PERCEIVED

if TYPE_CHECKING:
    from scenegen.simulate.world import World

AIR_KGPM3 = 1.225
"""Density of air at 15 degrees and sea level (ISO 2533)."""
SIDE_COEFFICIENT = 1.0
"""Side force of a bluff body in wind from abeam, per area of its side and dynamic pressure."""
GOING_MPS = 0.5
"""Who stands has a foot on the brake: an unsteady one moves nothing."""


class Forcing:
    """The disturbances of a scene that act on vehicles.

    Wind pushes at half the height of the body, with the dynamic pressure of its own speed across
    the vehicle on the area of the side.

    Parameters
    ----------
    world : World

    Raises
    ------
    InputError
        A disturbance is on something that isn't a vehicle.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._acting = []
        for one in world.scenario.disturbances:
            if one.channel in PERCEIVED:
                continue
            k = world.index.get(one.instance_id)
            n = None if k is None else world.vehicle_of.get(k)
            if k is None or n is None:
                raise InputError(
                    f"{world.scenario.scene_id}: disturbance {one.name!r} is on instance "
                    f"{one.instance_id}, which is no vehicle"
                )
            length, _, height = world.bodies[k].asset.size_m
            world.fleet.wind_arm_m[n] = 0.5 * height - float(world.cg_m[k][2])
            self._acting.append((one, n, 0.5 * AIR_KGPM3 * SIDE_COEFFICIENT * length * height))

    def act(self, commanded: Collection[int]) -> None:
        """Disturb the next control step, once drivers and agents have said what they want.

        Parameters
        ----------
        commanded : collection of int
            Vehicles that agents steer.
        """
        if not self._acting:
            return
        world = self._world
        fleet, drivers = world.fleet, world.drivers
        fleet.wind_n[:] = 0.0
        for one, n, factor in self._acting:
            value = one.at(world.time_s)
            if one.channel == "side_wind":
                fleet.wind_n[n] += factor * value * abs(value)
                continue
            steered = n in commanded or (drivers.has_track[n] and not drivers.crashed[n])
            if not steered or not value:
                continue
            if one.channel == "steering":
                fleet.controls.steer_rad[n] += value
            elif abs(float(world.speed_mps[n])) > GOING_MPS:
                fleet.controls.acceleration_mps2[n] += value
