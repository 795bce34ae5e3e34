"""Lorries and the bus."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.materials import (
    BRAKE_LAMP,
    GLASS,
    HEADLAMP,
    INDICATOR_LEFT,
    INDICATOR_RIGHT,
    TAIL_LAMP,
    UNDERBODY,
    WOOD,
    linear,
    matte,
    paint,
)
from scenegen.assets.shapes import Geometry, box, rounded_box
from scenegen.assets.wheels import WHEEL_NAMES, add_wheel, axles, wheel_part
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material, Spot
from scenegen.records.taxonomy import WHEELED_JOINTS, Lamp


def _lorry(
    asset_id: str,
    variant: int,
    category: str,
    pieces: list[tuple[Geometry, Material]],
    size: Vec3,
    mass: float,
    axle: tuple[float, float],
    collision: tuple[CollisionShape, ...],
    anchors: dict[str, Vec3],
) -> Asset:
    length, width, _ = size
    bench = Bench(category)
    root = bench.part("body")
    for shape, material in pieces:
        bench.add(root, shape, material)
    for s, indicator in ((1.0, INDICATOR_LEFT), (-1.0, INDICATOR_RIGHT)):
        y = s * 0.38 * width
        bench.add(root, box((0.04, 0.3, 0.2), (length / 2, y, 0.75)), HEADLAMP)
        bench.add(root, box((0.04, 0.1, 0.2), (length / 2, y + s * 0.21, 0.75)), indicator)
        bench.add(root, box((0.04, 0.2, 0.15), (-length / 2, y, 0.85)), TAIL_LAMP)
        bench.add(root, box((0.06, 0.1, 0.1), (-length / 2, y, 0.85)), BRAKE_LAMP)
        bench.add(root, box((0.04, 0.1, 0.15), (-length / 2, y + s * 0.16, 0.85)), indicator)
    wheels = axles(axle[0], axle[1], width - 0.35, 0.48, False)
    for wheel, name in zip(wheels, WHEEL_NAMES, strict=True):
        part = wheel_part(bench, root, wheel, name, wheel.steered)
        add_wheel(bench, part, 0.48, 0.3, 1.0 if "left" in name else -1.0)
    spots = tuple(
        Spot(
            (length / 2, s * 0.38 * width, 0.75),
            (0.9995, 0.0, -0.03),
            15_000.0,
            0.5,
            linear("fff6e6"),
            Lamp.LOW_BEAM,
        )
        for s in (1.0, -1.0)
    )
    return finish(
        asset_id, variant, category, bench, mass, WHEELED_JOINTS, collision, wheels, spots, anchors
    )


def box_truck(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a lorry with a box body."""
    cab = paint(str(rng.choice(("e8e8e4", "b3201f", "1f4d8a", "2e2f31"))))
    pieces = [
        (rounded_box((1.9, 2.4, 2.1), 0.15, (3.05, 0, 1.6)), cab),
        (rounded_box((5.9, 2.5, 2.5), 0.03, (-1.0, 0, 2.25)), matte("box", "e9e9e6")),
        (box((7.6, 0.9, 0.3), (-0.1, 0, 0.75)), UNDERBODY),
    ]
    shapes = (CollisionShape("box", (0, 0, 2.0), (8.0, 2.5, 3.0)),)
    return _lorry(
        asset_id, variant, "truck", pieces, (8.0, 2.5, 3.5), 7500.0, (2.9, -2.3), shapes, {}
    )


def flatbed_truck(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a lorry with an open bed."""
    cab = paint(str(rng.choice(("e8e8e4", "b3201f", "1f4d8a", "c98a1a"))))
    pieces = [
        (rounded_box((1.9, 2.4, 2.1), 0.15, (3.05, 0, 1.6)), cab),
        (box((5.9, 2.5, 0.16), (-1.05, 0, 1.07)), WOOD),
        (box((7.6, 0.9, 0.3), (-0.1, 0, 0.75)), UNDERBODY),
    ]
    shapes = (
        CollisionShape("box", (3.05, 0, 1.6), (1.9, 2.4, 2.1)),
        CollisionShape("box", (-1.05, 0, 0.9), (5.9, 2.5, 0.5)),
    )
    return _lorry(
        asset_id,
        variant,
        "truck",
        pieces,
        (8.0, 2.5, 2.7),
        6500.0,
        (2.9, -2.3),
        shapes,
        {"bed": (-1.05, 0.0, 1.15)},
    )


def bus(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a city bus."""
    color = paint(str(rng.choice(("d8b01c", "b01e22", "2c5fa0", "e6e6e2"))))
    pieces = [
        (rounded_box((11.9, 2.5, 2.6), 0.15, (0, 0, 1.7)), color),
        (box((11.4, 2.52, 0.9), (0, 0, 2.0)), GLASS),
    ]
    shapes = (CollisionShape("box", (0, 0, 1.65), (11.95, 2.5, 2.7)),)
    return _lorry(
        asset_id, variant, "bus", pieces, (11.95, 2.5, 3.0), 12_000.0, (3.3, -2.6), shapes, {}
    )
