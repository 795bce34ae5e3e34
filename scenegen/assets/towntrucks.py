"""Lorries that work for a town: the fire engine and the refuse lorry."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.cab import Axle
from scenegen.assets.lofts import bar, cylinder, extrude
from scenegen.assets.materials import (
    ALLOY,
    BEACON_AMBER,
    BEACON_BLUE,
    GALVANISED,
    GLASS,
    PLASTIC,
    SEAM,
    STEEL,
    matte,
    paint,
)
from scenegen.assets.services import light_bar
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.trucks import CAB_X, lorry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material
from scenegen.records.taxonomy import WHEELED_JOINTS

_AXLES = (Axle("front", 2.85, steered=True), Axle("rear", -2.1, driven=True, twin=True))
_BAND = matte("bright band", "d8dc4a", 0.4)
_SHUTTER = matte("shutter", "a9adb0", 0.5)


def _crew_cab(bench: Bench, root: str, color: Material) -> None:
    bench.add(root, rounded_box((1.42, 2.36, 2.1), 0.12, (1.42, 0.0, 1.72)), color)
    bench.add(root, box((0.95, 2.372, 0.66), (1.45, 0.0, 2.1)), GLASS)
    for x in (0.86, 2.02):
        bench.add(root, box((0.015, 2.366, 1.7), (x, 0.0, 1.75)), SEAM)
    for y in (1.19, -1.19):
        bench.add(root, box((1.0, 0.08, 0.06), (1.45, y, 0.6)), PLASTIC)


def _lockers(bench: Bench, root: str, color: Material) -> None:
    """Build the rear body with its roller shutters and the pump at the back."""
    bench.add(root, rounded_box((4.6, 2.46, 2.06), 0.05, (-1.62, 0.0, 2.0)), color)
    for x, wide, low in ((-0.05, 1.2, 1.05), (-1.95, 2.1, 1.62), (-3.45, 0.7, 1.05)):
        tall = 2.72 - low
        bench.add(root, box((wide, 2.476, tall), (x, 0.0, low + 0.5 * tall)), _SHUTTER)
        for k in range(int(tall / 0.2)):
            bench.add(root, box((wide - 0.02, 2.482, 0.012), (x, 0.0, low + 0.12 + 0.2 * k)), SEAM)
    bench.add(root, box((4.5, 2.474, 0.16), (-1.62, 0.0, 2.86)), _BAND)
    bench.add(root, box((0.03, 1.5, 1.3), (-3.93, 0.0, 1.85)), _SHUTTER)
    for k in range(6):
        bench.add(root, box((0.036, 1.46, 0.012), (-3.93, 0.0, 1.35 + 0.2 * k)), SEAM)
    for y in (1.0, -1.0):
        bench.add(root, rounded_box((0.16, 0.2, 0.12), 0.03, (-3.75, y, 3.09)), BEACON_BLUE)


def _ladder(bench: Bench, root: str) -> None:
    for y in (0.28, 0.72):
        bench.add(root, box((5.2, 0.05, 0.09), (-1.2, y, 3.24)), ALLOY)
    for k in range(16):
        bench.add(
            root, bar((-3.7 + 0.33 * k, 0.28, 3.24), (-3.7 + 0.33 * k, 0.72, 3.24), 0.016, 6), ALLOY
        )
    for x in (-3.4, 0.3):
        bench.add(root, box((0.06, 0.6, 0.18), (x, 0.5, 3.1)), STEEL)
    bench.add(root, rounded_box((2.4, 0.6, 0.22), 0.04, (-1.6, -0.6, 3.14)), GALVANISED)


def fire_engine(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a pumper with a crew cab, lockers behind roller shutters and a ladder."""
    bench = Bench("truck")
    root = bench.part("body")
    red = str(rng.choice(("b3161a", "c22a17", "9e1418")))
    wheels, spots = lorry(bench, root, red, _AXLES)
    _crew_cab(bench, root, paint(red))
    _lockers(bench, root, paint(red))
    _ladder(bench, root)
    light_bar(bench, root, CAB_X - 0.1, 2.77, 1.9)
    bench.add(root, box((1.5, 2.388, 0.14), (CAB_X - 0.2, 0.0, 1.5)), _BAND)
    bench.add(root, box((0.03, 0.5, 0.1), (CAB_X + 0.985, 0.7, 1.0)).both_sides(), BEACON_BLUE)
    shapes = (
        CollisionShape("box", (CAB_X - 0.7, 0, 1.6), (3.35, 2.4, 2.3)),
        CollisionShape("box", (-1.62, 0, 1.9), (4.6, 2.48, 2.4)),
    )
    return finish(
        asset_id, variant, "truck", bench, 13_500.0, WHEELED_JOINTS, shapes, wheels, spots
    )


def refuse_lorry(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a refuse lorry: a compactor body with its hopper at the back, amber beacons."""
    bench = Bench("truck")
    root = bench.part("body")
    color = str(rng.choice(("d9711c", "e8e8e4", "3b7d4f", "d9b51c")))
    wheels, spots = lorry(bench, root, color, _AXLES)
    skin = matte("compactor", str(rng.choice((color, "c9ced1"))), 0.55)
    bench.add(root, rounded_box((4.0, 2.46, 2.25), 0.12, (-0.1, 0.0, 2.18)), skin)
    for k in range(5):
        bench.add(root, box((0.07, 2.5, 2.0), (1.5 - 0.8 * k, 0.0, 2.15)), skin)
    tail = [(-2.05, 3.35), (-3.0, 3.2), (-4.0, 2.1), (-4.05, 1.0), (-3.4, 0.85), (-2.05, 1.05)]
    bench.add(root, extrude(tail, 2.38), skin, crease_rad=0.3)
    dark = matte("hopper", "15171a")
    bench.add(root, box((0.05, 2.0, 0.85), (-4.04, 0.0, 1.55)), dark)
    bench.add(
        root,
        cylinder(0.05, 1.7, 8, "z").turned((0, 1, 0), 0.55).moved(-3.2, 1.24, 2.2).both_sides(),
        STEEL,
    )
    stripe = matte("warning stripe", "c9321c", 0.4)
    for y in (1.08, -1.08):
        bench.add(root, box((0.03, 0.12, 0.9), (-4.05, y, 1.5)), stripe)
        bench.add(root, box((0.4, 0.45, 0.04), (-4.15, 0.9 * y / 1.08, 0.55)), GALVANISED)
        lens = cylinder(0.08, 0.14, 12).moved(CAB_X, 0.8 * y, 2.85)
        bench.add(root, lens, BEACON_AMBER)
        lens = rounded_box((0.1, 0.16, 0.12), 0.03, (-2.9, 0.85 * y, 3.3))
        bench.add(root, lens, BEACON_AMBER)
    shapes = (
        CollisionShape("box", (CAB_X, 0, 1.6), (1.95, 2.4, 2.3)),
        CollisionShape("box", (-1.05, 0, 1.95), (6.1, 2.5, 2.6)),
    )
    return finish(
        asset_id, variant, "truck", bench, 15_000.0, WHEELED_JOINTS, shapes, wheels, spots
    )
