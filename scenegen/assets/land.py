"""What grows beside roads: verges, meadows, crops, stubble, ploughed soil; and the gravel between.

A verge is seen from near and has blades; fields are seen from afar, so their tiles are broad and
have tufts, patches and the lines that machines leave along u.
"""

from __future__ import annotations

import numpy as np

from scenegen.assets.noise import SIZE, U8, Field, periodic_noise, quantise
from scenegen.records.base import Vec3

_ROUGH = np.full((SIZE, SIZE), 0.95)
_EARTH = (0.40, 0.33, 0.26)
_STRAW = (0.62, 0.56, 0.38)


def _blend(low: Field | Vec3, high: Field | Vec3, share: Field) -> Field:
    """Return colours (512, 512, 3) between two, by a share (512, 512) that is cut to [0, 1]."""
    first, last = (np.asarray(end, np.float32) for end in (low, high))
    part = np.clip(share, 0.0, 1.0).astype(np.float32)[..., None]
    return np.asarray(first + (last - first) * part)


def _above(field: Field, level: float, width: float) -> Field:
    """Return how far noise in [0, 1] rises above a level, 1 from a width above it."""
    return np.asarray(np.clip((field - level) / width, 0.0, 1.0))


def grass(rng: np.random.Generator) -> U8:
    """Return the grass of a verge: blades in tufts, dry and trodden places, weeds."""
    blade = periodic_noise(rng, 90, 0.3)
    tuft = periodic_noise(rng, 22, 0.9)
    patch = periodic_noise(rng, 3, 1.8)
    share = 0.15 + 0.45 * patch + 0.75 * (tuft - 0.4) + 0.6 * (blade - 0.5)
    rgb = _blend((0.19, 0.22, 0.11), (0.47, 0.49, 0.27), share)
    dry = _above(periodic_noise(rng, 5, 0.7), 0.5, 0.5) * (0.3 + 0.7 * blade)
    rgb = _blend(rgb, _STRAW, 0.75 * dry)
    bare = _above(periodic_noise(rng, 4, 0.9) + 0.3 * (tuft - 0.5), 0.85, 0.2)
    rgb = _blend(rgb, _blend((0.30, 0.25, 0.19), _EARTH, blade), 0.8 * bare)
    weed = _above(periodic_noise(rng, 30, 0.5), 0.93, 0.04)
    return quantise(_blend(rgb, (0.28, 0.36, 0.13), 0.7 * weed), _ROUGH)


def meadow(rng: np.random.Generator) -> U8:
    """Return grassland: tufts, lush and dry places, and where it was walked through."""
    tuft = periodic_noise(rng, 70, 0.5)
    clump = periodic_noise(rng, 14, 1.0)
    lush = periodic_noise(rng, 2, 1.6)
    rgb = _blend((0.25, 0.28, 0.14), (0.46, 0.48, 0.26), 0.5 * lush + 0.6 * clump + tuft - 0.75)
    dry = _above(periodic_noise(rng, 3, 1.3), 0.5, 0.4)
    rgb = _blend(rgb, (0.58, 0.54, 0.36), 0.65 * dry * (0.5 + 0.5 * tuft))
    rush = _above(periodic_noise(rng, 24, 0.6), 0.86, 0.06)
    return quantise(_blend(rgb, (0.18, 0.21, 0.10), 0.7 * rush), _ROUGH)


def _rows(rng: np.random.Generator, count: int, wander: float) -> Field:
    """Return rows along u (512, 512), 1 on them and 0 between, that wander by texels."""
    v = np.arange(SIZE)[:, None] + wander * (periodic_noise(rng, 3, 1.5) - 0.5)
    return np.asarray(0.5 + 0.5 * np.cos(2.0 * np.pi * count * v / SIZE))


def _wheelings(rng: np.random.Generator) -> Field:
    """Return the two tracks along u (512, 512) that tractors drive once a tile."""
    v = np.arange(SIZE)[:, None] + 3.0 * (periodic_noise(rng, 2, 1.5) - 0.5)
    tracks = [np.exp(-(((v - SIZE * at) / 6.0) ** 4)) for at in (0.44, 0.56)]
    return np.asarray(np.maximum(*tracks))


def crop(rng: np.random.Generator) -> U8:
    """Return a field of young corn in rows, thin in places, with wheelings."""
    grain = periodic_noise(rng, 80, 0.4)
    thick = periodic_noise(rng, 2, 1.5)
    cover = 0.55 * _rows(rng, 48, 5.0) + 0.5 * thick + 0.5 * (grain - 0.5)
    cover = cover * (1.0 - 0.85 * _wheelings(rng))
    green = _blend((0.30, 0.34, 0.13), (0.47, 0.50, 0.23), 0.6 * thick + 0.4 * grain)
    return quantise(_blend(_blend((0.31, 0.26, 0.20), _EARTH, grain), green, 1.5 * cover), _ROUGH)


def stubble(rng: np.random.Generator) -> U8:
    """Return a mown field: straw in swaths, soil and new green between."""
    grain = periodic_noise(rng, 80, 0.3)
    swath = _rows(rng, 6, 14.0) * (0.5 + 0.5 * periodic_noise(rng, 8, 1.0))
    fine = _rows(rng, 60, 4.0)
    straw = _blend((0.50, 0.43, 0.28), (0.74, 0.67, 0.47), 0.55 * grain + 0.45 * swath)
    rgb = _blend(straw, _EARTH, 0.45 * fine * (1.0 - swath))
    green = _above(periodic_noise(rng, 4, 1.1), 0.6, 0.3)
    rgb = _blend(rgb, (0.40, 0.43, 0.21), 0.55 * green * grain)
    return quantise(_blend(rgb, (0.43, 0.36, 0.27), 0.6 * _wheelings(rng)), _ROUGH)


def soil(rng: np.random.Generator) -> U8:
    """Return ploughed soil: furrows, clods and damp places."""
    clod = periodic_noise(rng, 60, 0.4)
    furrow = _rows(rng, 40, 6.0)
    damp = periodic_noise(rng, 2, 1.4)
    share = 0.35 * furrow + 0.75 * (clod - 0.3) + 0.35 * (damp - 0.5)
    rgb = _blend((0.25, 0.20, 0.16), (0.50, 0.42, 0.33), 0.25 + share)
    weeds = _above(periodic_noise(rng, 6, 0.8), 0.8, 0.12)
    return quantise(_blend(rgb, (0.36, 0.37, 0.20), 0.5 * weeds), _ROUGH)


def gravel(rng: np.random.Generator) -> U8:
    """Return the strip between asphalt and grass: grit, dust and what grows through."""
    stone = periodic_noise(rng, 100, 0.2)
    grit = _blend((0.30, 0.28, 0.25), (0.60, 0.57, 0.52), 0.2 + 0.9 * (stone - 0.2))
    dust = periodic_noise(rng, 5, 1.1)
    rgb = _blend(grit, (0.44, 0.39, 0.32), 0.6 * dust)
    green = _above(periodic_noise(rng, 7, 0.9) + 0.3 * (stone - 0.5), 0.42, 0.2)
    blades = _blend((0.21, 0.24, 0.12), (0.46, 0.47, 0.27), periodic_noise(rng, 70, 0.4))
    return quantise(_blend(rgb, blades, green), _ROUGH)
