"""When a manoeuvre starts, from the true state at a control step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.assets import under
from scenegen.geometry.encounters import Moving, gap_ahead, is_behind, time_headway
from scenegen.records import (
    AllOf,
    AnyOf,
    Condition,
    OnAction,
    OnAhead,
    OnGapAhead,
    OnHeadway,
    OnPlace,
    OnRoom,
    OnSignal,
    OnSpeed,
    Trigger,
)
from scenegen.records.base import F64
from scenegen.simulate.room import is_room

if TYPE_CHECKING:
    from scenegen.simulate.world import World

_EPSILON_S = 1e-9
LATE_M = 30.0
"""How far past a line something may already be for the line to count as passed."""


class Watch:
    """A condition that an actor waits for, and what it remembers meanwhile.

    Parameters
    ----------
    k : int
        Index of the actor that waits.
    """

    def __init__(self, world: World, k: int, condition: Condition) -> None:
        self._world, self._k = world, k
        self.condition = condition
        inner = condition.conditions if isinstance(condition, AllOf | AnyOf) else ()
        self._parts = [Watch(world, k, part) for part in inner]
        self._met_s: float | None = None

    def fires(self, before_finished: bool) -> bool:
        """Return whether the condition is met now, or was so long ago as its delay asks for.

        Parameters
        ----------
        before_finished : bool
            Whether the manoeuvre before this one has come to its end, or there is none.
        """
        met = self.holds(before_finished)
        if self.condition.delay_s <= 0.0:
            return met
        now = self._world.time_s
        if met and self._met_s is None:
            self._met_s = now
        if self._met_s is None:
            return False
        return now - self._met_s >= self.condition.delay_s - _EPSILON_S

    def holds(self, before_finished: bool) -> bool:  # noqa: PLR0911 - one for each kind
        """Return whether the condition is met now, its delay left aside."""
        condition, world = self.condition, self._world
        match condition:
            case Trigger():
                other = None
                if condition.actor is not None:
                    j = world.index[condition.actor]
                    other = (*self._planar(j), float(world.yaw_rad[j]))
                own = self._planar(self._k)
                return fires(condition, world.time_s, own, other, before_finished)
            case OnSignal():
                shown = zip(world.network.signals, world.signals().tolist(), strict=True)
                group = [s for h, s in shown if h.kind != "walk" and h.group == condition.group]
                return any(state in condition.states for state in group)
            case OnAction():
                script = world.direction.scripts[world.index[condition.actor]]
                noted = script.begun if condition.phase == "starts" else script.done
                return condition.does in noted
            case OnSpeed():
                velocity = world.velocity_mps[self._who(condition.actor), :2]
                speed = float(np.hypot(velocity[0], velocity[1]))
                slow, fast = condition.at_most_mps, condition.at_least_mps
                return (slow is None or speed <= slow) and (fast is None or speed >= fast)
            case OnPlace():
                return _is_past(condition, world.position_m[self._who(condition.actor), :2])
            case OnAhead():
                return self._is_ahead(condition)
            case OnHeadway():
                return self._headway_s(condition.actor) <= condition.time_s
            case OnGapAhead():
                return self._is_near(condition)
            case OnRoom():
                return is_room(world, self._k, condition)
            case AllOf():
                return min(self._asked(before_finished))
            case AnyOf():
                return max(self._asked(before_finished))

    def _asked(self, before_finished: bool) -> list[bool]:
        """Return what all parts say: each remembers when it was first met."""
        return [part.fires(before_finished) for part in self._parts]

    def _who(self, instance: int | None) -> int:
        return self._k if instance is None else self._world.index[instance]

    def _planar(self, k: int) -> tuple[F64, F64]:
        return self._world.position_m[k, :2], self._world.velocity_mps[k, :2]

    def _is_ahead(self, condition: OnAhead) -> bool:
        """Return whether the own rear is so far ahead of the other's front."""
        world, k, j = self._world, self._k, self._world.index[condition.actor]
        heading = np.array([np.cos(world.yaw_rad[k]), np.sin(world.yaw_rad[k])])
        apart = float((world.position_m[k, :2] - world.position_m[j, :2]) @ heading)
        turn = float(world.yaw_rad[j] - world.yaw_rad[k])
        length, width, _ = world.bodies[j].asset.size_m
        reach = 0.5 * (length * abs(np.cos(turn)) + width * abs(np.sin(turn)))
        return bool(apart - 0.5 * world.bodies[k].asset.size_m[0] - reach >= condition.by_m)

    def _is_near(self, condition: OnGapAhead) -> bool:
        own, other = self._both(condition.actor)
        return bool((gap_ahead(own, other) <= condition.by_m) & ~is_behind(own, other))

    def _headway_s(self, instance: int) -> float:
        return float(time_headway(*self._both(instance)))

    def _both(self, instance: int) -> tuple[Moving, Moving]:
        return self._footprint(self._k), self._footprint(self._world.index[instance])

    def _footprint(self, k: int) -> Moving:
        world = self._world
        here, yaw = world.position_m[k], world.yaw_rad[k]
        return under(world.bodies[k].asset, here, yaw, world.velocity_mps[k])


