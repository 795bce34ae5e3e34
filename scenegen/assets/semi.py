"""A tractor and a semitrailer as two bodies, which a fifth wheel and a kingpin hold together."""

from __future__ import annotations

import numpy as np

from scenegen.assets.artic import (
    CAB_X,
    FRONT_X,
    HIGH,
    RADIUS,
    REAR_X,
    SKINS,
    add_load,
    add_tractor,
    add_trailer_frame,
)
from scenegen.assets.build import Bench, finish
from scenegen.assets.cab import Axle, add_axles, add_nose_lamps, add_tail_lamps
from scenegen.assets.lofts import cylinder
from scenegen.assets.materials import STEEL, matte, paint
from scenegen.assets.trucks import CABS
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape
from scenegen.records.taxonomy import TRAILER_JOINTS, WHEELED_JOINTS

HITCH_X, PIN_X = 3.7, 3.97
"""Of the fifth wheel, ahead of the tractor's rear axle, and of the kingpin, so far behind the front
of the load that its corners swing clear of the cab."""

HITCH_Z = 1.1
LEGS_X = 1.1
"""Behind where the tractor's tail swings."""


def tractor(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a tractor on two axles, with a fifth wheel behind its cab."""
    bench = Bench("truck")
    root = bench.part("body")
    add_tractor(bench, root, paint(str(rng.choice(CABS))))
    bench.add(root, cylinder(0.46, 0.06, 24, "z").moved(HITCH_X, 0.0, HITCH_Z - 0.05), STEEL)
    spots = add_nose_lamps(bench, root, CAB_X + 1.04, 0.88, 0.66)
    add_tail_lamps(bench, root, 1.58, 0.75, 0.86)
    axles = (Axle("front", 6.85, steered=True), Axle("rear", 3.1, driven=True, twin=True))
    wheels = add_axles(bench, root, axles, RADIUS, 2.1)
    shapes = (
        CollisionShape("box", (CAB_X - 0.1, 0, 1.9), (2.1, 2.4, 2.9)),
        CollisionShape("box", (4.0, 0, 0.75), (4.8, 2.3, 0.5)),
    )
    return finish(
        asset_id,
        variant,
        "truck",
        bench,
        8_000.0,
        WHEELED_JOINTS,
        shapes,
        anchors={"fifth_wheel": (HITCH_X, 0.0, HITCH_Z)},
        wheels=wheels,
        spots=spots,
    )


def semitrailer(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a semitrailer of 13.6 m on three axles: curtains or a container."""
    bench = Bench("truck")
    root = bench.part("body")
    add_trailer_frame(bench, root, LEGS_X)
    skin = matte("trailer", str(rng.choice(SKINS)), 0.55)
    add_load(bench, root, skin, bool(rng.random() < 0.4))
    add_tail_lamps(bench, root, REAR_X - 0.02, 0.9, 0.98)
    axles = tuple(Axle("tag", x) for x in (-3.9, -5.2, -6.5))
    wheels = add_axles(bench, root, axles, RADIUS, 2.1, TRAILER_JOINTS)
    middle, length = 0.5 * (FRONT_X + REAR_X), FRONT_X - REAR_X
    shapes = (
        CollisionShape("box", (middle, 0, 0.5 * (HIGH + 1.15)), (length, 2.55, HIGH - 1.15)),
        CollisionShape("box", (-3.4, 0, 0.85), (8.8, 2.3, 0.6)),
    )
    return finish(
        asset_id,
        variant,
        "truck",
        bench,
        16_000.0,
        TRAILER_JOINTS,
        shapes,
        anchors={"kingpin": (PIN_X, 0.0, HITCH_Z)},
        wheels=wheels,
    )
