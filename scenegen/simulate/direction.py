"""The scene's direction: starts manoeuvres when their triggers fire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenegen.records import Brake, Drive, Fall, Release, Stand, Walk
from scenegen.records.base import F64
from scenegen.simulate.script import Script
from scenegen.simulate.triggers import fires

if TYPE_CHECKING:
    from scenegen.simulate.world import World


class Direction:
    """Takes every actor through its behaviour.

    Attributes
    ----------
    scripts : list of Script
        One for each actor, in their order.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.scripts = [Script(body.actor) for body in world.bodies]

    def start_manoeuvres(self) -> None:
        """Start whatever is due at the present control step.

        Raises
        ------
        ValueError
            An actor is to do what its body can't: walk without legs, drive without wheels.
        """
        world = self._world
        for k, script in enumerate(self.scripts):
            while (pending := script.pending) is not None:
                trigger = pending.trigger
                other = None
                if trigger.actor is not None:
                    j = world.index[trigger.actor]
                    other = (*self._planar(j), float(world.yaw_rad[j]))
                if not fires(trigger, world.time_s, self._planar(k), other, self._finished(k)):
                    break
                self._begin(k, script.advance().action)

    def _planar(self, k: int) -> tuple[F64, F64]:
        return self._world.position_m[k, :2], self._world.velocity_mps[k, :2]

    def _finished(self, k: int) -> bool:
        world, running = self._world, self.scripts[k].running
        if running is None or isinstance(running.action, Release | Fall):
            return True
        if isinstance(running.action, Walk):
            return world.afoot.movers[k].finished
        if k in world.vehicle_of:
            n = world.vehicle_of[k]
            return world.drivers.finished(n, running.action, float(world.speed_mps[n]))
        return True

    def _begin(self, k: int, action: Drive | Brake | Walk | Stand | Fall | Release) -> None:
        """Start an action of actor `k`."""
        world = self._world
        if isinstance(action, Release):
            world.falls.let_go(k)
        elif isinstance(action, Fall):
            if k not in world.walkers:
                raise ValueError(f"{world.bodies[k].actor.name} has no legs to fall from")
            world.falls.topple(k, action.way)
        elif isinstance(action, Walk):
            if k not in world.afoot.movers:
                raise ValueError(f"{world.bodies[k].actor.name} has no legs to walk on")
            world.afoot.movers[k].start(action)
        elif k in world.vehicle_of:
            world.drivers.start(world.vehicle_of[k], action, world.position_m[k, :2])
        elif isinstance(action, Stand):
            if k in world.afoot.movers:
                world.afoot.movers[k].stop(action.gait)
        else:
            raise ValueError(f"{world.bodies[k].actor.name} has no wheels to drive on")
