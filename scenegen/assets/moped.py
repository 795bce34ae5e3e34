"""The motor scooter: small wheels, a leg shield, a floor to stand on; some carry a box."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.headlamps import low_beam
from scenegen.assets.lofts import bar, column, loft, tube
from scenegen.assets.materials import (
    ALLOY,
    BRAKE_LAMP,
    HEADLAMP,
    PLASTIC,
    STEEL,
    TAIL_LAMP,
    UNDERBODY,
    matte,
    paint,
)
from scenegen.assets.shapes import box, rounded_box, rounded_rectangle
from scenegen.assets.triangles import Geometry
from scenegen.assets.twowheel import (
    add_indicators,
    add_mirrors,
    add_plate,
    add_wheel,
    mudguard,
    rider_anchors,
    steered_part,
)
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material, Wheel
from scenegen.records.taxonomy import MOTORCYCLE_JOINTS

RADIUS = 0.225
FRONT: Vec3 = (0.63, 0.0, RADIUS)
REAR: Vec3 = (-0.64, 0.0, RADIUS)
HEAD: Vec3 = (0.40, 0.0, 0.95)
_LOW_HEAD: Vec3 = (0.52, 0.0, 0.55)
PELVIS: Vec3 = (-0.30, 0.0, 0.88)
_BAR: Vec3 = (0.29, 0.32, 1.03)
_REST: Vec3 = (0.17, 0.13, 0.27)

_HULL = (
    (-0.10, 0.30, 0.16, 0.62, 0.76),
    (-0.16, 0.28, 0.165, 0.42, 0.77),
    (-0.40, 0.34, 0.175, 0.38, 0.78),
    (-0.65, 0.46, 0.155, 0.26, 0.80),
    (-0.84, 0.58, 0.10, 0.12, 0.80),
    (-0.88, 0.62, 0.08, 0.10, 0.79),
)
"""The shell below the seat, front to rear: x, low z, half width, rounding over height, top z."""
_SEAT = (
    (0.76, -0.42, 0.0, 0.34, 0.13),
    (0.80, -0.43, 0.0, 0.37, 0.155),
    (0.835, -0.45, 0.0, 0.36, 0.145),
    (0.85, -0.46, 0.0, 0.30, 0.10),
)


def _hull() -> Geometry:
    rings = []
    for x, low, half, share, high in _HULL:
        outline = rounded_rectangle(high - low, 2 * half, 0.45 * share * (high - low), 4)
        z = 0.5 * (low + high) + outline[:, 0]
        rings.append(np.column_stack([np.full(len(outline), x), outline[:, 1], z]))
    return loft(np.array(rings))


def _frame(bench: Bench, color: Material) -> None:
    root = bench.part("frame")
    bench.add(root, _hull(), color)
    bench.add(root, column(np.array(_SEAT), 14, 3.0), PLASTIC)
    bench.add(root, rounded_box((0.52, 0.36, 0.07), 0.03, (0.14, 0.0, 0.235)), color)
    bench.add(root, rounded_box((0.44, 0.32, 0.02), 0.008, (0.14, 0.0, 0.273)), PLASTIC)
    bench.add(root, rounded_box((0.5, 0.22, 0.12), 0.04, (0.12, 0.0, 0.17)), UNDERBODY)
    shield = [
        (0.27, 0.36, 0.0, 0.05, 0.185),
        (0.45, 0.40, 0.0, 0.045, 0.215),
        (0.66, 0.42, 0.0, 0.055, 0.215),
        (0.82, 0.40, 0.0, 0.06, 0.16),
        (0.90, 0.395, 0.0, 0.045, 0.08),
    ]
    bench.add(root, column(np.array(shield), 16, 2.8), color)
    grille = rounded_box((0.03, 0.1, 0.14), 0.012, (0.475, 0.0, 0.68))
    bench.add(root, grille, PLASTIC)
    bench.add(root, rounded_box((0.5, 0.14, 0.16), 0.04, (-0.5, 0.08, 0.27)), UNDERBODY)
    bench.add(root, bar((-0.4, -0.13, 0.24), (-0.82, -0.15, 0.32), 0.055, 12, 0.05), STEEL)
    bench.add(root, bar((-0.6, 0.12, 0.56), (-0.64, 0.13, 0.3), 0.022, 8), STEEL)
    bench.add(root, rounded_box((0.05, 0.17, 0.09), 0.015, (-0.875, 0.0, 0.73)), TAIL_LAMP)
    bench.add(root, rounded_box((0.05, 0.09, 0.05), 0.012, (-0.884, 0.0, 0.735)), BRAKE_LAMP)
    add_indicators(bench, root, -0.84, 0.13, 0.73)
    bench.add(root, mudguard(RADIUS + 0.03, 0.08, 1.7, 2.75).moved(*REAR), PLASTIC)
    bench.add(root, box((0.02, 0.12, 0.24), (-0.9, 0.0, 0.58)), PLASTIC)
    add_plate(bench, root, (-0.93, 0.0, 0.5))
    bench.add(root, tube(_RAIL, 0.011, 6).both_sides(), STEEL)


_RAIL = [(-0.62, 0.11, 0.84), (-0.8, 0.1, 0.87), (-0.9, 0.05, 0.875), (-0.92, 0.0, 0.875)]


def _fork(bench: Bench, color: Material) -> None:
    fork = steered_part(bench, "frame", HEAD, _LOW_HEAD)

    def at(x: float, y: float, z: float) -> Vec3:
        return (x - HEAD[0], y - HEAD[1], z - HEAD[2])

    cowl = [
        (0.90, 0.38, 0.0, 0.09, 0.11),
        (0.97, 0.39, 0.0, 0.12, 0.19),
        (1.04, 0.36, 0.0, 0.11, 0.19),
        (1.08, 0.33, 0.0, 0.06, 0.13),
    ]
    rows = [(z - HEAD[2], x - HEAD[0], y, rx, ry) for z, x, y, rx, ry in cowl]
    bench.add(fork, column(np.array(rows), 14, 2.5), color)
    lens = rounded_box((0.04, 0.19, 0.11), 0.03, at(0.495, 0.0, 0.985))
    bench.add(fork, lens, HEADLAMP)
    add_indicators(bench, fork, *at(0.47, 0.17, 0.97))
    bench.add(fork, bar(at(0.36, 0.1, 1.03), at(*_BAR), 0.013, 8).both_sides(), STEEL)
    grip = bar(at(0.31, 0.25, 1.03), at(0.27, 0.38, 1.03), 0.019, 8)
    bench.add(fork, grip.both_sides(), PLASTIC)
    add_mirrors(bench, fork, at(0.34, 0.2, 1.04), at(0.33, 0.31, 1.22))
    hub = at(*FRONT)
    bench.add(fork, bar(at(0.5, 0.0, 0.62), at(0.55, 0.0, 0.5), 0.03, 10), STEEL)
    bench.add(fork, box((0.06, 0.2, 0.05), at(0.55, 0.0, 0.49)), STEEL)
    leg = bar(at(0.55, 0.085, 0.5), at(FRONT[0], 0.085, FRONT[2]), 0.022, 8)
    bench.add(fork, leg.both_sides(), STEEL)
    bench.add(fork, mudguard(RADIUS + 0.02, 0.075, 0.5, 2.5).moved(*hub), color)
    add_wheel(bench, "front", fork, hub, RADIUS, 0.11, ALLOY)


def moped(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a motor scooter; some have a delivery box."""
    bench = Bench("motorcycle")
    colors = ("d9d9d4", "7fb3b0", "8e1c1f", "1b1b1d", "c2b8a0", "2c5fa0")
    color = paint(str(rng.choice(colors)))
    _frame(bench, color)
    _fork(bench, color)
    add_wheel(bench, "rear", "frame", REAR, RADIUS, 0.12, ALLOY)
    if rng.random() < 0.35:
        skin = matte("delivery box", str(rng.choice(("2b6f4f", "c9571e", "30343a"))), 0.6)
        bench.add("frame", rounded_box((0.44, 0.46, 0.44), 0.03, (-0.82, 0.0, 1.11)), skin)
        bench.add("frame", box((0.3, 0.2, 0.03), (-0.78, 0.0, 0.88)), STEEL)
    return finish(
        asset_id,
        variant,
        "motorcycle",
        bench,
        mass_kg=115.0,
        joints=MOTORCYCLE_JOINTS,
        collision=(CollisionShape("box", (-0.05, 0.0, 0.58), (1.7, 0.38, 0.9)),),
        wheels=(Wheel(FRONT, RADIUS, True, False), Wheel(REAR, RADIUS, False, True)),
        spots=(low_beam((0.53, 0.0, 0.985)),),
        anchors=rider_anchors(PELVIS, _BAR, _REST),
    )
