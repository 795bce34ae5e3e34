"""Masks as polygons along the corners of their pixels, and as polygons that are filled again."""

from __future__ import annotations

import numpy as np
import shapely

from scenegen.dataset.codecs import Mask
from scenegen.records.base import F64


def outlines(mask: Mask) -> list[F64]:
    """Return polygons without holes that together cover the pixels of a mask and nothing else.

    A part that has a hole is cut in two at a column of the hole, until none is left.

    Parameters
    ----------
    mask : ndarray, shape (H, W), bool

    Returns
    -------
    list of ndarray, shape (N, 2), float64
        Corners (x, y), px from the picture's corner, whole numbers, the first not repeated;
        in the order of their least x, then y.
    """

    boxes = _runs(mask)
    if not len(boxes):
        return []
    left = [shapely.union_all(shapely.box(*boxes.T))]
    whole = []
    while left:
        shape = left.pop()
        for part in shapely.get_parts(shape):
            if part.geom_type != "Polygon":
                continue  # where two halves meet in an edge or a point
            if not part.interiors:
                whole.append(_corners(np.array(part.exterior.coords)[:-1]))
                continue
            hole = part.interiors[0].bounds
            middle = float((int(hole[0]) + int(hole[2]) + 1) // 2)
            x1, y1, x2, y2 = part.bounds
            left.append(shapely.intersection(part, shapely.box(x1, y1, middle, y2)))
            left.append(shapely.intersection(part, shapely.box(middle, y1, x2, y2)))
    return sorted(whole, key=lambda ring: ring.tolist())


def _runs(mask: Mask) -> F64:
    """Return the boxes (N, 4) x1 y1 x2 y2 of each row's runs."""
    edges = np.diff(mask.astype(np.int8), axis=1, prepend=0, append=0)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    return np.stack([starts, rows, ends, rows + 1], axis=1).astype(np.float64)


def _corners(ring: F64) -> F64:
    """Leave out points within straight edges, and begin at the least corner."""
    before, after = np.roll(ring, 1, axis=0) - ring, np.roll(ring, -1, axis=0) - ring
    turns = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
    ring = ring[turns]
    first = np.lexsort((ring[:, 1], ring[:, 0]))[0]
    return np.roll(ring, -first, axis=0)
