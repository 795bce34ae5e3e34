"""Iron in the road: manhole covers and drains, flush with what they lie in."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.ink import fill, patch, regular
from scenegen.assets.materials import linear
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, Material

_LIFT_M = 0.004
"""Enough for the depth buffer to tell a cover from the road."""
_IRON = Material("cast iron", linear("4a4644"), roughness=0.55, metallic=0.4, wettable=True)
_WORN = Material("worn iron", linear("6b6663"), roughness=0.4, metallic=0.5, wettable=True)
_GAP = Material("gap", linear("121110"), roughness=0.9, wettable=True)


def manhole(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a round cover with a pattern of studs, or a square one in two leaves."""
    work = Bench("road")
    root = work.part("cover")
    if variant % 3 < 2:
        sheets = [(_GAP, fill(regular(28, 0.39))), (_IRON, fill(regular(28, 0.375)))]
        studs = [
            fill(regular(4, 0.028, 0.3 * k) + r * np.array([np.cos(a), np.sin(a)]))
            for k, r in enumerate((0.11, 0.2, 0.29))
            for a in np.linspace(0, 2 * np.pi, 6 * (k + 1), endpoint=False)
        ]
        sheets.append((_WORN, join(studs)))
    else:
        leaves = join([patch(-0.34, s - 0.165, 0.34, s + 0.165) for s in (-0.175, 0.175)])
        bars = [
            patch(x - 0.06, z - 0.012, x + 0.06, z + 0.012)
            for x in (-0.22, 0.0, 0.22)
            for z in (-0.27, -0.175, -0.08, 0.08, 0.175, 0.27)
        ]
        sheets = [(_GAP, patch(-0.36, -0.36, 0.36, 0.36)), (_IRON, leaves), (_WORN, join(bars))]
    for k, (material, drawing) in enumerate(sheets):
        work.add(root, _lying(drawing, k), material)
    return finish(asset_id, variant, "road", work, 80.0)


def drain(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a drain of the gutter, its slots across x."""
    work = Bench("road")
    root = work.part("drain")
    slots = [patch(x - 0.016, -0.13, x + 0.016, 0.13) for x in np.linspace(-0.2, 0.2, 7)]
    sheets = [(_IRON, patch(-0.25, -0.17, 0.25, 0.17)), (_GAP, join(slots))]
    for k, (material, drawing) in enumerate(sheets):
        work.add(root, _lying(drawing, k), material)
    return finish(asset_id, variant, "road", work, 40.0)


def _lying(drawing: Geometry, level: int) -> Geometry:
    """Lay a drawing on the ground: its right to +x, its up to +y."""
    flat = drawing.vertices[:, [1, 2, 0]] + np.array([0.0, 0.0, _LIFT_M + 0.003 * level])
    return Geometry(flat, drawing.faces, drawing.uv)
