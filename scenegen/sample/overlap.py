"""Whether bodies overlap at the start: oriented boxes and separating axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records.base import F64


@dataclass(frozen=True)
class Footprint:
    """An upright box: a rectangle in the plane and a range of heights.

    Attributes
    ----------
    corners_m : ndarray, shape (4, 2)
        In order around the rectangle.
    low_m, high_m : float
    """

    corners_m: F64
    low_m: float
    high_m: float


def footprint(bounds_m: F64, position_m: F64, yaw_rad: float, shrink_m: float = 0.0) -> Footprint:
    """Return the footprint of a body.

    Parameters
    ----------
    bounds_m : ndarray, shape (2, 3)
        Least and greatest body coordinates.
    position_m : ndarray, shape (3,)
    yaw_rad : float
    shrink_m : float
        Taken off at every side, in the plane and in height.
    """
    (x0, y0, z0), (x1, y1, z1) = (bounds_m + np.array([[shrink_m], [-shrink_m]])).tolist()
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) @ np.array([[c, s], [-s, c]])
    z = float(position_m[2])
    return Footprint(corners + position_m[:2], z + z0, z + z1)


def overlap(a: Footprint, b: Footprint) -> bool:
    """Say whether two footprints share a volume; touching is no overlap.

    Two convex shapes are apart if and only if their shadows on the normal of one of
    their edges are (the separating axis theorem).
    """
    if min(a.high_m, b.high_m) <= max(a.low_m, b.low_m):
        return False
    for shape in (a, b):
        edges = np.diff(shape.corners_m[:3], axis=0)
        for axis in edges @ np.array([[0.0, -1.0], [1.0, 0.0]]):
            mine, theirs = a.corners_m @ axis, b.corners_m @ axis
            if min(mine.max(), theirs.max()) <= max(mine.min(), theirs.min()):
                return False
    return True
