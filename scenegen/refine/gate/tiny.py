"""Objects that are too small to be made anew: they are blended back to the render."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scenegen.evaluate.images import U8
from scenegen.refine.gate.things import Thing

TINY_PX = 16
"""Objects less than this across are left as rendered."""
_SOFT_PX = 2


def with_tiny(rgb: U8, refined: U8, things: Sequence[Thing]) -> U8:
    """Return a refined picture whose tiny objects are the render's.

    Their own pixels are the render's exactly; over a few pixels around them the two are mixed.

    Parameters
    ----------
    rgb, refined : (H, W, 3) uint8
        Before and after.
    things : sequence of Thing
        All objects of the frame.
    """
    mask = np.zeros(rgb.shape[:2], np.bool_)
    for thing in things:
        if thing.across < TINY_PX:
            thing.paint(mask)
    if not mask.any():
        return refined
    side = 2 * _SOFT_PX + 1
    grown = cv2.dilate(mask.astype(np.float32), np.ones((side, side), np.uint8))
    share = np.maximum(cv2.GaussianBlur(grown, (0, 0), _SOFT_PX / 2), mask)[..., None]
    mixed = share * rgb + (1.0 - share) * refined
    return np.asarray(np.rint(mixed), np.uint8)
