"""A camera's noise, by brightness and frequency: measured on pictures, and drawn anew.

The estimator is Ponomarenko et al. 2007 as Colom and Buades 2013 (Image Processing On Line)
describe it: of all 8 x 8 blocks in the cosine domain, by brightness, those with the least energy
at low frequencies show the noise and little else. What it says of frequencies above the diagonal
is not biased by that choice; low ones come out somewhat too quiet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import F64, U8

SIDE = 8
BINS = 8
"""Equal ranges of brightness."""
_LOW = 9
"""Frequencies whose sum is below this choose blocks (the paper's T for blocks of 8)."""
_SMOOTHEST = 0.01
_LEAST = 48
"""Blocks that a range of brightness must have at least, to say anything."""
_BLUR = 2.0
"""Radius in px of the brightness that the noise follows."""
F32 = npt.NDArray[np.float32]
# Orthonormal: brightness and two differences of colours, so that each carries its own noise.
_PLANES = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]]) / np.sqrt([[3], [2], [6]])


def noise_of(pictures: Callable[[], Iterator[U8]]) -> F64:
    """Return the noise (3, BINS, SIDE, SIDE) of pictures, as deviations of 255.

    By plane (brightness and two of colour), range of brightness and cosine frequency; white
    noise of a deviation s has s everywhere.

    Parameters
    ----------
    pictures : callable
        Gives the pictures (H, W, 3) uint8, twice.
    """
    found = [_smoothness(_blocks(rgb)) for rgb in pictures()]
    energy, row = (np.concatenate(parts) for parts in zip(*found, strict=True))
    count = np.bincount(row, minlength=BINS)
    limits = np.full(BINS, -1.0)
    for k in np.flatnonzero(count >= _LEAST):
        chosen = max(_LEAST, round(_SMOOTHEST * count[k]))
        limits[k] = np.partition(energy[row == k], chosen - 1)[chosen - 1]
    if not (limits >= 0).any():
        limits[:] = np.inf  # a few tiny pictures: all that there is
    summed, used = np.zeros((3, BINS, SIDE, SIDE)), np.zeros(BINS)
    for rgb in pictures():
        blocks = _blocks(rgb)
        energy, row = _smoothness(blocks)
        smooth = energy <= limits[row]
        used += np.bincount(row[smooth], minlength=BINS)
        np.add.at(summed.transpose(1, 0, 2, 3), row[smooth], blocks[smooth] ** 2)
    return _between(np.sqrt(summed / np.maximum(used, 1)[None, :, None, None]), used)


def with_noise(rgb: U8, noise: F64, rng: np.random.Generator) -> U8:
    """Return a picture with noise as `noise_of` gives it."""
    planes = rgb.astype(np.float64) @ _PLANES.T
    brightness = cv2.GaussianBlur(planes[..., 0], (0, 0), _BLUR) / np.sqrt(3)
    place = np.clip(brightness / 256 * BINS - 0.5, 0, BINS - 1)
    weights = [np.clip(1 - np.abs(place - k), 0, 1) for k in range(BINS)]
    for plane in range(3):
        white = np.fft.rfft2(rng.standard_normal(rgb.shape[:2]))
        for k, weight in enumerate(weights):
            if weight.any():
                gain = _gain(noise[plane, k], rgb.shape[0], rgb.shape[1])
                planes[..., plane] += weight * np.fft.irfft2(white * gain, rgb.shape[:2])
    return np.asarray(np.clip(np.rint(planes @ _PLANES), 0, 255), np.uint8)


def _blocks(rgb: U8) -> F32:
    """Return cosine coefficients (N, 3, SIDE, SIDE) of a picture's blocks."""
    rows, columns = (n // SIDE for n in rgb.shape[:2])
    planes = rgb[: rows * SIDE, : columns * SIDE].astype(np.float32) @ _PLANES.T.astype(np.float32)
    cut = planes.reshape(rows, SIDE, columns, SIDE, 3).transpose(0, 2, 4, 1, 3)
    at = np.arange(SIDE)
    waves = np.cos(np.pi * (at + 0.5) * at[:, None] / SIDE) * np.sqrt(2 / SIDE)
    waves[0] /= np.sqrt(2)
    basis = waves.astype(np.float32)
    return np.asarray(basis @ cut @ basis.T, np.float32).reshape(-1, 3, SIDE, SIDE)


def _smoothness(blocks: F32) -> tuple[F64, npt.NDArray[np.int64]]:
    """Return each block's energy at low frequencies, and its range of brightness."""
    low = np.add.outer(np.arange(SIDE), np.arange(SIDE)) < _LOW
    low[0, 0] = False
    energy = (blocks[:, 0, low].astype(np.float64) ** 2).sum(axis=1)
    brightness = blocks[:, 0, 0, 0] / (SIDE * np.sqrt(3))
    return energy, np.clip(brightness / 256 * BINS, 0, BINS - 1).astype(np.int64)


def _between(found: F64, used: F64) -> F64:
    """Fill ranges of brightness that no block is from by those around them."""
    there, every = np.flatnonzero(used), np.arange(BINS)
    filled = np.apply_along_axis(lambda row: np.interp(every, there, row[there]), 1, found)
    # A block's mean is the picture, not noise: the slowest waves stand in for it.
    filled[..., 0, 0] = 0.5 * (filled[..., 0, 1] + filled[..., 1, 0])
    return np.asarray(filled)


def _gain(deviation: F64, height: int, width: int) -> F64:
    """Return the deviation of each wave of a picture (H, W // 2 + 1)."""
    down = 2 * SIDE * np.abs(np.fft.fftfreq(height))
    right = 2 * SIDE * np.fft.rfftfreq(width)
    at = np.arange(SIDE)
    rows = np.stack([np.interp(right, at, row) for row in deviation])
    return np.stack([np.interp(down, at, column) for column in rows.T], axis=1)
