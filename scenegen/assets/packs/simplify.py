"""Fewer triangles of the same look."""

from __future__ import annotations

import fast_simplification
import numpy as np
from scipy.spatial import cKDTree

from scenegen.assets.packs.source_mesh import SourceMesh
from scenegen.assets.triangles import I64
from scenegen.records.base import F64

_FEWEST = 24
_WELD_M = 1e-4


def same_places(points: F64) -> I64:
    """Return a number (N,) for each point; points within 0.1 mm share theirs."""
    cells = np.rint(points / _WELD_M).astype(np.int64)
    return np.asarray(np.unique(cells, axis=0, return_inverse=True)[1].reshape(-1))


def _welded(vertices: F64, faces: I64) -> tuple[F64, I64]:
    """Return one vertex a place, and the faces whose corners lie in different places."""
    place = same_places(vertices)
    first = np.zeros(place.max() + 1, dtype=np.int64)
    first[place[::-1]] = np.arange(len(place))[::-1]
    faces = place[faces]
    return vertices[first], faces[(faces != np.roll(faces, 1, axis=1)).all(axis=1)]


def simplified(mesh: SourceMesh, triangles: int, kept: tuple[str, ...] = ()) -> SourceMesh:
    """Return a model with about as many triangles as asked for.

    Each material is decimated by itself with quadric errors (Garland and Heckbert 1997),
    which leaves borders where they are; the colours of what is left are those of the
    nearest triangles of the same material before. Materials that are `kept` stay as they are.
    """
    share = triangles / max(len(mesh.faces), 1)
    pieces = [
        _piece(mesh, number, 1.0 if mesh.names[number] in kept else share)
        for number in np.unique(mesh.material).tolist()
    ]
    starts = np.cumsum([0, *(len(vertices) for vertices, *_ in pieces)])
    return SourceMesh(
        np.concatenate([vertices for vertices, *_ in pieces]),
        np.concatenate([p[1] + start for p, start in zip(pieces, starts, strict=False)]),
        np.concatenate([p[2] for p in pieces]),
        np.concatenate([p[3] for p in pieces]),
        mesh.names,
        mesh.roughness,
        mesh.pictured,
    )


def _piece(mesh: SourceMesh, number: int, share: float) -> tuple[F64, I64, I64, F64]:
    """Return vertices, faces, material and colours of one material, decimated."""
    own = mesh.only(mesh.material == number)
    used = np.unique(own.faces)
    local = np.searchsorted(used, own.faces)
    vertices, faces = _welded(mesh.vertices[used], local)
    count = max(int(share * len(faces)), _FEWEST)
    if count < len(faces):
        points, kept = fast_simplification.simplify(vertices, faces, target_count=count)
        vertices, faces = points.astype(np.float64), kept.astype(np.int64)
    before = own.vertices[own.faces].mean(axis=1)
    _, nearest = cKDTree(before).query(vertices[faces].mean(axis=1))
    return vertices, faces, np.full(len(faces), number), own.color[nearest]
