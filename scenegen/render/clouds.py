"""The pattern of the clouds: tileable fractal noise, made once a scene."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PERIOD = 16
"""Cells of the coarsest octave along each side of the tile; as in lighting.frag."""
SIZE = 512
_OCTAVES = 4


def cloud_noise(generator: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return fractal value noise (SIZE, SIZE) that repeats at its borders.

    Parameters
    ----------
    generator : numpy.random.Generator
        The scene's own, for this purpose.

    Returns
    -------
    ndarray, float32
        0 to 1; the octaves weigh 1/2, 1/4, 1/8 and 1/16.
    """
    total = np.zeros((SIZE, SIZE))
    for octave in range(_OCTAVES):
        cells = PERIOD << octave
        lattice = generator.random((cells, cells))
        at = np.arange(SIZE) * (cells / SIZE)
        low = np.floor(at).astype(np.int64)
        t = at - low
        t = t * t * (3.0 - 2.0 * t)
        high = (low + 1) % cells
        rows = lattice[low] + t[:, None] * (lattice[high] - lattice[low])
        smooth = rows[:, low] + t[None, :] * (rows[:, high] - rows[:, low])
        total += 0.5 ** (octave + 1) * smooth
    return total.astype(np.float32)
