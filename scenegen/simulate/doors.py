"""Doors that swing open: their angles, and the bodies with which others collide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenegen.records import Door

if TYPE_CHECKING:
    from scenegen.simulate.world import World


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
    """The doors of a world's vehicles that have been moved."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._swings: dict[tuple[int, str], Swing] = {}

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
