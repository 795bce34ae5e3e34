"""Lorries on one chassis: with a box body, and with an open bed."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.cab import (
    Axle,
    add_axles,
    add_cab,
    add_nose_lamps,
    add_tail_lamps,
)
from scenegen.assets.lofts import bar, cylinder
from scenegen.assets.materials import (
    PLASTIC,
    SEAM,
    STEEL,
    UNDERBODY,
    WOOD,
    matte,
    paint,
)
from scenegen.assets.shapes import box, rounded_box
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Spot, Wheel
from scenegen.records.taxonomy import TAGGED_JOINTS, WHEELED_JOINTS

CABS = ("e8e8e4", "b3201f", "1f4d8a", "2e2f31", "2f6a45", "c98a1a")
RADIUS = 0.48
CAB_X = 3.02


def _chassis(bench: Bench, root: str) -> None:
    for y in (0.42, -0.42):
        bench.add(root, box((7.3, 0.09, 0.24), (-0.25, y, 0.84)), UNDERBODY)
    bench.add(root, cylinder(0.28, 0.95, 18, "x").moved(0.85, 0.82, 0.66), STEEL)
    bench.add(root, rounded_box((0.8, 0.5, 0.5), 0.05, (0.75, -0.82, 0.66)), PLASTIC)
    for y in (1.2, -1.2):
        for z in (0.5, 0.78):
            bench.add(root, box((1.5, 0.03, 0.1), (0.1, y, z)), STEEL)
        bench.add(root, box((1.15, 0.34, 0.03), (-2.3, 0.86 * y, 1.01)), PLASTIC)
    bench.add(root, box((0.1, 2.3, 0.12), (-3.86, 0.0, 0.52)), STEEL)


def lorry(
    bench: Bench, root: str, color: str, axles: tuple[Axle, ...]
) -> tuple[tuple[Wheel, ...], tuple[Spot, ...]]:
    """Put cab, frame, lamps and axles of a lorry of 8 m together; return wheels and beams."""
    add_cab(bench, root, CAB_X, paint(color))
    _chassis(bench, root)
    spots = add_nose_lamps(bench, root, CAB_X + 1.04, 0.88, 0.66)
    add_tail_lamps(bench, root, -3.93, 0.88, 0.86)
    return add_axles(bench, root, axles, RADIUS, 2.1), spots


def box_truck(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a lorry with a box body on two axles."""
    bench = Bench("truck")
    root = bench.part("body")
    axles = (Axle("front", 2.85, steered=True), Axle("rear", -2.3, driven=True, twin=True))
    wheels, spots = lorry(bench, root, str(rng.choice(CABS)), axles)
    high = float(rng.uniform(3.3, 3.7))
    skin = str(
        rng.choice(("e9e9e6", "d9dcdd", "2f5f9a", "b8322c", "e6c24a"), p=(0.5, 0.2, 0.1, 0.1, 0.1))
    )
    bench.add(
        root,
        rounded_box((5.75, 2.5, high - 1.05), 0.025, (-1.03, 0, 0.5 * (high + 1.05))),
        matte("box", skin, 0.5),
    )
    for z in (1.08, high - 0.03):
        bench.add(root, box((5.78, 2.53, 0.09), (-1.03, 0, z)), STEEL)
    for x in (1.84, -3.9):
        bench.add(root, box((0.06, 2.53, high - 1.1), (x, 0, 0.5 * (high + 1.05))), STEEL)
    bench.add(root, box((0.02, 0.03, high - 1.3), (-3.935, 0, 0.5 * (high + 1.05))), SEAM)
    for y in (0.25, -0.25):
        bench.add(root, bar((-3.95, y, 1.2), (-3.95, y, high - 0.15), 0.02, 6), STEEL)
    if rng.random() < 0.5:
        band = matte("band", str(rng.choice(("b3201f", "1f4d8a", "2f6a45", "e2731c"))), 0.5)
        bench.add(root, box((4.6, 2.512, 0.5), (-1.0, 0, 0.5 * (high + 1.3))), band)
    for x in (1.7, 0.0, -1.6, -3.6):
        bench.add(root, box((0.1, 2.545, 0.04), (x, 0, 1.08)), matte("marker", "d98a20", 0.4))
    shapes = (
        CollisionShape("box", (CAB_X, 0, 1.6), (1.95, 2.4, 2.3)),
        CollisionShape("box", (-1.03, 0, 0.5 * (high + 0.75)), (5.8, 2.52, high - 0.75)),
    )
    return finish(
        asset_id,
        variant,
        "truck",
        bench,
        7500.0,
        WHEELED_JOINTS,
        shapes,
        wheels=wheels,
        spots=spots,
    )


def flatbed_truck(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a lorry with an open bed without sides, on three axles; loads fall off it."""
    bench = Bench("truck")
    root = bench.part("body")
    axles = (
        Axle("front", 2.85, steered=True),
        Axle("rear", -1.75, driven=True, twin=True),
        Axle("tag", -3.05, twin=True),
    )
    wheels, spots = lorry(bench, root, str(rng.choice(CABS)), axles)
    bench.add(root, box((5.75, 2.46, 0.1), (-1.03, 0, 1.09)), WOOD)
    for y in (1.225, -1.225):
        bench.add(root, box((5.8, 0.07, 0.15), (-1.03, y, 1.06)), STEEL)
    for x in (1.86, -3.92):
        bench.add(root, box((0.06, 2.5, 0.15), (x, 0, 1.06)), STEEL)
    for k in range(9):
        bench.add(root, box((5.7, 0.012, 0.004), (-1.03, -1.0 + 0.25 * k, 1.141)), SEAM)
    for k in range(7):
        bench.add(root, box((0.05, 0.07, 1.25), (1.84, -1.14 + 0.38 * k, 1.76)), STEEL)
    bench.add(root, box((0.06, 2.4, 0.07), (1.84, 0, 2.4)), STEEL)
    shapes = (
        CollisionShape("box", (CAB_X, 0, 1.6), (1.95, 2.4, 2.3)),
        CollisionShape("box", (-1.03, 0, 0.94), (5.8, 2.5, 0.4)),
        CollisionShape("box", (1.84, 0, 1.76), (0.08, 2.4, 1.3)),
    )
    return finish(
        asset_id,
        variant,
        "truck",
        bench,
        8200.0,
        TAGGED_JOINTS,
        shapes,
        anchors={"bed": (-1.03, 0.0, 1.145)},
        wheels=wheels,
        spots=spots,
    )
