"""Bushes and hedges."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.foliage import bark, clumps, leaf, lumps, mapped, sprays, sticks, twigs
from scenegen.assets.lofts import loft
from scenegen.assets.species import FORMS, SHRUBS, season_of
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.conditions import Season
from scenegen.records.mesh import Asset, CollisionShape
from scenegen.seeds import named_generator

_DEAD_LEAVES, _EVERGREEN = "a88864", "6c8054"


def _shrub_color(variant: int) -> str:
    """Return the colour of a shrub's leaves, dead ones and evergreen ones in winter."""
    form, season = variant % FORMS, season_of(variant)
    winter = _EVERGREEN if form % 2 else _DEAD_LEAVES
    return SHRUBS[form % len(SHRUBS)].get(season, winter)


def bush(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a bush of about a metre; half of them are bare in winter."""
    rng = named_generator("plant", asset_id, variant % FORMS)
    bench = Bench("vegetation")
    root = bench.part("bush")
    tall = float(rng.uniform(0.8, 1.6))
    centers = np.column_stack(
        [rng.uniform(-0.3, 0.3, (6, 2)) * tall, rng.uniform(0.34, 0.5, 6) * tall]
    )
    radii = tall * rng.uniform(0.34, 0.46, (6, 3))
    radii[:, 2] = 0.95 * centers[:, 2]
    if season_of(variant) == "winter" and variant % 2 == 0:
        tips = clumps(centers, radii, 220, 0.01, rng).vertices[::3]
        foot = np.zeros((40, 3)) + rng.uniform(-0.1, 0.1, (40, 3)) * [tall, tall, 0.0]
        thick = np.full(40, 0.012)
        bench.add(root, sticks(foot, tips[:40], thick, 0.3 * thick), bark("b0a090"))
        share = rng.uniform(0.3, 0.8, (180, 1))
        pick = rng.integers(0, 40, 180)
        start = foot[pick] + share * (tips[pick] - foot[pick])
        bench.add(root, twigs(start, tips[40:], 0.008, rng), bark("b0a090"))
    else:
        color = _shrub_color(variant)
        bench.add(root, lumps(centers, 0.8 * radii, rng), leaf(color, 0.55), crease_rad=1.2)
        shape = clumps(centers, radii, 270, 0.088 * tall, rng)
        points = shape.vertices.copy()
        points[:, 2] = np.maximum(points[:, 2], 0.02)
        bench.add(root, Geometry(points, shape.faces, shape.uv), leaf(color))
    return finish(asset_id, variant, "vegetation", bench, 20.0)


def _stubble(size: Vec3, rng: np.random.Generator) -> Geometry:
    """Return sprays on the faces of a hedge, within its measures."""
    x, y, z = size
    count = int(18 * x)
    half = np.full(count, 0.105)
    low = np.array([-0.5 * x + 0.1, -0.5 * y + 0.1, 0.15])
    high = np.array([0.5 * x - 0.1, 0.5 * y - 0.1, z - 0.1])
    at = rng.uniform(low, high, (count, 3))
    face = rng.integers(0, 3, count)
    outward = np.array([(0, 1, 0), (0, -1, 0), (0, 0, 1)], dtype=np.float64)[face]
    at[:, 1] = np.where(face == 0, high[1] + 0.05, np.where(face == 1, low[1] - 0.05, at[:, 1]))
    at[:, 2] = np.where(face == 2, high[2] + 0.04, at[:, 2])
    shape = sprays(at, outward, half, rng)
    points = np.clip(shape.vertices, low - 0.1, high + 0.1)
    return Geometry(points, shape.faces, shape.uv)


def hedge(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a clipped hedge along x, its faces a little uneven; in winter it keeps dead leaves."""
    x, y, z = size or (6.0, 0.8, 1.2)
    bench = Bench("vegetation")
    root = bench.part("hedge")
    stations = np.linspace(-x / 2, x / 2, max(3, round(x / 0.5) + 1))
    # Up one side, over the top and down the other.
    ring = np.array(
        [
            (-0.5, 0),
            (0.5, 0),
            (0.5, 0.35),
            (0.5, 0.7),
            (0.47, 0.95),
            (0.2, 1),
            (-0.2, 1),
            (-0.47, 0.95),
            (-0.5, 0.7),
            (-0.5, 0.35),
        ]
    )
    from_ring = ring * np.array([y - 0.08, z - 0.04])
    rings = np.empty((len(stations), len(ring), 3))
    rings[..., 0] = stations[:, None]
    rings[..., 1:] = from_ring + rng.uniform(-0.035, 0.035, (len(stations), len(ring), 2))
    rings[:, :2, 2] = 0.0
    color = _shrub_color(variant)
    bench.add(root, mapped(loft(rings)), leaf(color, 0.8), crease_rad=0.6)
    bench.add(root, _stubble((x, y, z), rng), leaf(color))
    shape = CollisionShape("box", (0, 0, z / 2), (x, y, z))
    return finish(asset_id, variant, "vegetation", bench, 60.0 * x, collision=(shape,))


_BLADES: dict[Season, tuple[str, str]] = {
    "spring": ("86a058", "c0b894"),
    "summer": ("8c9a64", "c0b894"),
    "autumn": ("a39a66", "b9a77c"),
    "winter": ("a79c78", "8f8468"),
}
"""sRGB of blades, most of them first."""


def tall_grass(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return the unmown grass of a verge along x: tufts of blades, green and dry ones by season."""
    x, y, z = size or (8.0, 0.8, 0.5)
    bench = Bench("terrain")
    root = bench.part("grass")
    middles = rng.uniform(-0.5, 0.5, (round(2.0 * x), 2)) * np.array([x - 0.4, y - 0.3])
    for color, share in zip(_BLADES[season_of(variant)], (8, 3), strict=True):
        foot = np.repeat(middles, share, axis=0)
        foot = np.column_stack([foot + rng.normal(0.0, 0.07, foot.shape), np.zeros(len(foot))])
        high = z * rng.uniform(0.35, 1.0, len(foot))
        lean = 0.35 * high[:, None] * rng.normal(size=(len(foot), 2))
        tip = foot + np.column_stack([lean, high])
        blades = twigs(foot, tip, 0.022, rng)
        low = np.array([-0.5 * x, -0.5 * y, 0.0])
        points = np.clip(blades.vertices, low, [0.5 * x, 0.5 * y, z])
        bench.add(root, Geometry(points, blades.faces, blades.uv), leaf(color))
    return finish(asset_id, variant, "terrain", bench, 5.0)
