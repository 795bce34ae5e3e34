"""Facade textures: one tile is one storey of one bay, 3 m square."""

from __future__ import annotations

import numpy as np

from scenegen.assets.noise import SIZE, U8, cells, periodic_noise, quantise
from scenegen.records.base import F64

_V, _U = np.meshgrid((np.arange(SIZE) + 0.5) / SIZE, (np.arange(SIZE) + 0.5) / SIZE, indexing="ij")


def _paint(
    image: F64,
    rough: F64,
    box: tuple[float, float, float, float],
    rgb: tuple[float, ...],
    roughness: float,
) -> None:
    """Fill u0, v0, u1, v1 of a tile."""
    u0, v0, u1, v1 = box
    inside = (u0 <= _U) & (u1 > _U) & (v0 <= _V) & (v1 > _V)
    image[inside] = rgb
    rough[inside] = roughness


def _window(image: F64, rough: F64, box: tuple[float, float, float, float], bars: int) -> None:
    """Draw a window: shade of the reveal, frame, panes that are lighter at the top, sill."""
    u0, v0, u1, v1 = box
    _paint(image, rough, (u0 - 0.015, v0 - 0.01, u1 + 0.015, v1 + 0.02), (0.34, 0.32, 0.30), 0.8)
    _paint(image, rough, box, (0.86, 0.85, 0.82), 0.5)
    frame, width = 0.018, (u1 - u0) / bars
    for k in range(bars):
        a, b = u0 + k * width + frame, u0 + (k + 1) * width - frame
        inside = (a <= _U) & (b > _U) & (v0 + frame <= _V) & (v1 - frame > _V)
        share = (_V[inside] - v0) / (v1 - v0)
        image[inside] = np.stack([0.10 + 0.10 * share, 0.13 + 0.12 * share, 0.16 + 0.15 * share], 1)
        rough[inside] = 0.12
    _paint(image, rough, (u0 - 0.03, v0 - 0.03, u1 + 0.03, v0 - 0.005), (0.66, 0.64, 0.60), 0.7)


def _plain(rgb: tuple[float, float, float], grain: F64) -> tuple[F64, F64]:
    return np.asarray(rgb) * (1.0 + grain[..., None]), np.full((SIZE, SIZE), 0.9)


def brick(rng: np.random.Generator) -> U8:
    """Return brickwork with a window of two casements."""
    row, column, edge = cells(40, 12, 0.5)
    tone = rng.uniform(-0.2, 0.2, (40, 12))[row, column]
    image, rough = _plain((0.55, 0.31, 0.24), tone + 0.2 * (periodic_noise(rng, 40, 0.9) - 0.5))
    image[edge < 0.0028] = (0.62, 0.58, 0.52)
    _window(image, rough, (0.29, 0.30, 0.71, 0.80), 2)
    return quantise(image, rough)


def plaster(rng: np.random.Generator) -> U8:
    """Return pale plaster with a window; the material's colour tints it."""
    grain = 0.06 * (periodic_noise(rng, 50, 0.8) - 0.5) + 0.08 * (periodic_noise(rng, 2, 2.2) - 0.5)
    image, rough = _plain((0.88, 0.86, 0.81), grain)
    _paint(image, rough, (0.24, 0.24, 0.76, 0.84), (0.95, 0.94, 0.91), 0.85)
    _window(image, rough, (0.29, 0.30, 0.71, 0.80), 2)
    return quantise(image, rough)


def glass(rng: np.random.Generator) -> U8:
    """Return a curtain wall: spandrel, panes, mullions."""
    image, rough = _plain((0.62, 0.64, 0.66), 0.03 * (periodic_noise(rng, 30, 1.0) - 0.5))
    rough[:] = 0.4
    _paint(image, rough, (0.0, 0.0, 1.0, 0.26), (0.36, 0.42, 0.45), 0.3)
    for k in range(2):
        inside = (0.5 * k + 0.02 <= _U) & (0.5 * k + 0.48 > _U) & (_V > 0.29) & (_V < 0.97)
        share = (_V[inside] - 0.29) / 0.68
        image[inside] = np.stack([0.16 + 0.12 * share, 0.24 + 0.14 * share, 0.30 + 0.16 * share], 1)
        rough[inside] = 0.07
    return quantise(image, rough)


def shop(rng: np.random.Generator) -> U8:
    """Return a shop front: plinth, display window, fascia."""
    image, rough = _plain((0.62, 0.59, 0.55), 0.08 * (periodic_noise(rng, 20, 1.2) - 0.5))
    _paint(image, rough, (0.04, 0.14, 0.96, 0.74), (0.22, 0.22, 0.23), 0.5)
    for a, b in ((0.06, 0.49), (0.51, 0.94)):
        inside = (a <= _U) & (b > _U) & (_V > 0.16) & (_V < 0.72)
        share = (_V[inside] - 0.16) / 0.56
        image[inside] = np.stack([0.20 - 0.06 * share, 0.20 - 0.04 * share, 0.21 - 0.02 * share], 1)
        rough[inside] = 0.1
    _paint(image, rough, (0.0, 0.77, 1.0, 0.95), (0.85, 0.83, 0.78), 0.5)
    return quantise(image, rough)
