"""What stands before the drivers' eyes: everyone, opened doors, and what blocks the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.simulate.drivers import Crowd
from scenegen.simulate.perception import Boxes, Memory, sight_range
from scenegen.simulate.vectors import cross

if TYPE_CHECKING:
    from scenegen.simulate.world import World

WALKER_HALF_M = (0.5, 0.3)
"""Bounds hold the limbs of every pose; who stands in the way is narrower."""

THINNEST_WALL_M = 0.3
"""Half of the thickness from which scenery hides what is behind it; posts and railings don't."""


class Outlook:
    """Gathers a `Crowd` from a world's state, once for each control step."""

    def __init__(self, world: World) -> None:
        self._world = world
        scenario, bodies = world.scenario, world.bodies
        self._memory = Memory(scenario.rates.control_hz)
        lit = np.array([b.role == "vehicle" for b in bodies])
        self._sight_m = sight_range(scenario.weather, scenario.light, lit)
        self._half_m = 0.5 * np.array([b.asset.size_m for b in bodies])
        for k in world.walkers:
            self._half_m[k, :2] = np.minimum(self._half_m[k, :2], WALKER_HALF_M)
        self._middle_z = np.array([b.asset.center_m[2] for b in bodies])
        self._owner = np.concatenate([np.arange(len(bodies)), world.doors.owner])
        self._sight_m = self._sight_m[self._owner]
        walls = world.scenery.boxes
        self._opaque = np.concatenate(
            [lit[self._owner], walls.half_m.min(axis=1) > THINNEST_WALL_M]
        )

    def constants(self) -> tuple[F64, F64, F64, npt.NDArray[np.bool_]]:
        """Return what doesn't change: half sizes, sight, middles' heights, and what is opaque.

        Of shapes (A, 3), (O,), (A,) and (O + walls,).
        """
        return self._half_m, self._sight_m, self._middle_z, self._opaque

    def crowd(self) -> Crowd:
        """Note the present state and return what drivers make of it."""
        world, walls = self._world, self._world.scenery.boxes
        middles = world.position_m + np.array([0.0, 0.0, 1.0]) * self._middle_z[:, None]
        present = ~(world.carriage.attached | world.barriers.open())
        velocity, yaw, half = world.velocity_mps, world.yaw_rad, self._half_m
        at = world.position_m
        if len(world.doors.panels):
            doors, ajar = world.doors.boxes()
            own = world.doors.owner
            # Who sees a door swing doesn't think that it goes on, as they do of what drives.
            moved = velocity[own] + cross(world.spin_radps[own], doors.middle_m - at[own])
            at = np.concatenate([at, doors.middle_m])
            middles = np.concatenate([middles, doors.middle_m])
            velocity = np.concatenate([velocity, moved])
            yaw = np.concatenate([yaw, doors.yaw_rad])
            half = np.concatenate([half, doors.half_m])
            present = np.concatenate([present, ajar])
        return Crowd(
            owner=self._owner,
            seen=self._memory.update(at[:, :2], velocity[:, :2]),
            now_m=middles,
            yaw_rad=yaw,
            half_m=half,
            sight_m=self._sight_m,
            present=present,
            walls=Boxes(
                np.concatenate([middles, walls.middle_m]),
                np.concatenate([yaw, walls.yaw_rad]),
                np.concatenate([half, walls.half_m]),
            ),
            opaque=self._opaque,
            crests=None if world.network.flat else world.ground.height,
        )
