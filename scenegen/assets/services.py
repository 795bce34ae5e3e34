"""Cars and vans that are at work: pickup, taxi, police car, ambulance.

Liveries are made up: bands and blocks of colour, and no emblem or lettering of anyone's.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from scenegen.assets.build import Bench
from scenegen.assets.carbody import CarShape, edges
from scenegen.assets.carkinds import ESTATE, SEDAN, VAN, CarKind
from scenegen.assets.lofts import bar
from scenegen.assets.materials import BEACON_BLUE, PLASTIC, SEAM, STEEL, lamp, matte
from scenegen.assets.panels import panel, side_panel
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Material
from scenegen.records.taxonomy import Lamp

_TAXI_SIGN = lamp("taxi sign", "e8d27a", "ffe9a0", 250.0, Lamp.TAIL)
"""Burns along with the tail lamps."""


def light_bar(bench: Bench, root: str, x: float, z: float, width: float) -> None:
    """Put a bar of beacons across a roof whose skin is at height z."""
    bench.add(root, rounded_box((0.24, width, 0.05), 0.02, (x, 0.0, z + 0.045)), PLASTIC)
    for y in (0.42, -0.42):
        bench.add(root, box((0.12, 0.06, 0.1), (x, y * width, z)), PLASTIC)
        lens = rounded_box((0.22, 0.3 * width, 0.1), 0.035, (x, 0.78 * y * width, z + 0.12))
        bench.add(root, lens, BEACON_BLUE)
    middle = rounded_box((0.2, 0.32 * width, 0.07), 0.025, (x, 0.0, z + 0.1))
    bench.add(root, middle, matte("light bar", "c9cccf", 0.4))


def _stripe(skin: Geometry, x: tuple[float, float], z: tuple[float, float]) -> Geometry:
    """Return a stripe on both sides of a skin."""
    cells = (max(2, round((x[1] - x[0]) / 0.11)), 3)
    return side_panel(skin, [(x[0], z[0]), (x[1], z[0]), (x[1], z[1]), (x[0], z[1])], cells, 0.0045)


def _fit_pickup(bench: Bench, root: str, shape: CarShape, skin: Geometry, cabin: Geometry) -> None:
    """Cover the bed, and fix rails and a bar behind the cab."""
    front, rear = shape.rear_base_x - 0.1, -0.5 * shape.length + 0.2
    wide = 0.5 * shape.width - 0.17
    cover: list[Vec3] = [(rear, wide, 0), (front, wide, 0), (front, -wide, 0), (rear, -wide, 0)]
    bench.add(root, panel(skin, cover, (0, 0, -1), (8, 12), 0.012), matte("bed cover", "191a1b"))
    z = shape.belt_z + 0.05
    rail = bar((rear, wide + 0.02, z), (front, wide + 0.02, z), 0.022, 8)
    bench.add(root, rail.both_sides(), STEEL)
    hoop = [(front - 0.5, z), (front - 0.2, z + 0.3), (front, z + 0.36)]
    for (ax, az), (bx, bz) in pairwise(hoop):
        bench.add(root, bar((ax, wide, az), (bx, wide - 0.05, bz), 0.032, 8).both_sides(), PLASTIC)
    end = (hoop[-1][0], wide - 0.05, hoop[-1][1])
    bench.add(root, bar(end, (end[0], -end[1], end[2]), 0.03, 8), PLASTIC)


PICKUP = CarKind(
    CarShape(
        length=5.28,
        width=1.88,
        roof_z=1.80,
        belt_z=1.16,
        clearance=0.29,
        wheel_radius=0.385,
        front_axle=1.70,
        rear_axle=-1.50,
        top=(
            (-2.64, 1.14),
            (-2.3, 1.16),
            (0.8, 1.15),
            (1.25, 1.17),
            (1.8, 1.13),
            (2.35, 1.06),
            (2.64, 0.98),
        ),
        cowl_x=1.30,
        header_x=0.70,
        rear_header_x=-0.78,
        rear_base_x=-0.98,
        roof_share=0.80,
        nose_taper=0.16,
        tail_taper=0.03,
        nose_rake=0.12,
        tail_rake=0.02,
        crown=0.03,
    ),
    2050.0,
    trim_rows=1,
    fit=_fit_pickup,
)


def _fit_taxi(bench: Bench, root: str, shape: CarShape, skin: Geometry, cabin: Geometry) -> None:
    """Put a lit sign on the roof."""
    x, z = 0.5 * (shape.header_x + shape.rear_header_x) + 0.2, shape.roof_z
    bench.add(root, box((0.16, 0.42, 0.03), (x, 0.0, z + 0.005)), PLASTIC)
    bench.add(root, rounded_box((0.13, 0.4, 0.13), 0.03, (x, 0.0, z + 0.085)), _TAXI_SIGN)
    for y in np.linspace(-0.12, 0.12, 4).tolist():
        bench.add(root, box((0.14, 0.04, 0.06), (x, y, z + 0.085)), SEAM)


TAXI = replace(
    SEDAN,
    fit=_fit_taxi,
    paints=("e3d9b8", "d9a514", "1b1d20", "ecece8", "aab0b3"),
    shares=(0.35, 0.25, 0.2, 0.1, 0.1),
)


def _fit_police(bench: Bench, root: str, shape: CarShape, skin: Geometry, cabin: Geometry) -> None:
    """Put beacons on the roof, a band on the sides and a patch on the bonnet."""
    blue = matte("blue band", "1d4fa3", 0.4)
    half, gap = 0.5 * shape.length, shape.arch_radius + 0.05
    over = shape.wheel_radius + shape.arch_radius + 0.012
    top = shape.belt_z - shape.edge_radius - shape.crown - 0.025
    bench.add(root, _stripe(skin, (-half + 0.45, half - 0.75), (over, top)), blue)
    doors = (shape.rear_axle + gap, shape.front_axle - gap)
    bench.add(root, _stripe(skin, doors, (over - 0.2, over)), blue)
    bright = matte("bright band", "c6d83a", 0.4)
    bench.add(root, _stripe(skin, doors, (over - 0.26, over - 0.215)), bright)
    light_bar(bench, root, 0.3 * shape.header_x + 0.7 * -0.35, shape.roof_z - 0.01, 1.12)
    front = 0.5 * shape.length
    hood: list[Vec3] = [(front - 0.75, s, 0) for s in (0.5, -0.5)]
    hood += [(front - 0.5, s, 0) for s in (-0.45, 0.45)]
    bench.add(root, panel(skin, hood, (0, 0, -1), (8, 4), 0.006), blue)


POLICE = replace(
    ESTATE, mass_kg=1720.0, fit=_fit_police, paints=("ecece8", "b4babd"), shares=(0.6, 0.4)
)


def _fit_ambulance(
    bench: Bench, root: str, shape: CarShape, skin: Geometry, cabin: Geometry
) -> None:
    """Put beacons on the roof, and blocks of colour and dimmed windows on the sides."""
    red = matte("red block", "d8331c", 0.4)
    rear = -0.5 * shape.length + 0.5
    low, high = shape.belt_z - 0.44, shape.belt_z - 0.16
    for k in range(8):
        x = rear + 0.52 * k
        bench.add(root, _stripe(skin, (x, x + 0.26), (low, high)), red)
    light_bar(bench, root, shape.header_x - 0.35, shape.roof_z - 0.015, 1.3)
    w = edges(shape, 0.95)[2]
    for y in (0.7 * w, -0.7 * w):
        place = (shape.rear_header_x + 0.12, y, shape.roof_z + 0.03)
        bench.add(root, rounded_box((0.14, 0.22, 0.1), 0.03, place), BEACON_BLUE)
    z0, z1 = shape.belt_z + 0.35, shape.belt_z + 0.75
    milky = Material("dimmed glass", (0.42, 0.45, 0.46), roughness=0.12)
    bench.add(root, _stripe(cabin, (-1.35, -0.45), (z0, z1)), milky)
    bench.add(root, _stripe(cabin, (-2.2, 0.3), (z0 - 0.2, z0 - 0.1)), red)


AMBULANCE = replace(
    VAN,
    shape=replace(
        VAN.shape,
        length=5.7,
        roof_z=2.55,
        rear_axle=-1.75,
        rear_header_x=-2.66,
        rear_base_x=-2.77,
        top=((-2.85, 1.26), *VAN.shape.top[1:-1], (2.85, 0.90)),
    ),
    mass_kg=3200.0,
    fit=_fit_ambulance,
    paints=("eef0ea", "e9e36a"),
    shares=(0.6, 0.4),
)
