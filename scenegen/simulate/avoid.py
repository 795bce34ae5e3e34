"""How people on legs keep clear of each other, of vehicles and of walls.

Each walker that avoids others wants to go along its path; what it does is the velocity
nearest to that which keeps clear (`orca`). Boxes rule out what lies behind the plane that
touches them nearest to the walker; so do the edges of the strip that a walker keeps to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.records.base import F64
from scenegen.simulate.bodies import Body, bounding_box, extent
from scenegen.simulate.clearing import BOX_FIELDS, UNDECIDED, way_clear

if TYPE_CHECKING:
    from scenegen.simulate.walkers import Walker
    from scenegen.simulate.world import World

EDGE_S = 0.4
"""Within which nobody reaches the edge of the strip walked on."""

FALLEN_M = 0.7
_NO_EDGES = np.zeros((0, 3))


class Avoidance:
    """The neighbours and obstacles of a world's walkers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._own_radius_m = np.array([_radius(body) for body in world.bodies])
        self._sides: dict[int, int] = {}
        self._things = np.array(
            [k for k in range(len(world.bodies)) if k not in world.afoot.movers], dtype=np.int64
        )
        self._half_m = 0.5 * np.array([body.asset.size_m[:2] for body in world.bodies])
        self._scenery = self._standing()

    def velocities(self, wanted_mps: dict[int, tuple[float, float]]) -> dict[int, F64]:
        """Return the velocities (2,) that keep clear, all decided at once.

        Parameters
        ----------
        wanted_mps : dict of int to (2,)
            What each walker that avoids others would like, by actor.
        """
        world = self._world
        attached = world.carriage.attached
        people = np.array([k for k in world.afoot.movers if not attached[k]], dtype=np.int64)
        heeding = np.zeros(len(world.bodies), dtype=bool)
        heeding[list(wanted_mps)] = True
        centre, velocity, radius, circles = self._gather()
        boxes = self._obstacles()
        found: dict[int, F64] = {}
        for k, wanted in wanted_mps.items():
            walker, own = world.afoot.movers[k], float(self._own_radius_m[k])
            x, y, self._sides[k] = way_clear(
                k,
                wanted,
                (walker.limit_mps2, walker.wanted_mps, world.control_dt),
                world.position_m,
                centre,
                velocity,
                radius,
                own,
                people,
                heeding,
                circles.get(k, np.array([[*world.position_m[k], own]])),
                self._edges(walker, world.position_m[k], own),
                boxes,
                self._sides.get(k, UNDECIDED),
            )
            found[k] = np.array([x, y])
        return found

    def _gather(self) -> tuple[F64, F64, F64, dict[int, F64]]:
        """Work out the circles that people are: with what they push, one around both."""
        world = self._world
        centre = world.position_m[:, :2].copy()
        # What turns about its axle swings its ends; all of it goes with the axle.
        velocity = world.velocity_mps[:, :2].copy()
        for k in world.rolling.axles_m():
            walker = world.afoot.movers[k]
            velocity[k] = walker.speed_mps * walker.heading()
        own, radius = self._own_radius_m, self._own_radius_m.copy()
        circles: dict[int, F64] = {}
        for j in world.rolling.moved:
            if world.carriage.attached[j]:
                k = int(world.carriage.carrier[j])
                ahead = world.position_m[j, :2] - world.position_m[k, :2]
                apart = max(float(np.hypot(ahead[0], ahead[1])), 1e-6)
                reach = float(own[k]) + apart + float(own[j])
                radius[k] = 0.5 * reach
                pushed = [*world.position_m[j], own[j]]
                before = circles.get(k, np.array([[*world.position_m[k], own[k]]]))
                circles[k] = np.vstack([before, pushed])
                centre[k] += ahead * ((0.5 * reach - own[k]) / apart)
        radius[[k for k, walker in world.afoot.movers.items() if walker.struck]] = FALLEN_M
        return centre, velocity, radius, circles

    def _obstacles(self) -> F64:
        """Return what stands in the way (M, BOX_FIELDS): vehicles, things and scenery."""
        world = self._world
        own = self._things[~world.carriage.attached[self._things]]
        boxes = np.empty((len(own) + len(self._scenery), BOX_FIELDS))
        boxes[: len(own), :2] = world.position_m[own, :2]
        boxes[: len(own), 2] = np.cos(world.yaw_rad[own])
        boxes[: len(own), 3] = np.sin(world.yaw_rad[own])
        boxes[: len(own), 4:6] = self._half_m[own]
        boxes[: len(own), 6:8] = world.velocity_mps[own, :2]
        boxes[: len(own), 8] = world.position_m[own, 2]
        boxes[len(own) :] = self._scenery
        return boxes

    def _standing(self) -> F64:
        props = self._world.scenery.boxes
        boxes = np.zeros((len(props.yaw_rad), BOX_FIELDS))
        boxes[:, :2] = props.middle_m[:, :2]
        boxes[:, 2], boxes[:, 3] = np.cos(props.yaw_rad), np.sin(props.yaw_rad)
        boxes[:, 4:6] = props.half_m[:, :2]
        boxes[:, 8] = props.middle_m[:, 2] - props.half_m[:, 2]
        return boxes

    def _edges(self, walker: Walker, here_m: F64, radius_m: float) -> F64:
        """Return the edges (0 or 2, 3) of the strip along its path that a walker keeps to."""
        if walker.room_m is None:
            return _NO_EDGES
        x, y, tx, ty = walker.beside()
        aside = (float(here_m[1]) - y) * tx - (float(here_m[0]) - x) * ty
        left, right = (max(room - radius_m, 0.05) for room in walker.room_m)
        return np.array([(ty, -tx, -(left - aside) / EDGE_S), (-ty, tx, -(right + aside) / EDGE_S)])


def _radius(body: Body) -> float:
    """Return half of the width or length of a body's core, whichever is more."""
    low, high = extent(body.asset.collision or (bounding_box(body.asset),))
    return 0.5 * float((high - low)[:2].max())
