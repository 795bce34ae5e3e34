"""Random views of training pictures with their boxes, drawn as those with labels are."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scenegen.evaluate.images import F64, U8, Boxes
from scenegen.evaluate.utility.augment import Augmentation, relight
from scenegen.evaluate.utility.prepared import Size

KEPT = 0.5
"""Boxes of which a view shows less than this share are regions that count for nothing."""
GONE = 0.05
"""Boxes of which a view shows less than this share are left out."""


def box_views(
    images: U8, boxes: Sequence[Boxes], how: Augmentation, generator: np.random.Generator
) -> tuple[U8, list[Boxes]]:
    """Return one random view (B, h', w', 3) of each picture (B, h, w, 3), with its boxes."""
    size = how.crop_size((images.shape[2], images.shape[1]))
    pairs = [
        _view(picture, each, size, how, generator)
        for picture, each in zip(images, boxes, strict=True)
    ]
    return np.stack([picture for picture, _ in pairs]), [each for _, each in pairs]


def crop_boxes(boxes: Boxes, left: float, top: float, width: float, height: float) -> Boxes:
    """Return boxes in px of a part of their picture, cut at its edges.

    What is mostly cut away becomes a crowd, so that nobody has to find it or is wrong to.
    """
    moved = boxes.xyxy - (left, top, left, top)
    cut = np.clip(moved, 0, (width, height, width, height))
    share = _area(cut) / np.maximum(_area(moved), 1e-9)
    seen = share >= GONE
    crowd = boxes.crowd | (share < KEPT)
    return Boxes(cut[seen], boxes.class_id[seen], crowd[seen])


def mirrored(boxes: Boxes, width: float) -> Boxes:
    """Return boxes as they are in the mirrored picture."""
    xyxy = boxes.xyxy[:, [2, 1, 0, 3]].copy()
    xyxy[:, [0, 2]] = width - xyxy[:, [0, 2]]
    return Boxes(xyxy, boxes.class_id, boxes.crowd)


def _view(
    picture: U8, boxes: Boxes, size: Size, how: Augmentation, generator: np.random.Generator
) -> tuple[U8, Boxes]:
    height, width = picture.shape[:2]
    zoom = np.exp(generator.uniform(*np.log(how.zoom)))
    kept_w, kept_h = min(width, round(size[0] / zoom)), min(height, round(size[1] / zoom))
    left = int(generator.integers(0, width - kept_w + 1))
    top = int(generator.integers(0, height - kept_h + 1))
    part = picture[top : top + kept_h, left : left + kept_w]
    view = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    cut = crop_boxes(boxes, left, top, kept_w, kept_h)
    scale = np.array([size[0] / kept_w, size[1] / kept_h] * 2)
    seen = Boxes(cut.xyxy * scale, cut.class_id, cut.crowd)
    if generator.random() < 0.5:
        view, seen = view[:, ::-1], mirrored(seen, size[0])
    return relight(view, how.light, generator), seen


def _area(xyxy: F64) -> F64:
    return np.asarray(np.prod(xyxy[:, 2:] - xyxy[:, :2], axis=1), np.float64)
