"""Small things between kerb and walkway: bollards, boxes, racks, hydrants, meters."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.ink import fill, lettering, patch
from scenegen.assets.lofts import bar, cylinder, lathe, tube
from scenegen.assets.materials import GALVANISED, PLASTIC, REFLECTOR_WHITE, STEEL, leafy, matte
from scenegen.assets.shapes import blob, box, rounded_box
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape

_RED = matte("red enamel", "a81820", 0.35)
_IRON = matte("painted iron", "23282a", 0.5)
_STONE = matte("cast stone", "a19c92", 0.9)


def _round(height: float, radius: float) -> tuple[CollisionShape, ...]:
    return (CollisionShape("cylinder", (0, 0, height / 2), (radius, radius, height)),)


def _square(x: float, y: float, z: float) -> tuple[CollisionShape, ...]:
    return (CollisionShape("box", (0, 0, z / 2), (x, y, z)),)


def bollard(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a bollard: red and white, cast iron, stone or steel by variant."""
    work = Bench("pole")
    root = work.part("bollard")
    kind = variant % 4
    if kind == 0:
        work.add(root, lathe([(0.05, 0), (0.05, 0.93), (0.03, 0.96), (0, 0.97)], 14), _RED)
        for z in (0.3, 0.62):
            work.add(root, cylinder(0.0535, 0.14, 14).moved(z=z), REFLECTOR_WHITE)
    elif kind == 1:
        shaft = [(0.1, 0), (0.1, 0.12), (0.07, 0.18), (0.055, 0.75), (0.075, 0.78), (0.055, 0.82)]
        work.add(root, lathe([*shaft, (0.07, 0.9), (0.05, 0.97), (0, 1.0)], 14), _IRON)
    elif kind == 2:
        work.add(root, lathe([(0.2, 0), (0.18, 0.6), (0.13, 0.72), (0, 0.76)], 18), _STONE)
    else:
        work.add(root, lathe([(0.055, 0), (0.055, 0.98), (0.04, 1.0), (0, 1.0)], 14), STEEL)
        work.add(root, cylinder(0.058, 0.06, 14).moved(z=0.88), REFLECTOR_WHITE)
    radius, height = ((0.05, 0.97), (0.1, 1.0), (0.2, 0.76), (0.055, 1.0))[kind]
    return finish(asset_id, variant, "pole", work, 40.0, collision=_round(height, radius))


