"""Reference lines drawn piece by piece, each beginning where and as the one before it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, tan

import numpy as np

from scenegen.geometry import wrap_angle
from scenegen.records.road_map import Arc, Cubic, Geometry, Line, Shape, Spiral
from scenegen.roads.curves import trace

Piece = tuple[float, Shape]
"""A length in m and what runs along it."""
SHORTEST_M = 1e-6
"""Shorter pieces are left out: they are rounding errors of a fit."""
CLOTHOID_SHARE = 0.25
"""Part of a turn's angle that each of its two clothoids takes."""


@dataclass(frozen=True)
class Pose:
    """A point of the plane and a heading."""

    x_m: float
    y_m: float
    heading_rad: float = 0.0

    def moved(self, ahead_m: float, left_m: float = 0.0) -> Pose:
        """Return the pose so far ahead and to the left, with the same heading."""
        c, s = cos(self.heading_rad), sin(self.heading_rad)
        return Pose(
            self.x_m + c * ahead_m - s * left_m,
            self.y_m + s * ahead_m + c * left_m,
            self.heading_rad,
        )

    def turned(self, angle_rad: float) -> Pose:
        """Return the pose turned to the left on the spot."""
        return Pose(self.x_m, self.y_m, float(wrap_angle(self.heading_rad + angle_rad)))

    @property
    def back(self) -> Pose:
        """The pose that looks the other way."""
        return self.turned(pi)

    def sees(self, other: Pose) -> tuple[float, float, float]:
        """Return how far ahead and to the left another pose is, and its turn to the left."""
        dx, dy = other.x_m - self.x_m, other.y_m - self.y_m
        c, s = cos(self.heading_rad), sin(self.heading_rad)
        return (
            c * dx + s * dy,
            c * dy - s * dx,
            float(wrap_angle(other.heading_rad - self.heading_rad)),
        )


def draw(start: Pose, pieces: Sequence[Piece]) -> tuple[tuple[Geometry, ...], Pose]:
    """Return a chain of pieces from a pose on, and the pose at its end."""
    geometries = []
    at, s = start, 0.0
    for length, shape in pieces:
        if length < SHORTEST_M:
            continue
        geometry = Geometry(
            s_m=s, x_m=at.x_m, y_m=at.y_m, heading_rad=at.heading_rad, length_m=length, shape=shape
        )
        geometries.append(geometry)
        end = trace(geometry, np.array([length]))
        at = at.moved(float(end.u[0]), float(end.v[0])).turned(float(end.heading_rad[0]))
        s += length
    return tuple(geometries), at


def mirror(pieces: Sequence[Piece]) -> list[Piece]:
    """Return straights, arcs and clothoids that turn to the other side."""
    return [(length, _bent(shape, -1.0)) for length, shape in pieces]


def reverse(pieces: Sequence[Piece]) -> list[Piece]:
    """Return straights, arcs and clothoids as who comes the other way finds them."""
    found: list[Piece] = []
    for length, shape in reversed(pieces):
        turned = _bent(shape, -1.0)
        if isinstance(turned, Spiral):
            turned = Spiral(start_1pm=turned.end_1pm, end_1pm=turned.start_1pm)
        found.append((length, turned))
    return found


def _bent(shape: Shape, factor: float) -> Shape:
    if isinstance(shape, Arc):
        return Arc(curvature_1pm=factor * shape.curvature_1pm)
    if isinstance(shape, Spiral):
        return Spiral(start_1pm=factor * shape.start_1pm, end_1pm=factor * shape.end_1pm)
    return shape


def length_of(geometries: Sequence[Geometry]) -> float:
    """Return the length of a chain in m."""
    return geometries[-1].s_m + geometries[-1].length_m


def bend(radius_m: float, angle_rad: float, clothoid_m: float = 0.0) -> list[Piece]:
    """Return a bend between two straights: clothoid, arc, clothoid.

    Parameters
    ----------
    radius_m : float
        Of the arc, > 0.
    angle_rad : float
        Whole turn, positive to the left.
    clothoid_m : float
        Length of each clothoid, A² / R; each turns by half its length over the radius, and
        the two by no more than `angle_rad` together.
    """
    k = np.sign(angle_rad) / radius_m
    arc = abs(angle_rad) * radius_m - clothoid_m
    if clothoid_m <= 0.0:
        return [(arc, Arc(curvature_1pm=k))]
    return [
        (clothoid_m, Spiral(start_1pm=0.0, end_1pm=k)),
        (arc, Arc(curvature_1pm=k)),
        (clothoid_m, Spiral(start_1pm=k, end_1pm=0.0)),
    ]


def tangent_m(pieces: Sequence[Piece], angle_rad: float) -> float:
    """Return the distance from a symmetric bend's start to where its two tangents meet."""
    _, end = draw(Pose(0.0, 0.0), pieces)
    return end.x_m - end.y_m / tan(angle_rad)


def join(start: Pose, end: Pose, *, smooth: bool = True) -> list[Piece]:
    """Return the way from one pose to another: straight, one bend as wide as fits, straight.

    Parameters
    ----------
    smooth : bool
        Whether the bend begins and ends with clothoids.

    Raises
    ------
    ValueError
        The two tangents don't meet ahead of the one and behind the other.
    """
    ahead, left, angle = start.sees(end)
    if abs(angle) < 1e-9 and abs(left) < 1e-9 and ahead > 0:
        return [(ahead, Line())]
    before = ahead - left / tan(angle) if abs(sin(angle)) > 1e-9 else -1.0
    after = left / sin(angle) if abs(sin(angle)) > 1e-9 else -1.0
    if min(before, after) <= 0.0:
        raise ValueError(f"no bend leads from {start} to {end}")
    share = CLOTHOID_SHARE if smooth else 0.0
    unit = bend(1.0, angle, 2.0 * share * abs(angle))
    radius = min(before, after) / tangent_m(unit, angle)
    pieces = bend(radius, angle, 2.0 * share * abs(angle) * radius)
    reach = min(before, after)
    return [(before - reach, Line()), *pieces, (after - reach, Line())]


def blend(length_m: float, start: float, end: float, from_m: float = 0.0) -> tuple[Cubic, ...]:
    """Return a value that goes smoothly, level at both ends, from one to another."""
    if abs(end - start) < 1e-12:
        return (Cubic(s_m=from_m, a=start),)
    step = end - start
    return (Cubic(s_m=from_m, a=start, c=3.0 * step / length_m**2, d=-2.0 * step / length_m**3),)
