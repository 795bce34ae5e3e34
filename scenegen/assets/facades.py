"""Textures of walls without openings, 3 m square, and of roofs."""

from __future__ import annotations

import numpy as np

from scenegen.assets.noise import SIZE, U8, Field, cells, periodic_noise, quantise

TILE_M = 3.0
"""How much wall or roof one tile covers."""


def _weathered(rng: np.random.Generator, fine: float, coarse: float) -> Field:
    """Return relative brightness: grain, and stains longer than wide as rain leaves them."""
    grain = periodic_noise(rng, 50, 0.8) - 0.5
    stain = periodic_noise(rng, 2, 2.2, stretch=0.5) - 0.5
    return np.asarray(1.0 + fine * grain + coarse * stain)


def _toned(rgb: tuple[float, float, float], tone: Field) -> Field:
    return np.asarray(rgb) * tone[..., None]


def brick(rng: np.random.Generator) -> U8:
    """Return stretcher bond, near white: the material's colour says which brick."""
    row, column, edge = cells(40, 12, 0.5)
    tone = rng.uniform(-0.22, 0.18, (40, 12))[row, column] + _weathered(rng, 0.2, 0.12)
    image = _toned((0.84, 0.82, 0.80), tone)
    image[edge < 0.0026] = (0.92, 0.95, 0.98)
    return quantise(image, np.full((SIZE, SIZE), 0.92))


def stucco(rng: np.random.Generator) -> U8:
    """Return painted render with stains."""
    image = _toned((0.93, 0.92, 0.90), _weathered(rng, 0.05, 0.12))
    return quantise(image, np.full((SIZE, SIZE), 0.88))


def ashlar(rng: np.random.Generator) -> U8:
    """Return squared stone with narrow joints."""
    row, column, edge = cells(8, 4, 0.5)
    tone = rng.uniform(-0.06, 0.06, (8, 4))[row, column] + _weathered(rng, 0.08, 0.16)
    image = _toned((0.86, 0.83, 0.77), tone)
    image[edge < 0.0035] *= 0.72
    return quantise(image, np.full((SIZE, SIZE), 0.85))


def panels(rng: np.random.Generator) -> U8:
    """Return large concrete or metal panels with open joints."""
    row, column, edge = cells(2, 2, 0.0)
    tone = rng.uniform(-0.04, 0.04, (2, 2))[row, column] + _weathered(rng, 0.05, 0.14)
    image = _toned((0.84, 0.84, 0.83), tone)
    image[edge < 0.004] *= 0.5
    return quantise(image, np.full((SIZE, SIZE), 0.7))


def boards(rng: np.random.Generator) -> U8:
    """Return weatherboarding: each board darkens towards the one above."""
    height = (np.arange(SIZE)[:, None] * 20 / SIZE) % 1.0
    row = np.broadcast_to(np.arange(SIZE)[:, None] * 20 // SIZE, (SIZE, SIZE))
    tone = rng.uniform(-0.04, 0.04, 20)[row] + _weathered(rng, 0.05, 0.08)
    tone = tone * np.where(height > 0.86, 0.55, 1.0 - 0.08 * height)
    return quantise(_toned((0.93, 0.93, 0.92), tone), np.full((SIZE, SIZE), 0.7))


def slate(rng: np.random.Generator) -> U8:
    """Return roof slates."""
    row, column, edge = cells(16, 14, 0.5)
    tone = rng.uniform(-0.16, 0.16, (16, 14))[row, column] + _weathered(rng, 0.1, 0.15)
    image = _toned((0.34, 0.36, 0.39), tone)
    image[edge < 0.003] *= 0.6
    return quantise(image, np.full((SIZE, SIZE), 0.6))
