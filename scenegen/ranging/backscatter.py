"""Echoes of the air itself: where fog, drops and flakes outshine what lies behind them.

A beam is cut into cells as long as a pulse. In each, a kind of particle is there with a
probability that follows from its density and the cell's volume, and its echo fluctuates
exponentially (speckle) about the mean of the lidar equation. So the rate at which cells
exceed any signal is known in closed form; it is tabled once for a sensor and a weather,
and a beam then takes three uniform numbers.
"""

from __future__ import annotations

import math

import numpy as np

from scenegen.ranging.air import Air
from scenegen.ranging.vectors import F32, Ints
from scenegen.records import LidarSpec
from scenegen.records.base import F64

PULSE_M = 0.6
"""Length of a pulse in range: 4 ns there and back."""
_CELLS = 160
_LEVELS = 48
_LOUDEST = 1e5
"""Greatest signal of the table, in thresholds."""
_APERTURE_M = 0.01
_OVERLAP_M = 6.0
"""From here on the receiver sees the whole beam."""


def threshold(spec: LidarSpec) -> float:
    """Return the least signal that is detected: reflectance over squared range."""
    return 0.1 / spec.reach_m**2


def overlap(range_m: F32) -> F32:
    """Return the share of a beam that the receiver sees: it lies beside the laser."""
    return np.asarray(np.minimum(range_m / np.float32(_OVERLAP_M), 1) ** 2)


class Backscatter:
    """Echoes of the air for one sensor in one weather.

    Parameters
    ----------
    spec : LidarSpec
    air : Air
    """

    def __init__(self, spec: LidarSpec, air: Air) -> None:
        self._near = spec.near_m
        count = min(_CELLS, int((spec.far_m - spec.near_m) / PULSE_M))
        self._middles = spec.near_m + (np.arange(count) + 0.5) * PULSE_M
        self._levels = threshold(spec) * np.geomspace(1.0, _LOUDEST, _LEVELS)
        width = self._middles * spec.divergence_rad + _APERTURE_M
        volume = 0.25 * np.pi * width**2 * PULSE_M
        fades = np.exp(-2 * air.extinction_per_m * self._middles) / self._middles**2
        fades = fades * overlap(self._middles.astype(np.float32))
        rates = np.zeros((_LEVELS, count))
        self._scale = np.zeros(count)
        for kind in air.kinds:
            there = 1 - np.exp(-kind.density_per_m3 * volume)
            mean = np.pi * kind.backscatter_per_m_sr * PULSE_M * fades / np.maximum(there, 1e-12)
            chance = there * np.exp(-self._levels[:, None] / np.maximum(mean, 1e-30))
            rates -= np.log1p(-np.minimum(chance, 1 - 1e-12))
            # The excess over a level is exponential again: of the kind that exceeds it more.
            self._scale = np.maximum(self._scale, mean * (chance[0] > 1e-9))
        self._summed = np.zeros((_LEVELS, count + 1))
        np.cumsum(rates, axis=1, out=self._summed[:, 1:])
        # All rows of sums, each lifted above the one before, are one rising sequence.
        row_ends = self._summed[:, -1] + 1
        self._lift = np.cumsum(row_ends) - row_ends
        self._rising = (self._summed[:, 1:] + self._lift[:, None]).ravel()

    def draw(
        self, signal: F32, range_m: F32, generator: np.random.Generator
    ) -> tuple[Ints, F64, F64]:
        """Return the beams whose echo is of the air, with its range and signal.

        Parameters
        ----------
        signal, range_m : ndarray, shape (N,), float32
            Of the surface behind: 0 and ``inf`` where there is none.
        generator : Generator
        """
        first = generator.random(len(signal), dtype=np.float32)
        # No beam has a greater chance than one with nothing behind it.
        beam = np.flatnonzero(first < -np.expm1(-self._summed[0, -1]))
        first = first.take(beam)
        # One echo a beam: the air's must be both detected and stronger than the surface's.
        over = np.log(np.maximum(signal.take(beam) / self._levels[0], 1)) / math.log(_LOUDEST)
        level = np.minimum(np.ceil(over * (_LEVELS - 1)).astype(np.int64), _LEVELS - 1)
        count = len(self._middles)
        cells = (np.minimum(range_m.take(beam), 1e6) - self._near) / PULSE_M
        end = np.clip(cells.astype(np.int64), 0, count)
        total = self._summed[level, end]
        chosen = first < -np.expm1(-total)
        beam, level, total, end = beam[chosen], level[chosen], total[chosen], end[chosen]
        where, place, strength = generator.random((3, len(beam)))
        place_in_row = self._lift[level] + where * total
        cell = np.searchsorted(self._rising, place_in_row, side="right") - level * count
        cell = np.clip(cell, 0, np.maximum(end - 1, 0))
        range_of_air = self._middles[cell] + (place - 0.5) * PULSE_M
        return beam, range_of_air, self._levels[level] - np.log1p(-strength) * self._scale[cell]
