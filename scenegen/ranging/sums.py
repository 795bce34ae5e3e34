"""How often the echoes of many scatterers, and noise, add up to more than a signal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import exp1

from scenegen.records.base import F64

_STEP = 1 / 16
_STEPS = 1024
"""The grid that sums are worked out on, in thresholds; beyond it one scatterer decides."""
_NOISE_REACH = 8
"""Noise ends at so many standard deviations."""


@dataclass(frozen=True)
class Jumps:
    """Scatterers that are in cells by chance, in a beam whose profile is Gaussian.

    Attributes
    ----------
    number : ndarray, shape (C,)
        How many are in each cell in the mean, within 1/e² of the beam's intensity.
    mean : ndarray, shape (C,)
        Mean signal of all of them.
    power : float
        One's signal goes with this power of its width, which is distributed exponentially.
    """

    number: F64
    mean: F64
    power: float

    def louder(self, signal: F64) -> F64:
        """Return how many are louder than signals (C, K), in the mean.

        At ``t`` squared radii beside the axis a beam has ``2 exp(-2 t)`` of its mean intensity;
        the integral of ``exp(-(s / (2 s₀))^(1/p) exp(2 t / p))`` over ``t`` is an E₁.
        """
        one = self.mean / (self.number * math.gamma(self.power + 1))
        share = np.maximum(signal, 1e-12) / np.maximum(2 * one, 1e-30)[:, None]
        number = 0.5 * self.power * self.number[:, None]
        return np.asarray(number * exp1(share ** (1 / self.power)))


def exceeded(levels: F64, steady: F64, jumps: Sequence[Jumps], noise: float) -> F64:
    """Return the chance (L, C) that cells exceed levels.

    The sum of as many as Poisson distributions say, ``dn`` in each step of signal, has the
    characteristic function ``exp(∫ (exp(iωs) - 1) dn)``; those of independent sums multiply. What
    one scatterer takes beyond the grid counts as exceeding all of it.

    Parameters
    ----------
    levels : ndarray, shape (L,)
    steady : ndarray, shape (C,)
        Signal that is always there.
    jumps : sequence of Jumps
    noise : float
        Standard deviation, of a normal distribution.
    """
    first = math.ceil(_NOISE_REACH * noise / _STEP)
    grid = (np.arange(_STEPS) - first) * _STEP
    waves = 2 * np.pi * np.fft.rfftfreq(2 * _STEPS, _STEP)
    # Of noise, moved up so that all of it lies on the grid.
    log = -0.5 * (noise * waves) ** 2 - 1j * waves * first * _STEP
    log = np.tile(log, (len(steady), 1))
    edges = np.asarray((np.arange(_STEPS) + 0.5) * _STEP, dtype=np.float64)
    for kind in jumps:
        louder = kind.louder(edges[None])
        falls = np.append(np.zeros((len(steady), 1)), -np.diff(louder, axis=1), axis=1)
        log += np.fft.rfft(falls, 2 * _STEPS) - louder[:, :1]
    # A level is exceeded from the middle of its step on.
    below = np.cumsum(np.fft.irfft(np.exp(log), 2 * _STEPS)[:, :_STEPS], axis=1)
    over = np.empty((len(levels), len(steady)))
    mean = sum((kind.mean for kind in jumps), np.zeros(len(steady)))
    for cell, (always, falls) in enumerate(zip(steady, below, strict=True)):
        over[:, cell] = 1 - np.interp(levels - always, grid + 0.5 * _STEP, falls)
    above = levels[:, None] - steady > grid[-1]
    far = (levels[:, None] - steady - mean).T
    alone = sum((kind.louder(far) for kind in jumps), np.zeros(far.shape))
    over = np.where(above, -np.expm1(-alone.T), over)
    over[over < 1e-12] = 0.0
    return np.asarray(np.minimum.accumulate(np.clip(over, 0, 1 - 1e-12), axis=0))
