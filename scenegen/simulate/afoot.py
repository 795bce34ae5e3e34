"""Where everyone on legs goes in a control step: over kerbs, upright, on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.geometry import quaternion_from_yaw, quaternion_multiply, yaw_of
from scenegen.records.base import F64
from scenegen.simulate.avoid import Avoidance
from scenegen.simulate.vectors import rotation_matrices
from scenegen.simulate.walkers import CLIMB_MPS, Walker

if TYPE_CHECKING:
    from scenegen.simulate.world import World

HALF_STEP_M = 0.25
"""The ground under a body is averaged over a step's length: feet bridge a kerb's edge."""


class Afoot:
    """Moves the walkers of a world that neither lie on the road nor sit on something.

    Attributes
    ----------
    walkers : dict of int to Walker
        By actor index; also those who have been struck or are carried.
    movers : dict of int to Walker
        These, and wheelchairs that those in them propel.
    velocity_mps, spin_radps : ndarray, shape (A, 3)
        Motion of the centre of gravity during the present control step.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        count = len(world.bodies)
        self.walkers: dict[int, Walker] = {}
        self.movers: dict[int, Walker] = {}
        for k, body in enumerate(world.bodies):
            if body.role == "walker" or k in world.rolling.propelled:
                start = body.actor
                yaw = float(yaw_of(np.array(start.quaternion_wxyz)))
                speed = float(np.hypot(*start.velocity_mps[:2]))
                self.movers[k] = Walker(k, np.array(start.position_m), yaw, speed)
                if body.role == "walker":
                    self.walkers[k] = self.movers[k]
        self.velocity_mps = np.zeros((count, 3))
        self.spin_radps = np.zeros((count, 3))
        self._rows = np.zeros((count, 13))
        self._avoidance: Avoidance | None = None

    def forget(self) -> None:
        """Let go of what was worked out for those who keep clear of others."""
        self._avoidance = None

    def goes(self, k: int) -> bool:
        """Return whether an actor goes where its own legs, or hands on rims, take it."""
        walker = self.movers.get(k)
        return walker is not None and not walker.struck and not self._world.carriage.attached[k]

    def plan(self) -> None:
        """Set the velocities that take everyone on legs to their next place."""
        afoot = [k for k in self.movers if self.goes(k)]
        if not afoot:
            return
        world = self._world
        targets, headings = np.zeros((len(afoot), 3)), np.zeros(len(afoot))
        for k in afoot:
            self.movers[k].position_m = world.position_m[k]
        axles = world.rolling.axles_m()
        ways = self.ways([k for k in afoot if self.movers[k].avoids])
        for row, k in enumerate(afoot):
            walker = self.movers[k]
            if k in axles:
                velocity = walker.speed_mps * walker.heading()
                wish = walker.towards(np.array(walker.wish()), velocity, world.control_dt)
                targets[row, :2], headings[row] = walker.wheel(
                    ways.get(k, wish), axles[k], world.control_dt
                )
            elif k in ways:
                targets[row, :2], headings[row] = walker.sidestep(ways[k], world.control_dt)
            elif world.alighting.goes(k):
                targets[row, :2], headings[row] = world.alighting.next(k)
            else:
                targets[row, :2], headings[row] = walker.plan(world.control_dt)
            walker.yaw_rad = float(headings[row])
        ahead = np.stack([np.cos(headings), np.sin(headings)], axis=-1) * HALF_STEP_M
        under = targets[:, None, :2] + ahead[:, None] * np.array([[-1.0], [0.0], [1.0]])
        climb, z = CLIMB_MPS * world.control_dt, world.position_m[afoot, 2]
        heights = world.ground.height(under.reshape(-1, 2), np.repeat(z, 3))
        heights = heights.reshape(-1, 3).mean(axis=1)
        targets[:, 2] = z + np.clip(heights - z, -climb, climb)
        self._aim(afoot, targets, headings)

    def ways(self, avoiding: list[int]) -> dict[int, F64]:
        """Return the velocities (2,) of those who keep clear of others."""
        if not avoiding:
            return {}
        world = self._world
        if self._avoidance is None:
            self._avoidance = Avoidance(world)
        return self._avoidance.velocities({k: self.movers[k].wish() for k in avoiding})

    def _aim(self, afoot: list[int], targets_m: F64, headings_rad: F64) -> None:
        """Set velocities and spins with which movers (n,) arrive upright after a control step."""
        world = self._world
        turn = quaternion_from_yaw(headings_rad)
        for row, k in enumerate(afoot):
            if k in world.rolling.moved:
                place = targets_m[row, :2], float(headings_rad[row])
                targets_m[row, 2], turn[row] = world.rolling.stand(k, *place)
        now = world.quaternion_wxyz[afoot] * np.array([1.0, -1.0, -1.0, -1.0])
        error = quaternion_multiply(turn, now)
        # Of a rotation's two quaternions, the one with w > 0 turns the short way round.
        way = np.where(error[:, :1] < 0.0, -2.0, 2.0) / world.control_dt
        arms = (rotation_matrices(turn) @ world.cg_m[afoot][:, :, None])[:, :, 0]
        there = targets_m + arms
        self.velocity_mps[afoot] = (there - world.rows[afoot, :3]) / world.control_dt
        self.spin_radps[afoot] = error[:, 1:] * way
        self._rows[afoot] = np.concatenate(
            [there, turn, self.velocity_mps[afoot], self.spin_radps[afoot]], axis=1
        )

    def arrive(self) -> None:
        """Put everyone whom nothing has touched on the way exactly where they meant to go."""
        world = self._world
        for k in self.movers:
            if self.goes(k) and k not in world.collisions.touched:
                world.rows[k] = self._rows[k]