def hydrant(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a fire hydrant with its two couplings."""
    work = Bench("static")
    root = work.part("hydrant")
    paint = (_RED, matte("blue enamel", "1c4a8c", 0.35), _RED)[variant % 3]
    body = [(0.14, 0), (0.14, 0.05), (0.09, 0.07), (0.09, 0.55), (0.125, 0.57), (0.125, 0.63)]
    work.add(root, lathe([*body, (0.1, 0.72), (0.03, 0.8), (0.03, 0.84), (0, 0.84)], 16), paint)
    for sign in (-1, 1):
        work.add(root, cylinder(0.05, 0.12, 12, "y").moved(0, sign * 0.12, 0.46), paint)
        work.add(root, cylinder(0.06, 0.05, 6, "y").moved(0, sign * 0.19, 0.46), GALVANISED)
    work.add(root, cylinder(0.065, 0.1, 12, "x").moved(0.12, 0, 0.4), paint)
    return finish(asset_id, variant, "static", work, 90.0, collision=_round(0.84, 0.14))


def bicycle_rack(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a row of three to five hoops to lock bicycles to, each along x, side by side."""
    work = Bench("static")
    root = work.part("rack")
    count = 3 + variant % 3
    t = np.linspace(0, np.pi, 9)
    top = np.stack([-0.38 * np.cos(t), 0 * t, 0.55 + 0.25 * np.sin(t)], axis=1)
    hoop = tube(np.concatenate([[(-0.38, 0, 0)], top, [(0.38, 0, 0)]]), 0.024, 8)
    for k in range(count):
        work.add(root, hoop.moved(y=(k - 0.5 * (count - 1)) * 0.9), STEEL)
    shape = _square(0.8, 0.9 * (count - 1) + 0.05, 0.8)
    return finish(asset_id, variant, "static", work, 15.0 * count, collision=shape)


def post_box(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a post box: a pillar, or a box on a leg; its slot faces +x."""
    work = Bench("static")
    root = work.part("box")
    color = matte("post box", ("a8151c", "e8b400", "1b4b9b")[variant % 3], 0.35)
    if variant % 2 == 0:
        pillar = [(0.24, 0), (0.24, 0.1), (0.22, 0.12), (0.22, 1.3), (0.26, 1.33), (0.25, 1.42)]
        work.add(root, lathe([*pillar, (0.12, 1.52), (0, 1.54)], 22), color)
        work.add(root, box((0.02, 0.22, 0.035), (0.22, 0, 1.2)), PLASTIC)
        work.add(root, box((0.02, 0.14, 0.2), (0.22, 0, 1.02)), REFLECTOR_WHITE)
        return finish(asset_id, variant, "static", work, 180.0, collision=_round(1.54, 0.24))
    work.add(root, bar((0, 0, 0), (0, 0, 0.8), 0.04, 10), _IRON)
    work.add(root, rounded_box((0.34, 0.48, 0.62), 0.05, (0, 0, 1.08)), color)
    work.add(root, box((0.02, 0.3, 0.03), (0.17, 0, 1.28)), PLASTIC)
    work.add(root, box((0.02, 0.16, 0.12), (0.17, 0, 1.05)), REFLECTOR_WHITE)
    shape = (CollisionShape("box", (0, 0, 0.7), (0.34, 0.48, 1.4)),)
    return finish(asset_id, variant, "static", work, 60.0, collision=shape)


def cabinet(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a cabinet of the power or telephone company, its doors facing +x."""
    work = Bench("static")
    root = work.part("cabinet")
    y, z = float(rng.uniform(0.7, 1.3)), float(rng.uniform(0.95, 1.35))
    x = 0.36
    shell = matte("cabinet", str(rng.choice(("8d9089", "a7a598", "4f5b50", "b9bbb6"))), 0.6)
    work.add(root, box((x + 0.06, y + 0.06, 0.14), (0, 0, 0.07)), _STONE)
    work.add(root, rounded_box((x, y, z - 0.12), 0.02, (0, 0, 0.12 + 0.5 * (z - 0.12))), shell)
    work.add(root, box((x + 0.08, y + 0.06, 0.05), (0.01, 0, z)), shell)
    seam = matte("door gap", "2a2c2b", 0.8)
    work.add(root, box((0.01, 0.012, z - 0.28), (0.5 * x, 0, 0.5 * z + 0.05)), seam)
    work.add(root, box((0.03, 0.025, 0.12), (0.5 * x, 0.06, 0.55 * z)), PLASTIC)
    if variant % 2:
        sticker = matte("sticker", str(rng.choice(("d9b21c", "c7433a", "e4e2da", "3f7fb4"))), 0.6)
        at = float(rng.uniform(-0.3, 0.2)) * y
        work.add(
            root, patch(at, 0.4 * z, at + 0.16, 0.4 * z + 0.22).moved(x=0.5 * x + 0.004), sticker
        )
    shape = _square(x + 0.08, y + 0.06, z + 0.02)
    return finish(asset_id, variant, "static", work, 120.0, collision=shape)


def parking_meter(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a machine that sells parking tickets, with a P above; it faces +x."""
    work = Bench("static")
    root = work.part("meter")
    shell = matte("meter", ("33414d", "5a6066", "1d3f6e")[variant % 3], 0.4)
    work.add(root, box((0.24, 0.3, 0.06), (0, 0, 0.03)), _STONE)
    work.add(root, rounded_box((0.22, 0.28, 1.35), 0.04, (0, 0, 0.06 + 0.675)), shell)
    work.add(root, patch(-0.09, 1.1, 0.09, 1.22).moved(x=0.114), matte("screen", "7f9a86", 0.2))
    work.add(root, patch(-0.09, 0.8, 0.09, 0.98).moved(x=0.114), REFLECTOR_WHITE)
    board = rounded_box((0.02, 0.3, 0.3), 0.02, (0, 0, 1.6))
    work.add(root, box((0.03, 0.06, 0.12), (0, 0, 1.43)), shell)
    work.add(root, board, matte("blue sheeting", "0a4a9c", 0.4))
    for turn in (0.0, np.pi):
        letter = lettering("P", 0.22).moved(x=0.014, z=1.6)
        work.add(root, letter.turned((0, 0, 1), turn), REFLECTOR_WHITE)
    return finish(asset_id, variant, "static", work, 70.0, collision=_square(0.24, 0.3, 1.45))


def planter(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a tub of stone with a bush in it."""
    work = Bench("static")
    root = work.part("tub")
    if variant % 2 == 0:
        tub = [(0.34, 0), (0.45, 0.5), (0.47, 0.55), (0.4, 0.55), (0.38, 0.48)]
        work.add(root, lathe(tub, 20), _STONE)
        shape = _round(0.55, 0.46)
    else:
        work.add(root, rounded_box((0.7, 1.2, 0.5), 0.04, (0, 0, 0.25)), _STONE)
        shape = _square(0.7, 1.2, 0.5)
    spread = (0.34, 0.34 if variant % 2 == 0 else 0.52, 0.32)
    work.add(
        root,
        blob(spread, rng, 0.22, 7).moved(z=0.68),
        leafy("leaves", str(rng.choice(("3d5a2c", "4b6a35", "345030")))),
        "vegetation",
    )
    for _ in range(10):
        angle, lift = rng.uniform(0, 2 * np.pi), rng.uniform(-0.02, 0.24)
        x, y = 0.85 * spread[0] * np.cos(angle), 0.85 * spread[1] * np.sin(angle)
        color = matte("blossom", str(rng.choice(("c93a5b", "e8c832", "e9e4ea"))), 0.8)
        bud = blob((0.06, 0.06, 0.05), rng, 0.2, 4).moved(float(x), float(y), 0.7 + float(lift))
        work.add(root, bud, color, "vegetation")
    return finish(asset_id, variant, "static", work, 350.0, collision=shape)


def sandwich_board(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a folding board that a shop puts on the pavement; its sheets face +x and -x."""
    work = Bench("static")
    root = work.part("board")
    frame = matte("board frame", str(rng.choice(("5a3d24", "202224", "7d1f22"))), 0.6)
    sheet = matte("board sheet", str(rng.choice(("1f2422", "e9e4d6", "d8c24a"))), 0.8)
    ink = matte("board ink", "f1efe8" if sheet.base_color[0] < 0.2 else "2a2623", 0.8)
    words = ("CAFE", "MENU", "SALE", "OPEN", "HOT SOUP", "BREAD")
    word = words[int(rng.integers(len(words)))]
    lean = 0.2
    for turn in (0.0, np.pi):
        leaf = rounded_box((0.025, 0.6, 1.0), 0.01, (0, 0, 0.5))
        pieces = (
            (leaf, frame),
            (patch(-0.26, 0.08, 0.26, 0.95).moved(x=0.016), sheet),
            (lettering(word, 0.42 / max(4, len(word)) + 0.03, (0, 0.78)).moved(x=0.02), ink),
            (fill([(-0.2, 0.3), (0.2, 0.3), (0.12, 0.55), (-0.12, 0.55)]).moved(x=0.02), ink),
        )
        for shape, material in pieces:
            tilted = shape.moved(z=-1.0).turned((0, 1, 0), -lean).moved(0.012, 0, 1.0)
            work.add(root, tilted.turned((0, 0, 1), turn), material)
    return finish(asset_id, variant, "static", work, 12.0, collision=_square(0.42, 0.6, 1.0))


def rubbish(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return rubbish put out for collection: tied bags, some with a box between them."""
    work = Bench("static")
    root = work.part("heap")
    for k in range(2 + variant % 3):
        color = str(rng.choice(("17181a", "17181a", "2b3d5c", "c9c7bd", "d8b83a")))
        film = matte("film", color, 0.3)
        r = float(rng.uniform(0.2, 0.28))
        y, x = 0.48 * (k - 1), float(rng.uniform(-0.12, 0.12))
        body = blob((r, r, r), rng, 0.12, 9)
        flat = np.maximum(body.vertices, (-9.0, -9.0, -0.75 * r))
        sack = Geometry(flat, body.faces, body.uv)
        work.add(root, sack.moved(x, y, 0.75 * r), film)
        work.add(root, blob((0.05, 0.05, 0.07), rng, 0.3, 5).moved(x, y, 1.75 * r), film)
    if variant % 2:
        place = (0.3, float(rng.uniform(-0.4, 0.4)), 0.15)
        work.add(root, box((0.32, 0.42, 0.3), place), matte("cardboard", "a9825a"))
    shape = _square(0.6, 1.2, 0.5)
    return finish(asset_id, variant, "static", work, 30.0, collision=shape)
