"""From bare triangles to `Surface`: welding, crease normals, draping."""

from __future__ import annotations

import numpy as np

from scenegen.assets.shapes import I64, Geometry
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Material, Surface

_WELD_M = 1e-6


def _clean_faces(shape: Geometry) -> tuple[I64, Geometry]:
    """Weld equal vertices for the normals, and drop triangles without area."""
    key = np.round(shape.vertices / _WELD_M).astype(np.int64)
    _, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
    faces = shape.faces
    a, b, c = (shape.vertices[faces[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    keep = area > 1e-9
    kept = Geometry(shape.vertices, faces[keep], shape.uv)
    return np.asarray(first[inverse.ravel()], dtype=np.int64), kept


def corner_normals(shape: Geometry, crease_rad: float, weld: I64) -> F64:
    """Return unit normals (F, 3, 3) of every face's corners.

    Faces that meet at a vertex share a normal, weighted by their angles there, where
    they bend less than the crease angle.
    """
    corners = shape.vertices[shape.faces]
    edge = np.roll(corners, -1, axis=1) - corners
    edge /= np.maximum(np.linalg.norm(edge, axis=2, keepdims=True), 1e-12)
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    cosine = -np.einsum("fki,fki->fk", edge, np.roll(edge, 1, axis=1))
    weight = np.arccos(np.clip(cosine, -1, 1)).ravel()
    vertex = weld[shape.faces].ravel()
    normal = np.repeat(flat, 3, axis=0)

    order = np.argsort(vertex, kind="stable")
    _, start, count = np.unique(vertex[order], return_index=True, return_counts=True)
    total = np.zeros_like(normal)
    for valence in np.unique(count):
        group = order[start[count == valence][:, None] + np.arange(valence)]
        n = normal[group]
        near = np.einsum("gik,gjk->gij", n, n) > np.cos(crease_rad)
        near |= np.eye(valence, dtype=bool)
        total[group] = np.einsum("gij,gj,gjk->gik", near, weight[group], n)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(length > 1e-9, total / np.maximum(length, 1e-9), normal).reshape(-1, 3, 3)


def surface(shape: Geometry, material: Material, semantic: str, crease_rad: float) -> Surface:
    """Return a drawable surface of a shape.

    Vertices are shared between corners that agree in place, normal and texture
    coordinate; edges sharper than `crease_rad` stay sharp.
    """
    weld, kept = _clean_faces(shape)
    normals = corner_normals(kept, crease_rad, weld)
    rows = np.concatenate(
        [
            kept.vertices[kept.faces].reshape(-1, 3),
            normals.reshape(-1, 3),
            kept.uv[kept.faces].reshape(-1, 2),
        ],
        axis=1,
    )
    _, first, inverse = np.unique(
        np.round(rows / 1e-5).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    unique = rows[first].astype(np.float32)
    unit = unique[:, 3:6] / np.linalg.norm(unique[:, 3:6], axis=1, keepdims=True)
    return Surface(
        np.ascontiguousarray(unique[:, :3]),
        np.ascontiguousarray(unit),
        np.ascontiguousarray(unique[:, 6:]),
        np.ascontiguousarray(inverse.reshape(-1, 3).astype(np.int32)),
        material,
        semantic,
    )


def _in_the_way(target: Geometry, origins: F64, d: F64) -> F64:
    """Return the triangles (K, 3, 3) whose shadow along `d` meets that of the origins' box."""
    corners = target.vertices[target.faces]
    across = np.linalg.svd(d[None])[2][1:]
    shadow, seen = corners @ across.T, origins @ across.T
    low, high = seen.min(axis=0) - 1e-6, seen.max(axis=0) + 1e-6
    meets = (shadow.min(axis=1) <= high) & (shadow.max(axis=1) >= low)
    return np.asarray(corners[meets.all(axis=1)])


def hit_distance(target: Geometry, origins: F64, direction: Vec3) -> F64:
    """Return how far (P,) parallel rays run before they meet a mesh; ``inf`` if they don't.

    Möller & Trumbore (1997), all rays against all triangles.
    """
    d = np.asarray(direction, dtype=np.float64)
    a, b, c = np.moveaxis(_in_the_way(target, origins, d), 1, 0)
    if not len(a):
        return np.full(len(origins), np.inf)
    e1, e2 = b - a, c - a
    p = np.cross(d, e2)
    det = np.einsum("fi,fi->f", e1, p)
    ok = np.abs(det) > 1e-12
    inverse = 1.0 / np.where(ok, det, 1.0)
    t = origins[:, None] - a[None]
    u = np.einsum("pfi,fi->pf", t, p) * inverse
    q = np.cross(t, e1[None])
    v = np.einsum("pfi,i->pf", q, d) * inverse
    distance = np.einsum("pfi,fi->pf", q, e2) * inverse
    inside = ok & (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1 + 1e-9) & (distance > 0)
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
