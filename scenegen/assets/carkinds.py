"""The body types of cars and vans: their measures and weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scenegen.assets.build import Bench
from scenegen.assets.carbody import CarShape
from scenegen.assets.materials import PAINT_SHARES, PAINTS
from scenegen.assets.triangles import Geometry

Fitting = Callable[[Bench, str, CarShape, Geometry, Geometry], None]
"""Fixes what a kind has beyond a bare car: bench, root part, shape, lower skin, cabin."""


@dataclass(frozen=True)
class CarKind:
    """A body type: its shape, how it is glazed, what it weighs, and what colours it comes in."""

    shape: CarShape
    mass_kg: float
    side_windows: str = "full"
    doors: int = 4
    trim_rows: int = 1
    fit: Fitting | None = None
    paints: tuple[str, ...] = PAINTS
    shares: tuple[float, ...] = PAINT_SHARES


SEDAN = CarKind(
    CarShape(
        length=4.66,
        width=1.82,
        roof_z=1.45,
        belt_z=0.93,
        clearance=0.19,
        wheel_radius=0.325,
        front_axle=1.40,
        rear_axle=-1.34,
        top=(
            (-2.33, 0.97),
            (-2.2, 1.0),
            (-1.7, 1.03),
            (-1.2, 0.97),
            (0.5, 0.95),
            (0.95, 0.96),
            (1.5, 0.88),
            (2.0, 0.79),
            (2.33, 0.70),
        ),
        cowl_x=1.02,
        header_x=0.28,
        rear_header_x=-0.98,
        rear_base_x=-1.72,
        tail_rake=0.22,
    ),
    1480.0,
)

COMPACT = CarKind(
    CarShape(
        length=4.05,
        width=1.75,
        roof_z=1.48,
        belt_z=0.93,
        clearance=0.18,
        wheel_radius=0.305,
        front_axle=1.22,
        rear_axle=-1.30,
        top=(
            (-2.03, 0.96),
            (-1.6, 0.97),
            (0.4, 0.95),
            (0.98, 0.98),
            (1.45, 0.89),
            (1.8, 0.79),
            (2.03, 0.69),
        ),
        cowl_x=1.05,
        header_x=0.33,
        rear_header_x=-1.45,
        rear_base_x=-1.93,
        roof_share=0.76,
        nose_rake=0.34,
        tail_rake=0.10,
    ),
    1180.0,
)

CITY = CarKind(
    CarShape(
        length=3.48,
        width=1.63,
        roof_z=1.50,
        belt_z=0.95,
        clearance=0.17,
        wheel_radius=0.285,
        front_axle=1.17,
        rear_axle=-1.15,
        top=(
            (-1.74, 0.98),
            (-1.3, 0.99),
            (0.5, 0.97),
            (1.0, 1.0),
            (1.35, 0.92),
            (1.58, 0.82),
            (1.74, 0.72),
        ),
        cowl_x=1.08,
        header_x=0.42,
        rear_header_x=-1.36,
        rear_base_x=-1.68,
        roof_share=0.79,
        nose_taper=0.17,
        nose_rake=0.36,
        tail_rake=0.06,
    ),
    930.0,
    doors=2,
)

ESTATE = CarKind(
    CarShape(
        length=4.72,
        width=1.83,
        roof_z=1.49,
        belt_z=0.94,
        clearance=0.19,
        wheel_radius=0.325,
        front_axle=1.42,
        rear_axle=-1.36,
        top=(
            (-2.36, 0.97),
            (-1.8, 0.98),
            (0.5, 0.95),
            (0.98, 0.97),
            (1.5, 0.89),
            (2.05, 0.79),
            (2.36, 0.70),
        ),
        cowl_x=1.05,
        header_x=0.3,
        rear_header_x=-1.80,
        rear_base_x=-2.24,
        roof_share=0.75,
        tail_rake=0.10,
    ),
    1590.0,
)

SUV = CarKind(
    CarShape(
        length=4.55,
        width=1.87,
        roof_z=1.69,
        belt_z=1.08,
        clearance=0.24,
        wheel_radius=0.36,
        front_axle=1.36,
        rear_axle=-1.32,
        top=(
            (-2.27, 1.10),
            (-1.8, 1.12),
            (0.5, 1.09),
            (1.0, 1.11),
            (1.5, 1.05),
            (2.0, 0.98),
            (2.27, 0.89),
        ),
        cowl_x=1.08,
        header_x=0.42,
        rear_header_x=-1.76,
        rear_base_x=-2.16,
        roof_share=0.78,
        nose_rake=0.2,
        tail_rake=0.08,
    ),
    1720.0,
    trim_rows=2,
)

VAN = CarKind(
    CarShape(
        length=5.3,
        width=1.97,
        roof_z=2.28,
        belt_z=1.24,
        clearance=0.22,
        wheel_radius=0.345,
        front_axle=1.72,
        rear_axle=-1.58,
        top=((-2.65, 1.26), (0.8, 1.26), (1.75, 1.27), (2.2, 1.12), (2.5, 0.99), (2.65, 0.90)),
        cowl_x=1.98,
        header_x=1.18,
        rear_header_x=-2.46,
        rear_base_x=-2.57,
        roof_share=0.87,
        nose_taper=0.14,
        tail_taper=0.03,
        nose_rake=0.2,
        tail_rake=0.03,
    ),
    2150.0,
    side_windows="front",
    doors=2,
)
