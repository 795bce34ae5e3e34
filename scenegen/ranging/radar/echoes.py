"""Everything that throws waves back at one moment, before the radar tells cells apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64


@dataclass(frozen=True)
class Targets:
    """Points that throw waves back.

    Attributes
    ----------
    place_m, velocity_mps : ndarray, shape (N, 3)
        World.
    rcs_m2 : ndarray, shape (N,)
        Mean cross-section from where the radar is.
    semantic, instance : ndarray, shape (N,), uint16
    """

    place_m: F64
    velocity_mps: F64
    rcs_m2: F64
    semantic: npt.NDArray[np.uint16]
    instance: npt.NDArray[np.uint16]

    def __getitem__(self, index: npt.NDArray[np.generic]) -> Targets:
        return Targets(*(getattr(self, field.name)[index] for field in fields(self)))


@dataclass(frozen=True)
class Echoes:
    """What comes back, as it would be measured without noise.

    Attributes
    ----------
    range_m, azimuth_rad, elevation_rad, speed_mps : ndarray, shape (N,)
        Folded, sensor frame; speed is away from the sensor.
    snr : ndarray, shape (N,)
        Mean signal over noise, a ratio of powers.
    semantic, instance : ndarray, shape (N,), uint16
    """

    range_m: F64
    azimuth_rad: F64
    elevation_rad: F64
    speed_mps: F64
    snr: F64
    semantic: npt.NDArray[np.uint16]
    instance: npt.NDArray[np.uint16]


def join(pieces: Sequence[Targets]) -> Targets:
    """Return all targets of several sets, in order."""
    return Targets(
        *(np.concatenate([getattr(p, field.name) for p in pieces]) for field in fields(Targets))
    )
