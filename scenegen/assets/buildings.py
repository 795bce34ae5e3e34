"""Buildings to measure: houses, blocks with shops, offices."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import extrude
from scenegen.assets.materials import lamp, linear, matte
from scenegen.assets.shapes import box, quad
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material
from scenegen.records.taxonomy import Lamp

_BAY_M = 3.0
_PLASTERS = ("e9dfc8", "d8c3a0", "cfd3d4", "e3cfc0", "c9d2c0", "e6e2da", "d6a889")
_BRICKS = ("ffffff", "e8dcd2", "d8d4d0")


def _walls(x: float, y: float, low: float, high: float) -> Geometry:
    """Return the four walls of a box, one texture tile for each bay and storey."""
    a, b = x / 2, y / 2
    nx, ny, nz = (
        max(1, round(x / _BAY_M)),
        max(1, round(y / _BAY_M)),
        max(1, round((high - low) / _BAY_M)),
    )
    corners = [
        ((a, -b), (a, b), ny),
        ((a, b), (-a, b), nx),
        ((-a, b), (-a, -b), ny),
        ((-a, -b), (a, -b), nx),
    ]
    return join(
        quad((p[0], p[1], low), (q[0], q[1], low), (q[0], q[1], high), (p[0], p[1], high), (n, nz))
        for p, q, n in corners
    )


def _lit_windows(
    x: float, y: float, low: float, high: float, rng: np.random.Generator
) -> Geometry | None:
    """Return panes, proud of the walls, of the windows where someone is at home."""
    nx, ny, nz = (
        max(1, round(x / _BAY_M)),
        max(1, round(y / _BAY_M)),
        max(1, round((high - low) / _BAY_M)),
    )
    panes = []
    storey = (high - low) / nz
    for count, span, depth, angle in (
        (ny, y, x, 0.0),
        (nx, x, y, np.pi / 2),
        (ny, y, x, np.pi),
        (nx, x, y, -np.pi / 2),
    ):
        bay = span / count
        for column in range(count):
            for row in range(nz):
                if rng.random() > 0.3:
                    continue
                for half in (-1.0, 1.0):
                    across = -span / 2 + (column + 0.5 + half * 0.105) * bay
                    pane = box(
                        (0.02, 0.17 * bay, 0.45 * storey),
                        (depth / 2, across, low + (row + 0.55) * storey),
                    )
                    panes.append(pane.turned((0, 0, 1), float(angle)))
    return join(panes) if panes else None


def _gable(x: float, y: float, eaves: float, ridge: float) -> tuple[Geometry, Geometry]:
    """Return gable walls and tiled roof; the ridge runs along y."""
    a, b, over = x / 2, y / 2, 0.35
    drop = over * (ridge - eaves) / a
    body = extrude([(-a, eaves), (a, eaves), (0.0, ridge - 0.08)], y - 0.02)
    slope = float(np.hypot(a, ridge - eaves)) / 2.5
    wide = y / 2.5
    front = quad(
        (a + over, -b - over, eaves - drop),
        (a + over, b + over, eaves - drop),
        (0, b + over, ridge),
        (0, -b - over, ridge),
        (wide, slope),
    )
    thick = 0.12
    below = Geometry(front.vertices - [0, 0, thick], front.faces[:, ::-1], front.uv)
    rim = []
    ring = front.vertices
    for k in range(4):
        p, q = ring[k], ring[(k + 1) % 4]
        corner = [tuple(v.tolist()) for v in (p - [0, 0, thick], q - [0, 0, thick], q, p)]
        rim.append(quad(corner[0], corner[1], corner[2], corner[3]))
    half = join([front, below, *rim])
    return body, join([half, half.turned((0, 0, 1), np.pi)])


def _door(bench: Bench, root: str, x: float, across: float, color: str) -> None:
    bench.add(root, box((0.1, 1.25, 2.35), (x / 2, across, 1.175)), matte("door frame", "e4e0d6"))
    bench.add(root, box((0.1, 1.0, 2.2), (x / 2 + 0.03, across, 1.1)), matte("door", color, 0.5))
    bench.add(root, box((0.6, 1.5, 0.16), (x / 2 + 0.2, across, 0.08)), matte("step", "8e8b85"))


def building(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a building of length x, depth y and height z; its front faces +x.

    Low ones are houses under tiled roofs, tall ones blocks with shops or offices.
    """
    x, y, z = size or (12.0, 14.0, 11.0)
    bench = Bench("building")
    root = bench.part("body")
    house = z < 10.5 and rng.random() < 0.8
    office = z > 13.0 and rng.random() < 0.45
    top = z - min(0.42 * x, 0.4 * z) if house else z - 0.6
    wall = _wall_material(rng, office)
    shop = not house and not office and rng.random() < 0.7
    ground = min(3.6, 0.4 * z) if shop else 0.0
    bench.add(root, _walls(x - 0.7, y - 0.7, ground, top), wall)
    if shop:
        tint = linear(str(rng.choice(("ffffff", "d8c8b8", "c8d0d8", "d8b0a0"))))
        front = Material("shop front", tint, roughness=0.6, texture="facade_shop")
        bench.add(root, _walls(x - 0.7, y - 0.7, 0.0, ground), front)
        bench.add(root, box((x - 0.5, y - 0.5, 0.18), (0, 0, ground)), matte("cornice", "c9c4b8"))
    _roof(bench, root, (x, y, z), top, house, rng)
    bench.add(root, box((x - 0.6, y - 0.6, 0.45), (0, 0, 0.225)), matte("plinth", "77746f"))
    _door(
        bench,
        root,
        x - 0.7,
        float(rng.integers(0, 2)) * min(_BAY_M, 0.2 * y),
        str(rng.choice(("3a2a1f", "23405a", "5b1f24", "24452f", "2b2b2d"))),
    )
    lit = None if office else _lit_windows(x - 0.7, y - 0.7, ground, top, rng)
    if lit is not None:
        window = lamp("lit window", "23282d", "ffd49a", 120.0, Lamp.WINDOW)
        bench.add(root, lit, window)
    shapes = (CollisionShape("box", (0, 0, z / 2), (x, y, z)),)
    return finish(asset_id, variant, "building", bench, 300.0 * x * y * z, collision=shapes)


