"""Levels of detail: an asset without what is too small to be seen from where it is seen.

What remains lies where it lay, so nothing comes to lie in another thing's plane. Foliage is
thinned out and what is left of it grows, so that crowns keep what they cover (the idea of
Cook et al. 2007, "Stochastic simplification of aggregate detail").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from scenegen.records.base import F64
from scenegen.records.mesh import Asset, Surface

_WELD_M = 1e-4
_LEAF_FACES = 6
"""A spray of leaves has two triangles, a twig one, a branch six."""
_LEAST_LEAVES = 40
"""So many such pieces of one surface are foliage."""
_LEAF_DETAILS = 10.0
"""Foliage is thinned until its pieces are so many times larger than the detail."""
_LEAST_SHARE = 0.08
_GOLDEN = 0.5 * (5.0**0.5 - 1.0)

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def coarse(asset: Asset, detail_m: float) -> Asset:
    """Return an asset without pieces that are smaller than a length.

    Its bounds, joints and collision shapes stay what they are.

    Parameters
    ----------
    asset : Asset
    detail_m : float
        A piece is what hangs together of a surface; lamps stay, however small.
    """
    surfaces = [surface for part in asset.parts for surface in part.surfaces]
    changed = iter(
        _coarse(surface, detail_m) if fine else surface
        for surface, fine in zip(surfaces, _fine(surfaces, detail_m), strict=True)
    )
    parts = []
    for part in asset.parts:
        left = [next(changed) for _ in part.surfaces]
        parts.append(replace(part, surfaces=tuple(s for s in left if len(s.faces))))
    if not any(part.surfaces for part in parts):
        return coarse(asset, 0.5 * detail_m)  # a thing does not vanish
    return replace(asset, parts=tuple(parts))


def _fine(surfaces: Sequence[Surface], detail_m: float) -> list[bool]:
    """Return which surfaces may have something to leave out, by one look at all of them."""
    first = np.cumsum([0, *(len(s.vertices) for s in surfaces)])
    faces = np.concatenate([s.faces + n for s, n in zip(surfaces, first[:-1], strict=True)])
    points = np.concatenate([s.vertices for s in surfaces])
    owner = np.repeat(np.arange(len(surfaces)), [len(s.faces) for s in surfaces])
    piece = _runs(faces, len(points))
    size = _sizes(points[faces], piece)[0]
    small = size < _LEAF_DETAILS * detail_m
    of_piece = np.zeros(len(size), dtype=np.int64)
    of_piece[piece] = owner
    count = len(surfaces)
    tiny = np.bincount(of_piece, size < detail_m, count) > 0
    many = np.bincount(of_piece, small, count) >= _LEAST_LEAVES
    shines = np.array([max(s.material.emission_cdm2) > 0.0 for s in surfaces], dtype=np.bool_)
    return ((tiny | many) & ~shines).tolist()  # type: ignore[no-any-return]


def _runs(faces: npt.NDArray[np.int32], count: int) -> Ints:
    """Return for each face (F,) its run of vertices that no face joins to the next run.

    Shapes are joined one after the other, so these are pieces or the facets of pieces, found
    at a tenth of the cost.
    """
    a, b, c = faces.T
    first, last = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
    going_on = np.cumsum(np.bincount(first, minlength=count) - np.bincount(last, minlength=count))
    run = np.cumsum(going_on == 0)[first] - (going_on[first] == 0)
    return _dense(run)


def _dense(numbers: Ints) -> Ints:
    """Return numbers without gaps, in the same order."""
    used = np.bincount(numbers) > 0
    return (np.cumsum(used) - 1)[numbers]


def _welded(surface: Surface) -> Ints:
    """Return for each face (F,) the piece that it belongs to across creases."""
    cells = np.rint(surface.vertices.astype(np.float64) / _WELD_M).astype(np.int64) + (1 << 20)
    mixed = (cells[:, 0] << 42) + (cells[:, 1] << 21) + cells[:, 2]
    _, point = np.unique(mixed, return_inverse=True)
    corners = point[surface.faces]
    ends = np.concatenate([corners[:, :2], corners[:, 1:]])
    shape = (int(point.max()) + 1,) * 2
    first, second = ends.T.astype(np.int32)  # the types that scipy would turn all into
    graph = coo_matrix((np.ones(len(ends)), (first, second)), shape=shape)
    _, of_point = connected_components(graph, directed=False)
    return _dense(of_point[corners[:, 0]].astype(np.int64))


def _sizes(corners: npt.NDArray[np.float32], piece: Ints) -> tuple[F64, F64, Ints]:
    """Return the diagonals (N,), middles (N, 3) and numbers of faces (N,) of pieces."""
    order = np.argsort(piece, kind="stable")
    count = np.bincount(piece)
    starts = np.cumsum(count) - count
    sorted_corners = corners[order]
    # Corner by corner: a reduction over an axis of three is slow.
    a, b, c = (np.ascontiguousarray(sorted_corners[:, k]) for k in range(3))
    low = np.minimum.reduceat(np.minimum(np.minimum(a, b), c), starts).astype(np.float64)
    high = np.maximum.reduceat(np.maximum(np.maximum(a, b), c), starts).astype(np.float64)
    return np.linalg.norm(high - low, axis=1), 0.5 * (low + high), count


def _coarse(surface: Surface, detail_m: float) -> Surface:
    """Return a surface without its small pieces, and with fewer and larger leaves."""
    corners = surface.vertices[surface.faces]
    piece = _runs(surface.faces, len(surface.vertices))
    size, middle, count = _sizes(corners, piece)
    leaves = count <= _LEAF_FACES
    if leaves.sum() < _LEAST_LEAVES:
        piece = _welded(surface)
        size = _sizes(corners, piece)[0]
        return _without(surface, size[piece] >= detail_m)
    wanted = float(np.median(size[leaves])) / (_LEAF_DETAILS * detail_m)
    share = float(np.clip(wanted**2, _LEAST_SHARE, 1.0))
    kept = size >= detail_m
    kept[leaves] = (np.arange(leaves.sum()) * _GOLDEN) % 1.0 < share
    of_vertex = np.full(len(surface.vertices), -1)
    of_vertex[surface.faces] = piece[:, None]
    grows = leaves[of_vertex] & (of_vertex >= 0)
    about = middle[of_vertex[grows]]
    points = surface.vertices.astype(np.float64)
    points[grows] = about + share**-0.5 * (points[grows] - about)
    low, high = surface.vertices.min(axis=0), surface.vertices.max(axis=0)
    grown = np.clip(points, low, high).astype(np.float32)
    return _without(replace(surface, vertices=grown), kept[piece])


def _without(surface: Surface, kept: Flags) -> Surface:
    """Return the kept faces (F,) of a surface with the vertices that they use."""
    if kept.all():
        return surface
    faces = surface.faces[kept]
    used = np.zeros(len(surface.vertices), dtype=np.bool_)
    used[faces] = True
    return replace(
        surface,
        vertices=surface.vertices[used],
        normals=surface.normals[used],
        uv=surface.uv[used],
        faces=(np.cumsum(used) - 1).astype(np.int32)[faces],
    )
