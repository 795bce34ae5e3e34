"""Doors that swing open: their angles, and the bodies with which others collide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenegen.assets import door_shape
from scenegen.geometry import apply, pose
from scenegen.records import Door
from scenegen.records.base import Quaternion
from scenegen.records.mesh import CollisionShape
from scenegen.simulate.bodies import CHASSIS

if TYPE_CHECKING:
    from scenegen.simulate.world import World


STEP_RAD = 0.12
"""Bullet gets a new body whenever a door has swung so far: making one takes milliseconds."""


@dataclass(frozen=True)
class Swing:
    """A door on its way, or at its end."""

    from_rad: float
    to_rad: float
    begins_s: float
    over_s: float

    def angle(self, time_s: float) -> float:
        """Return where the door is; it starts and stops gently."""
        u = min(max((time_s - self.begins_s) / self.over_s, 0.0), 1.0)
        return self.from_rad + (self.to_rad - self.from_rad) * u * u * (3.0 - 2.0 * u)


class Doors:
    """The doors of a world's vehicles that have been moved.

    An open door is a shape of its vehicle's body: who hits it hits the vehicle.

    Attributes
    ----------
    aside_m : ndarray, shape (A,)
        How far open doors stand out beside each actor.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._swings: dict[tuple[int, str], Swing] = {}
        self._solid_rad: dict[tuple[int, str], float] = {}
        self.aside_m = np.zeros(len(world.bodies))

    def start(self, k: int, action: Door) -> None:
        """Begin to swing a door of actor `k`.

        Raises
        ------
        ValueError
            Its asset has no such door.
        """
        body = self._world.bodies[k]
        if action.channel not in body.asset.joints:
            raise ValueError(f"{body.actor.name} ({body.asset.id}) has no {action.channel}")
        now = self._world.time_s
        known = self._swings.get((k, action.channel))
        at = known.angle(now) if known else 0.0
        self._swings[k, action.channel] = Swing(at, action.angle_rad, now, action.over_s)

    def stands(self, k: int, action: Door) -> bool:
        """Return whether a door of actor `k` has come to where an action swings it."""
        swing = self._swings.get((k, action.channel))
        return swing is not None and self._world.time_s >= swing.begins_s + swing.over_s - 1e-9

    def show(self) -> None:
        """Write the doors' angles into the joint values."""
        for (k, channel), swing in self._swings.items():
            joints = self._world.bodies[k].asset.joints
            self._world.articulation[k, joints.index(channel)] = swing.angle(self._world.time_s)

    def swing(self) -> None:
        """Let the bodies with which others collide follow the doors."""
        now = self._world.time_s
        moved = set()
        for key, swing in self._swings.items():
            angle, solid = swing.angle(now), self._solid_rad.get(key, 0.0)
            stands = now >= swing.begins_s + swing.over_s
            if abs(angle - solid) > STEP_RAD or (stands and angle != solid):
                self._solid_rad[key] = angle
                moved.add(key[0])
        for k in sorted(moved):
            self._remake(k)

    def _remake(self, k: int) -> None:
        """Give actor `k` a body with its doors as they are."""
        world, body = self._world, self._world.bodies[k]
        shapes: list[CollisionShape] = list(body.asset.collision)
        turns: list[Quaternion] = [(1.0, 0.0, 0.0, 0.0)] * len(shapes)
        reach = 0.0
        for (actor, channel), angle in self._solid_rad.items():
            if actor != k or angle <= 0.0:
                continue
            part, door = door_shape(body.asset, channel)
            half = 0.5 * angle * part.joints[0].axis[2]
            turn: Quaternion = (float(np.cos(half)), 0.0, 0.0, float(np.sin(half)))
            x, y, z = apply(pose(part.origin_m, turn), np.array([door.center_m]))[0].tolist()
            shapes.append(CollisionShape("box", (x, y, z), door.size_m))
            turns.append(turn)
            reach = max(reach, door.size_m[0] * float(np.sin(angle)))
        self.aside_m[k] = reach
        uid = world.engine.add_body(
            shapes, body.cg_m, body.mass_kg, body.inertia_kgm2, CHASSIS, turns
        )
        world.collisions.exchange(k, uid, reach)
