"""What keeps road users apart: concrete walls, railings, and what stands at road works."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.ink import fill
from scenegen.assets.lofts import bar, cylinder, extrude
from scenegen.assets.materials import GALVANISED, PLASTIC, REFLECTOR_WHITE, lamp, linear, matte
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.triangles import join
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material
from scenegen.records.taxonomy import Lamp

_RED = matte("red sheeting", "c4161c", 0.4)
_RUBBER_FOOT = matte("recycled rubber", "2a2a29", 0.95)
_FLASHER = lamp("flasher", "c98a1a", "ffa000", 3_000.0, Lamp.STREET)


def concrete_barrier(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a concrete safety barrier along x, of the New Jersey profile, 0.81 m high.

    The profile is that of the AASHTO Roadside Design Guide: a toe of 75 mm, a slope of
    55 degrees up to 330 mm, one of 84 degrees above; 600 mm wide below, 150 mm on top.
    """
    x = size[0] if size else 4.0
    side = [(0.3, 0.0), (0.3, 0.075), (0.125, 0.33), (0.075, 0.81)]
    outline = [*side, *((-y, z) for y, z in side[::-1])]
    concrete = Material("concrete", linear("c4c0b6"), roughness=0.9)
    work = Bench("guard rail")
    root = work.part("barrier")
    count = max(1, round(x / 4.0))
    gap = 0.03
    for k in range(count):
        piece = extrude(outline, x / count - gap, "x").moved(x=(k + 0.5) * x / count - x / 2)
        work.add(root, piece, concrete)
        for s in (-1.0, 1.0):
            eye = box((0.06, 0.03, 0.1), ((k + 0.5) * x / count - x / 2, s * 0.095, 0.68))
            work.add(root, eye, matte("reflector", "e8a030", 0.2))
    shape = CollisionShape("box", (0, 0, 0.405), (x, 0.45, 0.81))
    return finish(asset_id, variant, "guard rail", work, 600.0 * x, collision=(shape,))


def _stripes(y0: float, y1: float, z0: float, z1: float, step: float) -> list[F64]:
    """Return slanted stripes (4, 2) within a rectangle, each half of a step wide."""
    lean = z1 - z0
    found = []
    for k in range(int((y1 - y0 + lean) / step) + 1):
        left = y0 - lean + k * step
        low = np.clip([left, left + 0.5 * step], y0, y1)
        high = np.clip([left + lean, left + lean + 0.5 * step], y0, y1)
        # The stripe's edges leave the rectangle at its sides; keep only whole ones.
        if left >= y0 and left + lean + 0.5 * step <= y1:
            found.append(np.array([(low[0], z0), (low[1], z0), (high[1], z1), (high[0], z1)]))
    return found


def _board(work: Bench, root: str, y: float, low: float, high: float, step: float) -> None:
    """Add a board of red and white stripes that shows to +x and -x."""
    work.add(root, box((0.03, y, high - low), (0, 0, 0.5 * (low + high))), REFLECTOR_WHITE)
    stripes = _stripes(-0.5 * y, 0.5 * y, low, high, step)
    front = join(fill(s) for s in stripes).moved(x=0.0185)
    work.add(root, front, _RED)
    work.add(root, front.turned((0, 0, 1), np.pi), _RED)


def works_barrier(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a barrier board at road works on two feet, across x; odd variants flash."""
    work = Bench("fence")
    root = work.part("barrier")
    y = 2.0
    for s in (-0.8, 0.8):
        work.add(root, rounded_box((0.8, 0.2, 0.1), 0.03, (0, s, 0.05)), _RUBBER_FOOT)
        work.add(root, box((0.04, 0.04, 1.0), (0, s, 0.55)), GALVANISED)
    _board(work, root, y, 0.78, 1.03, 0.5)
    _board(work, root, y, 0.3, 0.42, 0.4)
    if variant % 2:
        for s in (-0.8, 0.8):
            work.add(root, rounded_box((0.12, 0.18, 0.08), 0.02, (0, s, 1.09)), PLASTIC)
            work.add(root, cylinder(0.09, 0.07, 16, "x").moved(0, s, 1.21), _FLASHER)
    shape = CollisionShape("box", (0, 0, 0.55), (0.3, y, 1.1))
    return finish(asset_id, variant, "fence", work, 38.0, collision=(shape,))


def beacon(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a beacon of road works: an upright striped board on a foot."""
    work = Bench("fence")
    root = work.part("beacon")
    work.add(root, rounded_box((0.8, 0.4, 0.11), 0.03, (0, 0, 0.055)), _RUBBER_FOOT)
    work.add(root, box((0.04, 0.06, 0.2), (0, 0, 0.16)), GALVANISED)
    work.add(root, box((0.03, 0.25, 1.0), (0, 0, 0.7)), REFLECTOR_WHITE)
    stripes = []
    for k in range(4):
        z = 0.22 + 0.25 * k
        # Slanted towards the side on which traffic passes.
        stripe = np.array([(-0.12, z), (0.12, z + 0.1), (0.12, z + 0.22), (-0.12, z + 0.12)])
        stripes.append(fill(stripe * (1.0 if variant % 2 == 0 else np.array([-1.0, 1.0]))))
    front = join(stripes).moved(x=0.0185)
    work.add(root, front, _RED)
    work.add(root, front.turned((0, 0, 1), np.pi), _RED)
    if variant % 3 == 0:
        work.add(root, cylinder(0.09, 0.07, 16, "x").moved(0, 0, 1.3), _FLASHER)
        work.add(root, box((0.08, 0.06, 0.06), (0, 0, 1.21)), PLASTIC)
    shape = CollisionShape("box", (0, 0, 0.6), (0.3, 0.3, 1.2))
    return finish(asset_id, variant, "fence", work, 25.0, collision=(shape,))


def railing(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a railing that keeps walkers off the road, along x: bars, or two plain rails."""
    x, _, z = size or (4.0, 0.06, 1.0)
    work = Bench("fence")
    root = work.part("railing")
    material = (GALVANISED, matte("railing paint", "23282a", 0.5))[variant % 2]
    panels = max(1, round(x / 2.0))
    posts = np.linspace(-x / 2 + 0.03, x / 2 - 0.03, panels + 1).tolist()
    for at in posts:
        work.add(root, bar((at, 0, 0), (at, 0, z), 0.026, 8), material)
    for height in (z - 0.03, 0.15):
        work.add(root, bar((posts[0], 0, height), (posts[-1], 0, height), 0.02, 6), material)
    if variant % 3 == 2:
        work.add(root, bar((posts[0], 0, z / 2), (posts[-1], 0, z / 2), 0.02, 6), material)
    else:
        count = int(x / 0.125)
        for k in range(count):
            at = posts[0] + (k + 0.5) * (posts[-1] - posts[0]) / count
            work.add(root, box((0.014, 0.014, z - 0.18), (at, 0, 0.5 * (z + 0.12))), material)
    shape = CollisionShape("box", (0, 0, z / 2), (x, 0.06, z))
    return finish(asset_id, variant, "fence", work, 20.0 * x, collision=(shape,))
