"""Plain shapes: sheets, boxes with sharp or round edges, balls.

Closed ones wind counter-clockwise seen from outside. Metres, float64.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from scenegen.assets.lofts import loft
from scenegen.assets.triangles import Geometry, capped_faces, geometry, grid_faces
from scenegen.records.base import F64, Vec2, Vec3


def grid(points: F64) -> Geometry:
    """Return an open sheet through a grid of points (R, C, 3), uv 0..1 along both.

    It faces the side from which columns grow to the right and rows upward.
    """
    rows, columns = points.shape[:2]
    u, v = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    uv = np.stack([u, v], axis=-1).reshape(-1, 2)
    return Geometry(points.reshape(-1, 3).astype(np.float64), grid_faces(rows, columns, False), uv)


def quad(a: Vec3, b: Vec3, c: Vec3, d: Vec3, uv_size: Vec2 = (1.0, 1.0)) -> Geometry:
    """Return a flat quadrilateral, corners counter-clockwise seen from its front."""
    u, v = uv_size
    uv = np.array([[0, 0], [u, 0], [u, v], [0, v]], dtype=np.float64)
    return geometry([a, b, c, d], [[0, 1, 2], [0, 2, 3]], uv)


_BOX_CORNERS = np.array(
    [
        [(1, -1, -1), (1, 1, -1), (1, 1, 1), (1, -1, 1)],
        [(-1, 1, -1), (-1, -1, -1), (-1, -1, 1), (-1, 1, 1)],
        [(1, 1, -1), (-1, 1, -1), (-1, 1, 1), (1, 1, 1)],
        [(-1, -1, -1), (1, -1, -1), (1, -1, 1), (-1, -1, 1)],
        [(-1, -1, 1), (1, -1, 1), (1, 1, 1), (-1, 1, 1)],
        [(-1, 1, -1), (1, 1, -1), (1, -1, -1), (-1, -1, -1)],
    ],
    dtype=np.float64,
)

_BOX_AXES = np.array([(1, 2), (1, 2), (0, 2), (0, 2), (0, 1), (0, 1)])

_BOX_TILES = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.float64)

_BOX_FACES = (4 * np.arange(6)[:, None, None] + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)


def box(size: Vec3, center: Vec3 = (0.0, 0.0, 0.0), uv_m: float = 1.0) -> Geometry:
    """Return a box of six quads, uv in tiles of `uv_m`."""
    half = 0.5 * np.asarray(size, dtype=np.float64)
    uv = _BOX_TILES * np.asarray(size, dtype=np.float64)[_BOX_AXES][:, None] / uv_m
    points = (_BOX_CORNERS * half + np.asarray(center)).reshape(-1, 3)
    return Geometry(points, _BOX_FACES, uv.reshape(-1, 2))


def rounded_rectangle(length: float, width: float, radius: float, arc: int = 3) -> F64:
    """Return the outline (K, 2) of a rectangle with round corners, counter-clockwise."""
    radius = min(radius, 0.499 * length, 0.499 * width)
    angles = np.linspace(0, np.pi / 2, arc + 1)
    corners = []
    for k, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        turned = angles + k * np.pi / 2
        middle = np.array([sx * (length / 2 - radius), sy * (width / 2 - radius)])
        corners.append(middle + radius * np.stack([np.cos(turned), np.sin(turned)], axis=1))
    return np.concatenate(corners)


def rounded_box(size: Vec3, radius: float, center: Vec3 = (0.0, 0.0, 0.0)) -> Geometry:
    """Return a box whose edges are round, as a loft of rounded rectangles along z.

    Edges below 5.5 cm are one bevel: from a few metres nobody can tell.
    """
    return _rounded_box(size, min(radius, 0.45 * min(size))).moved(*center)


@lru_cache(maxsize=256)
def _rounded_box(size: Vec3, radius: float) -> Geometry:
    """Return a `rounded_box` about the origin; slats and lamps come in sets of equal ones."""
    length, width, height = size
    arc = 1 if radius < 0.055 else 2
    steps = np.linspace(-np.pi / 2, 0, arc + 1)
    insets = radius * (1 - np.cos(steps))
    heights = -height / 2 + radius * (1 + np.sin(steps))
    levels = [(z, i) for z, i in zip(heights, insets, strict=True)]
    levels += [(-z, i) for z, i in levels[::-1]]
    rings = []
    for z, inset in levels:
        inner = max(radius - inset, 1e-3)
        outline = rounded_rectangle(length - 2 * inset, width - 2 * inset, inner, arc)
        rings.append(np.column_stack([outline, np.full(len(outline), z)]))
    return loft(np.array(rings))


def sphere(radius: float, segments: int = 10, rows: int = 6) -> Geometry:
    """Return a ball of latitude rings."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, rows + 1)[1:-1]
    ring_angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    rings = [
        np.stack(
            [
                np.cos(a) * np.cos(ring_angle),
                np.cos(a) * np.sin(ring_angle),
                0 * ring_angle + np.sin(a),
            ],
            axis=1,
        )
        for a in angles
    ]
    vertices = np.concatenate([*rings, [[0, 0, -1.0]], [[0, 0, 1.0]]]) * radius
    return geometry(vertices, capped_faces(len(rings), segments))


def blob(radius: Vec3, rng: np.random.Generator, rough: float, rows: int = 6) -> Geometry:
    """Return a lumpy ellipsoid: foliage, stones."""
    ball = sphere(1.0, segments=rows + 2, rows=rows)
    push = 1.0 + rough * rng.uniform(-1.0, 1.0, len(ball.vertices))
    return geometry(ball.vertices * push[:, None] * np.asarray(radius), ball.faces)
