"""Trees, bushes and hedges: opaque leaves, so that labels stay exact."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import bar, loft
from scenegen.assets.materials import linear
from scenegen.assets.shapes import blob
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material

_GREENS = ("6f9040", "5f8038", "84973f", "7f8c34", "57763a")
_TILE_M = 1.6


def _leaf(hex_code: str) -> Material:
    return Material("leaves", linear(hex_code), roughness=0.92, texture="leaves", two_sided=True)


def _bark(hex_code: str) -> Material:
    return Material("bark", linear(hex_code), roughness=0.95, texture="bark")


def _mapped(shape: Geometry) -> Geometry:
    """Give a shape texture coordinates from its place."""
    x, y, z = shape.vertices.T
    uv = np.stack([x + 0.4 * z, y + 0.7 * z], axis=1) / _TILE_M
    return Geometry(shape.vertices, shape.faces, uv)


def _sprays(
    centers: F64, radii: F64, count: int, size: float, rng: np.random.Generator
) -> Geometry:
    """Return loose leaf quads around lumps of foliage, which break their outline."""
    pick = rng.integers(0, len(centers), count)
    out = rng.normal(size=(count, 3))
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    middle = centers[pick] + out * radii[pick] * rng.uniform(0.9, 1.14, (count, 1))
    a = rng.normal(size=(count, 3))
    a /= np.linalg.norm(a, axis=1, keepdims=True)
    b = np.cross(a, out)
    b /= np.maximum(np.linalg.norm(b, axis=1, keepdims=True), 1e-6)
    half = size * rng.uniform(0.5, 1.0, (count, 1))
    corners = np.stack(
        [middle - half * a, middle - half * b, middle + half * a, middle + half * b], axis=1
    )
    first = 4 * np.arange(count)[:, None]
    faces = np.concatenate([first + np.array(k) for k in ((0, 1, 2), (0, 2, 3))])
    return _mapped(Geometry(corners.reshape(-1, 3), faces, np.zeros((4 * count, 2))))


def _foliage(
    centers: F64, radii: F64, loose: int, size: float, rng: np.random.Generator
) -> Geometry:
    lumps = [
        blob((float(r[0]), float(r[1]), float(r[2])), rng, 0.16, 5).moved(*c.tolist())
        for c, r in zip(centers, radii, strict=True)
    ]
    return join([_mapped(join(lumps)), _sprays(centers, radii, loose, size, rng)])


def broadleaf(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a broad-leaved tree of 6 to 11 m."""
    bench = Bench("vegetation")
    root = bench.part("tree")
    tall = float(rng.uniform(6, 11))
    girth = 0.022 * tall
    bark = _bark(str(rng.choice(("ffffff", "d8cfc4", "b8a898"))))
    fork = 0.36 * tall
    bench.add(root, _mapped(bar((0, 0, -0.1), (0, 0, fork), 1.25 * girth, 9, 0.85 * girth)), bark)
    bench.add(
        root,
        _mapped(bar((0, 0, fork), (0.02 * tall, 0, 0.75 * tall), 0.85 * girth, 8, 0.2 * girth)),
        bark,
    )
    angle = rng.uniform(0, 2 * np.pi) + np.arange(9) * 2.4
    rise = np.array([0.48, 0.52, 0.56, 0.60, 0.66, 0.70, 0.76, 0.82, 0.87]) * tall
    away = np.array([0.17, 0.2, 0.2, 0.18, 0.16, 0.13, 0.09, 0.06, 0.02]) * tall
    centers = np.stack([away * np.cos(angle), away * np.sin(angle), rise], axis=1)
    for c in centers[:5]:
        tip = (0.8 * float(c[0]), 0.8 * float(c[1]), float(c[2]))
        bench.add(root, _mapped(bar((0, 0, fork - 0.1), tip, 0.5 * girth, 6, 0.15 * girth)), bark)
    radii = tall * rng.uniform(0.11, 0.145, (9, 3)) * np.array([1.1, 1.1, 0.9])
    bench.add(
        root,
        _foliage(centers, radii, 240, 0.04 * tall, rng),
        _leaf(str(rng.choice(_GREENS))),
        crease_rad=0.9,
    )
    trunk = CollisionShape("cylinder", (0, 0, 0.5 * fork), (girth, girth, fork))
    return finish(asset_id, variant, "vegetation", bench, 900.0, collision=(trunk,))


