"""Simple polygons: cut into triangles, and points that are uniform in them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.geometry.transforms import Array


def triangulate(corners: npt.ArrayLike) -> Array:
    """Return triangles (k - 2, 3, 2) that make up a simple polygon (k, 2).

    By cutting off ears: a corner that turns inward around no other corner is one, and every
    simple polygon has two (Meisters 1975).

    Raises
    ------
    ValueError
        Sides cross or touch each other, or the polygon has no area.
    """
    points = [(float(x), float(y)) for x, y in np.asarray(corners, dtype=np.float64)]
    _refuse_crossings(points)
    area = sum(
        _cross((0.0, 0.0), a, b) for a, b in zip(points, points[1:] + points[:1], strict=True)
    )
    if abs(area) < 1e-9:
        raise ValueError("a polygon has an area")
    if area < 0:
        points.reverse()
    triangles = []
    while len(points) > 3:
        k = next((k for k in range(len(points)) if _is_ear(points, k)), None)
        if k is None:
            raise ValueError("a polygon's sides don't touch each other")
        triangles.append([points[k - 1], points[k], points[(k + 1) % len(points)]])
        del points[k]
    return np.array([*triangles, points])


Point = tuple[float, float]


def _cross(o: Point, a: Point, b: Point) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def _is_ear(points: list[Point], k: int) -> bool:
    a, b, c = points[k - 1], points[k], points[(k + 1) % len(points)]
    if _cross(a, b, c) < 0:
        return False
    others = (p for p in points if p not in (a, b, c))
    return not any(
        _cross(a, b, p) >= 0 and _cross(b, c, p) >= 0 and _cross(c, a, p) >= 0 for p in others
    )


def _refuse_crossings(points: list[Point]) -> None:
    sides = list(zip(points, points[1:] + points[:1], strict=True))
    for i, (a, b) in enumerate(sides):
        for j, (c, d) in enumerate(sides[i + 2 :], start=i + 2):
            if i == 0 and j == len(sides) - 1:
                continue
            apart = _cross(a, b, c) * _cross(a, b, d) > 0 or _cross(c, d, a) * _cross(c, d, b) > 0
            beside = max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0])
            below = max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1])
            if not (apart or beside or below):
                raise ValueError(f"sides {i + 1} and {j + 1} of the polygon cross or touch")


def in_triangles(triangles: Array, u: Array, v: Array) -> tuple[Array, Array]:
    """Return x and y (n,) of points that are uniform in triangles (k, 3, 2) for uniform u and v.

    `u` picks the triangle by its area, and what is left of it the distance from the first
    corner, whose square is uniform (Turk 1990).
    """
    a, b, c = (triangles[:, k] for k in range(3))
    area = np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])
    edges = np.concatenate([[0.0], np.cumsum(area)]) / area.sum()
    k = np.clip(np.searchsorted(edges, u, side="right") - 1, 0, len(area) - 1)
    share = np.sqrt(np.clip((u - edges[k]) / (edges[k + 1] - edges[k]), 0.0, 1.0))
    x, y = (
        (1.0 - share) * a[k, axis] + share * ((1.0 - v) * b[k, axis] + v * c[k, axis])
        for axis in (0, 1)
    )
    return x, y
