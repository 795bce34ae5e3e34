"""Tileable textures, made of periodic noise and masonry."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from scenegen.assets import facades, glazing, land, paving
from scenegen.assets.noise import SIZE, U8, Field, cells, periodic_noise, quantise
from scenegen.seeds import named_generator


def _mix(low: tuple[float, ...], high: tuple[float, ...], share: Field) -> Field:
    return np.asarray(low) * (1 - share[..., None]) + np.asarray(high) * share[..., None]


def _paving(rng: np.random.Generator) -> U8:
    row, column, edge = cells(6, 4, 0.5)
    tone = rng.uniform(-0.05, 0.05, (6, 8))[row, column % 8]
    grain = periodic_noise(rng, 60, 0.8) - 0.5
    stain = periodic_noise(rng, 3, 2.4) - 0.5
    grey = 0.43 + tone + 0.09 * grain + 0.09 * stain
    grey = np.where(edge < 0.012, 0.25 + 0.06 * grain, grey)
    return quantise(_mix((0, 0, 0), (1.0, 0.97, 0.92), grey), np.full((SIZE, SIZE), 0.85))


def _concrete(rng: np.random.Generator) -> U8:
    grey = (
        0.53
        + 0.06 * (periodic_noise(rng, 40, 0.9) - 0.5)
        + 0.12 * (periodic_noise(rng, 2, 2.4) - 0.5)
    )
    return quantise(_mix((0, 0, 0), (1.0, 0.99, 0.96), grey), np.full((SIZE, SIZE), 0.82))


def _bark(rng: np.random.Generator) -> U8:
    groove = periodic_noise(rng, 9, 1.2, stretch=5.0)
    fine = periodic_noise(rng, 50, 0.8)
    share = np.clip(0.75 * groove + 0.4 * (fine - 0.5), 0, 1)
    return quantise(
        _mix((0.24, 0.20, 0.17), (0.56, 0.49, 0.42), share), np.full((SIZE, SIZE), 0.95)
    )


def _leaves(rng: np.random.Generator) -> U8:
    # Leaves with dark between them: sheets of one tone would look like paper from near.
    gap = np.clip(3.5 * (periodic_noise(rng, 13, 1.3) - 0.28), 0, 1)
    leaf = periodic_noise(rng, 26, 0.7)
    share = gap * (0.25 + leaf)
    return quantise(_mix((0.27, 0.29, 0.24), (1.0, 1.0, 0.82), share), np.full((SIZE, SIZE), 0.9))


def _roof(rng: np.random.Generator) -> U8:
    row, column, edge = cells(12, 12, 0.5)
    tone = rng.uniform(-0.07, 0.07, (12, 12))[row, column % 12]
    height = (np.arange(SIZE)[:, None] * 12 / SIZE) % 1.0
    shade = 0.78 + 0.25 * height + tone + 0.1 * (periodic_noise(rng, 30, 1.0) - 0.5)
    shade = np.where(edge < 0.004, 0.6 * shade, shade)
    return quantise(_mix((0, 0, 0), (0.52, 0.29, 0.22), shade), np.full((SIZE, SIZE), 0.8))


_PAINTERS = {
    "asphalt": paving.asphalt,
    "road_paint": paving.road_paint,
    "paving": _paving,
    "concrete": _concrete,
    "grass": land.grass,
    "meadow": land.meadow,
    "crop": land.crop,
    "stubble": land.stubble,
    "soil": land.soil,
    "gravel": land.gravel,
    "brick": facades.brick,
    "stucco": facades.stucco,
    "ashlar": facades.ashlar,
    "panels": facades.panels,
    "boards": facades.boards,
    "slate": facades.slate,
    "windows": glazing.windows,
    "shops": glazing.shops,
    "names": glazing.names,
    "bark": _bark,
    "leaves": _leaves,
    "roof": _roof,
}


@cache
def textures() -> tuple[tuple[str, ...], npt.NDArray[np.uint8]]:
    """Return all textures; they tile, and are the same in every process.

    Returns
    -------
    names : tuple of str
    images : ndarray, shape (L, 512, 512, 4), uint8
        sRGB, and roughness in alpha. Rows run from v = 0 upward.
    """
    images = np.stack([p(named_generator("texture", name)) for name, p in _PAINTERS.items()])
    images.setflags(write=False)
    return tuple(_PAINTERS), images
