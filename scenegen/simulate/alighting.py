"""People in cars: who sits where, and how they get out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenegen.assets import SEAT, Posture, seat_offset, way_out
from scenegen.geometry import matrix_from_quaternion
from scenegen.records import GetOut
from scenegen.records.base import F64

if TYPE_CHECKING:
    from scenegen.simulate.world import World

WIDE_RAD = 0.7
"""Nobody gets out through a door that is less open."""
STANDS_MPS = 0.1


@dataclass
class _Exit:
    """Somebody's way out: since when, once it has begun, and past a door that opens how far."""

    over_s: float
    begins_s: float | None = None
    door_rad: float = 0.0


class Alighting:
    """Those who sit in cars, and take themselves out of them.

    A seated person is carried as a load is. Who gets out is let go at once, and goes a way of
    their own; until they stand beside it, they and the car pass through each other.

    Attributes
    ----------
    seats : dict of int to str
        The seat of everybody who sits in a car at the start, by actor (index).
    out : set of int
        Who has got out.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.seats: dict[int, str] = {}
        for k in world.carriage.riders():
            car = world.bodies[int(world.carriage.carrier[k])].asset
            person, here = world.bodies[k].asset, world.carriage.offset_m[k]
            places = {
                name: float(np.hypot(*(here - seat_offset(car, name, person))[:2]))
                for name in car.anchors
                if name.startswith(SEAT)
            }
            if places:
                self.seats[k] = min(places, key=places.__getitem__)
        self._exits: dict[int, _Exit] = {}
        self._fallen: dict[int, int] = {}
        self.out: set[int] = set()

    def start(self, k: int, action: GetOut) -> None:
        """Let actor `k` get out, as soon as the door is open.

        Raises
        ------
        ValueError
            They sit in no car.
        """
        if k not in self.seats:
            raise ValueError(f"{self._world.bodies[k].actor.name} sits in no car to get out of")
        if k not in self.out and k not in self._exits and not self._world.walkers[k].struck:
            self._exits[k] = _Exit(action.over_s)

    def begin(self) -> None:
        """Let those go whose door is open by now, and whose car stands."""
        world = self._world
        for k, way in self._exits.items():
            car = self._car(k)
            if way.begins_s is not None or abs(self._speed(car)) > STANDS_MPS:
                continue
            door = self.seats[k].replace(SEAT, "door_")
            if world.doors.angle(car, door) >= WIDE_RAD:
                way.begins_s, way.door_rad = world.time_s, world.doors.goal(car, door)
                world.carriage.release(k)

    def goes(self, k: int) -> bool:
        """Return whether actor `k` is on the way out."""
        way = self._exits.get(k)
        return way is not None and way.begins_s is not None

    def next(self, k: int) -> tuple[F64, float]:
        """Return where (2,) who gets out is after a control step, and their heading, world."""
        world, car = self._world, self._car(k)
        posture = self._posture(k, world.time_s + world.control_dt)
        axes = matrix_from_quaternion(world.quaternion_wxyz[car])
        place = world.position_m[car] + axes @ np.array([*posture.place_m, 0.0])
        return place[:2], float(world.yaw_rad[car]) + posture.turn_rad

    def values(self, k: int) -> F64:
        """Return the joint values (MAX_JOINTS,) of who sits or gets out."""
        return self._posture(k, self._world.time_s).values

    def end(self) -> None:
        """After a control step: those who stand beside their cars are pedestrians as any."""
        world = self._world
        for k in [k for k in self._exits if self.goes(k) and self._share(k, world.time_s) >= 1.0]:
            del self._exits[k]
            self.out.add(k)
            world.engine.set_collision(world.uids[k], world.uids[self._car(k)], True)

    def spare(self, car: int, uid: int) -> None:
        """Let another body of a car's and those who are half out of it pass through each other."""
        world = self._world
        for k in self._exits:
            if self._car(k) == car and self.goes(k):
                world.engine.set_collision(world.uids[k], uid, False)
        for k, other in self._fallen.items():
            if other == car:
                world.ragdolls.ignore(k, uid)

    def fall(self, k: int) -> None:
        """Note that actor `k` has been struck; who is half out of a car then falls beside it."""
        way = self._exits.pop(k, None)
        if way is not None and way.begins_s is not None:
            self._fallen[k] = self._car(k)
            self._world.ragdolls.ignore(k, self._world.uids[self._car(k)])

    def is_over(self, k: int) -> bool:
        """Return whether actor `k` has got out, or won't any more."""
        return k in self.out or self._world.walkers[k].struck

    def _car(self, k: int) -> int:
        return int(self._world.carriage.carrier[k])

    def _speed(self, car: int) -> float:
        return float(np.hypot(*self._world.velocity_mps[car, :2]))

    def _share(self, k: int, time_s: float) -> float:
        """Return how much of the way out somebody has done."""
        way = self._exits.get(k)
        if way is None or way.begins_s is None:
            return 0.0
        return min((time_s - way.begins_s + 1e-9) / way.over_s, 1.0)

    def _posture(self, k: int, time_s: float) -> Posture:
        world, car = self._world, self._car(k)
        if k not in self._exits:
            return way_out(world.bodies[car].asset, self.seats[k], world.bodies[k].asset, 0.0)
        up = matrix_from_quaternion(world.quaternion_wxyz[car]).T @ (
            world.position_m[k] - world.position_m[car]
        )
        asset, person = world.bodies[car].asset, world.bodies[k].asset
        return way_out(
            asset,
            self.seats[k],
            person,
            self._share(k, time_s),
            door_rad=self._exits[k].door_rad,
            up_m=float(up[2]),
        )
