"""Things that lie on roads."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.materials import REFLECTOR_WHITE, RUBBER, WOOD, matte
from scenegen.assets.shapes import Geometry, bar, box, cylinder, lathe, ring, rounded_box
from scenegen.assets.wheels import tyre_profile
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material


def _thing(
    asset_id: str,
    variant: int,
    category: str,
    pieces: list[tuple[Geometry, Material]],
    mass: float,
    shape: CollisionShape,
) -> Asset:
    bench = Bench(category)
    root = bench.part("body")
    for piece, material in pieces:
        bench.add(root, piece, material)
    return finish(asset_id, variant, category, bench, mass, collision=(shape,))


def box_debris(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a cardboard box."""
    x, y, z = rng.uniform((0.45, 0.4, 0.3), (0.8, 0.6, 0.55)).tolist()
    pieces = [(box((x, y, z), (0, 0, z / 2)), matte("cardboard", "a9825a"))]
    return _thing(
        asset_id, variant, "debris", pieces, 9.0, CollisionShape("box", (0, 0, z / 2), (x, y, z))
    )


def crate(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a wooden crate."""
    s = float(rng.uniform(0.7, 1.0))
    pieces = [(box((s, s, s), (0, 0, s / 2)), WOOD)]
    return _thing(
        asset_id, variant, "debris", pieces, 45.0, CollisionShape("box", (0, 0, s / 2), (s, s, s))
    )


def pallet(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a EUR pallet, 1.2 x 0.8 x 0.144 m."""
    pieces = [
        (box((1.2, 0.1, 0.022), (0, y, 0.133)), WOOD) for y in (-0.35, -0.175, 0, 0.175, 0.35)
    ]
    pieces += [
        (box((0.14, 0.1, 0.122), (x, y, 0.061)), WOOD)
        for x in (-0.52, 0, 0.52)
        for y in (-0.35, 0, 0.35)
    ]
    return _thing(
        asset_id,
        variant,
        "debris",
        pieces,
        24.0,
        CollisionShape("box", (0, 0, 0.072), (1.2, 0.8, 0.144)),
    )


def barrel(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a steel drum."""
    color = matte("drum", str(rng.choice(("1f4d8a", "8e1c1f", "2b2b2d", "c98a1a"))), 0.4)
    return _thing(
        asset_id,
        variant,
        "debris",
        [(cylinder(0.29, 0.88, 24).moved(z=0.44), color)],
        60.0,
        CollisionShape("cylinder", (0, 0, 0.44), (0.29, 0.29, 0.88)),
    )


def tyre(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a lorry tyre."""
    return _thing(
        asset_id,
        variant,
        "debris",
        [(ring(tyre_profile(0.5, 0.3, 0.29), 28).moved(z=0.15), RUBBER)],
        55.0,
        CollisionShape("cylinder", (0, 0, 0.15), (0.5, 0.5, 0.3)),
    )


def mattress(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a mattress."""
    return _thing(
        asset_id,
        variant,
        "debris",
        [(rounded_box((2.0, 0.9, 0.2), 0.07, (0, 0, 0.1)), matte("ticking", "dedbd0"))],
        16.0,
        CollisionShape("box", (0, 0, 0.1), (2.0, 0.9, 0.2)),
    )


def cone(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a traffic cone."""
    orange = matte("orange", "e8541a", 0.6)
    pieces = [
        (rounded_box((0.42, 0.42, 0.04), 0.015, (0, 0, 0.02)), orange),
        (lathe([(0.16, 0.03), (0.03, 0.74)], 20), orange),
        (lathe([(0.115, 0.27), (0.088, 0.42)], 20), REFLECTOR_WHITE),
    ]
    return _thing(
        asset_id,
        variant,
        "cone",
        pieces,
        3.5,
        CollisionShape("cylinder", (0, 0, 0.37), (0.17, 0.17, 0.74)),
    )


def triangle(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a warning triangle."""
    red = matte("reflex red", "c4161c", 0.3)
    corners: list[Vec3] = [(0, -0.22, 0.06), (0, 0.22, 0.06), (0, 0, 0.44)]
    pieces = [(bar(corners[k], corners[(k + 1) % 3], 0.025, 6), red) for k in range(3)]
    pieces.append((box((0.2, 0.04, 0.02), (0, 0, 0.01)), matte("foot", "222222")))
    return _thing(
        asset_id,
        variant,
        "debris",
        pieces,
        1.2,
        CollisionShape("box", (0, 0, 0.23), (0.2, 0.44, 0.46)),
    )
