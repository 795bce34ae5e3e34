"""Which triangle of a mesh lies under a point of the plane: heights and normals from the mesh."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from scenegen.records.base import F64
from scenegen.roads.map.arrangement import I64
from scenegen.roads.map.mesh import Mesh

_OUTSIDE = -1e-6
"""Least barycentric coordinate of a point that lies in a triangle."""
_CHUNK = 100_000
STEP_M = 0.5
"""How far a surface may lie above a place that is asked about from below it."""


class Locator:
    """Finds triangles from above.

    Parameters
    ----------
    mesh : Mesh
        Corners as float32 holds them.
    """

    def __init__(self, mesh: Mesh) -> None:
        corners = mesh.corners.astype(np.float32).astype(np.float64)[mesh.index]
        self._plane, self._z, self._normal = corners[..., :2], corners[..., 2], mesh.normal
        a, b = self._plane[:, 1] - self._plane[:, 0], self._plane[:, 2] - self._plane[:, 0]
        twice = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
        # Rows that take an offset from the first corner to the weights of the other two.
        self._to_second = np.stack([b[:, 1], -b[:, 0]], axis=1) / twice[:, None]
        self._to_third = np.stack([-a[:, 1], a[:, 0]], axis=1) / twice[:, None]
        low, high = self._plane.min(axis=1), self._plane.max(axis=1)
        self._low, self._high = low.min(axis=0), high.max(axis=0)
        self._tree = shapely.STRtree(shapely.box(*low.T, *high.T))

    def find(self, xy: F64, below_m: npt.ArrayLike = np.inf) -> tuple[I64, F64]:
        """Return a triangle (N,) over each point (N, 2), and the weights (N, 3) of its corners.

        The topmost one that is no higher than `STEP_M` above `below_m`, or the lowest if none
        is; beyond the mesh's rim the one at its nearest place.
        """
        p = np.clip(xy, self._low, self._high)
        point, triangle = self._tree.query(shapely.points(p))
        offset = p[point] - self._plane[triangle, 0]
        second = (offset * self._to_second[triangle]).sum(axis=1)
        third = (offset * self._to_third[triangle]).sum(axis=1)
        weights = np.stack([1.0 - second - third, second, third], axis=1)
        z = (weights * self._z[triangle]).sum(axis=1)
        inside = weights.min(axis=1) >= _OUTSIDE
        low_enough = z <= np.broadcast_to(below_m, len(p))[point] + STEP_M
        # The last of each point's candidates wins: those within, then the topmost that is low
        # enough, or else the lowest.
        rank = np.lexsort([triangle, np.where(low_enough, z, -z), low_enough, inside, point])
        last = np.append(np.flatnonzero(np.diff(point[rank])), len(rank) - 1)
        best = rank[last] if len(rank) else rank
        return triangle[best], weights[best]

    def height(self, xy: npt.ArrayLike, below_m: npt.ArrayLike = np.inf) -> F64:
        """Return heights (...,) at points (..., 2)."""
        p = np.asarray(xy, dtype=np.float64)
        flat = p.reshape(-1, 2)
        if not len(flat):
            return np.zeros(p.shape[:-1])
        below = np.broadcast_to(below_m, p.shape[:-1]).ravel()
        z = np.empty(len(flat))
        for start in range(0, len(flat), _CHUNK):
            part = slice(start, start + _CHUNK)
            triangle, weights = self.find(flat[part], below[part])
            z[part] = (weights * self._z[triangle]).sum(axis=1)
        return z.reshape(p.shape[:-1])

    def normal(self, xy: npt.ArrayLike) -> F64:
        """Return unit normals (..., 3) at points (..., 2), as they are drawn."""
        p = np.asarray(xy, dtype=np.float64)
        triangle, weights = self.find(p.reshape(-1, 2))
        n = (weights[..., None] * self._normal[triangle]).sum(axis=1)
        n /= np.linalg.norm(n, axis=1, keepdims=True)
        return np.asarray(n.reshape(*p.shape[:-1], 3))
