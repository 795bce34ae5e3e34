"""Between a frame's own size and the one that translators work at."""

from __future__ import annotations

import cv2
import numpy as np

from scenegen.evaluate.images import U8


def at_width(rgb: U8, semantic: U8, width: int) -> tuple[U8, U8]:
    """Return a frame at a working width, its proportions kept; smaller ones stay as they are.

    Colours are averaged over areas, ids take the nearest pixel.
    """
    height, there = semantic.shape
    if there <= width:
        return rgb, semantic
    size = width, max(1, round(height * width / there))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    ids = cv2.resize(semantic, size, interpolation=cv2.INTER_NEAREST_EXACT)
    return np.asarray(small, np.uint8), np.asarray(ids, np.uint8)


def with_detail(rgb: U8, before: U8, after: U8) -> U8:
    """Return a frame changed as its small copy was; detail finer than that stays the frame's own.

    Parameters
    ----------
    rgb : (H, W, 3) uint8
    before, after : (h, w, 3) uint8
        The small copy, and what it was made into.
    """
    if rgb.shape == after.shape:
        return after
    change = after.astype(np.float32) - before
    size = rgb.shape[1], rgb.shape[0]
    enlarged = cv2.resize(change, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(np.rint(rgb + enlarged), 0, 255), np.uint8)
