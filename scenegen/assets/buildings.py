"""Buildings to measure."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.materials import matte
from scenegen.assets.shapes import box
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape


def building(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a building of length x, depth y and height z; its front faces +x."""
    x, y, z = size or (12.0, 14.0, 11.0)
    bench = Bench("building")
    root = bench.part("body")
    wall = matte("wall", str(rng.choice(("b9a78c", "9a5f48", "c9c3b6", "8d8f92"))))
    bench.add(root, box((x, y, z), (0, 0, z / 2), 3.0), wall)
    return finish(
        asset_id,
        variant,
        "building",
        bench,
        1e6,
        collision=(CollisionShape("box", (0, 0, z / 2), (x, y, z)),),
    )
