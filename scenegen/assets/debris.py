"""Things that lie on roads."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import bar, cylinder, lathe, ring
from scenegen.assets.materials import REFLECTOR_WHITE, RUBBER, WOOD, matte
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.triangles import Geometry, join
from scenegen.assets.wheels import tyre_profile
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material

_DRUM = [
    (0.27, 0.0),
    (0.29, 0.0),
    (0.29, 0.02),
    (0.28, 0.03),
    (0.28, 0.27),
    (0.295, 0.29),
    (0.28, 0.31),
    (0.28, 0.57),
    (0.295, 0.59),
    (0.28, 0.61),
    (0.28, 0.85),
    (0.29, 0.86),
    (0.29, 0.88),
    (0.27, 0.88),
    (0.27, 0.865),
]


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
    pieces = [
        (box((x, y, z), (0, 0, z / 2)), matte("cardboard", "a9825a")),
        (
            box((x + 0.01, 0.06, z * 0.5), (0, 0, z - 0.25 * z + 0.005)),
            matte("tape", "c9ad7e", 0.4),
        ),
        (box((0.2, y + 0.01, 0.12), (0.1 * x, 0, 0.6 * z)), matte("label", "e6e3da", 0.7)),
    ]
    return _thing(
        asset_id, variant, "debris", pieces, 9.0, CollisionShape("box", (0, 0, z / 2), (x, y, z))
    )


def crate(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a wooden crate with battens on its edges and across its faces."""
    s = float(rng.uniform(0.7, 1.0))
    t = 0.03
    core = box((s - 2 * t, s - 2 * t, s - 2 * t), (0, 0, s / 2))
    battens = []
    for axis in range(3):
        for u in (-1.0, 1.0):
            for v in (-1.0, 1.0):
                size3 = [0.09, 0.09, 0.09]
                size3[axis] = s - 0.18 if axis != 2 else s
                place = [0.0, 0.0, 0.0]
                place[(axis + 1) % 3] = u * (s / 2 - 0.045)
                place[(axis + 2) % 3] = v * (s / 2 - 0.045)
                lx, ly, lz = size3
                battens.append(box((lx, ly, lz), (place[0], place[1], place[2] + s / 2)))
    brace = join(
        [
            box((s - 0.19, 0.02, 0.09), (0, y, 0)).turned((0, 1, 0), 0.7)
            for y in (s / 2 - 0.018, 0.018 - s / 2)
        ]
    )
    pieces = [
        (core, matte("board", "a98456", 0.9)),
        (join(battens), matte("batten", "8a6a42", 0.9)),
        (brace.moved(z=s / 2), matte("batten", "8a6a42", 0.9)),
    ]
    shape = CollisionShape("box", (0, 0, s / 2), (s, s, s))
    return _thing(asset_id, variant, "debris", pieces, 45.0, shape)


def pallet(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a EUR pallet, 1.2 x 0.8 x 0.144 m."""
    pieces = [
        (box((1.2, 0.1, 0.022), (0, y, 0.133)), WOOD) for y in (-0.35, -0.175, 0, 0.175, 0.35)
    ]
    pieces += [
        (box((0.13, 0.09, 0.09), (x, y, 0.06)), WOOD)
        for x in (-0.52, 0, 0.52)
        for y in (-0.35, 0, 0.35)
    ]
    pieces += [(box((0.14, 0.8, 0.022), (x, 0, 0.111)), WOOD) for x in (-0.52, 0, 0.52)]
    pieces += [(box((1.2, 0.1, 0.022), (0, y, 0.011)), WOOD) for y in (-0.35, 0, 0.35)]
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
        [(lathe(_DRUM, 26), color), (cylinder(0.035, 0.03, 10).moved(0.16, 0, 0.875), RUBBER)],
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
        (lathe([(0.1215, 0.26), (0.088, 0.44)], 20), REFLECTOR_WHITE),
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
