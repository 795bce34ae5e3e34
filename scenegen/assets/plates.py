"""What is written on number plates: strokes that look like characters and are none."""

from __future__ import annotations

import numpy as np

from scenegen.assets.shapes import quad
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import Vec3

_STROKES = (
    ((-1, -1, -0.5, 1), (0.5, -1, 1, 1), (-0.5, -0.2, 0.5, 0.3)),
    ((-0.3, -1, 0.3, 1), (0.3, -1, 1, -0.6)),
    ((-1, 0.6, 1, 1), (-0.3, -1, 0.3, 0.6)),
    ((-1, -1, -0.5, 1), (-0.5, -1, 1, -0.6), (-0.5, 0.6, 1, 1)),
)
"""Low and high corners of the strokes of four signs, in half widths and heights."""
_SIGNS = (0, 2, None, 3, 1, 0, 2)


def plate_marks(place: Vec3, end: float) -> Geometry:
    """Return strokes of ink on a plate of 0.52 m by 0.11 m.

    Parameters
    ----------
    place : (3,)
        Middle of the writing.
    end : float
        +1 if the plate faces forward, -1 if backward.
    """
    x, y, z = place
    strokes = []
    for number, sign in enumerate(_SIGNS):
        if sign is None:
            continue
        middle = y + end * 0.066 * (number - 0.5 * (len(_SIGNS) - 1))
        for low_y, low_z, high_y, high_z in _STROKES[sign]:
            a, b = middle + end * 0.02 * np.array([low_y, high_y])
            low, high = z + 0.036 * low_z, z + 0.036 * high_z
            strokes.append(quad((x, a, low), (x, b, low), (x, b, high), (x, a, high)))
    return join(strokes)
