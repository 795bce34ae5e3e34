"""What a pixel belongs to: a thing of some apparent size, whole or cut, and a part of the picture.

Things are connected regions of one class, found alike in truth and in predictions.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.images import I64, U8
from scenegen.evaluate.objects import MIN_REGION_PX, thing_ids
from scenegen.evaluate.slices import SIZES

STUFF = "no object"
SIZE_CELLS: tuple[str, ...] = (STUFF, *(name for name, _, _ in SIZES))
EDGE_CELLS: tuple[str, ...] = (STUFF, "whole", "cut by the edge")
_ROWS, _COLUMNS = ("top", "middle", "bottom"), ("left", "centre", "right")
POSITION_CELLS: tuple[str, ...] = tuple(f"{row} {column}" for row in _ROWS for column in _COLUMNS)


@dataclass(frozen=True)
class Things:
    """The regions of one label picture.

    Attributes
    ----------
    size, edge : (h, w) uint8
        Position in `SIZE_CELLS` and `EDGE_CELLS` of each pixel.
    label : (h, w) int32
        Number of the region that a pixel is in, from 1 on; 0 outside of all.
    class_id, size_of : (M,) int64
        Class and size of each region, by label - 1.
    counted : (M,) bool
        Regions large enough to count as things rather than as ragged edges.
    """

    size: U8
    edge: U8
    label: npt.NDArray[np.int32]
    class_id: I64
    size_of: I64
    counted: npt.NDArray[np.bool_]


def size_index(height_share: npt.NDArray[np.float64]) -> I64:
    """Return positions in `SIZE_CELLS` of apparent heights, given as shares of the picture."""
    edges = [low for _, low, _ in SIZES[1:]]
    return 1 + np.searchsorted(edges, height_share, side="right").astype(np.int64)


def things_of(ids: U8, space: LabelSpace) -> Things:
    """Find the regions of a label picture.

    Parameters
    ----------
    ids : (h, w) uint8
        Judged ids, 255 = ignore.
    """
    height, width = ids.shape
    size, edge = np.zeros(ids.shape, np.uint8), np.zeros(ids.shape, np.uint8)
    label = np.zeros(ids.shape, np.int32)
    present = np.bincount(ids.ravel(), minlength=256) > 0
    classes, sizes, counted = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, bool)]
    found = 0
    for class_id in thing_ids(space):
        if not present[class_id]:
            continue
        mask = ids == class_id
        count, regions, stats, _ = cv2.connectedComponentsWithStats(
            mask.astype(np.uint8), connectivity=8
        )
        left, top, wide, high, area = stats[1:count].T
        index = size_index(high / height)
        cut = (left == 0) | (top == 0) | (left + wide == width) | (top + high == height)
        inside = regions[mask] - 1
        size[mask] = index[inside]
        edge[mask] = 1 + cut[inside]
        label[mask] = found + 1 + inside
        found += count - 1
        classes.append(np.full(count - 1, class_id, np.int64))
        sizes.append(index)
        counted.append(area >= MIN_REGION_PX)
    return Things(
        size, edge, label, np.concatenate(classes), np.concatenate(sizes), np.concatenate(counted)
    )


def position_map(shape: tuple[int, int]) -> U8:
    """Return the position in `POSITION_CELLS` of each pixel (h, w) uint8: ninths of the picture."""
    rows = np.arange(shape[0]) * len(_ROWS) // shape[0]
    columns = np.arange(shape[1]) * len(_COLUMNS) // shape[1]
    return (rows[:, None] * len(_COLUMNS) + columns[None, :]).astype(np.uint8)
