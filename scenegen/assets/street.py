"""Street furniture: lamps, signals, signs, rails, fences, bins."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.materials import (
    GALVANISED,
    PLASTIC,
    REFLECTOR_WHITE,
    WOOD,
    lamp,
    linear,
    matte,
)
from scenegen.assets.shapes import bar, box, cylinder
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Spot
from scenegen.records.taxonomy import Lamp


def _post(height: float, radius: float) -> tuple[CollisionShape, ...]:
    return (CollisionShape("cylinder", (0, 0, height / 2), (radius, radius, height)),)


def street_lamp(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a street lamp that reaches over +x."""
    bench = Bench("pole")
    root = bench.part("post")
    h = 7.5
    bench.add(root, bar((0, 0, 0), (0, 0, h), 0.09, 10, 0.05), GALVANISED)
    bench.add(root, bar((0, 0, h), (1.4, 0, h + 0.2), 0.04, 8), GALVANISED)
    bench.add(root, box((0.6, 0.25, 0.1), (1.5, 0, h + 0.2)), PLASTIC)
    bench.add(
        root,
        box((0.4, 0.18, 0.02), (1.5, 0, h + 0.13)),
        lamp("street lamp", "e8e4da", "ffd9a0", 20_000.0, Lamp.STREET),
    )
    spot = Spot((1.5, 0, h + 0.1), (0, 0, -1.0), 4_500.0, 1.25, linear("ffd9a0"), Lamp.STREET)
    return finish(asset_id, variant, "pole", bench, 120.0, collision=_post(h, 0.09), spots=(spot,))


def signal_post(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a signal whose lamps shine towards +x, head middle at 2.9 m."""
    bench = Bench("traffic light")
    root = bench.part("post")
    bench.add(root, bar((0, 0, 0), (0, 0, 3.4), 0.06, 12), GALVANISED, "pole")
    bench.add(root, box((0.2, 0.32, 0.95), (0.18, 0, 2.9)), PLASTIC)
    for k, (color, bit) in enumerate(
        (("ff2010", Lamp.RED), ("ffa000", Lamp.AMBER), ("10ff80", Lamp.GREEN))
    ):
        bench.add(
            root,
            cylinder(0.1, 0.02, 20, "x").moved(0.29, 0, 3.2 - 0.3 * k),
            lamp(f"signal {k}", "201010", color, 6000.0, bit),
        )
    return finish(
        asset_id,
        variant,
        "traffic light",
        bench,
        90.0,
        collision=_post(3.4, 0.06),
        anchors={"head": (0.18, 0.0, 2.9)},
    )


def guardrail(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a guard rail along x, facing -y."""
    x = size[0] if size else 8.0
    bench = Bench("guard rail")
    root = bench.part("rail")
    bench.add(root, box((x, 0.06, 0.31), (0, 0, 0.6)), GALVANISED)
    for k in np.linspace(-0.45 * x, 0.45 * x, max(2, round(x / 2))):
        bench.add(root, box((0.1, 0.1, 0.7), (float(k), 0.08, 0.35)), GALVANISED)
    return finish(
        asset_id,
        variant,
        "guard rail",
        bench,
        30.0 * x,
        collision=(CollisionShape("box", (0, 0, 0.38), (x, 0.2, 0.76)),),
    )


def fence(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a fence along x."""
    x, _, z = size or (6.0, 0.1, 1.2)
    bench = Bench("fence")
    root = bench.part("fence")
    for h in (0.3, 0.8):
        bench.add(root, box((x, 0.04, 0.08), (0, 0, h * z)), WOOD)
    for k in np.arange(-x / 2 + 0.06, x / 2, 0.16):
        bench.add(root, box((0.09, 0.02, z), (float(k), -0.035, z / 2)), WOOD)
    return finish(
        asset_id,
        variant,
        "fence",
        bench,
        15.0 * x,
        collision=(CollisionShape("box", (0, 0, z / 2), (x, 0.1, z)),),
    )


def delineator(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a road edge delineator."""
    bench = Bench("pole")
    root = bench.part("post")
    bench.add(root, box((0.1, 0.12, 1.0), (0, 0, 0.5)), REFLECTOR_WHITE)
    bench.add(root, box((0.11, 0.13, 0.2), (0, 0, 0.78)), PLASTIC)
    return finish(
        asset_id,
        variant,
        "pole",
        bench,
        2.0,
        collision=(CollisionShape("box", (0, 0, 0.5), (0.1, 0.12, 1.0)),),
    )


def _sign(asset_id: str, variant: int, segments: int, hex_code: str) -> Asset:
    bench = Bench("traffic sign")
    root = bench.part("post")
    bench.add(root, bar((0, 0, 0), (0, 0, 2.6), 0.035, 10), GALVANISED, "pole")
    bench.add(
        root,
        cylinder(0.35, 0.02, segments, "x").moved(0.06, 0, 2.3),
        matte("sheeting", hex_code, 0.4),
    )
    return finish(asset_id, variant, "traffic sign", bench, 20.0, collision=_post(2.6, 0.035))


def sign_warning(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a warning sign that faces +x."""
    return _sign(asset_id, variant, 3, "c4161c")


def sign_speed(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a speed limit sign that faces +x."""
    return _sign(asset_id, variant, 28, "f2f2ee")


def sign_stop(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a stop sign that faces +x."""
    return _sign(asset_id, variant, 8, "b3121a")


def bin_(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a litter bin."""
    bench = Bench("static")
    root = bench.part("bin")
    bench.add(root, cylinder(0.25, 0.9, 20).moved(z=0.45), matte("bin", "3f5a45", 0.5))
    return finish(asset_id, variant, "static", bench, 25.0, collision=_post(0.9, 0.25))


def bench(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a park bench that faces +x."""
    work = Bench("static")
    root = work.part("bench")
    work.add(root, box((0.45, 1.8, 0.05), (0, 0, 0.45)), WOOD)
    work.add(root, box((0.05, 1.8, 0.35), (-0.25, 0, 0.7)), WOOD)
    for y in (-0.75, 0.75):
        work.add(root, box((0.4, 0.06, 0.42), (0, y, 0.21)), PLASTIC)
    return finish(
        asset_id,
        variant,
        "static",
        work,
        60.0,
        collision=(CollisionShape("box", (0, 0, 0.45), (0.55, 1.8, 0.9)),),
    )


def utility_pole(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a utility pole."""
    work = Bench("pole")
    root = work.part("pole")
    work.add(root, bar((0, 0, 0), (0, 0, 8.5), 0.14, 10, 0.1), matte("creosote", "4f4032"))
    work.add(root, box((0.1, 1.8, 0.12), (0.12, 0, 8.0)), WOOD)
    return finish(asset_id, variant, "pole", work, 300.0, collision=_post(8.5, 0.14))
