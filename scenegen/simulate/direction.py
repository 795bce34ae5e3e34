"""The scene's direction: starts manoeuvres when their conditions are met."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scenegen.records import (
    Alongside,
    Brake,
    Condition,
    Door,
    Drive,
    Fall,
    GetOut,
    Pace,
    Pose,
    Release,
    Stand,
    Synchronize,
    Trigger,
    Walk,
)
from scenegen.records.behaviour import Action
from scenegen.simulate.script import Script
from scenegen.simulate.triggers import Watch

if TYPE_CHECKING:
    from scenegen.simulate.world import World

_MOTIONS = (Drive, Brake, Pace, Synchronize, Walk, Stand)
_SPEEDS = (Brake, Pace, Synchronize)


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

    def start_manoeuvres(self, who: Iterable[int] | None = None) -> None:
        """Start whatever is due at the present control step.

        Parameters
        ----------
        who : iterable of int, optional
            The actors (indices) that are looked at, in their order; all unless told.

        Raises
        ------
        ValueError
            An actor is to do what its body can't: walk without legs, drive without wheels.
        """
        for k in range(len(self.scripts)) if who is None else who:
            script = self.scripts[k]
            self._note_ends(k, script)
            self._watch_interrupts(k, script)
            while not (script.given_up and script.over is None):
                pending = script.pending
                if pending is None or not self._due(k, "next", 0, pending.trigger):
                    break
                self._begin(k, script.advance().action)
                self._start_beside(k, script)
            self._start_beside(k, script)

    def _due(self, k: int, what: str, number: int, condition: Condition) -> bool:
        """Return whether something that an actor waits for may start."""
        waits = self.scripts[k].waits
        watch = waits.get((what, number))
        if watch is None:
            watch = waits[what, number] = Watch(self._world, k, condition)
        # Most are plain and ask for nothing else; whether one is finished takes working out.
        plain = isinstance(condition, Trigger) and condition.kind != "start"
        return watch.fires(plain or self._finished(k))

    def _watch_interrupts(self, k: int, script: Script) -> None:
        """Let an interrupt take over, or give back."""
        over = script.over
        if over is not None:
            # Who has moved aside stays there until what it was for is past.
            if over.until is not None:
                ends = self._due(k, "until", 0, over.until)
            else:
                ends = script.pending is None and self._finished(k)
            if ends:
                script.give_back()
                if not script.given_up:
                    self._resume(k, script)
            return
        for number, interrupt in enumerate(script.actor.interrupts):
            if number in script.spent:
                anew = Watch(self._world, k, interrupt.trigger)
                if not anew.holds(self._finished(k)):
                    script.spent.discard(number)
                continue
            watch = script.alarms.setdefault(number, Watch(self._world, k, interrupt.trigger))
            if watch.fires(self._finished(k)):
                script.break_off(number)
                self._begin(k, script.advance().action)
                return

    def _resume(self, k: int, script: Script) -> None:
        """Go on with the manoeuvre that an interrupt broke off."""
        running = script.running
        if running is not None and isinstance(running.action, _MOTIONS):
            self._begin(k, running.action, resumed=True)

    def _start_beside(self, k: int, script: Script) -> None:
        """Start what may run beside the present manoeuvre."""
        running = script.running
        if running is None:
            return
        for number, beside in enumerate(running.alongside):
            if number in script.beside or not self._beside_due(k, number, beside):
                continue
            script.beside.append(number)
            script.begun.add(beside.does)
            self._begin(k, beside.action)
            # Who steers as well as brakes goes on braking, whichever began first.
            for action in script.in_force:
                if isinstance(action, _SPEEDS) and action is not beside.action:
                    self._begin(k, action)

    def _beside_due(self, k: int, number: int, beside: Alongside) -> bool:
        trigger = beside.trigger
        at_once = isinstance(trigger, Trigger) and trigger.kind == "start" and not trigger.delay_s
        return at_once or self._due(k, "beside", number, trigger)

    def _note_ends(self, k: int, script: Script) -> None:
        """Note what is over, whether or not anything follows it."""
        running, pending = script.running, script.pending
        if running is None or running.does in script.done:
            return
        last = pending is None or pending.entry != running.entry
        if last and self._finished(k):
            script.note_end(running)

    def _finished(self, k: int) -> bool:
        return all(self.is_over(k, action) for action in self.scripts[k].in_force)

    def is_over(self, k: int, action: Action) -> bool:
        """Return whether an action has come to its end."""
        world = self._world
        if isinstance(action, Walk):
            return world.afoot.movers[k].finished
        if isinstance(action, Door):
            return world.doors.stands(k, action)
        if isinstance(action, GetOut):
            return world.alighting.is_over(k)
        if isinstance(action, Drive | Brake | Pace | Synchronize) and k in world.vehicle_of:
            n = world.vehicle_of[k]
            return world.drivers.finished(n, action, float(world.speed_mps[n]))
        return True

    def _begin(self, k: int, action: Action, resumed: bool = False) -> None:
        """Start an action of actor `k`."""
        world = self._world
        if isinstance(action, _MOTIONS):
            self.scripts[k].motion = action
        match action:
            case Release():
                for j in [world.index[load] for load in action.loads] or [k]:
                    world.falls.drop(j, action.push_mps)
            case Fall():
                self._needs(k in world.walkers, k, "legs to fall from")
                world.falls.topple(k, action.way)
            case Door():
                world.doors.start(k, action)
            case GetOut():
                world.alighting.start(k, action)
            case Walk():
                self._needs(k in world.afoot.movers, k, "legs to walk on")
                world.afoot.movers[k].position_m = world.position_m[k]
                world.afoot.movers[k].start(action)
            case Pose():
                self._needs(k in world.afoot.movers, k, "hands")
                world.afoot.movers[k].gait = action.gait
            case Drive() | Brake() | Pace() | Synchronize() | Stand():
                self._go(k, action, resumed)

    def _go(
        self, k: int, action: Drive | Brake | Pace | Synchronize | Stand, resumed: bool
    ) -> None:
        """Let a vehicle drive, or anything stay where it is."""
        world = self._world
        if k in world.vehicle_of:
            pose = world.position_m[k, :2], float(world.yaw_rad[k])
            world.drivers.start(world.vehicle_of[k], action, *pose, resumed=resumed)
        elif isinstance(action, Stand):
            if k in world.afoot.movers:
                world.afoot.movers[k].stop(action.gait)
        else:
            self._needs(False, k, "wheels to drive on")

    def _needs(self, given: bool, k: int, what: str) -> None:
        if not given:
            raise ValueError(f"{self._world.bodies[k].actor.name} has no {what}")
