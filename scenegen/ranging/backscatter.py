"""Echoes of the air itself: where fog, drops and flakes outshine what lies behind them.

A beam is cut into cells as long as a pulse. What a cell sends back is the mean of its droplets,
by the lidar equation, and the sum over the drops and flakes that happen to be in it, which are as
many as a Poisson distribution says and as bright as their sizes are; on top comes the
receiver's noise. Speckle is left out: a pulse is some thousand times as long as the light of a
laser diode keeps its phase (905 nm, 5 nm wide: 0.16 mm), so the speckles of as many independent
patterns are averaged (Goodman 2007, contrast 1/√M). Hence the rate at which cells exceed any
signal is known; it is tabled once for a sensor and a weather, and a beam then takes the
loudest of its cells by three random numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenegen.ranging.air import Air, Scatterers
from scenegen.ranging.optics import PULSE_M, overlap, parallax, threshold
from scenegen.ranging.sums import Jumps, exceeded
from scenegen.ranging.vectors import F32, Bools, Ints
from scenegen.records import LidarSpec
from scenegen.records.base import F64

_CELLS = 160
_LEVELS = 128
_LOUDEST = 1e4
"""Greatest signal of the table, in thresholds."""
_NOISE = 1 / 6
"""Standard deviation of the receiver's noise, in thresholds: noise alone then makes a point in
one of some hundred sweeps."""
_APERTURE_M = 0.01


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
        self._middles: F64 = np.asarray(spec.near_m + (np.arange(count) + 0.5) * PULSE_M)
        self._levels = threshold(spec) * np.geomspace(1.0, _LOUDEST, _LEVELS)
        width = self._middles * spec.divergence_rad + _APERTURE_M
        volume = np.asarray(0.25 * np.pi * width**2 * PULSE_M, dtype=np.float64)
        fades = np.exp(-2 * air.extinction_per_m * self._middles) / self._middles**2
        fades *= overlap(self._middles.astype(np.float32)) / threshold(spec)

        def mean(kind: Scatterers) -> F64:
            """Return the mean signal (C,) of a kind, in thresholds."""
            louder = 1 + kind.glory_rad / parallax(self._middles)
            return np.asarray(np.pi * kind.backscatter_per_m_sr * PULSE_M * fades * louder)

        blurred = [mean(kind) for kind in air.kinds if np.isinf(kind.density_per_m3)]
        single = [
            Jumps(kind.density_per_m3 * volume, mean(kind), kind.power)
            for kind in air.kinds
            if np.isfinite(kind.density_per_m3)
        ]
        steady = np.sum(blurred, axis=0) if blurred else np.zeros(count)
        chance = exceeded(self._levels / threshold(spec), steady, single, _NOISE)
        # Rates (levels, cells), summed over all cells before each.
        rates = -np.log1p(-chance)
        self._summed = np.zeros((_LEVELS, count + 1))
        np.cumsum(rates, axis=1, out=self._summed[:, 1:])
        # Two tables whose rows, each lifted above the one before, are one rising sequence: by
        # end of the beam, over falling levels; and by level, what falls between it and the next.
        self._by_end, self._lift_of_end = _rising(self._summed[::-1].T)
        between = self._summed.copy()
        between[:-1] -= self._summed[1:]
        self._between = np.maximum.accumulate(between, axis=1)
        self._by_level, self._lift_of_level = _rising(self._between[:, 1:])

    def draw(
        self,
        signal: F32,
        range_m: F32,
        generator: np.random.Generator,
        counts: Callable[[Ints, F64], Bools] | None = None,
    ) -> tuple[Ints, F64, F64]:
        """Return the beams whose echo is of the air, with its range and signal.

        Cells answer independently, so echoes follow each other from the loudest on as the points
        of a Poisson process do; where some don't count, the next one takes its place.

        Parameters
        ----------
        signal, range_m : ndarray, shape (N,), float32
            Of the surface behind: 0 and ``inf`` where there is none.
        generator : Generator
        counts : callable, optional
            Tells of beams (K,) and ranges (K,) whether this air is there.
        """
        # The loudest cell is the one where the rate of all that are louder falls to this.
        rate = generator.standard_exponential(len(signal), dtype=np.float32)
        # No beam has a greater chance than one with nothing behind it.
        beam = np.flatnonzero(rate < self._summed[0, -1])
        rate = rate.take(beam)
        # One echo a beam: the air's must be both detected and stronger than the surface's.
        step = np.log(_LOUDEST) / (_LEVELS - 1)
        over = np.log(np.maximum(signal.take(beam) / self._levels[0], 1)) / step
        level = np.minimum(np.ceil(over).astype(np.int64), _LEVELS - 1)
        count = len(self._middles)
        cells = (np.minimum(range_m.take(beam), 1e6) - self._near) / PULSE_M
        end = np.clip(cells.astype(np.int64), 0, count)
        chosen = rate < self._summed[level, end]
        beam, rate, end = beam[chosen], rate[chosen].astype(np.float64), end[chosen]
        place_m, strength = self._answer(rate, end, generator)
        if counts is None:
            return beam, place_m, strength
        level, found = level[chosen], []
        while len(beam):
            kept = counts(beam, place_m)
            found.append((beam[kept], place_m[kept], strength[kept]))
            beam, level, end, rate = beam[~kept], level[~kept], end[~kept], rate[~kept]
            rate = rate + generator.standard_exponential(len(rate))
            more = rate < self._summed[level, end]
            beam, level, end, rate = beam[more], level[more], end[more], rate[more]
            place_m, strength = self._answer(rate, end, generator)
        beams, places, strengths = zip(*found, strict=True) if found else ([beam], [rate], [rate])
        return np.concatenate(beams), np.concatenate(places), np.concatenate(strengths)

    def _answer(self, rate: F64, end: Ints, generator: np.random.Generator) -> tuple[F64, F64]:
        """Return range and signal of the echoes (N,) that are louder than all but `rate` others.

        Parameters
        ----------
        end : ndarray, shape (N,)
            The cells before this one are free.
        """
        count, step = len(self._middles), np.log(_LOUDEST) / (_LEVELS - 1)
        where, place = generator.random((2, len(rate)))
        lifted = self._lift_of_end[end] + rate
        louder = np.searchsorted(self._by_end, lifted, side="right") - end * _LEVELS
        level = np.clip(_LEVELS - 1 - louder, 0, _LEVELS - 1)
        among = self._between[level, end]
        share = np.clip((self._summed[level, end] - rate) / np.maximum(among, 1e-300), 0, 1)
        strength = self._levels[level] * np.exp(step * share)
        at = self._lift_of_level[level] + where * among
        cell = np.searchsorted(self._by_level, at, side="right") - level * count
        cell = np.clip(cell, 0, np.maximum(end - 1, 0))
        return self._middles[cell] + (place - 0.5) * PULSE_M, strength


def _rising(rows: F64) -> tuple[F64, F64]:
    """Return rows (R, K) that rise from 0 or more as one rising sequence, and each one's lift."""
    ends = rows[:, -1] + 1
    lift = np.cumsum(ends) - ends
    return (rows + lift[:, None]).ravel(), lift
