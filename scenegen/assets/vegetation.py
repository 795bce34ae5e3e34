"""Trees, bushes and hedges: opaque leaves, so that labels stay exact."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.materials import leafy, matte
from scenegen.assets.shapes import bar, blob, box, lathe
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape

LEAVES = ("4a6b2a", "3d5c28", "5d7a33", "6b7d2f")


def broadleaf(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a broad-leaved tree."""
    bench = Bench("vegetation")
    root = bench.part("tree")
    tall = float(rng.uniform(6, 11))
    leaf = leafy("leaves", str(rng.choice(LEAVES)))
    bench.add(
        root,
        bar((0, 0, 0), (0, 0, 0.5 * tall), 0.03 * tall, 8, 0.015 * tall),
        matte("bark", "4b3b2c"),
    )
    for _ in range(8):
        x, y, z = rng.uniform((-0.17, -0.17, 0.45), (0.17, 0.17, 0.85)) * tall
        bench.add(
            root, blob((0.17 * tall, 0.17 * tall, 0.13 * tall), rng, 0.2).moved(x, y, z), leaf
        )
    return finish(
        asset_id,
        variant,
        "vegetation",
        bench,
        900.0,
        collision=(CollisionShape("cylinder", (0, 0, 1.5), (0.03 * tall, 0.03 * tall, 3.0)),),
    )


def conifer(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a spruce."""
    bench = Bench("vegetation")
    root = bench.part("tree")
    tall = float(rng.uniform(8, 14))
    bench.add(
        root,
        bar((0, 0, 0), (0, 0, 0.9 * tall), 0.02 * tall, 8, 0.004 * tall),
        matte("bark", "43362a"),
    )
    leaf = leafy("needles", "2c4427")
    for k in range(6):
        z = (0.12 + 0.14 * k) * tall
        bench.add(
            root, lathe([(0.2 * tall * (1 - k / 7), z), (0.02 * tall, z + 0.22 * tall)], 10), leaf
        )
    return finish(
        asset_id,
        variant,
        "vegetation",
        bench,
        800.0,
        collision=(CollisionShape("cylinder", (0, 0, 1.5), (0.02 * tall, 0.02 * tall, 3.0)),),
    )


def bush(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a bush."""
    bench = Bench("vegetation")
    root = bench.part("bush")
    leaf = leafy("leaves", str(rng.choice(LEAVES)))
    for _ in range(5):
        x, y = rng.uniform(-0.4, 0.4, 2).tolist()
        bench.add(root, blob((0.45, 0.45, 0.5), rng, 0.25).moved(x, y, 0.45), leaf)
    return finish(asset_id, variant, "vegetation", bench, 20.0)


def hedge(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a hedge along x."""
    x, y, z = size or (6.0, 0.8, 1.2)
    bench = Bench("vegetation")
    root = bench.part("hedge")
    bench.add(root, box((x, y, z), (0, 0, z / 2)), leafy("leaves", "3d5c28"))
    return finish(
        asset_id,
        variant,
        "vegetation",
        bench,
        100.0 * x,
        collision=(CollisionShape("box", (0, 0, z / 2), (x, y, z)),),
    )
