"""Lines of the plane, cut where they meet, and the faces between them.

All corners lie on a grid of 2^-10 m, which float32 holds exactly up to 8 km from the origin:
what is drawn is what was cut, and neighbouring faces share their corners to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from scenegen.records.base import F64

GRID_M = 2.0**-10
LONGEST_M = 24.0
"""Of an edge: rasterisers interpolate depth badly in triangles that are hundreds of metres long
and as wide as the gravel beside a road."""
I64 = npt.NDArray[np.int64]


def arrange(lines: Sequence[BaseGeometry]) -> list[Polygon]:
    """Return the faces between lines, in a fixed order, corners on the grid.

    Lines are cut at each other and rounded together (snap rounding), so that every edge belongs
    whole to the faces at its two sides. Lines that end inside a face count for nothing.
    """
    noded = shapely.union_all(np.array(lines, dtype=object), grid_size=GRID_M)
    # Cut once more where edges are one already, so that both faces of an edge get its new corners.
    pieces = shapely.segmentize(shapely.get_parts(noded), LONGEST_M)
    pieces = shapely.transform(pieces, lambda xy: np.round(xy / GRID_M) * GRID_M)
    faces = shapely.get_parts(shapely.polygonize(pieces))
    if len(faces) == 0:
        return []
    bounds = shapely.bounds(faces)
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    order = np.lexsort([*inner.T, *bounds.T])
    return [face for face in faces[order] if face.area > 0]


def middles(faces: Sequence[Polygon]) -> F64:
    """Return a point (F, 2) inside each face."""
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(np.array(faces))))


def triangulate(faces: Sequence[Polygon]) -> tuple[F64, I64]:
    """Return triangles (T, 3, 2), counter-clockwise, and the face (T,) that each is of.

    Only the faces' own corners are used, so that neighbours fit.
    """
    corners: list[F64] = []
    owner: list[I64] = []
    found = shapely.constrained_delaunay_triangles(np.array(faces))
    for k, collection in enumerate(found):
        parts = shapely.get_parts(collection)
        plane = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3]
        corners.append(plane)
        owner.append(np.full(len(plane), k))
    plane = np.concatenate(corners)
    a, b = plane[:, 1] - plane[:, 0], plane[:, 2] - plane[:, 0]
    area = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    plane[area < 0] = plane[area < 0][:, ::-1]
    kept = area != 0
    return plane[kept], np.concatenate(owner)[kept]


def segments(points: F64) -> LineString:
    """Return a polyline (K, 2) as a line."""
    return LineString(points)


def borders_of(area: BaseGeometry) -> list[BaseGeometry]:
    """Return the border lines of an area."""
    return [part for part in shapely.get_parts(shapely.boundary(area)) if not part.is_empty]


class Cover:
    """Says which of some areas lie over points.

    Parameters
    ----------
    areas : sequence of geometry
        They may overlap.
    """

    def __init__(self, areas: Sequence[BaseGeometry]) -> None:
        self._tree = shapely.STRtree(list(areas))

    def pairs(self, points: F64) -> tuple[I64, I64]:
        """Return indices of points and of areas that hold them, one pair for each."""
        found = self._tree.query(shapely.points(points), predicate="intersects")
        return found[0], found[1]
