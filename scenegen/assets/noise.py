"""Periodic noise and bond patterns, the raw matter of textures."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import fft

SIZE = 512
U8 = npt.NDArray[np.uint8]
I64 = npt.NDArray[np.int64]
Field = npt.NDArray[np.floating[Any]]
"""Real numbers, of 32 bits where they are made of noise: textures have 8."""


def periodic_noise(
    rng: np.random.Generator, coarsest: float, falloff: float, stretch: float = 1.0
) -> Field:
    """Return tileable noise (512, 512) float32 in [0, 1].

    Made of sine waves with random phases whose amplitude falls as frequency to the
    power of -`falloff`, so that it continues over the edges without a seam.

    Parameters
    ----------
    coarsest : float
        Waves a tile of the largest features.
    falloff : float
        Larger is smoother.
    stretch : float
        Length of features along v over that along u.
    """
    fy = fft.fftfreq(SIZE)[:, None] * SIZE * stretch
    fx = fft.rfftfreq(SIZE)[None, :] * SIZE
    radius = np.hypot(fx, fy).astype(np.float32)
    amplitude = np.maximum(radius, 1.0) ** np.float32(-falloff - 0.5) * (radius >= coarsest)
    phase = rng.uniform(0, 2 * np.pi, radius.shape).astype(np.float32)
    waves = np.empty(radius.shape, np.complex64)
    waves.real, waves.imag = amplitude * np.cos(phase), amplitude * np.sin(phase)
    field = fft.irfft2(waves, (SIZE, SIZE), overwrite_x=True)
    ends = field.size // 100, field.size - field.size // 100
    low, high = np.partition(field.ravel(), ends)[[*ends]]
    return np.asarray(np.clip((field - low) / (high - low), 0, 1))


def cells(rows: int, columns: int, shift: float) -> tuple[I64, I64, Field]:
    """Return a bond: row and column of the stone at each texel, and distance to its edge.

    Every other row is shifted by `shift` stones. The distance is in tiles.
    """
    v, u = np.meshgrid(np.arange(SIZE) + 0.5, np.arange(SIZE) + 0.5, indexing="ij")
    y = v / SIZE * rows
    row = np.floor(y).astype(np.int64)
    x = (u / SIZE * columns + shift * (row % 2)) % columns
    column = np.floor(x).astype(np.int64)
    dy = np.minimum(y - row, 1 - (y - row)) / rows
    dx = np.minimum(x - column, 1 - (x - column)) / columns
    return row, column, np.minimum(dx, dy)


def quantise(rgb: Field, roughness: Field) -> U8:
    """Return an 8-bit image (512, 512, 4) of sRGB and roughness in [0, 1]."""
    image = np.empty((SIZE, SIZE, 4), np.float32)
    image[..., :3], image[..., 3] = rgb, roughness
    image *= 255.0
    image += 0.5
    return np.clip(image, 0.0, 255.0, out=image).astype(np.uint8)