def conifer(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a spruce: whorls of drooping branches."""
    bench = Bench("vegetation")
    root = bench.part("tree")
    tall = float(rng.uniform(8, 14))
    bark = _bark(str(rng.choice(("c8b8a8", "a89888"))))
    bench.add(
        root, _mapped(bar((0, 0, -0.1), (0, 0, 0.97 * tall), 0.017 * tall, 8, 0.002 * tall)), bark
    )
    fans = []
    for k in range(11):
        z = (0.11 + 0.079 * k) * tall
        reach = 0.19 * tall * (1 - k / 11.5) * float(rng.uniform(0.9, 1.1))
        fans.append(_whorl(z, reach, 0.115 * tall, 11, rng))
    leaf = _leaf(str(rng.choice(("3f5a34", "4a6440", "38523c"))))
    bench.add(root, _mapped(join(fans)), leaf, crease_rad=0.5)
    trunk = CollisionShape("cylinder", (0, 0, 1.0), (0.017 * tall, 0.017 * tall, 2.0))
    return finish(asset_id, variant, "vegetation", bench, 800.0, collision=(trunk,))


def _whorl(z: float, reach: float, height: float, count: int, rng: np.random.Generator) -> Geometry:
    """Return one skirt of a spruce: a pleated cone with ragged tips, open below."""
    angle = np.linspace(0, 2 * np.pi, 2 * count, endpoint=False) + rng.uniform(0, 1)
    length = (
        reach
        * np.where(np.arange(2 * count) % 2 == 0, 1.0, 0.62)
        * rng.uniform(0.85, 1.1, 2 * count)
    )
    droop = np.where(np.arange(2 * count) % 2 == 0, -0.06, 0.03) * height / 0.115
    rim = np.stack([length * np.cos(angle), length * np.sin(angle), z + droop], axis=1)
    top = np.array([[0.0, 0.0, z + height]])
    k = np.arange(2 * count)
    faces = np.stack([k, (k + 1) % (2 * count), np.full(2 * count, 2 * count)], axis=1)
    return Geometry(np.concatenate([rim, top]), faces, np.zeros((2 * count + 1, 2)))


def bush(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a bush of about a metre."""
    bench = Bench("vegetation")
    root = bench.part("bush")
    tall = float(rng.uniform(0.8, 1.6))
    centers = np.column_stack(
        [rng.uniform(-0.3, 0.3, (6, 2)) * tall, rng.uniform(0.34, 0.48, 6) * tall]
    )
    radii = tall * rng.uniform(0.38, 0.5, (6, 3))
    radii[:, 2] = centers[:, 2]
    shape = _foliage(centers, radii, 260, 0.06 * tall, rng)
    points = shape.vertices.copy()
    points[:, 2] = np.maximum(points[:, 2], 0.0)
    leaf = _leaf(str(rng.choice(_GREENS)))
    bench.add(root, Geometry(points, shape.faces, shape.uv), leaf, crease_rad=0.9)
    return finish(asset_id, variant, "vegetation", bench, 20.0)


def hedge(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a clipped hedge along x, its faces a little uneven."""
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
    bench.add(root, _mapped(loft(rings)), _leaf(str(rng.choice(_GREENS))), crease_rad=0.6)
    shape = CollisionShape("box", (0, 0, z / 2), (x, y, z))
    return finish(asset_id, variant, "vegetation", bench, 60.0 * x, collision=(shape,))
