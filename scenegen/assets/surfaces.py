"""From bare triangles to `Surface`: welding, crease normals, draping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenegen.assets.triangles import I64, Geometry, join
from scenegen.geometry import cross
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Material, Surface

_WELD_M = 1e-6
_NO_AREA_M2 = 1e-9
_SHADE_STEP = 1e-5
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Piece:
    """A shape with what it is made of; edges sharper than `crease_rad` stay sharp."""

    shape: Geometry
    material: Material
    semantic: str
    crease_rad: float


def _same_rows(rows: I64) -> tuple[I64, I64]:
    """Return the first of each distinct row (U,), in order of appearance, and which is whose (N,).

    Rows are compared by a 64-bit mix of their columns: one sort of numbers instead of
    one of rows. Among a million rows two different ones agree with odds of 3e-8.
    """
    mixed = np.zeros(len(rows), dtype=np.uint64)
    for column in rows.T.astype(np.uint64):
        mixed = (mixed ^ column) * _MIX
        mixed ^= mixed >> np.uint64(29)
    _, first, inverse = np.unique(mixed, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[inverse.ravel()]


def corner_normals(corners: F64, vertex: I64, crease_rad: F64) -> F64:
    """Return unit normals (F, 3, 3) of every face's corners.

    Faces that meet at a vertex share a normal, weighted by their angles there, where
    they bend less than the crease angle.

    Parameters
    ----------
    corners : ndarray, shape (F, 3, 3)
    vertex : ndarray, shape (F, 3)
        Which corners meet: equal numbers are one place.
    crease_rad : ndarray, shape (F,)
    """
    edge = np.roll(corners, -1, axis=1) - corners
    flat = cross(edge[:, 0], edge[:, 1])
    flat /= np.sqrt((flat * flat).sum(axis=1, keepdims=True))
    edge /= np.maximum(np.sqrt((edge * edge).sum(axis=2, keepdims=True)), 1e-12)
    cosine = -(edge * np.roll(edge, 1, axis=1)).sum(axis=2)
    normal = np.repeat(flat, 3, axis=0)
    weighted = np.arccos(np.clip(cosine, -1, 1)).reshape(-1, 1) * normal
    sharp = np.repeat(np.cos(crease_rad), 3)

    place = vertex.ravel()
    count = np.bincount(place)
    # numpy sorts 16-bit numbers by counting.
    few = len(count) <= 1 << 16
    order = np.argsort(place.astype(np.uint16) if few else place, kind="stable")
    start = np.cumsum(count) - count
    total = np.zeros_like(normal)
    for valence in np.unique(count[count > 0]):
        group = order[start[count == valence][:, None] + np.arange(valence)]
        n = normal[group]
        near = n @ np.swapaxes(n, 1, 2) > sharp[group][:, :, None]
        near |= np.eye(valence, dtype=bool)
        total[group] = near.astype(np.float64) @ weighted[group]
    length = np.sqrt((total * total).sum(axis=1, keepdims=True))
    return np.where(length > 1e-9, total / np.maximum(length, 1e-9), normal).reshape(-1, 3, 3)


def surfaces(pieces: Sequence[Piece]) -> list[Surface]:
    """Return drawable surfaces of several shapes, worked out in one go.

    Vertices are shared between corners of one shape that agree in place, normal and
    texture coordinate; triangles without area are dropped.
    """
    if not pieces:
        return []
    whole = join(piece.shape for piece in pieces)
    sizes = [len(piece.shape.faces) for piece in pieces]
    owner = np.repeat(np.arange(len(pieces)), sizes)
    crease = np.repeat([piece.crease_rad for piece in pieces], sizes)
    corners = whole.vertices[whole.faces]
    doubled = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    keep = (doubled * doubled).sum(axis=1) > _NO_AREA_M2**2
    faces, corners, owner, crease = whole.faces[keep], corners[keep], owner[keep], crease[keep]

    places = np.rint(corners.reshape(-1, 3) / _WELD_M).astype(np.int64)
    of_corner = np.repeat(owner, 3)[:, None]
    _, vertex = _same_rows(np.column_stack([of_corner, places]))
    normals = corner_normals(corners, vertex.reshape(-1, 3), crease).reshape(-1, 3)
    uv = whole.uv[faces].reshape(-1, 2)
    shading = np.rint(np.column_stack([normals, uv]) / _SHADE_STEP).astype(np.int64)
    first, corner = _same_rows(np.column_stack([vertex, shading]))

    points = corners.reshape(-1, 3)[first].astype(np.float32)
    unit, uv = normals[first].astype(np.float32), uv[first].astype(np.float32)
    # Corners appear shape by shape, so each shape's vertices are a run.
    last = np.searchsorted(of_corner[first, 0], np.arange(len(pieces) + 1))
    face_at = np.searchsorted(owner, np.arange(len(pieces) + 1))
    index = corner.reshape(-1, 3)
    return [
        Surface(
            points[a:b].copy(),
            unit[a:b].copy(),
            uv[a:b].copy(),
            (index[f:g] - a).astype(np.int32),
            piece.material,
            piece.semantic,
        )
        for piece, a, b, f, g in zip(
            pieces, last[:-1], last[1:], face_at[:-1], face_at[1:], strict=True
        )
    ]


def surface(shape: Geometry, material: Material, semantic: str, crease_rad: float) -> Surface:
    """Return a drawable surface of one shape; see `surfaces`."""
    return surfaces([Piece(shape, material, semantic, crease_rad)])[0]


@dataclass(frozen=True)
class _Shadow:
    """A mesh seen along a direction: its triangles in the plane across, and their depths.

    Attributes
    ----------
    across : ndarray, shape (2, 3)
        Axes of the plane.
    low, high : ndarray, shape (F, 2)
        Rectangle around each triangle.
    origin : ndarray, shape (F, 2)
    weights : ndarray, shape (F, 2, 2)
        Takes a point relative to the origin to its second and third barycentric coordinate.
    depth : ndarray, shape (F, 3)
        Distance along the direction at the three corners.
    """

    across: F64
    low: F64
    high: F64
    origin: F64
    weights: F64
    depth: F64


def _shadow(target: Geometry, direction: Vec3) -> _Shadow:
    """Return the shadow of a mesh along a unit direction, kept with the mesh."""
    known = target.shadows.get(direction)
    if isinstance(known, _Shadow):
        return known
    d = np.asarray(direction, dtype=np.float64)
    across = np.linalg.svd(d[None])[2][1:]
    corners = target.vertices[target.faces]
    seen, depth = corners @ across.T, corners @ d
    (e1x, e1y), (e2x, e2y) = (seen[:, 1] - seen[:, 0]).T, (seen[:, 2] - seen[:, 0]).T
    det = e1x * e2y - e1y * e2x
    ok = np.abs(det) > 1e-12
    scale = 1.0 / det[ok]
    weights = np.stack([np.stack([e2y, -e2x], 1), np.stack([-e1y, e1x], 1)], 1)[ok]
    seen = seen[ok]
    made = _Shadow(
        across,
        seen.min(axis=1),
        seen.max(axis=1),
        seen[:, 0],
        weights * scale[:, None, None],
        depth[ok],
    )
    target.shadows[direction] = made
    return made


def hit_distance(target: Geometry, origins: F64, direction: Vec3) -> F64:
    """Return how far (P,) parallel rays run before they meet a mesh; ``inf`` if they don't.

    Rays along one direction are points in the plane across it: each is held against the
    triangles whose shadows lie around it, by barycentric coordinates.
    """
    shadow = _shadow(target, direction)
    points = origins @ shadow.across.T
    meets = (shadow.low <= points.max(axis=0) + 1e-6) & (shadow.high >= points.min(axis=0) - 1e-6)
    some = np.flatnonzero(meets.all(axis=1))
    if not len(some):
        return np.full(len(origins), np.inf)
    away = points[:, None] - shadow.origin[some]
    weights = shadow.weights[some]
    u = away[..., 0] * weights[:, 0, 0] + away[..., 1] * weights[:, 0, 1]
    v = away[..., 0] * weights[:, 1, 0] + away[..., 1] * weights[:, 1, 1]
    a, b, c = shadow.depth[some].T
    start = origins @ np.asarray(direction, dtype=np.float64)
    distance = a + u * (b - a) + v * (c - a) - start[:, None]
    inside = (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1 + 1e-9) & (distance > 0)
    return np.asarray(np.where(inside, distance, np.inf).min(axis=1))


def drape(target: Geometry, points: F64, direction: Vec3, lift_m: float = 0.006) -> F64:
    """Lay points on a mesh: lamps, windows and seams follow the body they sit on.

    Parameters
    ----------
    target : Geometry
    points : ndarray, shape (..., 3)
        Start of the rays, outside the target.
    direction : (3,)
        Unit vector from the points to the target.
    lift_m : float
        How far in front of the target the result lies, against `direction`.

    Raises
    ------
    ValueError
        A ray misses the target.
    """
    d = np.asarray(direction, dtype=np.float64)
    d = d / np.linalg.norm(d)
    flat = points.reshape(-1, 3)
    distance = hit_distance(target, flat, (d[0], d[1], d[2]))
    if not np.isfinite(distance).all():
        missed = flat[~np.isfinite(distance)][0]
        raise ValueError(f"a draped point misses its target: {missed} along {d}")
    return np.asarray((flat + (distance - lift_m)[:, None] * d).reshape(points.shape))
