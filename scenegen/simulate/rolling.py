"""What is pushed or propelled by hand: it stands on its wheels, which roll and swivel.

It goes where those who push or sit in it take it. Its rear wheels roll with the ground
below them; a castor follows its pivot as a point that is pulled on a short pole does (a
tractrix), and so turns round when what it carries goes backward or to the side.

Let go, it is Bullet's: a box that slides with the rolling resistance of its wheels, while those of
the rear axle, which can't swivel, hold it against going aside; until it tips over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.geometry import matrix_from_quaternion, quaternion_from_rpy, wrap_angle
from scenegen.records import Asset, Walk
from scenegen.records.base import F64
from scenegen.records.taxonomy import ROLLER_JOINTS
from scenegen.simulate.bodies import THING
from scenegen.simulate.engine import GRAVITY_MPS2, Surfacing
from scenegen.simulate.vectors import cross
from scenegen.simulate.walkers import CLIMB_MPS

if TYPE_CHECKING:
    from scenegen.simulate.world import World

STILL_MPS = 0.02
RESISTANCE = 0.015
"""Rolling resistance on asphalt, of small wheels with solid tyres (own estimate)."""
ROLLS = Surfacing(friction=RESISTANCE)
GRIP = 0.6
"""Friction of its tyres to the side."""
TIPPED = 0.85
"""Cosine of the lean from which it lies rather than rolls."""
LIFTED_M = 0.02
"""Height of the rear wheels from which they hold nothing."""
NEARLY_BACK_RAD = 3.0
"""A castor that points straight ahead of its motion would never turn round."""


class _Undercarriage:
    """The wheels of one thing, in the order of `ROLLER_JOINTS`."""

    def __init__(self, asset: Asset) -> None:
        order = [(False, 1.0), (False, -1.0), (True, 1.0), (True, -1.0)]
        wheels = [
            next(w for w in asset.wheels if (w.steered, float(np.sign(w.position_m[1]))) == which)
            for which in order
        ]
        self.hub_m = np.array([w.position_m[:2] for w in wheels])
        self.radius_m = np.array([w.radius_m for w in wheels])
        forks = [next(p for p in asset.parts if p.name == f"castor_{s}") for s in ("left", "right")]
        self.pivot_m = np.array([fork.origin_m[:2] for fork in forks])
        self.trail_m = float(self.pivot_m[0, 0] - self.hub_m[2, 0])
        self.plane = np.linalg.pinv(np.column_stack([np.ones(4), self.hub_m]))
        self.heights_m: F64 | None = None
        self.values = np.zeros(len(ROLLER_JOINTS))
        self.rolled_rad = 0.0


class Rolling:
    """The rolling things of a world.

    Attributes
    ----------
    moved : set of int
        Actors that somebody pushes or propels at present.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        actors = [body.actor for body in world.bodies]
        carriers = {actor.attached_to for actor in actors}
        self._under: dict[int, _Undercarriage] = {}
        self.moved: set[int] = set()
        self._free: dict[int, float] = {}
        self.propelled: list[int] = []
        for k, body in enumerate(world.bodies):
            if body.asset.joints != ROLLER_JOINTS:
                continue
            self._under[k] = _Undercarriage(body.asset)
            walks = any(isinstance(m.action, Walk) for m in body.actor.behaviour)
            if walks and body.actor.instance_id not in carriers:
                raise ValueError(f"nobody sits in {body.actor.name} to propel it")
            if walks:
                self.propelled.append(k)
            if walks or body.actor.attached_to is not None:
                self.moved.add(k)

    def axles_m(self) -> dict[int, float]:
        """Return how far ahead of everyone who pushes or propels something its rear axle is."""
        carriage = self._world.carriage
        found = {}
        for k in self.moved:
            axle = float(self._under[k].hub_m[0, 0])
            if carriage.attached[k]:
                found[int(carriage.carrier[k])] = axle + float(carriage.offset_m[k, 0])
            else:
                found[k] = axle
        return found

    def let_go(self, k: int) -> None:
        """Leave a thing to roll by itself from now on."""
        self.moved.discard(k)
        self._free[k] = self._world.bodies[k].mass_kg
        self._world.engine.set_surfacing(self._world.uids[k], ROLLS)

    def grip(self) -> None:
        """Keep what rolls by itself from sliding aside, before a step of Bullet's."""
        world = self._world
        for k in sorted(self._free):
            self._weigh(k)
            (row,) = world.engine.read([world.uids[k]])
            axes = matrix_from_quaternion(row[3:7])
            if axes[2, 2] < TIPPED:
                del self._free[k]
                world.engine.set_surfacing(world.uids[k], THING)
            else:
                self._hold(k, row, axes)

    def _weigh(self, k: int) -> None:
        """Let a thing be as heavy as it is with those who sit in it."""
        world, body = self._world, self._world.bodies[k]
        mass = body.mass_kg + sum(world.bodies[j].mass_kg for j in world.carriage.borne(k))
        if mass != self._free[k]:
            self._free[k] = mass
            x, y, z = (np.array(body.inertia_kgm2) * (mass / body.mass_kg)).tolist()
            world.engine.set_mass(world.uids[k], mass, (x, y, z))

    def _hold(self, k: int, row: F64, axes: F64) -> None:
        """Stop the rear axle's foot going aside, by an impulse as far as friction goes."""
        world, under, body, mass = self._world, self._under[k], self._world.bodies[k], self._free[k]
        rear, front = under.hub_m[0, 0], under.hub_m[2, 0]
        foot = axes @ (np.array([rear, 0.0, 0.0]) - body.cg_m)
        at, left = row[:3] + foot, axes[:, 1]
        if at[2] > float(world.ground.height(at[None, :2])[0]) + LIFTED_M:
            return
        share = (front - body.cg_m[0]) / (front - rear)
        most = GRIP * share * mass * GRAVITY_MPS2 * world.dt
        lever = cross(foot, left) @ axes
        turn = lever * body.mass_kg / (mass * np.array(body.inertia_kgm2))
        aside = float((row[7:10] + cross(row[10:13], foot)) @ left)
        impulse = min(max(-aside / (1.0 / mass + float(lever @ turn)), -most), most)
        velocity, spin = row[7:10] + impulse / mass * left, row[10:13] + axes @ (impulse * turn)
        world.engine.push([world.uids[k]], [velocity.tolist()], [spin.tolist()])

    def stand(self, k: int, xy_m: F64, yaw_rad: float) -> tuple[float, F64]:
        """Return height and quaternion (4,) of a thing that is moved to a place.

        Each wheel climbs a kerb no faster than people lift it.
        """
        world, under = self._world, self._under[k]
        turn = np.array([np.cos(yaw_rad), np.sin(yaw_rad)])
        across = np.array([-turn[1], turn[0]])
        ground = world.ground.height(xy_m + under.hub_m[:, :1] * turn + under.hub_m[:, 1:] * across)
        if under.heights_m is None:
            under.heights_m = ground
        climb = CLIMB_MPS * world.control_dt
        under.heights_m = under.heights_m + np.clip(ground - under.heights_m, -climb, climb)
        z, ahead, left = (under.plane @ under.heights_m).tolist()
        tilt = quaternion_from_rpy(float(np.arctan(left)), float(-np.arctan(ahead)), yaw_rad)
        return z, tilt

    def roll(self, dt: float) -> None:
        """Turn wheels and castors by how everything has moved in the last control step."""
        world = self._world
        for k, under in self._under.items():
            if (k not in self.moved and k not in self._free) or dt == 0.0:
                continue
            c, s = np.cos(world.yaw_rad[k]), np.sin(world.yaw_rad[k])
            vx, vy, _ = world.velocity_mps[k].tolist()
            ahead, aside = c * vx + s * vy, c * vy - s * vx
            turning = float(world.spin_radps[k, 2])
            rear = (ahead - turning * under.hub_m[:2, 1]) * dt / under.radius_m[:2]
            pivot = np.stack(
                [ahead - turning * under.pivot_m[:, 1], aside + turning * under.pivot_m[:, 0]], 1
            )
            speed = np.hypot(pivot[:, 0], pivot[:, 1])
            swivel = under.values[4:] - turning * dt
            goes = np.arctan2(pivot[:, 1], pivot[:, 0])
            off = np.clip(wrap_angle(swivel - goes), -NEARLY_BACK_RAD, NEARLY_BACK_RAD)
            after = 2.0 * np.arctan(np.tan(0.5 * off) * np.exp(-speed * dt / under.trail_m))
            swivel = np.where(speed > STILL_MPS, goes + after, swivel)
            front = speed * np.cos(0.5 * (off + after)) * dt / under.radius_m[2:]
            turned = under.values[:4] + np.concatenate([rear, front])
            under.values = np.asarray(wrap_angle(np.concatenate([turned, swivel])))
            under.rolled_rad += float(rear.mean())

    def values(self, k: int) -> F64:
        """Return the joint values (6,) of a rolling thing."""
        return self._under[k].values

    def things(self) -> list[int]:
        """Return all rolling things."""
        return list(self._under)

    def rolled_rad(self, k: int) -> float:
        """Return how far the rear wheels have turned since the start."""
        return self._under[k].rolled_rad
