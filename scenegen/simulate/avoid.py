"""How people on legs keep clear of each other, of vehicles and of walls.

Each walker that avoids others wants to go along its path; what it does is the velocity
nearest to that which keeps clear (`orca`). Boxes rule out what lies behind the plane that
touches them nearest to the walker; so do the edges of the strip that a walker keeps to.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin
from typing import TYPE_CHECKING

import numpy as np

from scenegen.records.base import F64
from scenegen.simulate.bodies import Body, bounding_box, extent
from scenegen.simulate.orca import HalfPlane, keep_clear, nearest_allowed
from scenegen.simulate.vectors import clipped

if TYPE_CHECKING:
    from scenegen.simulate.walkers import Walker
    from scenegen.simulate.world import World

SEEN_M = 8.0
NEIGHBOURS = 8
"""The nearest so many within so far count: more than people heed."""

BESIDE_M = 0.1
"""Room that people leave beside their own width."""

OBSTACLE_S = 1.0
EDGE_S = 0.4
"""Within which nobody reaches an obstacle, or the edge of the strip walked on."""

LOOK_M = 4.0
"""How far ahead people see that something stands in their way."""

ROUND_M = 0.1
AT_CORNER_M = 0.4
_CORNERS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
STILL_MPS = 0.5
OVERHEAD_M = 2.0
FALLEN_M = 0.7
FASTER = 1.25
"""How much faster than wanted one goes to get out of another's way."""

KEEP_RIGHT_RAD = 0.06
"""What people turn to the right when they meet: of two who do, none blocks the other."""


@dataclass(frozen=True)
class _Obstacles:
    """Upright boxes: middles, cosines and sines of headings, half sizes, velocities, undersides.

    Of shapes (M, 2), (M,), (M,), (M, 2), (M, 2) and (M,).
    """

    middle_m: F64
    cos: F64
    sin: F64
    half_m: F64
    motion_mps: F64
    underside_m: F64

    def around(self, points_m: F64) -> list[_Obstacles]:
        """Return, for each of points (W, 2), the boxes of which it may see anything."""
        (x, y), (dx, dy) = self.half_m.T, (self.middle_m.T[:, None] - points_m.T[..., None])
        far = SEEN_M + np.sqrt(x * x + y * y)
        near = dx * dx + dy * dy <= far * far
        return [
            _Obstacles(
                self.middle_m[some],
                self.cos[some],
                self.sin[some],
                self.half_m[some],
                self.motion_mps[some],
                self.underside_m[some],
            )
            for some in map(np.flatnonzero, near)
        ]


