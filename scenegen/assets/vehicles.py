"""Cars and vans."""

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
    linear,
    paint,
)
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.wheels import WHEEL_NAMES, add_wheel, axles, wheel_part
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Spot
from scenegen.records.taxonomy import WHEELED_JOINTS, Lamp

PAINTS = ("e8e8e4", "17181a", "6d7175", "b4b8ba", "1f3f73", "8e1c1f", "24452f", "4a4d52", "c7bda6")


def _car(
    asset_id: str,
    variant: int,
    rng: np.random.Generator,
    size: Vec3,
    radius: float,
    mass: float,
    cabin: tuple[float, float],
) -> Asset:
    length, width, height = size
    bench = Bench("car")
    root = bench.part("body")
    color = paint(str(rng.choice(PAINTS)))
    belt = 0.6 * height
    bench.add(root, rounded_box((length, width, belt - 0.2), 0.12, (0, 0, (belt + 0.2) / 2)), color)
    c0, c1 = cabin
    bench.add(
        root,
        rounded_box(
            (length * (c1 - c0), 0.84 * width, height - belt + 0.1),
            0.12,
            (length * (c0 + c1) / 2, 0, (height + belt - 0.1) / 2),
        ),
        GLASS,
    )
    bench.add(
        root,
        rounded_box(
            (length * (c1 - c0) * 0.8, 0.8 * width, 0.04),
            0.015,
            (length * (c0 + c1) / 2, 0, height),
        ),
        color,
    )
    for s, indicator in ((1.0, INDICATOR_LEFT), (-1.0, INDICATOR_RIGHT)):
        y = s * 0.36 * width
        bench.add(root, box((0.02, 0.3, 0.14), (length / 2, y, 0.62)), HEADLAMP)
        bench.add(root, box((0.02, 0.08, 0.12), (length / 2, y + s * 0.2, 0.62)), indicator)
        bench.add(root, box((0.02, 0.2, 0.14), (-length / 2, y, 0.75)), TAIL_LAMP)
        bench.add(root, box((0.03, 0.1, 0.1), (-length / 2, y, 0.75)), BRAKE_LAMP)
        bench.add(root, box((0.02, 0.06, 0.12), (-length / 2, y + s * 0.14, 0.75)), indicator)
    wheels = axles(0.29 * length, -0.29 * length, width - 0.22, radius, True)
    for wheel, name in zip(wheels, WHEEL_NAMES, strict=True):
        part = wheel_part(bench, root, wheel, name, wheel.steered)
        add_wheel(bench, part, radius, 0.21, 1.0 if "left" in name else -1.0)
    spots = tuple(
        Spot(
            (length / 2, s * 0.36 * width, 0.62),
            (0.9995, 0.0, -0.03),
            15_000.0,
            0.5,
            linear("fff6e6"),
            Lamp.LOW_BEAM,
        )
        for s in (1.0, -1.0)
    )
    collision = (
        CollisionShape("box", (0, 0, (belt + 0.2) / 2), (length, width, belt - 0.2)),
        CollisionShape(
            "box",
            (length * (c0 + c1) / 2, 0, (height + belt) / 2),
            (length * (c1 - c0), 0.84 * width, height - belt),
        ),
    )
    return finish(asset_id, variant, "car", bench, mass, WHEELED_JOINTS, collision, wheels, spots)


def compact(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a hatchback."""
    return _car(asset_id, variant, rng, (4.05, 1.75, 1.47), 0.305, 1180.0, (-0.47, 0.22))


def sedan(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a saloon."""
    return _car(asset_id, variant, rng, (4.65, 1.82, 1.45), 0.325, 1480.0, (-0.33, 0.18))


def estate(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return an estate car."""
    return _car(asset_id, variant, rng, (4.7, 1.82, 1.48), 0.325, 1560.0, (-0.47, 0.18))


def suv(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a sport utility vehicle."""
    return _car(asset_id, variant, rng, (4.55, 1.87, 1.68), 0.36, 1720.0, (-0.47, 0.2))


def van(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a van."""
    return _car(asset_id, variant, rng, (5.3, 1.97, 2.1), 0.34, 2150.0, (-0.49, 0.36))
