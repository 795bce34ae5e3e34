"""How far places are from what vehicles drive on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from scenegen.records.base import F64


class Carriageway:
    """The area that vehicles drive and park on.

    Parameters
    ----------
    area : geometry
        Polygons.
    """

    def __init__(self, area: BaseGeometry) -> None:
        self.area = area
        shapely.prepare(area)
        ends = []
        for line in shapely.get_parts(shapely.boundary(area)):
            points = shapely.get_coordinates(line)
            ends.append(np.stack([points[:-1], points[1:]], axis=1))
        self._borders = shapely.STRtree(shapely.linestrings(np.concatenate(ends)))

    def distance(self, xy: npt.ArrayLike) -> F64:
        """Return distances (...,) of points (..., 2) outward from its edge; negative upon it."""
        p = np.asarray(xy, dtype=np.float64)
        points = shapely.points(p.reshape(-1, 2))
        pairs, gap = self._borders.query_nearest(points, return_distance=True, all_matches=False)
        distance = np.empty(len(points))
        distance[pairs[0]] = gap
        inside = shapely.contains_xy(self.area, p.reshape(-1, 2))
        return np.where(inside, -distance, distance).reshape(p.shape[:-1])
