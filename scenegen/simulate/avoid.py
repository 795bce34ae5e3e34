"""How people on legs keep clear of each other, of vehicles and of walls.

Each walker that avoids others wants to go along its path; what it does is the velocity
nearest to that which keeps clear (`orca`). Boxes rule out what lies behind the plane that
touches them nearest to the walker; so do the edges of the strip that a walker keeps to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.simulate.bodies import Body, bounding_box, extent
from scenegen.simulate.clearing import BOX_FIELDS, UNDECIDED, ways_clear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenegen.simulate.walkers import Walker
    from scenegen.simulate.world import World

EDGE_S = 0.4
"""Within which nobody reaches the edge of the strip walked on."""

FALLEN_M = 0.7
_NO_EDGES = ((0.0, 0.0, 0.0),) * 2


class Avoidance:
    """The neighbours and obstacles of a world's walkers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._own_radius_m = np.array([_radius(body) for body in world.bodies])
        self._sides = np.full(len(world.bodies), UNDECIDED, dtype=np.int64)
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
        walkers = [world.afoot.movers[k] for k in wanted_mps]
        who = np.array(list(wanted_mps), dtype=np.int64)
        centre, velocity, radius, pushing = self._gather()
        ways = ways_clear(
            who,
            np.array(list(wanted_mps.values())),
            np.array([(w.limit_mps2, w.wanted_mps, world.control_dt) for w in walkers]),
            world.position_m,
            centre,
            velocity,
            radius,
            self._own_radius_m,
            people,
            heeding,
            *self._circles(who, pushing),
            *self._edges(walkers, who),
            self._obstacles(),
            self._sides,
        )
        return dict(zip(wanted_mps, ways, strict=True))

    def _circles(
        self, who: npt.NDArray[np.int64], pushing: dict[int, F64]
    ) -> tuple[F64, npt.NDArray[np.int64]]:
        """Return the circles (C, 4) of walkers (W,), and where those of each begin (W + 1,)."""
        own = np.column_stack([self._world.position_m[who], self._own_radius_m[who]])
        if not pushing:
            return own, np.arange(len(who) + 1)
        each = [pushing.get(k, own[w : w + 1]) for w, k in enumerate(who.tolist())]
        return np.concatenate(each), np.cumsum([0, *map(len, each)])

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

    def _edges(
        self, walkers: Sequence[Walker], who: npt.NDArray[np.int64]
    ) -> tuple[F64, npt.NDArray[np.int64]]:
        """Return the edges (W, 2, 3) of the strips along their paths that walkers keep to.

        And how many each has: 2, or 0 for who may go anywhere.
        """
        rows, here_m = [], self._world.position_m[who, :2].tolist()
        radii_m = self._own_radius_m[who].tolist()
        for walker, here, radius_m in zip(walkers, here_m, radii_m, strict=True):
            if walker.room_m is None:
                rows.append(_NO_EDGES)
                continue
            x, y, tx, ty = walker.beside()
            aside = (here[1] - y) * tx - (here[0] - x) * ty
            left, right = (max(room - radius_m, 0.05) for room in walker.room_m)
            rows.append(((ty, -tx, -(left - aside) / EDGE_S), (-ty, tx, -(right + aside) / EDGE_S)))
        kept = [0 if row is _NO_EDGES else 2 for row in rows]
        return np.array(rows), np.array(kept, dtype=np.int64)


def _radius(body: Body) -> float:
    """Return half of the width or length of a body's core, whichever is more."""
    low, high = extent(body.asset.collision or (bounding_box(body.asset),))
    return 0.5 * float((high - low)[:2].max())
