"""From exposed light to display values and back: one curve for shaders and for imagers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

CURVE = (8.65, 0.33, 5.9, 2.0)
"""Numbers a to d of x (a x + b) / (x (c x + d) + 1): a camera's toe, steeper than light around
grey, as pictures of cameras are, and white just below one, two and a half stops above grey."""

F32 = npt.NDArray[np.float32]


def shown(light: F32) -> npt.NDArray[np.uint8]:
    """Return the display values (...) of balanced light: the curve, then that of sRGB.

    ``display.glsl`` does the same.
    """
    a, b, c, d = CURVE
    tone = np.clip(light * (a * light + b) / (light * (c * light + d) + 1.0), 0.0, 1.0)
    srgb = np.where(tone <= 0.0031308, 12.92 * tone, 1.055 * tone ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * srgb), dtype=np.uint8)


def _lights() -> F32:
    """Return the light (256,) that `shown` makes each display value of."""
    srgb = np.arange(256) / 255
    y = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    a, b, c, d = CURVE
    square, middle = a - c * y, b - d * y
    return ((np.sqrt(middle**2 + 4 * square * y) - middle) / (2 * square)).astype(np.float32)


LIGHT = _lights()
"""Of each display value, shape (256,); the last is the least that is white."""
