"""First hits of rays on triangles, by Embree alone: shares no code with the product."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore import EmbreeDevice
from embreex.rtcore_scene import EmbreeScene

F64 = npt.NDArray[np.float64]


@cache
def _device() -> EmbreeDevice:
    return EmbreeDevice()


class Soup:
    """Triangles in the frame of an eye at the origin.

    Parameters
    ----------
    corners : ndarray, shape (F, 3, 3)
        Counter-clockwise seen from the front.
    two_sided : ndarray, shape (F,), bool
        Seen from behind as well; others let rays through from there.
    """

    def __init__(self, corners: F64, two_sided: npt.NDArray[np.bool_]) -> None:
        self._corners, self._two_sided = corners, two_sided
        self._normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        self._scene = EmbreeScene(_device())
        TriangleMesh(self._scene, np.ascontiguousarray(corners, dtype=np.float32))

    def first(self, ways: F64, near: F64, far: F64) -> tuple[npt.NDArray[np.int64], F64]:
        """Return the triangle (R,) that each ray meets first, -1 for none, and how far on it is.

        Parameters
        ----------
        ways : ndarray, shape (R, 3)
        near, far : ndarray, shape (R,)
            Shares of the ways between which there is something to see.
        """
        triangle = np.full(len(ways), -1)
        distance = np.full(len(ways), np.inf)
        start, going = near.copy(), np.arange(len(ways))
        while going.size:
            way = ways[going]
            origins = (start[going, None] * way).astype(np.float32)
            met = np.asarray(self._scene.run(origins, way.astype(np.float32)), dtype=np.int64)
            going, way, met = going[met >= 0], way[met >= 0], met[met >= 0]
            normal = self._normals[met]
            slope = np.einsum("ij,ij->i", normal, way)
            height = np.einsum("ij,ij->i", normal, self._corners[met, 0])
            with np.errstate(divide="ignore", invalid="ignore"):
                at = np.where(slope == 0, start[going], height / slope)
            seen = ((slope < 0) | (self._two_sided[met] & (slope != 0))) & (at >= near[going])
            triangle[going[seen]], distance[going[seen]] = met[seen], at[seen]
            going, way, at = going[~seen], way[~seen], at[~seen]
            step = 1e-4 / np.linalg.norm(way, axis=1) + 1e-6 * np.abs(at)
            start[going] = np.maximum(at, start[going]) + step
        beyond = distance > far
        return np.where(beyond, -1, triangle), np.where(beyond, np.inf, distance)
