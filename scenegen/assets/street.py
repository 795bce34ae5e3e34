"""Street furniture: lamps, signals, rails, fences, bins, benches."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import bar, cylinder, extrude, lathe, tube
from scenegen.assets.materials import GALVANISED, PLASTIC, STEEL, WOOD, lamp, linear, matte
from scenegen.assets.overhead import WIRES_Y
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material, Spot
from scenegen.records.taxonomy import Lamp


def _post(height: float, radius: float) -> tuple[CollisionShape, ...]:
    return (CollisionShape("cylinder", (0, 0, height / 2), (radius, radius, height)),)


def street_lamp(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a street lamp whose bent arm reaches over +x."""
    bench = Bench("pole")
    root = bench.part("post")
    h = float(rng.uniform(6.5, 8.5))
    reach = 1.5
    t = np.linspace(0, np.pi / 2, 7)
    arm = np.stack([reach * (1 - np.cos(t)), 0 * t, h + 0.5 * np.sin(t)], axis=1)
    steel = GALVANISED if variant % 2 == 0 else matte("lamp post", "2c3a34", 0.5)
    bench.add(root, lathe([(0.11, 0.0), (0.11, 0.9), (0.085, 0.95), (0.055, h)], 14), steel)
    bench.add(root, tube(arm, 0.038, 10), steel)
    bench.add(root, rounded_box((0.75, 0.3, 0.11), 0.05, (reach + 0.3, 0, h + 0.5)), steel)
    lens = lamp("street lamp", "e8e4da", "ffd9a0", 25_000.0, Lamp.STREET)
    bench.add(root, box((0.5, 0.2, 0.03), (reach + 0.32, 0, h + 0.435)), lens)
    bench.add(root, box((0.02, 0.1, 0.4), (-0.105, 0, 0.6)), PLASTIC)
    place = (reach + 0.32, 0.0, h + 0.4)
    spot = Spot(place, (0.0, 0.0, -1.0), 5_400.0, 1.4, linear("ffd9a0"), Lamp.STREET)
    return finish(asset_id, variant, "pole", bench, 120.0, collision=_post(h, 0.1), spots=(spot,))


def _visor() -> Geometry:
    """Return a sheet bent over the upper half of a signal lamp, thick enough to have two sides."""
    t = np.linspace(-0.35, np.pi + 0.35, 12)
    inner, outer = 0.112, 0.118
    profile = np.concatenate(
        [
            np.stack([outer * np.cos(t), outer * np.sin(t)], axis=1),
            np.stack([inner * np.cos(t), inner * np.sin(t)], axis=1)[::-1],
        ]
    )
    return extrude(profile, 0.2, "x")


