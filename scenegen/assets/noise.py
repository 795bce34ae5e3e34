"""Periodic noise and bond patterns, the raw matter of textures."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64

SIZE = 512
U8 = npt.NDArray[np.uint8]
I64 = npt.NDArray[np.int64]


def periodic_noise(
    rng: np.random.Generator, coarsest: float, falloff: float, stretch: float = 1.0
) -> F64:
    """Return tileable noise (512, 512) in [0, 1].

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
    fy = np.fft.fftfreq(SIZE)[:, None] * SIZE * stretch
    fx = np.fft.rfftfreq(SIZE)[None, :] * SIZE
    radius = np.hypot(fx, fy)
    amplitude = np.where(radius >= coarsest, np.maximum(radius, 1.0) ** -(falloff + 0.5), 0.0)
    phase = rng.uniform(0, 2 * np.pi, amplitude.shape)
    field = np.fft.irfft2(amplitude * np.exp(1j * phase), (SIZE, SIZE))
    low, high = np.percentile(field, [1, 99])
    return np.asarray(np.clip((field - low) / (high - low), 0, 1))


def cells(rows: int, columns: int, shift: float) -> tuple[I64, I64, F64]:
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


def quantise(rgb: F64, roughness: F64) -> U8:
    """Return an 8-bit image (512, 512, 4) of sRGB and roughness in [0, 1]."""
    image = np.concatenate([rgb, roughness[..., None]], axis=-1)
    return np.asarray(np.round(255 * np.clip(image, 0, 1)), dtype=np.uint8)
