"""Deterministic walks along the probability-flow ODE, down to pictures and up to noise.

In EDM's terms dx/dsigma = (x - D(x; sigma)) / sigma. Every walk sees ``denoise(x, sigma)`` only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

from scenegen.refine.denoiser import Denoise

SIGMA_MIN = 0.004
"""Half a step of 8-bit pictures."""
RHO = 7.0


def levels(start: float, steps: int, end: float = SIGMA_MIN) -> tuple[float, ...]:
    """Return noise levels from `start` to `end` and zero, as Karras et al. 2022 space them.

    Parameters
    ----------
    steps : int
        Evaluations of the denoiser that a walk of first order takes.

    Raises
    ------
    ValueError
        `start` is not above `end`, or there are no steps.
    """
    if steps < 1 or not start > end > 0:
        raise ValueError(f"no {steps} steps from {start} to {end}")
    if steps == 1:
        return start, 0.0
    high, low = start ** (1 / RHO), end ** (1 / RHO)
    inner = [(high + k / (steps - 1) * (low - high)) ** RHO for k in range(steps)]
    return (*inner, 0.0)


def heun(denoise: Denoise, x: Tensor, sigmas: Sequence[float]) -> Tensor:
    """Walk by Heun's second-order steps; the last one, to zero, is Euler's."""
    for now, then in pairwise(sigmas):
        slope = (x - denoise(x, now)) / now
        guess = x + (then - now) * slope
        if then > 0:
            slope = 0.5 * (slope + (guess - denoise(guess, then)) / then)
            guess = x + (then - now) * slope
        x = guess
    return x


def dpmpp_2m(denoise: Denoise, x: Tensor, sigmas: Sequence[float]) -> Tensor:
    """Walk by DPM-Solver++(2M) (Lu et al. 2022): second order, one evaluation a step."""
    before: tuple[Tensor, float] | None = None
    for now, then in pairwise(sigmas):
        clean = denoise(x, now)
        if then == 0:
            return clean
        step = math.log(now / then)
        led = clean
        if before is not None:
            share = 0.5 * step / before[1]
            led = (1.0 + share) * clean - share * before[0]
        x = then / now * x - math.expm1(-step) * led
        before = clean, step
    return x


def encode(denoise: Denoise, x: Tensor, sigmas: Sequence[float]) -> Tensor:
    """Walk pictures up to noise by Heun's steps: the way back of `heun`.

    Parameters
    ----------
    sigmas : sequence of float
        Descending, as `levels` gives them; the walk goes from the last above zero to the first.
    """
    rising = [sigma for sigma in reversed(sigmas) if sigma > 0]
    for now, then in pairwise(rising):
        slope = (x - denoise(x, now)) / now
        guess = x + (then - now) * slope
        slope = 0.5 * (slope + (guess - denoise(guess, then)) / then)
        x = x + (then - now) * slope
    return x


def noise_like(shape: Sequence[int], seed: int, device: str = "cpu") -> Tensor:
    """Return unit noise of a shape, the same on every device."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(tuple(shape), generator=generator).to(device)
