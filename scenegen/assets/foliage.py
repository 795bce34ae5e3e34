"""Leaves, twigs and branches: many small sheets, all opaque, so that labels stay exact."""

from __future__ import annotations

import numpy as np

from scenegen.assets.materials import linear
from scenegen.assets.shapes import sphere
from scenegen.assets.triangles import Geometry, geometry, join
from scenegen.records.base import F64
from scenegen.records.mesh import Material

_TILE_M = 1.6
_LET_THROUGH = 1.35
"""Leaves pass on about as much light as they throw back, and half of that comes out towards
whoever sees their other side (Jacquemoud and Baret 1990): crowns are lighter than a leaf."""
_KERNEL = sphere(1.0, segments=5, rows=3)


def leaf(hex_code: str, shade: float = 1.0) -> Material:
    """Return foliage of a colour, `shade` of it where it lies deep in a crown."""
    r, g, b = (min(1.0, _LET_THROUGH * shade * c) for c in linear(hex_code))
    return Material(
        "leaves", (r, g, b), roughness=0.92, texture="leaves", two_sided=True, translucent=True
    )


def bark(hex_code: str) -> Material:
    """Return bark of a tint."""
    return Material("bark", linear(hex_code), roughness=0.95, texture="bark")


def mapped(shape: Geometry) -> Geometry:
    """Give a shape texture coordinates from its place."""
    x, y, z = shape.vertices.T
    uv = np.stack([x + 0.4 * z, y + 0.7 * z], axis=1) / _TILE_M
    return Geometry(shape.vertices, shape.faces, uv)


def unit(vectors: F64) -> F64:
    """Return vectors (N, 3) at unit length."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9))


def sprays(middle: F64, outward: F64, half_m: F64, rng: np.random.Generator) -> Geometry:
    """Return ragged clusters of leaves (N), each a triangle.

    Parameters
    ----------
    middle, outward : ndarray, shape (N, 3)
        Where they hang and which way they rather face.
    half_m : ndarray, shape (N,)
        Half their width.
    """
    count = len(middle)
    normal = unit(outward + 0.8 * rng.normal(size=(count, 3)) / np.sqrt(3.0))
    a = unit(np.cross(normal, rng.normal(size=(count, 3))))
    b = np.cross(normal, a)
    reach = half_m[:, None, None] * rng.uniform(0.75, 1.4, (count, 3, 1))
    turn = 2.0 * np.pi / 3.0 * np.arange(3) + rng.uniform(-0.35, 0.35, (count, 3))
    around = np.cos(turn)[..., None] * a[:, None] + np.sin(turn)[..., None] * b[:, None]
    points = middle[:, None] + reach * around
    # Mapped in its own plane, none of them shows the texture stretched.
    uv = np.stack([(points * a[:, None]).sum(axis=2), (points * b[:, None]).sum(axis=2)], axis=2)
    faces = np.arange(3 * count).reshape(-1, 3)
    return Geometry(points.reshape(-1, 3), faces, uv.reshape(-1, 2) / _TILE_M)


def lumps(centers: F64, radii: F64, rng: np.random.Generator) -> Geometry:
    """Return the dark inside of clumps of foliage: lumps at `centers` (N, 3), `radii` (N, 3)."""
    push = rng.uniform(0.8, 1.15, (len(centers), len(_KERNEL.vertices), 1))
    points = centers[:, None] + radii[:, None] * push * _KERNEL.vertices
    # From the top to the plane below, which keeps angles: the texture is stretched nowhere.
    flat = 2.0 * _KERNEL.vertices[:, :2] / np.maximum(1.0 - _KERNEL.vertices[:, 2:], 0.25)
    uv = (centers[:, None, :2] + radii[:, None, :2] * flat) / _TILE_M
    return join(Geometry(p, _KERNEL.faces, t) for p, t in zip(points, uv, strict=True))


def clumps(
    centers: F64, radii: F64, count: int, half_m: float, rng: np.random.Generator
) -> Geometry:
    """Return `count` sprays about lumps, so that their outline is broken."""
    pick = rng.integers(0, len(centers), count)
    out = unit(rng.normal(size=(count, 3)) + np.array([0.0, 0.0, 0.25]))
    middle = centers[pick] + out * radii[pick] * rng.uniform(0.7, 1.08, (count, 1))
    return sprays(middle, out, half_m * rng.uniform(0.6, 1.15, count), rng)


def sticks(start: F64, end: F64, thick_m: F64, thin_m: F64) -> Geometry:
    """Return three-sided branches (N) without ends, from `start` to `end` (N, 3)."""
    count = len(start)
    along = unit(end - start)
    side = unit(np.cross(along, np.where(np.abs(along[:, 2:]) > 0.9, [[1, 0, 0]], [[0, 0, 1]])))
    other = np.cross(along, side)
    turn = 2.0 * np.pi / 3.0 * np.arange(3)
    around = np.cos(turn)[:, None, None] * side + np.sin(turn)[:, None, None] * other
    low = start + thick_m[:, None] * around
    high = end + thin_m[:, None] * around
    points = np.concatenate([low, high]).transpose(1, 0, 2).reshape(-1, 3)
    ring = [[k, (k + 1) % 3, 3 + (k + 1) % 3] for k in range(3)]
    ring += [[k, 3 + (k + 1) % 3, 3 + k] for k in range(3)]
    faces = (6 * np.arange(count)[:, None, None] + np.array(ring)).reshape(-1, 3)
    return mapped(geometry(points, faces))


def twigs(root: F64, tip: F64, wide_m: float, rng: np.random.Generator) -> Geometry:
    """Return bare twigs (N): one sliver each, from `root` to `tip` (N, 3)."""
    across = unit(np.cross(tip - root, rng.normal(size=(len(root), 3)))) * wide_m
    points = np.stack([root - across, root + across, tip], axis=1).reshape(-1, 3)
    return mapped(geometry(points, np.arange(len(points)).reshape(-1, 3)))
