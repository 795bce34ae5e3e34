"""Colours of pictures: histograms of nine channels, and brightness, contrast and saturation."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.statistics import F64

U8 = npt.NDArray[np.uint8]
CHANNELS: tuple[str, ...] = (
    *("red", "green", "blue"),
    *("hue", "saturation", "value"),
    *("lightness", "green_red", "blue_yellow"),
)
"""sRGB; HSV of it; CIE L*, a* and b*."""
HUE = CHANNELS.index("hue")
BINS = 64
TONES: tuple[str, ...] = ("brightness", "contrast", "saturation")
"""Mean and standard deviation of L* in [0, 100]; mean saturation (HSV) in [0, 1]."""
_WIDTH = 320


def color_histograms(picture: U8) -> F64:
    """Return histograms (9, BINS) float64 of a picture (H, W, 3), each of sum 1.

    Every n-th pixel is counted so that about `_WIDTH` remain in a row; averaging would narrow
    the histograms. Hues count by how colourful the pixel is, since those of grey are noise; a grey
    picture's hues are even.
    """
    step = max(1, picture.shape[1] // _WIDTH)
    rgb = np.ascontiguousarray(picture[::step, ::step])
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV_FULL)
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)
    planes = np.concatenate([rgb, hsv, lab], axis=2).reshape(-1, len(CHANNELS)) // (256 // BINS)
    counts = np.stack([np.bincount(plane, minlength=BINS) for plane in planes.T]).astype(np.float64)
    chroma = (rgb.max(axis=2).astype(np.float64) - rgb.min(axis=2)).ravel()
    counts[HUE] = np.bincount(planes[:, HUE], chroma, BINS) if chroma.any() else 1.0
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def tones(picture: U8) -> F64:
    """Return brightness, contrast and saturation (3,) float64 of a picture; see `TONES`."""
    step = max(1, picture.shape[1] // _WIDTH)
    rgb = np.ascontiguousarray(picture[::step, ::step])
    lightness = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)[..., 0] * (100 / 255)
    saturation = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)[..., 1] / 255
    return np.array([lightness.mean(), lightness.std(), saturation.mean()])


def color_distances(x: F64, y: F64) -> F64:
    """Return 1-Wasserstein distances (..., 9) of histograms (..., 9, BINS), in shares of the range.

    In one dimension the distance is the area between the cumulated histograms; on the circle of
    hues that area after taking off the median, whose turn is then 1 (Rabin, Delon and
    Gousseau 2011).
    """
    gap = np.cumsum(x - y, axis=-1)
    hue = gap[..., HUE, :]
    gap[..., HUE, :] = hue - np.median(hue, axis=-1, keepdims=True)
    return np.asarray(np.abs(gap).mean(axis=-1))
