"""Doors that swing open: their angles, and the bodies with which others collide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.assets import door_shape
from scenegen.geometry import apply, pose
from scenegen.records import Door
from scenegen.records.base import F64, Quaternion
from scenegen.records.mesh import CollisionShape, Part
from scenegen.simulate.bodies import CHASSIS
from scenegen.simulate.perception import Boxes
from scenegen.simulate.vectors import rotation_matrices

if TYPE_CHECKING:
    from scenegen.simulate.world import World


STEP_RAD = 0.12
"""Bullet gets a new body whenever a door has swung so far: making one takes milliseconds."""


DOOR = "door_"
"""What the names of doors' channels begin with."""


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
    """The doors of a world's vehicles: those that have been moved, and where all of them are.

    An open door is a shape of its vehicle's body: who hits it hits the vehicle.

    Attributes
    ----------
    panels : tuple of (int, str)
        Every door there is, by actor (index) and channel.
    owner : ndarray, shape (D,), int64
        The actors of the panels.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._swings: dict[tuple[int, str], Swing] = {}
        self._solid_rad: dict[tuple[int, str], float] = {}
        self.panels = tuple(
            (k, channel)
            for k, body in enumerate(world.bodies)
            for channel in body.asset.joints
            if channel.startswith(DOOR)
        )
        self.owner = np.array([k for k, _ in self.panels], dtype=np.int64)
        self._shapes = [door_shape(world.bodies[k].asset, channel) for k, channel in self.panels]

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

    def angle(self, k: int, channel: str) -> float:
        """Return how far a door is open at present, rad."""
        swing = self._swings.get((k, channel))
        return 0.0 if swing is None else swing.angle(self._world.time_s)

    def goal(self, k: int, channel: str) -> float:
        """Return where a door comes to stand, or stands, rad."""
        swing = self._swings.get((k, channel))
        return 0.0 if swing is None else swing.to_rad

    def boxes(self) -> tuple[Boxes, npt.NDArray[np.bool_]]:
        """Return every panel (D,) as the box that it is at present, and which are not shut."""
        world, count = self._world, len(self.panels)
        middle, half = np.zeros((count, 3)), np.zeros((count, 3))
        angle = np.array([self.angle(*panel) for panel in self.panels])
        yaw = world.yaw_rad[self.owner]
        axes = rotation_matrices(world.quaternion_wxyz[self.owner])
        for n, (part, door) in enumerate(self._shapes):
            at, _ = _swung(part, door, float(angle[n]))
            middle[n] = world.position_m[self.owner[n]] + axes[n] @ at
            half[n] = 0.5 * np.array(door.size_m)
            yaw[n] += angle[n] * part.joints[0].axis[2]
        return Boxes(middle, yaw, half), angle > 0.0

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
            at, turn = _swung(part, door, angle)
            x, y, z = at.tolist()
            shapes.append(CollisionShape("box", (x, y, z), door.size_m))
            turns.append(turn)
            reach = max(reach, door.size_m[0] * float(np.sin(angle)))
        uid = world.engine.add_body(
            shapes, body.cg_m, body.mass_kg, body.inertia_kgm2, CHASSIS, turns
        )
        world.collisions.exchange(k, uid, reach)


def _swung(part: Part, door: CollisionShape, angle_rad: float) -> tuple[F64, Quaternion]:
    """Return middle (3,) and turn of a door's box in its vehicle's body frame."""
    half = 0.5 * angle_rad * part.joints[0].axis[2]
    turn: Quaternion = (float(np.cos(half)), 0.0, 0.0, float(np.sin(half)))
    return apply(pose(part.origin_m, turn), np.array([door.center_m]))[0], turn