def _wall_material(rng: np.random.Generator, office: bool) -> Material:
    if office:
        return Material("curtain wall", linear("ffffff"), roughness=0.3, texture="facade_glass")
    if rng.random() < 0.4:
        return Material(
            "brick", linear(str(rng.choice(_BRICKS))), roughness=0.9, texture="facade_brick"
        )
    return Material(
        "plaster", linear(str(rng.choice(_PLASTERS))), roughness=0.9, texture="facade_plaster"
    )


def _roof(
    bench: Bench, root: str, size: Vec3, top: float, house: bool, rng: np.random.Generator
) -> None:
    x, y, z = size
    if house:
        gable, tiles = _gable(x - 0.7, y - 0.7, top, z - 0.01)
        bench.add(root, gable, matte("gable", "d8d0c0"))
        tint = linear(str(rng.choice(("ffffff", "c8b8b0", "8f8a8a"))))
        bench.add(root, tiles, Material("roof tiles", tint, roughness=0.8, texture="roof"))
        chimney = box((0.6, 0.6, 0.22 * z), (-0.15 * x, 0.25 * y, z - 0.11 * z))
        bench.add(root, chimney, matte("chimney", "7a4a3a"))
        return
    bench.add(root, box((x - 0.4, y - 0.4, 0.25), (0, 0, top + 0.1)), matte("cornice", "b9b5ab"))
    bench.add(
        root,
        box((x - 0.9, y - 0.9, z - top - 0.01), (0, 0, 0.5 * (top + z))),
        matte("parapet", "9d9a93"),
    )
