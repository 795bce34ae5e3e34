"""Where neither rain nor snow falls: the room of a tunnel.

The shader shelter.glsl has the same formulas for pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import RoadSpec
from scenegen.records.base import F64, Vec3
from scenegen.roads.layouts.tunnel import tube_of

DRAGGED_M, DRIFTED_M = 25.0, 2.5
"""How far wheels drag water in, and wind carries snow (own estimates)."""
_WALL_M, _BELOW_M, _ROOF_M = 0.4, 1.0, 0.25
"""By so much the room is larger than what is open of it, so that what bounds it is in it."""


@dataclass(frozen=True)
class Shelter:
    """A room along the world's axes whose ends along x are open.

    Attributes
    ----------
    low_m, high_m : (3,)
        Its corners, world.
    """

    low_m: Vec3
    high_m: Vec3

    def inside_m(self, points_m: npt.ArrayLike) -> F64:
        """Return how far points (..., 3) are from the nearer open end, m; 0 for those outside."""
        points = np.asarray(points_m, dtype=np.float64)
        low, high = np.array(self.low_m), np.array(self.high_m)
        there = ((points >= low) & (points <= high)).all(axis=-1)
        x = points[..., 0]
        return np.asarray(np.where(there, np.minimum(x - low[0], high[0] - x), 0.0))

    def dry(self, points_m: npt.ArrayLike) -> F64:
        """Return by how much less wet than outside surfaces at points (..., 3) are, 0 to 1."""
        return _smooth(self.inside_m(points_m) / DRAGGED_M)

    def bare(self, points_m: npt.ArrayLike) -> F64:
        """Return by how much less snow lies at points (..., 3) than outside, 0 to 1."""
        return _smooth(self.inside_m(points_m) / DRIFTED_M)

    def within_m(self, origins_m: F64, directions: F64, length_m: F64) -> F64:
        """Return how much of rays lies inside, m.

        Parameters
        ----------
        origins_m, directions : ndarray, shape (N, 3)
            World; directions are unit vectors.
        length_m : ndarray, shape (N,)
            May be ``inf``.
        """
        run = np.where(np.abs(directions) < 1e-9, 1e-9, directions)
        a = (np.array(self.low_m) - origins_m) / run
        b = (np.array(self.high_m) - origins_m) / run
        enter = np.maximum(np.minimum(a, b).max(axis=-1), 0.0)
        leave = np.minimum(np.maximum(a, b).min(axis=-1), length_m)
        return np.asarray(np.maximum(leave - enter, 0.0))


def shelter_of(road: RoadSpec) -> Shelter | None:
    """Return the room of a road's tunnel; None if it has none."""
    if road.kind != "tunnel":
        return None
    tube = tube_of(road)
    return Shelter(
        (tube.start_m, tube.right_m - _WALL_M, -_BELOW_M),
        (tube.end_m, tube.left_m + _WALL_M, tube.height_m + _ROOF_M),
    )


def _smooth(share: F64) -> F64:
    share = np.clip(share, 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))
