"""Tunnels in pieces: walls, ceiling and the earth over them, portals, and lamps."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import extrude
from scenegen.assets.materials import PLASTIC, lamp, linear, matte
from scenegen.assets.shapes import box
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material, Spot
from scenegen.records.taxonomy import Lamp

WALL_M, ROOF_M, SOIL_M, SLOPE = 0.5, 0.5, 0.6, 1.6
BURIED_M = 0.5
PANEL_M = 2.7
PARAPET_M = SOIL_M + 0.4
"""How far a portal rises over the roof."""
_CONCRETE = Material("tunnel concrete", linear("a6a39b"), roughness=0.9)
_PANEL = Material("tunnel panel", linear("d3d1c8"), roughness=0.55)
_CEILING = Material("tunnel ceiling", linear("6d6b66"), roughness=0.95)
_GRASS = matte("grass", "5b6b34", 0.95)
_PORTAL = Material("portal concrete", linear("b4afa5"), roughness=0.85)


def _outline(width: float, height: float, over: float) -> list[tuple[float, float]]:
    """Return one half, y > 0, of the earth over a tunnel, beginning at its wall's back."""
    wall, top = 0.5 * width + WALL_M, height + ROOF_M + over
    return [(wall, -BURIED_M), (wall + SLOPE * (top + BURIED_M), -BURIED_M), (wall, top)]


def tunnel(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a piece of tunnel along x; `size` is length, and width and height inside."""
    x, y, z = size or (12.0, 9.0, 4.8)
    work = Bench("wall")
    root = work.part("tunnel")
    shapes = []
    for s in (-1.0, 1.0):
        middle = s * (0.5 * y + 0.5 * WALL_M)
        tall = z + BURIED_M
        wall = (x, WALL_M, tall)
        work.add(root, box(wall, (0, middle, 0.5 * z - 0.5 * BURIED_M)), _CONCRETE)
        panel = box(
            (x, 0.03, PANEL_M - 0.3), (0, s * (0.5 * y - 0.015), 0.3 + 0.5 * PANEL_M - 0.15)
        )
        work.add(root, panel, _PANEL)
        shapes.append(CollisionShape("box", (0, middle, 0.5 * z), (x, WALL_M, z)))
        half = np.array(_outline(y, z, SOIL_M)) * np.array([s, 1.0])
        earth = extrude(half if s > 0 else half[::-1], x, "x")
        work.add(root, earth, _GRASS, "terrain")
    roof = box((x, y + 2 * WALL_M, ROOF_M), (0, 0, z + 0.5 * ROOF_M))
    work.add(root, roof, _CEILING)
    soil = box((x, y + 2 * WALL_M, SOIL_M), (0, 0, z + ROOF_M + 0.5 * SOIL_M))
    work.add(root, soil, _GRASS, "terrain")
    return finish(asset_id, variant, "wall", work, 8_000.0 * x, collision=tuple(shapes))


def tunnel_portal(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return the wall before a tunnel's end, across x; `size` as of the tunnel."""
    x, y, z = size or (0.4, 9.0, 4.8)
    work = Bench("wall")
    root = work.part("portal")
    shapes = []
    for s in (-1.0, 1.0):
        half = np.array(
            [(0.5 * y, -BURIED_M), *_outline(y, z, SOIL_M + 0.4)[1:], (0.5 * y, z + ROOF_M)]
        )
        half[-2:, 1] = z + ROOF_M + SOIL_M + 0.4
        half = half * np.array([s, 1.0])
        work.add(root, extrude(half if s > 0 else half[::-1], x, "x"), _PORTAL)
        shapes.append(CollisionShape("box", (0, s * (0.5 * y + 1.5), 1.5), (x, 3.0, 3.0)))
    head = ROOF_M + PARAPET_M
    work.add(root, box((x, y, head), (0, 0, z + 0.5 * head)), _PORTAL)
    return finish(asset_id, variant, "wall", work, 20_000.0, collision=tuple(shapes))


def tunnel_lamp(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a lamp that hangs under a ceiling at `size[2]` (4.8 m) and shines down."""
    z = size[2] if size else 4.8
    work = Bench("static")
    root = work.part("lamp")
    work.add(root, box((1.2, 0.26, 0.1), (0, 0, z - 0.06)), PLASTIC)
    lens = lamp("tunnel lamp", "e8e6de", "fff1d8", 20_000.0, Lamp.STREET)
    work.add(root, box((1.1, 0.2, 0.02), (0, 0, z - 0.115)), lens)
    place = (0.0, 0.0, z - 0.14)
    spot = Spot(place, (0.0, 0.0, -1.0), 6_000.0, 1.45, linear("fff1d8"), Lamp.STREET)
    return finish(asset_id, variant, "static", work, 15.0, spots=(spot,))
