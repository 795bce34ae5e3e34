"""What is looked at in a picture: the classes that a segmenter sees, and where edges are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import U8
from scenegen.refine.gate.things import Thing

F32 = npt.NDArray[np.float32]
_SMOOTH_PX = 1.0
_BAND_PX = 2
"""How far to either side of an object's border its outline is looked for."""
_FAINT = 2.0
"""Deviation of edges along a border, in grey levels a pixel, below which there is no outline."""


@dataclass(frozen=True)
class Look:
    """A picture as the gate sees it.

    Attributes
    ----------
    ids : (H, W) uint8
        Judged classes by the segmenter.
    edges : (H, W) float32
        How fast brightness changes, see `edges_of`.
    """

    ids: U8
    edges: F32


def edges_of(rgb: U8) -> F32:
    """Return the size of the brightness gradient (H, W) of a picture, grey levels a pixel."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    smooth = cv2.GaussianBlur(grey, (0, 0), _SMOOTH_PX)
    # Sobel's kernels weigh to 8 over two pixels.
    x, y = (cv2.Sobel(smooth, cv2.CV_32F, *way) / 8.0 for way in ((1, 0), (0, 1)))
    return np.asarray(np.hypot(x, y), np.float32)


def outline(thing: Thing, before: F32, after: F32) -> float | None:
    """Return how alike an object's outline is in two pictures: a correlation, -1 to 1.

    Light, colour, grain and blur hardly change where along its border an object stands out;
    painting it away or moving it does.

    Returns
    -------
    float or None
        None where the object doesn't stand out in the first picture.
    """
    left, top, right, bottom = thing.box
    height, width = before.shape
    own = np.pad(thing.mask.astype(np.uint8), _BAND_PX)
    kernel = np.ones((2 * _BAND_PX + 1, 2 * _BAND_PX + 1), np.uint8)
    band = cv2.dilate(own, kernel) != cv2.erode(own, kernel)
    rows = slice(max(_BAND_PX - top, 0), band.shape[0] - max(bottom + _BAND_PX - height, 0))
    columns = slice(max(_BAND_PX - left, 0), band.shape[1] - max(right + _BAND_PX - width, 0))
    part = (
        slice(max(top - _BAND_PX, 0), bottom + _BAND_PX),
        slice(max(left - _BAND_PX, 0), right + _BAND_PX),
    )
    a, b = (edges[part][band[rows, columns]].astype(np.float64) for edges in (before, after))
    if a.std() < _FAINT:
        return None
    spread = a.std() * b.std()
    return float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread > 0 else 0.0
