"""Boxes as maps of centres and back: what a centre-based detector learns and says.

After Zhou et al. 2019 (arXiv:1904.07850) and Liu et al. 2020 (arXiv:1909.00700): a class map
with a bump at each object's middle, and around the middle the distances to the four sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import F64, I64, Boxes
from scenegen.evaluate.utility.prepared import Size
from scenegen.evaluate.utility.protocol import Detections

F32 = npt.NDArray[np.float32]
STRIDE = 4
"""Px of the picture per cell of the maps."""
BUMP = 0.54
"""Extent of a bump over that of its box."""
OVERLAP = 0.6
"""Detections of a class that overlap a surer one by more are the same object."""
MAX_DETECTIONS = 100
SURE = 0.01
"""Scores below it say nothing."""


@dataclass(frozen=True)
class Targets:
    """What the maps of pictures (B) should be, cells of `STRIDE` px.

    Attributes
    ----------
    heat : (B, K, h, w) float32
        1 at the middle of an object, falling off around it.
    counted : (B, K, h, w) float32
        0 where crowds of a class are, else 1.
    sides : (B, 4, h, w) float32 px
        Left, top, right and bottom of the object that a cell belongs to.
    weight : (B, h, w) float32
        Of `sides`; 0 where no object is.
    """

    heat: F32
    counted: F32
    sides: F32
    weight: F32


def targets(boxes: Sequence[Boxes], classes: int, size: Size) -> Targets:
    """Return the maps of the objects of each picture of a size in px."""
    width, height = size[0] // STRIDE, size[1] // STRIDE
    made = Targets(
        np.zeros((len(boxes), classes, height, width), np.float32),
        np.ones((len(boxes), classes, height, width), np.float32),
        np.zeros((len(boxes), 4, height, width), np.float32),
        np.zeros((len(boxes), height, width), np.float32),
    )
    for at, each in enumerate(boxes):
        extent = each.xyxy[:, 2:] - each.xyxy[:, :2]
        # the largest first, so that small objects before them keep their cells
        for i in np.argsort(-extent.prod(axis=1), kind="stable"):
            if each.crowd[i]:
                left, top = np.floor(each.xyxy[i, :2] / STRIDE).astype(int)
                right, bottom = np.ceil(each.xyxy[i, 2:] / STRIDE).astype(int)
                made.counted[at, each.class_id[i], top:bottom, left:right] = 0
            elif (extent[i] > 0).all():
                _draw(made, at, int(each.class_id[i]), each.xyxy[i])
    return made


def detections(heat: F32, sides: F32) -> Detections:
    """Return the objects of one picture's maps.

    Parameters
    ----------
    heat : (K, h, w) float32
        Scores in [0, 1], zero where no peak is.
    sides : (4, h, w) float32 px
        Left, top, right and bottom for each cell.
    """
    flat = heat.ravel()
    best = np.argsort(-flat, kind="stable")[: 2 * MAX_DETECTIONS]
    best = best[flat[best] >= SURE]
    class_id, row, column = np.unravel_index(best, heat.shape)
    limit = np.array([heat.shape[2], heat.shape[1]] * 2) * STRIDE
    xyxy = np.clip(sides[:, row, column].T.astype(np.float64), 0, limit)
    score = flat[best].astype(np.float64)
    solid = np.flatnonzero((xyxy[:, 2:] - xyxy[:, :2] > 0).all(axis=1))
    keep = solid[suppress(xyxy[solid], class_id[solid].astype(np.int64), score[solid])]
    keep = keep[:MAX_DETECTIONS]
    return Detections(xyxy[keep], class_id[keep].astype(np.int64), score[keep])


def suppress(xyxy: F64, class_id: I64, score: F64, overlap: float = OVERLAP) -> I64:
    """Return the positions of the boxes (N, 4) that no surer one of their class covers.

    By falling score; equal scores keep their order.
    """
    order = np.argsort(-score, kind="stable")
    kept: list[int] = []
    while order.size:
        first, rest = order[0], order[1:]
        kept.append(int(first))
        same = class_id[rest] == class_id[first]
        order = rest[~(same & (overlaps(xyxy[first], xyxy[rest]) > overlap))]
    return np.array(kept, np.int64)


def overlaps(box: F64, xyxy: F64) -> F64:
    """Return the intersection over union (N,) of a box (4,) with boxes (N, 4)."""
    low, high = np.maximum(box[:2], xyxy[:, :2]), np.minimum(box[2:], xyxy[:, 2:])
    inner = np.prod(np.maximum(high - low, 0), axis=1)
    both = np.prod(box[2:] - box[:2]) + np.prod(xyxy[:, 2:] - xyxy[:, :2], axis=1) - inner
    return np.asarray(inner / np.maximum(both, 1e-12), np.float64)


def _draw(made: Targets, at: int, class_id: int, box: F64) -> None:
    height, width = made.weight.shape[1:]
    middle = np.floor((box[:2] + box[2:]) / 2 / STRIDE).astype(int)
    x, y = np.clip(middle, 0, (width - 1, height - 1)).tolist()
    reach_x, reach_y = np.floor((box[2:] - box[:2]) / 2 / STRIDE * BUMP).astype(int).tolist()
    left, right = max(0, x - reach_x), min(width, x + reach_x + 1)
    top, bottom = max(0, y - reach_y), min(height, y + reach_y + 1)
    bump = np.outer(
        _bell(np.arange(top, bottom) - y, reach_y), _bell(np.arange(left, right) - x, reach_x)
    ).astype(np.float32)
    part = np.s_[top:bottom, left:right]
    heat = made.heat[at, class_id]
    heat[part] = np.maximum(heat[part], bump)
    made.sides[at][:, top:bottom, left:right] = box[:, None, None]
    # large objects count more, but far less than their cells are more
    made.weight[at][part] = bump / bump.sum() * np.log(np.prod(box[2:] - box[:2]) + np.e)


def _bell(offset: I64, reach: int) -> F64:
    """Return a Gaussian whose edge, at `reach` cells, is three standard deviations out."""
    return np.asarray(np.exp(-0.5 * (6 * offset / (2 * reach + 1)) ** 2), np.float64)
