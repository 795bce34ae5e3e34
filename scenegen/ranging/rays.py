"""Rays that are fired each at its own moment, and what they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.ranging.vectors import F32
from scenegen.records.base import F64


@dataclass(frozen=True)
class Rays:
    """Rays, each with its own moment.

    Attributes
    ----------
    origins, directions : ndarray, shape (N, 3), float32
        World, less the scene's `origin`; directions are of unit length.
    time_s : ndarray, shape (N,)
    """

    origins: F32
    directions: F32
    time_s: F64


@dataclass(frozen=True)
class Hits:
    """What rays met first.

    Attributes
    ----------
    distance_m : ndarray, shape (N,), float32
        ``inf`` where nothing was met; the rest is meaningless there.
    semantic : ndarray, shape (N,), uint8
    instance : ndarray, shape (N,), uint16
    coat : ndarray, shape (N,), int32
    normal : ndarray, shape (N, 3), float32
        Unit, world.
    cosine : ndarray, shape (N,), float32
        Of the angle of incidence, 0 to 1.
    """

    distance_m: F32
    semantic: npt.NDArray[np.uint8]
    instance: npt.NDArray[np.uint16]
    coat: npt.NDArray[np.int32]
    normal: F32
    cosine: F32
