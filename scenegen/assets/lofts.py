"""Shapes that come of sweeping an outline: lofts, turned and round bodies, bars, prisms.

All wind counter-clockwise seen from outside. Metres, float64.
"""

from __future__ import annotations

from collections.abc import Sequence

import mapbox_earcut
import numpy as np
import numpy.typing as npt

from scenegen.assets.triangles import (
    Geometry,
    capped_faces,
    closed_skin,
    geometry,
    grid_faces,
    outward,
)
from scenegen.records.base import F64, Vec2, Vec3


def loft(rings: F64, caps: bool = True) -> Geometry:
    """Return the skin over a stack of closed rings.

    Parameters
    ----------
    rings : ndarray, shape (S, K, 3)
        Each ring star-shaped about its mean; they may run either way round.
    caps : bool
        Close both ends with fans.
    """
    count, size = rings.shape[:2]
    vertices = rings.reshape(-1, 3)
    if not caps:
        return outward(geometry(vertices, grid_faces(count, size, True)))
    vertices = np.concatenate([vertices, rings[[0, -1]].mean(axis=1)])
    return outward(geometry(vertices, capped_faces(count, size)))


def lathe(profile: Sequence[Vec2], segments: int, axis: str = "z") -> Geometry:
    """Return the solid of revolution of a profile of (radius, height), from low to high.

    A profile that ends off the axis is closed with a flat cap.
    """
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    rings = np.array(
        [
            np.stack([max(r, 1e-4) * np.cos(angle), max(r, 1e-4) * np.sin(angle), 0 * angle + h], 1)
            for r, h in profile
        ]
    )
    solid = loft(rings)
    if axis == "x":
        return solid.turned((0, 1, 0), np.pi / 2)
    if axis == "y":
        return solid.turned((1, 0, 0), -np.pi / 2)
    return solid


def ring(profile: Sequence[Vec2], segments: int, axis: str = "z") -> Geometry:
    """Return the solid of revolution of a closed profile that stays off the axis (a tyre)."""
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)[:, None]
    r, h = np.asarray(profile, dtype=np.float64).T
    points = np.stack([r * np.cos(angle), r * np.sin(angle), h + 0 * angle], axis=-1)
    solid = closed_skin(points)
    return solid if axis == "z" else solid.turned((1, 0, 0), -np.pi / 2)


def cylinder(
    radius: float, length: float, segments: int = 16, axis: str = "z", top: float | None = None
) -> Geometry:
    """Return a cylinder (or cone frustum, with `top` radius) about its own middle."""
    high = radius if top is None else top
    return lathe([(radius, -length / 2), (high, length / 2)], segments, axis)


def column(rows: npt.ArrayLike, segments: int = 10, power: float = 2.0) -> Geometry:
    """Return a loft of horizontal superellipses: limbs, trunks, heads.

    Parameters
    ----------
    rows : array_like, shape (N, 5)
        Height z, middle x and y, half axes along x and y; from low to high or reverse.
    power : float
        2 gives ellipses; larger values approach rectangles.
    """
    table = np.asarray(rows, dtype=np.float64)
    t = np.linspace(0, 2 * np.pi, segments, endpoint=False) + np.pi / segments
    c = np.sign(np.cos(t)) * np.abs(np.cos(t)) ** (2 / power)
    s = np.sign(np.sin(t)) * np.abs(np.sin(t)) ** (2 / power)
    z, cx, cy, rx, ry = (table[:, k : k + 1] for k in range(5))
    rings = np.stack([cx + rx * c, cy + ry * s, z + 0 * c], axis=-1)
    return loft(rings)


def tube(
    path: npt.ArrayLike, radius: npt.ArrayLike, segments: int = 8, closed: bool = False
) -> Geometry:
    """Return a round bar along a path (N, 3); `radius` is one number or one for each point."""
    points = np.asarray(path, dtype=np.float64)
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(points))
    if closed:
        tangent = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    else:
        tangent = np.gradient(points, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    # One reference direction for all rings keeps them from twisting against each other.
    spread = np.abs(tangent).max(axis=0)
    reference = np.eye(3)[int(np.argmin(spread))]
    side = np.cross(tangent, reference)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(side, tangent)
    t = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    around = np.cos(t)[:, None] * side[:, None] + np.sin(t)[:, None] * up[:, None]
    rings = points[:, None] + radii[:, None, None] * around
    return closed_skin(rings) if closed else loft(rings)


def bar(start: Vec3, end: Vec3, radius: float, segments: int = 8, tip: float = -1.0) -> Geometry:
    """Return a straight round bar, tapering to `tip` if that is given."""
    return tube([start, end], [radius, tip if tip >= 0 else radius], segments)


def extrude(outline: npt.ArrayLike, length: float, axis: str = "y") -> Geometry:
    """Return a prism: a simple polygon (K, 2) drawn in the xz (or xy) plane, centred along `axis`.

    Parameters
    ----------
    outline : array_like, shape (K, 2)
        x and z for ``"y"``, x and y for ``"z"``, y and z for ``"x"``.
    """
    flat = np.asarray(outline, dtype=np.float64)
    size = len(flat)
    triangles = np.asarray(
        mapbox_earcut.triangulate_float64(flat, np.array([size], dtype=np.uint32)), dtype=np.int64
    ).reshape(-1, 3)
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    triangles = np.where((area < 0)[:, None], triangles[:, ::-1], triangles)
    if np.sum(flat[:, 0] * np.roll(flat[:, 1], -1) - np.roll(flat[:, 0], -1) * flat[:, 1]) < 0:
        order = np.arange(size)[::-1]
        flat, triangles = flat[order], size - 1 - triangles
    low = np.column_stack([flat, np.full(size, -length / 2)])
    high = np.column_stack([flat, np.full(size, length / 2)])
    k = np.arange(size)
    n = (k + 1) % size
    sides = [np.stack([k, n, size + n], 1), np.stack([k, size + n, size + k], 1)]
    faces = np.concatenate([*sides, triangles[:, ::-1], triangles + size])
    column_of = {"y": [0, 2, 1], "z": [0, 1, 2], "x": [2, 0, 1]}[axis]
    points = np.concatenate([low, high])[:, column_of]
    return outward(geometry(points, faces))
