"""The articulated lorry: a tractor with a semitrailer of 13.6 m, in line behind it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.cab import Axle, add_axles, add_cab, add_nose_lamps, add_tail_lamps
from scenegen.assets.lofts import bar, cylinder, loft
from scenegen.assets.materials import (
    GALVANISED,
    PLASTIC,
    SEAM,
    STEEL,
    UNDERBODY,
    matte,
    paint,
)
from scenegen.assets.shapes import box, rounded_box, rounded_rectangle
from scenegen.assets.trucks import CABS
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material
from scenegen.records.taxonomy import TAGGED_JOINTS

RADIUS = 0.50
CAB_X = 7.05
FRONT_X, REAR_X = 5.62, -7.98
LOW, HIGH = 1.2, 4.0
SKINS = ("e9e9e6", "c9ced1", "2f5f9a", "a3282a", "2e6b4a", "d8a02a", "3c4046")
_MARKER = matte("marker", "d98a20", 0.4)


def add_tractor(bench: Bench, root: str, color: Material) -> None:
    """Put cab, roof fairing and frame of a tractor together."""
    add_cab(bench, root, CAB_X, color)
    rings = []
    for x, high, half in (
        (7.55, 2.86, 0.9),
        (7.2, 3.2, 1.08),
        (6.75, 3.55, 1.14),
        (6.15, 3.68, 1.14),
    ):
        outline = rounded_rectangle(high - 2.6, 2 * half, 0.15, 3)
        z = 0.5 * (high + 2.6) + outline[:, 0]
        rings.append(np.column_stack([np.full(len(outline), x), outline[:, 1], z]))
    bench.add(root, loft(np.array(rings)), color)
    for y in (1.16, -1.16):
        bench.add(root, box((0.5, 0.04, 2.2), (5.95, y, 1.85)), color)
    for y in (0.42, -0.42):
        bench.add(root, box((5.6, 0.09, 0.26), (4.4, y, 0.88)), UNDERBODY)
    bench.add(root, cylinder(0.32, 1.3, 18, "x").moved(4.75, 0.85, 0.66), STEEL)
    bench.add(root, rounded_box((1.3, 0.6, 0.55), 0.06, (4.75, -0.85, 0.66)), STEEL)
    for y in (0.86, -0.86):
        bench.add(root, box((1.25, 0.5, 0.03), (3.1, y, 1.08)), PLASTIC)


def add_trailer_frame(bench: Bench, root: str, legs_x: float = 1.7) -> None:
    """Put beams, legs, side guards and flaps below the load floor."""
    middle, length = 0.5 * (FRONT_X + REAR_X), FRONT_X - REAR_X
    bench.add(root, box((length, 2.5, 0.1), (middle, 0.0, LOW - 0.06)), STEEL)
    for y in (0.5, -0.5):
        bench.add(root, box((9.6, 0.1, 0.26), (-3.0, y, 0.98)), UNDERBODY)
    for y in (0.75, -0.75):
        bench.add(root, box((0.12, 0.12, 0.72), (legs_x, y, 0.76)), STEEL)
        bench.add(root, box((0.3, 0.22, 0.05), (legs_x, y, 0.4)), STEEL)
    for y in (1.2, -1.2):
        for z in (0.55, 0.85):
            bench.add(root, box((4.9, 0.03, 0.12), (-0.85, y, z)), GALVANISED)
        for x in (-3.0, -0.8, 1.2):
            bench.add(root, box((0.06, 0.04, 0.65), (x, 0.97 * y, 0.83)), STEEL)
    spare = rounded_box((1.2, 0.7, 0.42), 0.06, (0.4, 0.0, 0.85))
    bench.add(root, spare, UNDERBODY)
    bench.add(root, box((0.1, 2.35, 0.13), (REAR_X + 0.12, 0.0, 0.52)), GALVANISED)
    for y in (0.7, -0.7):
        bench.add(root, box((0.08, 0.08, 0.6), (REAR_X + 0.14, y, 0.82)), STEEL)
    for k in range(7):
        x = FRONT_X - 1.0 - 1.95 * k
        bench.add(root, box((0.1, 2.545, 0.05), (x, 0.0, LOW - 0.06)), _MARKER)


def add_load(bench: Bench, root: str, skin: Material, ribbed: bool) -> None:
    """Build the body: a container with ribs, or curtains with posts and straps."""
    middle, length = 0.5 * (FRONT_X + REAR_X), FRONT_X - REAR_X
    tall = HIGH - LOW
    body = rounded_box((length - 0.04, 2.5, tall), 0.03, (middle, 0.0, LOW + 0.5 * tall))
    bench.add(root, body, skin)
    for x in (FRONT_X - 0.02, REAR_X + 0.03):
        bench.add(root, box((0.08, 2.54, tall - 0.02), (x, 0.0, LOW + 0.5 * tall)), GALVANISED)
    for z in (LOW + 0.04, HIGH - 0.02):
        bench.add(root, box((length + 0.02, 2.546, 0.1), (middle, 0.0, z)), GALVANISED)
    if ribbed:
        r, g, b = (0.6 * value for value in skin.base_color)
        groove = replace(skin, name="groove", base_color=(r, g, b))
        for k in range(26):
            x = FRONT_X - 0.4 - 0.51 * k
            bench.add(root, box((0.09, 2.508, tall - 0.2), (x, 0.0, LOW + 0.5 * tall)), groove)
    else:
        strap = matte("strap", "2a2c2e")
        for k in range(20):
            x = FRONT_X - 0.5 - 0.67 * k
            bench.add(root, box((0.05, 2.515, 0.5), (x, 0.0, LOW + 0.32)), strap)
        for k in range(3):
            x = FRONT_X - 3.4 * (k + 1)
            bench.add(root, box((0.03, 2.512, tall - 0.7), (x, 0.0, LOW + 0.5 * tall + 0.25)), SEAM)
    door = REAR_X - 0.012
    bench.add(root, box((0.02, 0.03, tall - 0.2), (door, 0.0, LOW + 0.5 * tall)), SEAM)
    for y in (0.35, 0.85):
        rod = bar((door - 0.02, y, LOW + 0.1), (door - 0.02, y, HIGH - 0.1), 0.022, 6)
        bench.add(root, rod.both_sides(), STEEL)


def articulated_lorry(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a tractor with a semitrailer: curtains or a container, on five axles."""
    bench = Bench("truck")
    root = bench.part("body")
    add_tractor(bench, root, paint(str(rng.choice(CABS))))
    spots = add_nose_lamps(bench, root, CAB_X + 1.04, 0.88, 0.66)
    add_trailer_frame(bench, root)
    skin = matte("trailer", str(rng.choice(SKINS)), 0.55)
    add_load(bench, root, skin, bool(rng.random() < 0.4))
    add_tail_lamps(bench, root, REAR_X - 0.02, 0.9, 0.98)
    axles = (
        Axle("front", 6.85, steered=True),
        Axle("rear", 3.1, driven=True, twin=True),
        *(Axle("tag", x) for x in (-3.9, -5.2, -6.5)),
    )
    wheels = add_axles(bench, root, axles, RADIUS, 2.1)
    middle, length = 0.5 * (FRONT_X + REAR_X), FRONT_X - REAR_X
    shapes = (
        CollisionShape("box", (CAB_X - 0.1, 0, 1.9), (2.1, 2.4, 2.9)),
        CollisionShape("box", (middle, 0, 0.5 * (HIGH + 1.0)), (length, 2.55, HIGH - 1.0)),
        CollisionShape("box", (-3.0, 0, 0.8), (9.6, 2.3, 0.5)),
    )
    return finish(
        asset_id,
        variant,
        "truck",
        bench,
        24_000.0,
        TAGGED_JOINTS,
        shapes,
        wheels=wheels,
        spots=spots,
    )
