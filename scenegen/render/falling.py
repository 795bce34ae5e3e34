"""Rain and snow in the air: how many drops or flakes, how large, how fast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records.conditions import Weather

MOST = 3500
"""So many bodies are drawn at most; where there are more, each stands for several."""
_LEAST_RAIN_MM, _LARGEST_RAIN_MM = 1.0, 5.0
_LEAST_SNOW_MM, _LARGEST_SNOW_MM = 0.5, 4.0
"""Diameters, of flakes when melted; smaller ones are part of the visibility."""
_FLAKE_SWELL = 2.9
"""A flake's diameter over that of the drop it melts to, at a density of 40 kg/m³."""
_BOX_M = 9.0
_RAIN_LIGHT, _SNOW_LIGHT = 0.0, 1.0


@dataclass(frozen=True)
class Falling:
    """Drops or flakes in a box around the camera.

    Attributes
    ----------
    count : int
        How many are drawn.
    stands_for : float
        How many bodies each of them is.
    box_m : float
        Side of the box, which repeats.
    least_mm, slope_per_mm, largest_mm : float
        Of the exponential distribution of diameters, as drops.
    swell : float
        Diameter over that of the drop.
    extinction_per_m : float
        What they take of light: twice what they cover, as they are large to its waves.
    snow : bool
    """

    count: int
    stands_for: float
    box_m: float
    least_mm: float
    slope_per_mm: float
    largest_mm: float
    swell: float
    extinction_per_m: float
    snow: bool


def falling(weather: Weather) -> tuple[Falling, ...]:
    """Return what falls.

    Rain is distributed by Marshall and Palmer (1948), N(D) = 8000 exp(-4.1 R^-0.21 D) per m³
    and mm; snow by Gunn and Marshall (1958), N(D) = 3800 R^-0.87 exp(-2.55 R^-0.48 D) with
    melted diameters, R in mm/h.
    """
    found = []
    rain, snow = weather.rain_mmph, weather.snow_mmph
    if rain > 0.0:
        found.append(_of(8000.0, 4.1 * rain**-0.21, _LEAST_RAIN_MM, _LARGEST_RAIN_MM, snow=False))
    if snow > 0.0:
        number = 3800.0 * snow**-0.87
        found.append(_of(number, 2.55 * snow**-0.48, _LEAST_SNOW_MM, _LARGEST_SNOW_MM, snow=True))
    return tuple(found)


def _of(number: float, slope: float, least: float, largest: float, *, snow: bool) -> Falling:
    density = number / slope * float(np.exp(-slope * least) - np.exp(-slope * largest))
    bodies = density * _BOX_M**3
    count = int(np.clip(bodies, 1.0, MOST))
    swell = _FLAKE_SWELL if snow else 1.0
    # Of all sizes: number * exp(-slope D) has a mean square whose integral is 2 / slope³.
    taken = np.pi * number * swell**2 / slope**3 * 1e-6
    each = max(bodies / count, 1.0)
    return Falling(count, each, _BOX_M, least, slope, largest, swell, taken, snow)
