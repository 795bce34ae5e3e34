"""Grooved tram rails, flush with the road that they lie in."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.ink import patch
from scenegen.assets.materials import linear
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, Material

GAUGE_M = 1.435
"""Between the inner edges of the heads."""
_HEAD_M, _GROOVE_M, _LIP_M, _SEAL_M = 0.056, 0.042, 0.02, 0.025
_LIFT_M = 0.013
"""Above covers, which lie up to 1 cm above the road."""
_KILOGRAM_A_METRE = 2 * 60.0
_STEEL = Material("rail", linear("8d8883"), roughness=0.28, metallic=0.9, wettable=True)
_LIP = Material("rail lip", linear("5d5550"), roughness=0.5, metallic=0.7, wettable=True)
_GROOVE = Material("groove", linear("0f0e0d"), roughness=0.9, wettable=True)
_SEAL = Material("seal", linear("242322"), roughness=0.8, wettable=True)


def tram_rails(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a pair of straight rails along x, `size[0]` (12 m) long.

    From outside in each has a seal, the head, the groove, the lip that guards it, and a seal.
    """
    length = 12.0 if size is None else size[0]
    edges = 0.5 * GAUGE_M + np.array(
        [_HEAD_M + _SEAL_M, _HEAD_M, 0.0, -_GROOVE_M, -_GROOVE_M - _LIP_M]
    )
    work = Bench("road")
    root = work.part("rails")
    last = edges[-1] - _SEAL_M
    for material, outer, inner in zip(
        (_SEAL, _STEEL, _GROOVE, _LIP, _SEAL), edges, (*edges[1:], last), strict=True
    ):
        strip = patch(-0.5 * length, float(inner), 0.5 * length, float(outer))
        work.add(root, join([_lying(strip, 1.0), _lying(strip, -1.0)]), material)
    return finish(asset_id, variant, "road", work, _KILOGRAM_A_METRE * length)


def _lying(strip: Geometry, side: float) -> Geometry:
    """Lay a strip on the ground, its right to +x and its up to the left or, mirrored, the right."""
    x, y = strip.vertices[:, 1], side * strip.vertices[:, 2]
    flat = np.column_stack([x, y, np.full(len(x), _LIFT_M)])
    return Geometry(flat, strip.faces if side > 0 else strip.faces[:, ::-1], strip.uv)
