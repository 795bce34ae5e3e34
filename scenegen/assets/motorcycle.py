"""The motorcycle: an upright road machine, some with a small fairing or a case."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.headlamps import low_beam
from scenegen.assets.lofts import bar, column, cylinder, tube
from scenegen.assets.materials import (
    ALLOY,
    BRAKE_LAMP,
    CHROME,
    GLASS,
    HEADLAMP,
    PLASTIC,
    STEEL,
    TAIL_LAMP,
    UNDERBODY,
    matte,
    paint,
)
from scenegen.assets.shapes import box, rounded_box
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

RADIUS = 0.31
FRONT: Vec3 = (0.72, 0.0, RADIUS)
REAR: Vec3 = (-0.72, 0.0, RADIUS)
HEAD: Vec3 = (0.40, 0.0, 0.93)
_LOW_HEAD: Vec3 = (0.47, 0.0, 0.77)
PELVIS: Vec3 = (-0.24, 0.0, 0.93)
_BAR: Vec3 = (0.24, 0.36, 1.06)
_REST: Vec3 = (-0.16, 0.165, 0.38)

_TANK = (
    (0.78, 0.06, 0.0, 0.24, 0.10),
    (0.86, 0.07, 0.0, 0.27, 0.155),
    (0.93, 0.08, 0.0, 0.25, 0.15),
    (0.985, 0.09, 0.0, 0.18, 0.10),
    (1.0, 0.09, 0.0, 0.08, 0.05),
)
_SEAT = (
    (0.73, -0.36, 0.0, 0.27, 0.10),
    (0.79, -0.38, 0.0, 0.31, 0.14),
    (0.83, -0.39, 0.0, 0.30, 0.13),
    (0.845, -0.40, 0.0, 0.26, 0.09),
)


def _frame(bench: Bench, color: Material) -> None:
    root = bench.part("frame")
    bench.add(root, column(np.array(_TANK), 14, 2.4), color)
    bench.add(root, column(np.array(_SEAT), 14, 3.0), PLASTIC)
    bench.add(root, rounded_box((0.42, 0.26, 0.26), 0.06, (0.02, 0.0, 0.40)), UNDERBODY)
    for k in range(4):
        fin = rounded_box((0.24, 0.27, 0.025), 0.03, (0.14, 0.0, 0.55 + 0.045 * k))
        bench.add(root, fin.turned((0, 1, 0), 0.15).moved(x=-0.06), STEEL)
    bench.add(root, box((0.2, 0.22, 0.2), (0.1, 0.0, 0.6)), UNDERBODY)
    casing = cylinder(0.12, 0.04, 16, "y").moved(-0.08, 0.145, 0.42)
    bench.add(root, casing.both_sides(), ALLOY)
    bench.add(root, rounded_box((0.08, 0.3, 0.28), 0.02, (0.36, 0.0, 0.56)), UNDERBODY)
    for a, b, r in (
        ((0.42, 0.0, 0.86), (-0.2, 0.09, 0.72), 0.026),
        ((0.42, 0.0, 0.82), (0.26, 0.10, 0.34), 0.02),
        ((-0.2, 0.09, 0.74), (-0.14, 0.10, 0.36), 0.02),
        ((-0.14, 0.11, 0.40), (REAR[0], 0.10, REAR[2]), 0.022),
        ((-0.25, 0.1, 0.72), (-0.64, 0.08, 0.76), 0.016),
    ):
        bench.add(root, bar(a, b, r, 8).both_sides(), STEEL)
    bench.add(root, bar((-0.5, 0.13, 0.7), (-0.66, 0.13, 0.36), 0.025, 10).both_sides(), PLASTIC)
    side = rounded_box((0.26, 0.05, 0.16), 0.02, (-0.24, 0.11, 0.66)).both_sides()
    bench.add(root, side, color)
    _exhaust(bench, root)
    _tail(bench, root, color)
    peg = (_REST[0], _REST[1] + 0.09, _REST[2] - 0.02)
    bench.add(root, bar((_REST[0], 0.11, 0.37), peg, 0.014, 8).both_sides(), PLASTIC)
    stand = bar((0.0, 0.12, 0.28), (-0.3, 0.14, 0.25), 0.012, 6)
    bench.add(root, stand, STEEL)


def _exhaust(bench: Bench, root: str) -> None:
    pipe = [(0.28, -0.06, 0.56), (0.36, -0.08, 0.45), (0.3, -0.12, 0.28), (0.0, -0.15, 0.24)]
    bench.add(root, tube([*pipe, (-0.3, -0.17, 0.28)], 0.024, 8), CHROME)
    bench.add(root, bar((-0.28, -0.17, 0.28), (-0.82, -0.19, 0.42), 0.05, 12, 0.056), STEEL)


def _tail(bench: Bench, root: str, color: Material) -> None:
    rows = [(-0.62, 0.0, 0.0, 0.05, 0.10), (-0.78, 0.01, 0.0, 0.045, 0.085)]
    rows += [(-0.9, 0.025, 0.0, 0.028, 0.06)]
    upright = np.array([(x, -0.77 - up, y, rz, ry) for x, up, y, rz, ry in rows])
    bench.add(root, column(upright, 12, 2.6).turned((0, 1, 0), np.pi / 2), color)
    bench.add(root, rounded_box((0.04, 0.13, 0.05), 0.012, (-0.9, 0.0, 0.795)), TAIL_LAMP)
    bench.add(root, rounded_box((0.04, 0.06, 0.035), 0.012, (-0.918, 0.0, 0.795)), BRAKE_LAMP)
    bench.add(root, mudguard(RADIUS + 0.03, 0.1, 1.5, 2.7).moved(*REAR), PLASTIC)
    bench.add(root, box((0.02, 0.16, 0.26), (-0.94, 0.0, 0.66)), PLASTIC)
    add_plate(bench, root, (-0.965, 0.0, 0.57))
    add_indicators(bench, root, -0.9, 0.17, 0.71)


def _fork(bench: Bench, color: Material, faired: bool) -> None:
    fork = steered_part(bench, "frame", HEAD, _LOW_HEAD)

    def at(x: float, y: float, z: float) -> Vec3:
        return (x - HEAD[0], y - HEAD[1], z - HEAD[2])

    bench.add(fork, bar(at(0.38, 0.1, 0.98), at(0.58, 0.1, 0.6), 0.024, 10).both_sides(), CHROME)
    bench.add(
        fork, bar(at(0.58, 0.1, 0.6), at(*FRONT[:1], 0.1, 0.3), 0.032, 10).both_sides(), STEEL
    )
    for x, z in ((0.39, 0.97), (0.475, 0.795)):
        bench.add(fork, rounded_box((0.09, 0.27, 0.035), 0.012, at(x, 0.0, z)), STEEL)
    path = [at(0.38, 0.0, 1.02), at(0.37, 0.08, 1.03), at(0.3, 0.2, 1.08), at(*_BAR)]
    bench.add(fork, tube(path, 0.012, 8).both_sides(), STEEL)
    grip = bar(at(0.274, 0.27, 1.071), at(0.221, 0.41, 1.054), 0.018, 8)
    bench.add(fork, grip.both_sides(), PLASTIC)
    add_mirrors(bench, fork, at(0.29, 0.24, 1.08), at(0.26, 0.36, 1.24))
    bench.add(fork, cylinder(0.095, 0.13, 18, "x").moved(*at(0.55, 0.0, 0.92)), PLASTIC)
    bench.add(fork, cylinder(0.085, 0.02, 18, "x").moved(*at(0.62, 0.0, 0.92)), HEADLAMP)
    bench.add(fork, rounded_box((0.07, 0.2, 0.07), 0.02, at(0.45, 0.0, 1.05)), PLASTIC)
    add_indicators(bench, fork, *at(0.5, 0.2, 0.9))
    hub = at(*FRONT)
    bench.add(fork, mudguard(RADIUS + 0.02, 0.075, 0.9, 2.5).moved(*hub), color)
    if faired:
        shell = [(0.8, 0.53, 0.0, 0.08, 0.15), (0.92, 0.53, 0.0, 0.11, 0.19)]
        shell += [(1.04, 0.5, 0.0, 0.10, 0.17), (1.1, 0.46, 0.0, 0.05, 0.13)]
        rows = [(z - HEAD[2], x - HEAD[0], y, rx, ry) for z, x, y, rx, ry in shell]
        bench.add(fork, column(np.array(rows), 14, 2.5), color)
        lens = rounded_box((0.03, 0.2, 0.1), 0.02, at(0.632, 0.0, 0.93))
        bench.add(fork, lens, HEADLAMP)
        screen = rounded_box((0.015, 0.26, 0.2), 0.01).turned((0, 1, 0), -0.6)
        bench.add(fork, screen.moved(*at(0.46, 0.0, 1.16)), GLASS)
    add_wheel(bench, "front", fork, hub, RADIUS, 0.12, ALLOY)


def motorcycle(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a motorcycle of 0.31 m wheels; every third has a case behind the seat."""
    bench = Bench("motorcycle")
    color = paint(str(rng.choice(("8e1c1f", "1b1b1d", "1f3f73", "d9d9d4", "b5541c", "24452f"))))
    _frame(bench, color)
    _fork(bench, color, bool(rng.random() < 0.5))
    add_wheel(bench, "rear", "frame", REAR, RADIUS, 0.17, ALLOY)
    if rng.random() < 0.35:
        case = rounded_box((0.36, 0.42, 0.3), 0.06, (-0.86, 0.0, 1.02))
        bench.add("frame", case, matte("case", "25272a", 0.5))
        bench.add("frame", box((0.2, 0.12, 0.08), (-0.78, 0.0, 0.85)), PLASTIC)
    return finish(
        asset_id,
        variant,
        "motorcycle",
        bench,
        mass_kg=205.0,
        joints=MOTORCYCLE_JOINTS,
        collision=(CollisionShape("box", (-0.02, 0.0, 0.58), (1.9, 0.4, 0.9)),),
        wheels=(Wheel(FRONT, RADIUS, True, False), Wheel(REAR, RADIUS, False, True)),
        spots=(low_beam((0.65, 0.0, 0.92)),),
        anchors=rider_anchors(PELVIS, _BAR, _REST),
    )