def signal_post(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a signal whose lamps shine towards +x, head middle at 2.9 m.

    The lamps stand in the order red, amber, green from above, 0.2 m across.
    """
    bench = Bench("traffic light")
    root = bench.part("post")
    bench.add(
        root, lathe([(0.075, 0), (0.075, 0.8), (0.055, 0.85), (0.055, 3.5)], 14), GALVANISED, "pole"
    )
    for z in (2.55, 3.25):
        bench.add(root, box((0.14, 0.05, 0.04), (0.08, 0, z)), GALVANISED, "pole")
    bench.add(root, rounded_box((0.17, 0.31, 0.97), 0.03, (0.2, 0, 2.9)), PLASTIC)
    board = rounded_box((0.012, 0.56, 1.24), 0.005, (0.135, 0, 2.9))
    bench.add(root, board, matte("backboard", "16181a", 0.7))
    bench.add(root, box((0.008, 0.5, 0.025), (0.142, 0, 3.47)), matte("board edge", "e9e9e4", 0.5))
    colors = (
        ("red", "3a0c0c", "ff1a0c", 6_000.0, Lamp.RED),
        ("amber", "3a280a", "ff9a00", 7_000.0, Lamp.AMBER),
        ("green", "0a3020", "10ff90", 6_000.0, Lamp.GREEN),
    )
    for k, (name, dark, light, luminance, bit) in enumerate(colors):
        z = 3.2 - 0.3 * k
        lens = lathe([(0.1, 0.0), (0.09, 0.012), (0.06, 0.022), (0.0, 0.026)], 22, "x")
        bench.add(
            root, lens.moved(0.287, 0, z), lamp(f"signal {name}", dark, light, luminance, bit)
        )
        bench.add(root, _visor().moved(0.375, 0, z), PLASTIC)
    return finish(
        asset_id,
        variant,
        "traffic light",
        bench,
        mass_kg=110.0,
        collision=_post(3.5, 0.07),
        anchors={"head": (0.2, 0.0, 2.9)},
    )


def guardrail(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a guard rail of W profile along x, facing -y, 0.75 m high."""
    x = size[0] if size else 8.0
    bench = Bench("guard rail")
    root = bench.part("rail")
    wave = [
        (-0.041, 0.44),
        (0.0, 0.48),
        (-0.081, 0.53),
        (-0.081, 0.56),
        (0.0, 0.595),
        (-0.081, 0.63),
        (-0.081, 0.66),
        (0.0, 0.71),
        (-0.041, 0.75),
    ]
    front = [(y - 0.02, z) for y, z in wave]
    back = [(y - 0.015, z) for y, z in wave[::-1]]
    bench.add(root, extrude(front + back, x, "x"), GALVANISED, crease_rad=0.3)
    count = max(2, round(x / 2.0))
    for k in range(count):
        post = -x / 2 + (k + 0.5) * x / count
        bench.add(root, box((0.06, 0.1, 0.72), (post, 0.09, 0.36)), GALVANISED)
        bench.add(root, box((0.06, 0.06, 0.2), (post, 0.015, 0.595)), GALVANISED)
    shape = CollisionShape("box", (0, 0.02, 0.38), (x, 0.24, 0.76))
    return finish(asset_id, variant, "guard rail", bench, 30.0 * x, collision=(shape,))


def fence(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a fence along x: wooden pales, or steel bars."""
    x, _, z = size or (6.0, 0.1, 1.2)
    bench = Bench("fence")
    root = bench.part("fence")
    steel = variant % 2 == 1
    material = matte("fence paint", "2e4038", 0.5) if steel else matte("weathered wood", "8a7358")
    for share in (0.22, 0.84):
        bench.add(root, box((x, 0.04, 0.07), (0, 0, share * z)), material)
    step = 0.12 if steel else 0.17
    count = max(2, int(x / step))
    for k in range(count):
        at = -x / 2 + (k + 0.5) * x / count
        if steel:
            bench.add(root, box((0.018, 0.018, z - 0.1), (at, 0, 0.05 + 0.5 * (z - 0.1))), material)
        else:
            tip = [
                (at - 0.05, 0.06),
                (at + 0.05, 0.06),
                (at + 0.05, z - 0.06),
                (at, z),
                (at - 0.05, z - 0.06),
            ]
            bench.add(root, extrude(tip, 0.022).moved(y=-0.033), material)
    posts = max(2, round(x / 2.4) + 1)
    for k in range(posts):
        at = -x / 2 + 0.05 + k * (x - 0.1) / (posts - 1)
        bench.add(root, box((0.09, 0.09, 0.97 * z), (at, 0.07, 0.485 * z)), material)
    shape = CollisionShape("box", (0, 0.03, z / 2), (x, 0.17, z))
    return finish(asset_id, variant, "fence", bench, 15.0 * x, collision=(shape,))


def delineator(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a road edge delineator: a white post with a black band and a reflector."""
    bench = Bench("pole")
    root = bench.part("post")
    outline = [(-0.05, -0.06), (0.05, -0.035), (0.05, 0.035), (-0.05, 0.06)]
    bench.add(root, extrude(outline, 1.0, "z").moved(z=0.5), matte("white plastic", "eeeeea", 0.6))
    band = [(x * 1.1, y * 1.1) for x, y in outline]
    bench.add(root, extrude(band, 0.22, "z").moved(z=0.8), PLASTIC)
    bench.add(root, box((0.012, 0.04, 0.16), (0.056, 0, 0.8)), matte("reflector", "e8a030", 0.2))
    shape = CollisionShape("box", (0, 0, 0.5), (0.1, 0.12, 1.0))
    return finish(asset_id, variant, "pole", bench, 2.0, collision=(shape,))


def bin_(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a round litter bin, or (odd variants) a wheelie bin with its lid."""
    bench = Bench("static")
    root = bench.part("bin")
    if variant % 2 == 0:
        body = matte("bin", str(rng.choice(("3f5a45", "4a4d52", "2b3a55"))), 0.5)
        bench.add(
            root,
            lathe([(0.21, 0.0), (0.25, 0.1), (0.26, 0.85), (0.22, 0.9), (0.22, 0.86)], 22),
            body,
        )
        for z in (0.2, 0.75):
            bench.add(root, cylinder(0.268, 0.03, 22).moved(z=z), STEEL)
        return finish(asset_id, variant, "static", bench, 25.0, collision=_post(0.9, 0.26))
    color = matte("bin", str(rng.choice(("2f3f36", "3d4044", "2a3f63", "7a5a20"))), 0.5)
    outline = [(-0.2, 0.06), (0.18, 0.06), (0.27, 0.95), (-0.27, 0.95)]
    bench.add(root, extrude(outline, 0.5), color)
    lid = [(-0.32, 0.955), (0.3, 0.955), (0.28, 1.0), (-0.1, 1.06), (-0.32, 1.06)]
    bench.add(
        root, extrude(lid, 0.56), matte("lid", str(rng.choice(("2f3f36", "d8b01c", "2c5fa0"))))
    )
    for y in (0.24, -0.24):
        bench.add(root, cylinder(0.1, 0.05, 16, "y").moved(-0.2, y, 0.1), PLASTIC)
    shape = CollisionShape("box", (0, 0, 0.53), (0.58, 0.56, 1.06))
    return finish(asset_id, variant, "static", bench, 15.0, collision=(shape,))


def bench(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a park bench of slats that faces +x."""
    work = Bench("static")
    root = work.part("bench")
    for k in range(4):
        work.add(root, rounded_box((0.1, 1.8, 0.035), 0.01, (0.2 - 0.125 * k, 0, 0.45)), WOOD)
    for k in range(3):
        slat = rounded_box((0.035, 1.8, 0.1), 0.01, (0, 0, 0.14 + 0.13 * k))
        work.add(root, slat.turned((0, 1, 0), -0.2).moved(-0.24, 0, 0.45), WOOD)
    for y in (-0.72, 0.72):
        for a, b in (
            ((0.2, 0.0), (0.18, 0.43)),
            ((-0.24, 0.0), (-0.2, 0.45)),
            ((-0.2, 0.43), (0.22, 0.425)),
            ((-0.2, 0.43), (-0.31, 0.9)),
        ):
            work.add(root, bar((a[0], y, a[1]), (b[0], y, b[1]), 0.022, 8), PLASTIC)
    shape = CollisionShape("box", (0, 0, 0.45), (0.58, 1.8, 0.9))
    return finish(asset_id, variant, "static", work, 60.0, collision=(shape,))


def utility_pole(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a wooden utility pole with a cross-arm and insulators."""
    work = Bench("pole")
    root = work.part("pole")
    h = float(rng.uniform(7.5, 9.0))
    wood = Material("creosote", linear("a08a72"), roughness=0.95, texture="bark")
    shaft = lathe([(0.15, 0), (0.1, h)], 12)
    angle = np.arctan2(shaft.vertices[:, 1], shaft.vertices[:, 0]) / np.pi
    uv = np.stack([np.abs(angle), shaft.vertices[:, 2] / 1.5], axis=1)
    work.add(root, Geometry(shaft.vertices, shaft.faces, uv), wood)
    work.add(root, box((0.1, 1.8, 0.12), (0.13, 0, h - 0.5)), WOOD)
    glaze = matte("porcelain", "6b4a38", 0.2)
    for y in WIRES_Y:
        work.add(
            root,
            lathe([(0.02, 0), (0.045, 0.05), (0.03, 0.09), (0.045, 0.13), (0.01, 0.16)], 10).moved(
                0.13, y, h - 0.44
            ),
            glaze,
        )
    return finish(
        asset_id,
        variant,
        "pole",
        work,
        mass_kg=300.0,
        collision=_post(h, 0.14),
        anchors={"wires": (0.13, 0.0, h - 0.29)},
    )


__all__ = [
    "bench",
    "bin_",
    "delineator",
    "fence",
    "guardrail",
    "signal_post",
    "street_lamp",
    "utility_pole",
]
