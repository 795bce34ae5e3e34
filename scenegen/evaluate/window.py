"""The part of a picture that has a wanted aspect: what sets of unlike cameras have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import Boxes

Window = tuple[int, int, int, int]
"""Left, top, width and height in px."""
STRETCH = 1.06
"""Aspects that differ by at most this factor count as equal."""
Array = TypeVar("Array", bound=npt.NDArray[np.generic])


def window(shape: tuple[int, ...], aspect: float) -> Window:
    """Return the part of a picture (H, W, …) that has an aspect, width over height.

    It is the whole picture if that is off by no more than `STRETCH`, else the largest
    part in the middle.
    """
    height, width = shape[:2]
    if max(width / height / aspect, aspect * height / width) <= STRETCH:
        return 0, 0, width, height
    kept_w = min(width, round(height * aspect))
    kept_h = min(height, round(width / aspect))
    return (width - kept_w) // 2, (height - kept_h) // 2, kept_w, kept_h


def cut(picture: Array, part: Window) -> Array:
    """Return the part of a picture (H, W, …), contiguous."""
    left, top, width, height = part
    return np.ascontiguousarray(picture[top : top + height, left : left + width])  # type: ignore[return-value]


def cut_boxes(boxes: Boxes, part: Window) -> Boxes:
    """Return boxes in px of a part of the picture, cut at its edges.

    Boxes of which the part leaves less than half are left out.
    """
    left, top, width, height = part
    moved = boxes.xyxy - (left, top, left, top)
    inside = np.clip(moved, 0, (width, height, width, height))
    whole = np.prod(moved[:, 2:] - moved[:, :2], axis=1)
    keep = np.prod(inside[:, 2:] - inside[:, :2], axis=1) >= 0.5 * whole
    return replace(boxes, xyxy=inside).where(keep)
