"""What roads are covered with: asphalt that was patched, cracked and driven on; worn paint.

u runs along the road, v across it.
"""

from __future__ import annotations

import numpy as np

from scenegen.assets.noise import SIZE, U8, Field, periodic_noise, quantise

_TINT = np.asarray([1.0, 0.995, 0.98])
_PATCHES = 2
_MARKS = 3


def asphalt(rng: np.random.Generator) -> U8:
    """Return a lane's asphalt: stones, stains, patches, cracks and what tyres left."""
    grey, rough = _aggregate(rng)
    for _ in range(_PATCHES):
        grey = _patched(rng, grey)
    grey = grey * (1.0 - 0.42 * _cracks(rng)) * (1.0 - 0.16 * _tyre_marks(rng))
    return quantise(grey[..., None] * _TINT, rough)


def road_paint(rng: np.random.Generator) -> U8:
    """Return white marking whose paint is grimy, and gone in places down to the asphalt."""
    grey, rough = _aggregate(rng)
    bare = periodic_noise(rng, 6, 1.1) + 0.35 * (periodic_noise(rng, 60, 0.4) - 0.5)
    left = np.clip((0.80 - bare) / 0.10, 0.0, 1.0) * (1.0 - 0.9 * _cracks(rng))
    white = 0.80 - 0.10 * periodic_noise(rng, 3, 1.6) - 0.08 * periodic_noise(rng, 40, 0.7)
    shown = (1.0 - left) * grey * 1.15 + left * white
    warm = np.asarray([1.0, 0.995, 0.97])
    return quantise(shown[..., None] * warm, (1.0 - left) * rough + left * 0.6)


def _aggregate(rng: np.random.Generator) -> tuple[Field, Field]:
    """Return grey and roughness of the bare mixture."""
    stone = periodic_noise(rng, 110, 0.4)
    stain = periodic_noise(rng, 2, 2.2)
    grey = 0.345 + 0.09 * (stone - 0.5) + 0.06 * (stain - 0.5)
    grey = np.where(stone > 0.9, grey + 0.10 * (stone - 0.9) / 0.1, grey)
    return grey, 0.88 - 0.14 * stain


def _patched(rng: np.random.Generator, grey: Field) -> Field:
    """Lay a rectangle of newer or older asphalt into it, with a sealed seam."""
    v, u = np.meshgrid(np.arange(SIZE), np.arange(SIZE), indexing="ij")
    half_u, half_v = rng.uniform(0.06, 0.20) * SIZE, rng.uniform(0.05, 0.11) * SIZE
    middle = rng.uniform(0, SIZE, 2)
    # Distances around the tile's edges, so that a patch goes on over them.
    du = np.abs((u - middle[0] + SIZE / 2) % SIZE - SIZE / 2) - half_u
    dv = np.abs((v - middle[1] + SIZE / 2) % SIZE - SIZE / 2) - half_v
    out_by = np.maximum(du, dv) + 2.0 * (periodic_noise(rng, 12, 1.0) - 0.5)
    tone = rng.uniform(0.86, 0.95) if rng.random() < 0.7 else rng.uniform(1.04, 1.10)
    laid = np.where(out_by < 0.0, grey * tone, grey)
    return np.asarray(np.where(np.abs(out_by) < 1.3, 0.72 * laid, laid))


def _cracks(rng: np.random.Generator) -> Field:
    """Return how much (512, 512) of each place is crack: level lines of noise, here and there."""
    wander = np.abs(periodic_noise(rng, 2, 1.9) - 0.5) + 0.02 * periodic_noise(rng, 24, 1.0)
    where = np.clip((periodic_noise(rng, 2, 2.2) - 0.55) / 0.1, 0.0, 1.0)
    return np.asarray(np.clip((0.0175 - wander) / 0.006, 0.0, 1.0) * where)


def _tyre_marks(rng: np.random.Generator) -> Field:
    """Return dark streaks along the road (512, 512), faint and broken."""
    v = np.arange(SIZE)[:, None]
    marks = np.zeros((SIZE, SIZE))
    along = periodic_noise(rng, 1, 1.8)
    for _ in range(_MARKS):
        middle, width = rng.uniform(0, SIZE), rng.uniform(5.0, 9.0)
        bend = 10.0 * (along[rng.integers(SIZE)] - 0.5)
        across = (v - middle - bend + SIZE / 2) % SIZE - SIZE / 2
        fade = np.clip(1.6 * along[rng.integers(SIZE)] - 0.4, 0.0, 1.0)
        marks = np.maximum(marks, np.exp(-((across / width) ** 4)) * fade)
    return marks * (0.75 + 0.5 * (periodic_noise(rng, 40, 0.5) - 0.5))
