"""Boxes out of pictures that number the things in them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage

from scenegen.evaluate.images import I64, Boxes

Thing = tuple[int, bool]
"""Native class id, and whether the region is a crowd."""


def boxes_of_regions(numbers: I64, thing: Callable[[int], Thing | None]) -> Boxes:
    """Return a box for each number that names a thing.

    Parameters
    ----------
    numbers : (H, W) int64
        One number a region, ascending numbers give the order.
    thing : callable
        What a number names; None for stuff.
    """
    values, compact = np.unique(numbers, return_inverse=True)
    places = ndimage.find_objects(compact.reshape(numbers.shape) + 1)
    xyxy, ids, crowd = [], [], []
    for value, (rows, columns) in zip(values.tolist(), places, strict=True):
        found = thing(value)
        if found is not None:
            xyxy.append((columns.start, rows.start, columns.stop, rows.stop))
            ids.append(found[0])
            crowd.append(found[1])
    return Boxes(
        np.array(xyxy, np.float64).reshape(-1, 4),
        np.array(ids, np.int64),
        np.array(crowd, np.bool_),
    )