def _is_past(condition: OnPlace, xy_m: F64) -> bool:
    """Return whether a point (2,) has passed a line across a way."""
    dx, dy = (xy_m - np.array(condition.point_m)).tolist()
    cos, sin = np.cos(condition.yaw_rad), np.sin(condition.yaw_rad)
    along, aside = cos * dx + sin * dy, cos * dy - sin * dx
    return bool(0.0 <= along <= LATE_M and abs(aside) <= condition.half_m)


def fires(
    trigger: Trigger,
    time_s: float,
    own: tuple[F64, F64],
    other: tuple[F64, F64, float] | None,
    before_finished: bool,
) -> bool:
    """Return whether a plain trigger's condition holds.

    Parameters
    ----------
    own : (position (2,), velocity (2,))
        Middle of this actor's box, in the plane.
    other : (position (2,), velocity (2,), heading rad) or None
        Of the actor that the trigger names.
    before_finished : bool
        Whether the manoeuvre before this one has come to its end, or there is none.

    Raises
    ------
    ValueError
        The trigger needs another actor and names none.
    """
    if trigger.kind == "start":
        return before_finished
    if trigger.kind == "time":
        return time_s >= trigger.value - _EPSILON_S
    if other is None:
        raise ValueError(f"a {trigger.kind!r} trigger needs the id of another actor")
    apart = other[0] - own[0]
    if trigger.kind == "distance":
        return bool(np.hypot(apart[0], apart[1]) <= trigger.value)
    if trigger.kind == "ttc":
        return time_to_collision(apart, other[1] - own[1]) <= trigger.value
    return time_to_abreast(-apart, other[1], other[2]) <= trigger.value


def time_to_collision(apart_m: F64, relative_mps: F64) -> float:
    """Return the time (s) to the closest approach along a relative velocity; inf if parting.

    Parameters
    ----------
    apart_m, relative_mps : ndarray, shape (2,)
        Position and velocity of the other, seen from here.
    """
    square = float(relative_mps @ relative_mps)
    closing = -float(apart_m @ relative_mps)
    return closing / square if square > 1e-6 and closing > 0 else float("inf")


def time_to_abreast(ahead_m: F64, velocity_mps: F64, heading_rad: float) -> float:
    """Return the time (s) until something moving is abreast of a point; inf if it has passed.

    Parameters
    ----------
    ahead_m : ndarray, shape (2,)
        The point, seen from what moves.
    """
    heading = np.array([np.cos(heading_rad), np.sin(heading_rad)])
    along, speed = float(ahead_m @ heading), float(velocity_mps @ heading)
    return along / speed if speed > 0.1 and along >= 0 else float("inf")
