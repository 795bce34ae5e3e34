"""What falls off lorries and lies in the way: treads, ladders, planks, pipes, bags."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import bar, cylinder, extrude, loft, tube
from scenegen.assets.materials import ALLOY, RUBBER, STEEL, linear, matte
from scenegen.assets.shapes import blob, box
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material


def _thing(
    asset_id: str,
    variant: int,
    pieces: list[tuple[Geometry, Material]],
    mass: float,
    size: Vec3,
) -> Asset:
    """Return a piece of debris that lies on z = 0, its collision box about the z axis."""
    work = Bench("debris")
    root = work.part("body")
    for shape, material in pieces:
        work.add(root, shape, material)
    body = CollisionShape("box", (0, 0, size[2] / 2), size)
    return finish(asset_id, variant, "debris", work, mass, collision=(body,))


def tyre_shred(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a strip of a lorry tyre's tread, curled and frayed."""
    count = 15
    span = float(rng.uniform(0.7, 1.5))
    t = np.linspace(-0.5, 0.5, count)
    x = span * t + 0.03 * rng.uniform(-1, 1, count)
    z = 0.02 + 0.16 * float(rng.uniform(0.3, 1.0)) * (2 * t) ** 4 + 0.02 * rng.uniform(0, 1, count)
    left = 0.11 + 0.05 * rng.uniform(-1, 1, count)
    right = -0.11 + 0.05 * rng.uniform(-1, 1, count)
    twist = 0.06 * float(rng.uniform(-1, 1)) * t
    thick = 0.022
    rings = np.stack(
        [
            np.stack([x, left, z + twist], 1),
            np.stack([x, right, z - twist], 1),
            np.stack([x, right, z - twist + thick], 1),
            np.stack([x, left, z + twist + thick], 1),
        ],
        axis=1,
    )
    rings[..., 2] -= rings[..., 2].min()
    high = float(rings[..., 2].max())
    return _thing(asset_id, variant, [(loft(rings), RUBBER)], 9.0, (span, 0.24, high))


def ladder(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a ladder of light metal, lying."""
    x = (2.4, 3.0, 3.6)[variant % 3]
    pieces: list[tuple[Geometry, Material]] = [
        (box((x, 0.025, 0.07), (0, s * 0.2, 0.035)), ALLOY) for s in (-1, 1)
    ]
    for at in np.arange(-0.5 * x + 0.15, 0.5 * x, 0.28).tolist():
        pieces.append((bar((at, -0.2, 0.035), (at, 0.2, 0.035), 0.015, 8), ALLOY))
    return _thing(asset_id, variant, pieces, 4.0 * x, (x, 0.43, 0.07))


def planks(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return three to five planks that slid from a load, crosswise over each other."""
    pieces: list[tuple[Geometry, Material]] = []
    tones = ("a98456", "96733f", "b59568", "7f6238")
    count = 3 + variant % 3
    for k in range(count):
        length = float(rng.uniform(1.6, 2.6))
        plank = box((length, 0.15, 0.03)).turned((0, 0, 1), float(rng.uniform(-0.35, 0.35)))
        place = rng.uniform((-0.2, -0.12), (0.2, 0.12))
        tone = matte("plank", str(rng.choice(tones)), 0.9)
        pieces.append((plank.moved(float(place[0]), float(place[1]), 0.015 + 0.031 * k), tone))
    return _thing(asset_id, variant, pieces, 5.0 * count, (2.0, 0.5, 0.031 * count))


def exhaust(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return an exhaust that broke off: a silencer between two bits of pipe."""
    rust = Material("rusty steel", (0.20, 0.13, 0.09), roughness=0.75, metallic=0.4)
    r = 0.09
    can = cylinder(r, 0.5, 18, "x").scaled(1, 1.35, 1).moved(z=r)
    front = tube([(0.25, 0, r), (0.55, 0.02, r), (0.8, 0.12, 0.05), (1.05, 0.15, 0.03)], 0.027, 10)
    rear = tube([(-0.25, 0.03, r), (-0.4, 0.04, 0.07), (-0.55, 0.04, 0.06)], 0.027, 10)
    flange = cylinder(0.06, 0.015, 12, "x").moved(1.04, 0.15, 0.06)
    pieces = [(can, rust), (front, rust), (rear, STEEL if variant % 2 else rust), (flange, rust)]
    return _thing(asset_id, variant, pieces, 8.0, (1.6, 0.27, 2 * r))


def bag(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a tied rubbish bag, or (odd variants) a travelling bag."""
    if variant % 2 == 0:
        color = ("17181a", "2b3d5c", "c9c7bd")[variant // 2 % 3]
        film = Material("film", linear(color), roughness=0.3)
        body = blob((0.3, 0.27, 0.26), rng, 0.1, 9)
        flat = np.maximum(body.vertices, (-9, -9, -0.19))
        body = Geometry(flat, body.faces, body.uv).moved(z=0.19)
        knot = blob((0.06, 0.06, 0.08), rng, 0.3, 5).moved(z=0.46)
        return _thing(asset_id, variant, [(body, film), (knot, film)], 6.0, (0.56, 0.5, 0.46))
    cloth = matte("cloth", str(rng.choice(("1f2a44", "5a1f22", "2f3a2c", "2b2b2d"))), 0.9)
    half = [(0.16, 0.0), (0.17, 0.12), (0.14, 0.26), (0.06, 0.3)]
    outline = [*half, *((-y, z) for y, z in half[::-1])]
    roll = extrude(outline, 0.64, "x")
    straps = [
        tube([(-0.12, s, 0.26), (0, s * 1.4, 0.4), (0.12, s, 0.26)], 0.014, 6)
        for s in (-0.09, 0.09)
    ]
    pieces = [(roll, cloth), *((strap, RUBBER) for strap in straps)]
    return _thing(asset_id, variant, pieces, 11.0, (0.64, 0.34, 0.3))
