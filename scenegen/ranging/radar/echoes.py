"""Everything that throws waves back at one moment, before the radar tells cells apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from scenegen.ranging.radar.bodies import VEHICLES
from scenegen.records import RadarSpec
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

_VEHICLE_IDS = tuple(CLASS_BY_NAME[name].id for name in VEHICLES)


class Rows:
    """Arrays of equal length, one row each for something."""

    def __getitem__(self: R, index: npt.NDArray[Any]) -> R:
        return type(self)(*(column[index] for column in self.columns()))

    def columns(self) -> list[npt.NDArray[Any]]:
        """Return the arrays in the order of the fields."""
        return [getattr(self, field.name) for field in fields(self)]  # type: ignore[arg-type]


R = TypeVar("R", bound=Rows)


def chained(pieces: Sequence[R]) -> R:
    """Return all rows of several sets of a kind, in order."""
    columns = zip(*(piece.columns() for piece in pieces), strict=True)
    return type(pieces[0])(*(np.concatenate(column) for column in columns))


@dataclass(frozen=True)
class Targets(Rows):
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


@dataclass(frozen=True)
class Echoes(Rows):
    """What comes back, as it would be measured without noise.

    Attributes
    ----------
    range_m, azimuth_rad, elevation_rad, speed_mps : ndarray, shape (N,)
        Sensor frame; speed is away from the sensor.
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


def ghosts(echoes: Echoes, rcs_m4: F64) -> Echoes:
    """Return what comes back from vehicles that the radar's own vehicle sent there again.

    It seems twice as far and twice as fast. The radar equation, passed twice, makes it weaker
    by ``σ₁ σ₂ / ((4π)² r⁴)``; it belongs to nothing.

    Parameters
    ----------
    echoes : Echoes
        Not folded yet.
    rcs_m4 : ndarray, shape (N,)
        Product of both cross-sections, for each echo.
    """
    there = np.flatnonzero(np.isin(echoes.semantic, _VEHICLE_IDS) & (echoes.instance > 0))
    own = echoes[there]
    nothing = np.zeros(len(there), dtype=np.uint16)
    return replace(
        own,
        range_m=2 * own.range_m,
        speed_mps=2 * own.speed_mps,
        snr=own.snr * rcs_m4[there] / ((4 * np.pi) ** 2 * own.range_m**4),
        semantic=nothing,
        instance=nothing,
    )


def folded(spec: RadarSpec, echoes: Echoes) -> Echoes:
    """Return echoes where a radar takes them to be."""
    return replace(
        echoes,
        range_m=echoes.range_m % spec.far_m,
        speed_mps=spec.folded_speed(echoes.speed_mps),
    )