class Avoidance:
    """The neighbours and obstacles of a world's walkers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._radius_m = np.array([_radius(body) for body in world.bodies])
        self._goes_left: dict[int, bool] = {}
        self._things = [k for k in range(len(world.bodies)) if k not in world.afoot.movers]
        self._own_radius_m = self._radius_m.copy()

    def velocities(self, wanted_mps: dict[int, F64]) -> dict[int, F64]:
        """Return the velocities (2,) that keep clear, all decided at once.

        Parameters
        ----------
        wanted_mps : dict of int to ndarray, shape (2,)
            What each walker that avoids others would like, by actor.
        """
        world = self._world
        others = [k for k in world.afoot.movers if not world.carriage.attached[k]]
        self._gather()
        everything = self._obstacles()
        seen = everything.around(world.position_m[list(wanted_mps), :2])
        found: dict[int, F64] = {}
        for (k, wanted), boxes in zip(wanted_mps.items(), seen, strict=True):
            walker, here = world.afoot.movers[k], world.position_m[k, :2]
            people = self._people(k, others, wanted_mps)
            (at, radius), *pushed = self._circles[k]
            walls = self._kept_off(at, radius, boxes)
            for at, radius in pushed:
                walls += self._kept_off(at, radius, everything.around(at[None, :2])[0])
            walls += self._edges(walker, here, float(self._own_radius_m[k]))
            planes = np.array([*people, *walls]).reshape(-1, 3)
            firm = np.arange(len(planes)) >= len(people)
            way = _turned(self._around(walker, wanted, float(self._own_radius_m[k]), boxes), people)
            way = walker.towards(way, self._velocity_mps[k], world.control_dt)
            fastest = max(FASTER * walker.wanted_mps, float(np.hypot(way[0], way[1])), 0.4)
            found[k] = nearest_allowed(way, planes, firm, fastest)
        return found

    def _gather(self) -> None:
        """Work out the circles that people are: with what they push, one around both."""
        world = self._world
        self._centre_m = world.position_m[:, :2].copy()
        # What turns about its axle swings its ends; all of it goes with the axle.
        self._velocity_mps = world.velocity_mps[:, :2].copy()
        for k in world.rolling.axles_m():
            walker = world.afoot.movers[k]
            self._velocity_mps[k] = walker.speed_mps * walker.heading()
        self._circles = {
            k: [(world.position_m[k], float(self._own_radius_m[k]))] for k in world.afoot.movers
        }
        self._radius_m = self._own_radius_m.copy()
        for j in world.rolling.moved:
            if world.carriage.attached[j]:
                k = int(world.carriage.carrier[j])
                ahead = world.position_m[j, :2] - world.position_m[k, :2]
                apart = max(float(np.hypot(ahead[0], ahead[1])), 1e-6)
                reach = float(self._own_radius_m[k]) + apart + float(self._own_radius_m[j])
                self._radius_m[k] = 0.5 * reach
                self._circles[k].append((world.position_m[j], float(self._own_radius_m[j])))
                self._centre_m[k] += ahead * ((0.5 * reach - self._own_radius_m[k]) / apart)

    def _people(self, k: int, others: list[int], avoiding: dict[int, F64]) -> list[HalfPlane]:
        world = self._world
        own = self._velocity_mps[k]
        apart = self._centre_m[others] - self._centre_m[k]
        distance = np.hypot(apart[:, 0], apart[:, 1])
        near = [n for n in np.argsort(distance, kind="stable").tolist() if others[n] != k]
        planes = []
        for n in near[:NEIGHBOURS]:
            if distance[n] > SEEN_M:
                break
            j = others[n]
            radius = FALLEN_M if world.afoot.movers[j].struck else float(self._radius_m[j])
            planes.append(
                keep_clear(
                    _pair(apart[n]),
                    _pair(own),
                    _pair(self._velocity_mps[j]),
                    float(self._radius_m[k]) + radius + BESIDE_M,
                    0.5 if j in avoiding else 1.0,
                    world.control_dt,
                )
            )
        return planes

    def _obstacles(self) -> _Obstacles:
        """Return what stands in the way: vehicles, things and scenery."""
        world, props = self._world, self._world.scenery.boxes
        own = [k for k in self._things if not world.carriage.attached[k]]
        yaw = np.concatenate([world.yaw_rad[own], props.yaw_rad])
        half = 0.5 * np.array([world.bodies[k].asset.size_m[:2] for k in own]).reshape(-1, 2)
        still = np.zeros((len(props.yaw_rad), 2))
        return _Obstacles(
            np.concatenate([world.position_m[own, :2], props.middle_m[:, :2]]),
            np.cos(yaw),
            np.sin(yaw),
            np.concatenate([half, props.half_m[:, :2]]),
            np.concatenate([world.velocity_mps[own, :2], still]),
            np.concatenate([world.position_m[own, 2], props.middle_m[:, 2] - props.half_m[:, 2]]),
        )

    def _kept_off(self, here: F64, radius_m: float, boxes: _Obstacles) -> list[HalfPlane]:
        """Return what keeps a circle around a point (3,) off the boxes around."""
        apart, half, c, s = boxes.middle_m - here[:2], boxes.half_m, boxes.cos, boxes.sin
        # The walker seen from each box, and the box's nearest point to it.
        x, y = -(c * apart[:, 0] + s * apart[:, 1]), s * apart[:, 0] - c * apart[:, 1]
        dx = clipped(x, -half[:, 0], half[:, 0]) - x
        dy = clipped(y, -half[:, 1], half[:, 1]) - y
        distance = np.hypot(dx, dy)
        planes = []
        low = boxes.underside_m < here[2] + OVERHEAD_M
        for n in np.flatnonzero((distance < SEEN_M) & (distance > 0.0) & low).tolist():
            d = float(distance[n])
            nx = float(c[n] * dx[n] - s[n] * dy[n]) / d
            ny = float(s[n] * dx[n] + c[n] * dy[n]) / d
            room = (d - radius_m - BESIDE_M) / OBSTACLE_S
            coming = min(float(boxes.motion_mps[n] @ (nx, ny)), 0.0)
            # Nobody runs from what comes; one doesn't go into its way either.
            planes.append((-nx, -ny, -max(room + coming, 0.0) if room > 0.0 else -room))
        return planes

    def _around(self, walker: Walker, wanted: F64, radius_m: float, boxes: _Obstacles) -> F64:
        """Return the wanted velocity, turned to the better corner of a box that is in its way."""
        speed = float(np.hypot(wanted[0], wanted[1]))
        if speed < 0.1:
            return wanted
        here = walker.position_m
        apart, c, s = here[:2] - boxes.middle_m, boxes.cos, boxes.sin
        at = np.stack([c * apart[:, 0] + s * apart[:, 1], c * apart[:, 1] - s * apart[:, 0]], 1)
        run = (LOOK_M / speed) * np.stack(
            [c * wanted[0] + s * wanted[1], c * wanted[1] - s * wanted[0]], axis=1
        )
        half = boxes.half_m + radius_m + BESIDE_M
        slope = np.where(np.abs(run) < 1e-9, 1e-9, run)
        enter, leave = (-np.sign(slope) * half - at) / slope, (np.sign(slope) * half - at) / slope
        first, last = enter.max(axis=1), leave.min(axis=1)
        still = (boxes.motion_mps * boxes.motion_mps).sum(axis=1) < STILL_MPS**2
        low = boxes.underside_m < here[2] + OVERHEAD_M
        hit = (first < last) & (last > 0.0) & (first < 1.0) & still & low
        if not hit.any():
            self._goes_left.pop(walker.actor, None)
            return wanted
        n = int(np.where(hit, first, np.inf).argmin())
        corner = self._corner(walker.actor, at[n], run[n], half[n] + ROUND_M)
        way = np.array([c[n] * corner[0] - s[n] * corner[1], s[n] * corner[0] + c[n] * corner[1]])
        return np.asarray(way * (speed / max(float(np.hypot(way[0], way[1])), 1e-6)))

    def _corner(self, k: int, at_m: F64, run_m: F64, half_m: F64) -> F64:
        """Return the way (2,) to the outermost corner of a box on the side of the shorter detour.

        All in the box's frame: walker `k` is at `at_m` and wants to go by `run_m`. A side
        once chosen is kept until the way is free.
        """
        ways = _CORNERS * half_m - at_m
        # Who is at a corner goes on to the next one.
        ways = ways[(ways * ways).sum(axis=1) > AT_CORNER_M**2]
        x, y = (-at_m).tolist()
        angle = np.arctan2(x * ways[:, 1] - y * ways[:, 0], ways @ -at_m)
        left, right = ways[angle.argmax()], ways[angle.argmin()]
        if k not in self._goes_left:
            detour = [np.hypot(*way) + np.hypot(*(run_m - way)) for way in (left, right)]
            self._goes_left[k] = bool(detour[0] < detour[1])
        return np.asarray(left if self._goes_left[k] else right)

    def _edges(self, walker: Walker, here_m: F64, radius_m: float) -> list[HalfPlane]:
        """Return the edges of the strip along its path that a walker keeps to."""
        if walker.room_m is None:
            return []
        on_path, (tx, ty) = walker.beside()
        aside = float((here_m[1] - on_path[1]) * tx - (here_m[0] - on_path[0]) * ty)
        left, right = (max(room - radius_m, 0.05) for room in walker.room_m)
        return [
            (ty, -tx, -(left - aside) / EDGE_S),
            (-ty, tx, -(right + aside) / EDGE_S),
        ]


def _radius(body: Body) -> float:
    """Return half of the width or length of a body's core, whichever is more."""
    low, high = extent(body.asset.collision or (bounding_box(body.asset),))
    return 0.5 * float((high - low)[:2].max())


def _pair(vector: F64) -> tuple[float, float]:
    return float(vector[0]), float(vector[1])


def _turned(vector: F64, people: list[HalfPlane]) -> F64:
    """Return a wanted velocity, a little to the right where there is anybody to meet."""
    angle = -KEEP_RIGHT_RAD if people else 0.0
    c, s = cos(angle), sin(angle)
    return np.array([c * vector[0] - s * vector[1], s * vector[0] + c * vector[1]])
