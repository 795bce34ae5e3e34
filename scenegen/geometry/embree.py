"""The device that all of this process's Embree scenes belong to; what lines of sight end at."""

from __future__ import annotations

from functools import cache

import numpy as np
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore import EmbreeDevice

from scenegen.geometry.rectangles import Mask
from scenegen.geometry.transforms import Array


@cache
def device() -> EmbreeDevice:
    """Return it. A scene without one makes its own, and some 1,900 of them end the process."""
    return EmbreeDevice()


class Blocker:
    """Triangles that lines of sight end at, from whichever side.

    Parameters
    ----------
    corners_m : ndarray, shape (F, 3, 3)
        At least one triangle, near the origin: Embree reckons in float32.
    """

    def __init__(self, corners_m: Array) -> None:
        self._scene = rtcore_scene.EmbreeScene(device())
        TriangleMesh(self._scene, np.ascontiguousarray(corners_m, dtype=np.float32))

    def blocks(self, start_m: Array, end_m: Array) -> Mask:
        """Say which segments (N,) between points (N, 3), in the triangles' frame, it blocks."""
        if not len(start_m):
            return np.zeros(0, dtype=bool)
        found = self._scene.run(
            np.ascontiguousarray(start_m, dtype=np.float32),
            np.ascontiguousarray(end_m - start_m, dtype=np.float32),
            dists=np.ones(len(start_m), dtype=np.float32),
            query="OCCLUDED",
        )
        return np.asarray(found) >= 0
