"""The clouds of a scene: where they are and how much light comes through to each, made once."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

PERIOD = 8
"""Cells of the coarsest octave along each side of the tile; as in sky.frag."""
SIZE = 1024
_OCTAVES = 7
_GAIN = 0.55
_WARP = 0.05
_WARP_OCTAVES = 3
_SHADE_STEPS = (6, 14, 26, 44)
"""Texels towards the sun at which a cloud's own thickness shades it."""

F32 = npt.NDArray[np.float32]


def cloud_layer(
    generator: np.random.Generator, cloud_cover: float, sun_azimuth_rad: float
) -> npt.NDArray[np.uint8]:
    """Return a layer of clouds (SIZE, SIZE, 2), 255 for 1, that repeats at its borders.

    Parameters
    ----------
    generator : numpy.random.Generator
        The scene's own, for this purpose.
    cloud_cover : float
        0 to 1: about this share of the layer is cloud.
    sun_azimuth_rad : float
        World.

    Returns
    -------
    ndarray, uint8
        How much each place covers the sky, and how deep it lies in shade, 255 for wholly.
    """
    noise = _warped(_fractal(generator, _OCTAVES), generator)
    # Of a fractal's values the share above a quantile is the cover.
    edge = float(np.quantile(noise[::4, ::4], 1.0 - cloud_cover))
    thick = np.clip((noise - edge) / 0.22, 0.0, 1.0)
    cover = thick * thick * (3.0 - 2.0 * thick)
    shade = np.zeros_like(noise)
    towards = np.array([np.sin(sun_azimuth_rad), np.cos(sun_azimuth_rad)])  # rows run along y
    for step in _SHADE_STEPS:
        row, column = np.rint(-step * towards).astype(int).tolist()
        shade += np.roll(noise, (row, column), axis=(0, 1))
    # Dark where it is thick itself, and where more cloud stands towards the sun.
    beyond = shade / len(_SHADE_STEPS) - edge
    depth = np.clip(0.5 + 1.6 * (beyond - 0.4 * (noise - edge)) + 0.5 * (thick - 0.6), 0.0, 1.0)
    # In bytes, since most of what reading it costs is to fetch it from memory.
    return np.rint(np.stack([cover, depth], axis=-1) * 255.0).astype(np.uint8)


def _fractal(generator: np.random.Generator, octaves: int, size: int = SIZE) -> F32:
    """Return fractal noise (size, size) of about 0 to 1 that repeats at its borders."""
    total = np.zeros((size, size), dtype=np.float32)
    whole = 0.0
    for octave in range(octaves):
        cells = PERIOD << octave
        lattice = np.pad(generator.random((cells, cells)).astype(np.float32), 2, mode="wrap")
        step = size // cells
        large = cv2.resize(lattice, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
        total += _GAIN**octave * large[2 * step : -2 * step, 2 * step : -2 * step]
        whole += _GAIN**octave
    return np.asarray(total / whole, dtype=np.float32)


def _warped(noise: F32, generator: np.random.Generator) -> F32:
    """Return noise drawn out by another, which gives clouds their curls."""
    at = np.arange(SIZE, dtype=np.float32)
    places = []
    for axis in range(2):
        move = (_fractal(generator, _WARP_OCTAVES, SIZE // 4) - 0.5) * (_WARP * 2.0 * SIZE)
        wide = cv2.resize(np.pad(move, 1, mode="wrap"), None, fx=4, fy=4)[4:-4, 4:-4]
        places.append((wide + (at[:, None] if axis else at[None, :])).astype(np.float32))
    return np.asarray(
        cv2.remap(noise, places[0], places[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    )
