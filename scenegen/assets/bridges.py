"""A bridge over a road: deck, parapets, abutments, and the ramps of earth that lead up to it."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import lathe
from scenegen.assets.materials import GALVANISED, linear, matte
from scenegen.assets.shapes import box, quad
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material

DECK_M, ABUTMENT_M, PARAPET_M = 1.1, 1.0, 1.1
RAMP_M, SLOPE, BURIED_M = 90.0, 1.5, 0.4
PIER_M, PIERS_FROM_M, PIER_INSET_M = 0.45, 17.0, 2.2
_CONCRETE = Material("bridge concrete", linear("b3afa6"), roughness=0.9)
_SOFFIT = Material("bridge soffit", linear("97938b"), roughness=0.95)
_GRASS = matte("grass", "5b6b34", 0.95)
_ROAD = matte("asphalt", "4a4a49", 0.95)


def bridge(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a bridge along x; `size` is its span, its width, and the headroom below it."""
    span, wide, head = size or (16.0, 10.0, 4.8)
    work = Bench("wall")
    root = work.part("bridge")
    top = head + DECK_M
    deck = (span + 2.0 * ABUTMENT_M, wide, DECK_M - 0.06)
    work.add(root, box(deck, (0, 0, head + 0.5 * deck[2])), _SOFFIT)
    work.add(root, box((deck[0], wide - 0.7, 0.06), (0, 0, top - 0.03)), _ROAD, "road")
    shapes = [CollisionShape("box", (0, 0, head + 0.5 * DECK_M), (deck[0], wide, DECK_M))]
    for s in (-1.0, 1.0):
        edge = s * (0.5 * wide - 0.15)
        work.add(root, box((deck[0], 0.34, 0.2), (0, edge, top + 0.1)), _CONCRETE)
        _railing(work, root, deck[0], edge, top + 0.2)
        at = s * (0.5 * span + 0.5 * ABUTMENT_M)
        tall = head + BURIED_M
        work.add(
            root, box((ABUTMENT_M, wide, tall), (at, 0, 0.5 * head - 0.5 * BURIED_M)), _CONCRETE
        )
        shapes.append(CollisionShape("box", (at, 0, 0.5 * head), (ABUTMENT_M, wide, head)))
        _ramp(work, root, s, 0.5 * span + ABUTMENT_M, wide, top)
        if span >= PIERS_FROM_M:
            for y in (-0.3 * wide, 0.0, 0.3 * wide):
                pier = lathe([(PIER_M, -BURIED_M), (PIER_M, head + 0.05)], 16)
                x = s * (0.5 * span - PIER_INSET_M)
                work.add(root, pier.moved(x, y, 0.0), _CONCRETE)
                shapes.append(
                    CollisionShape("cylinder", (x, y, 0.5 * head), (PIER_M, PIER_M, head))
                )
    return finish(asset_id, variant, "wall", work, 400_000.0, collision=tuple(shapes))


def _railing(work: Bench, root: str, length: float, y: float, z: float) -> None:
    for dz in (PARAPET_M - 0.25, 0.45):
        work.add(root, box((length, 0.06, 0.08), (0, y, z + dz)), GALVANISED, "guard rail")
    count = max(2, round(length / 2.0))
    for k in range(count):
        x = (k + 0.5) * length / count - 0.5 * length
        post = box((0.08, 0.08, PARAPET_M - 0.2), (x, y, z + 0.5 * (PARAPET_M - 0.2)))
        work.add(root, post, GALVANISED, "guard rail")


def _ramp(work: Bench, root: str, s: float, start: float, wide: float, top: float) -> None:
    """Add the earth behind an abutment: level with the deck there, with the ground far away."""
    x0, x1, y, foot = s * start, s * (start + RAMP_M), 0.5 * wide, 0.5 * wide + SLOPE * top
    low = -BURIED_M
    near = [(x0, -foot, low), (x0, -y, top), (x0, y, top), (x0, foot, low)]
    far = [(x1, -y - 1.0, low), (x1, -y, low), (x1, y, low), (x1, y + 1.0, low)]
    for k, (material, kind) in enumerate(
        ((_GRASS, "terrain"), (_ROAD, "road"), (_GRASS, "terrain"))
    ):
        a, b, c, d = near[k], near[k + 1], far[k + 1], far[k]
        face = quad(a, b, c, d) if s < 0 else quad(a, d, c, b)
        work.add(root, face, material, kind)
    # Wing walls hold the earth back beside the abutment.
    a, b, c, d = (x0, -foot, low), (x0, foot, low), (x0, y, top), (x0, -y, top)
    work.add(root, quad(a, b, c, d), _CONCRETE)
    work.add(root, quad(d, c, b, a), _CONCRETE)
