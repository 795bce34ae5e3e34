"""Tileable textures, made of periodic noise."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.seeds import named_generator

SIZE = 512
U8 = npt.NDArray[np.uint8]


def periodic_noise(rng: np.random.Generator, cells: float, falloff: float = 2.0) -> F64:
    """Return tileable noise (512, 512) in [0, 1] whose largest features span 1/cells of a tile."""
    fy = np.fft.fftfreq(SIZE)[:, None] * SIZE
    fx = np.fft.rfftfreq(SIZE)[None, :] * SIZE
    radius = np.hypot(fx, fy)
    amplitude = np.where(
        radius >= 0.5 * cells, 1.0 / np.maximum(radius, 1.0) ** (falloff / 2 + 0.5), 0.0
    )
    phase = rng.uniform(0, 2 * np.pi, amplitude.shape)
    field = np.fft.irfft2(amplitude * np.exp(1j * phase), (SIZE, SIZE))
    low, high = np.percentile(field, [1, 99])
    return np.asarray(np.clip((field - low) / (high - low), 0, 1))


def _plain(name: str, color: tuple[float, float, float], contrast: float) -> U8:
    noise = periodic_noise(named_generator("texture", name), 8.0, 1.0) - 0.5
    rgb = np.asarray(color)[None, None] * (1 + contrast * noise[..., None])
    image = np.concatenate([rgb, np.full((SIZE, SIZE, 1), 0.85)], axis=2)
    return np.asarray(np.round(255 * np.clip(image, 0, 1)), dtype=np.uint8)


_COLORS: dict[str, tuple[tuple[float, float, float], float]] = {
    "asphalt": ((0.36, 0.36, 0.37), 0.35),
    "paving": ((0.6, 0.58, 0.55), 0.2),
    "concrete": ((0.62, 0.61, 0.59), 0.15),
    "grass": ((0.30, 0.40, 0.17), 0.6),
    "facade_brick": ((0.55, 0.32, 0.25), 0.2),
    "facade_plaster": ((0.80, 0.75, 0.66), 0.1),
    "facade_glass": ((0.3, 0.36, 0.4), 0.2),
    "facade_shop": ((0.5, 0.45, 0.4), 0.2),
    "bark": ((0.33, 0.26, 0.19), 0.6),
    "leaves": ((0.28, 0.40, 0.16), 0.7),
    "roof": ((0.45, 0.25, 0.2), 0.3),
}


@cache
def textures() -> tuple[tuple[str, ...], U8]:
    """Return all textures: their names, and images (L, 512, 512, 4), sRGB with roughness in alpha."""
    images = np.stack(
        [_plain(name, color, contrast) for name, (color, contrast) in _COLORS.items()]
    )
    images.setflags(write=False)
    return tuple(_COLORS), images
