"""What is inside a car whose doors open: floor, dashboard, seats and who may sit where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.assets.carbody import CarShape
from scenegen.assets.clipping import Plane
from scenegen.assets.materials import PLASTIC, matte
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.surfaces import Piece, surfaces
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Material, Surface

SEAT = matte("seat", "2b2d31", 0.9)
CARPET = matte("carpet", "18191b", 0.95)

ASIDE_M = 0.36
"""Of a seat's middle from the car's."""
CUSHION_M = 0.16
"""Thickness of a cushion; its middle is as far over the sill, and more in a tall car."""
BEHIND_M = 0.82
"""How far behind the pillar between two doors a rear seat is, as a front one is at it."""
DECK_SHARE = 0.88
"""Of a car's width: within it, what is level at the belt is no skin."""
HIP_AHEAD_M, HIP_UP_M = 0.2, 0.06
"""Where someone's hips are: before the foot of the seat's back, and over its cushion."""


@dataclass(frozen=True)
class Cabin:
    """Where the room for people is, builder's frame.

    Attributes
    ----------
    front_m, pillar_m, back_m : float
        x of the front doors' edges and of the hindmost one.
    sill_m : float
        Height of the floor.
    rear_seats : bool
    """

    shape: CarShape
    front_m: float
    pillar_m: float
    sill_m: float
    back_m: float
    rear_seats: bool

    @property
    def cushion_m(self) -> float:
        """Height of the middle of a cushion."""
        return self.sill_m + 0.17 + 0.9 * max(self.shape.belt_z - 0.95, 0.0)

    @property
    def rows(self) -> dict[str, float]:
        """Where (x) the rows of seats are, by name."""
        rows = {"front": self.pillar_m}
        if self.rear_seats:
            rows["rear"] = self.pillar_m - BEHIND_M
        return rows


def seats(cabin: Cabin, shift_m: float) -> dict[str, Vec3]:
    """Return where the hips of those who sit in a car are, body frame, and the ``floor``.

    Seats are called as the doors beside them: ``seat_front_left``, ``seat_rear_right`` ….
    """
    z = cabin.cushion_m + 0.5 * CUSHION_M + HIP_UP_M
    places: dict[str, Vec3] = {
        f"seat_{row}_{side}": (x + HIP_AHEAD_M + shift_m, y, z)
        for row, x in cabin.rows.items()
        for side, y in (("left", ASIDE_M), ("right", -ASIDE_M))
    }
    return {**places, "floor": (cabin.pillar_m + shift_m, 0.0, cabin.sill_m + 0.015)}


def hollow(cabin: Cabin, shift_m: float) -> list[Plane]:
    """Return the half spaces of the room where a closed car's body has a deck below its cabin."""
    shape = cabin.shape
    ahead = min(cabin.front_m + 0.1, shape.cowl_x - 0.3) + shift_m
    side = DECK_SHARE * 0.5 * shape.width
    x, y, z = np.eye(3)
    return [
        (x, ahead),
        (-x, -(_wall(cabin) + shift_m)),
        (y, side),
        (-y, side),
        (z, shape.belt_z + 0.1),
        (-z, -(shape.belt_z - 0.14)),
    ]


def _wall(cabin: Cabin) -> float:
    """Return where (x) the cabin ends behind."""
    return cabin.back_m - 0.1 if cabin.rear_seats else cabin.pillar_m - 0.62


def inside(cabin: Cabin, shift_m: float) -> list[Surface]:
    """Return floor, dashboard, seats and a wall behind them."""
    shape, front, sill = cabin.shape, cabin.front_m, cabin.sill_m
    belt, width = shape.belt_z, shape.width - 0.24
    wall = _wall(cabin)
    top = belt if cabin.rear_seats else shape.roof_z - 0.22
    long, middle = front + 0.3 - wall, 0.5 * (front + 0.3 + wall)
    pieces: list[tuple[Geometry, Material]] = [
        (box((long, width, 0.03), (middle, 0, sill)), CARPET),
        (rounded_box((0.34, width, 0.3), 0.08, (front + 0.02, 0, belt - 0.17)), PLASTIC),
        (box((0.04, width, belt - sill), (front + 0.1, 0, 0.5 * (belt + sill))), CARPET),
        (box((0.04, 0.8 * width, top - sill), (wall, 0, 0.5 * (top + sill))), CARPET),
    ]
    for x in cabin.rows.values():
        for y in (ASIDE_M, -ASIDE_M):
            pieces += [(piece, SEAT) for piece in _seat(x, y, cabin.cushion_m)]
    wheel = rounded_box((0.05, 0.36, 0.36), 0.02, (0, 0, 0)).turned((0, 1, 0), 0.4)
    pieces.append((wheel.moved(front - 0.24, ASIDE_M, belt - 0.1), PLASTIC))
    made = [Piece(shape_.moved(shift_m, 0, 0), material, "car", 0.7) for shape_, material in pieces]
    return list(surfaces(made))


def _seat(x: float, y: float, z: float) -> list[Geometry]:
    """Return cushion, back and head-rest of a seat whose cushion is so high."""
    back = rounded_box((0.16, 0.5, 0.62), 0.05, (0, 0, 0.31)).turned((0, 1, 0), -0.33)
    return [
        rounded_box((0.52, 0.5, CUSHION_M), 0.05, (x + 0.34, y, z)),
        back.moved(x + 0.04, y, z + 0.04),
        rounded_box((0.1, 0.26, 0.18), 0.04, (x - 0.2, y, z + 0.72)),
    ]
