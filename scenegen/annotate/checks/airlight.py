"""The strongest echo that the air of a weather may give: bounds of our own, by literature."""

from __future__ import annotations

import math

import numpy as np

from scenegen.records import LidarSpec, Weather
from scenegen.records.base import F64

_RARE = 25.0
"""Drops and flakes in the air are so seldom larger than the mean: exp(-25)."""
_WIDEST_DROP_M = 8e-3
"""Wider drops break up as they fall (Pruppacher and Klett 1997)."""
_BRIGHTEST_DROP = 0.03
"""Of squared radius: a ball of water sends a mirror's 2 % back from its front and its rear."""
_PULSE_M, _APERTURE_M = 0.6, 0.01
_WATER_SR, _ICE_SR = 18.8, 25.0
_CLEAR_KM = 6.0
_FINE, _COARSE = 1.6, 1.3
"""Powers of the wavelength that the finest haze, and that of more than 6 km, takes light by (Kim
et al. 2001)."""
_BLIND_M, _STRAY = 2.0, 0.002
_FIELD_RAD, _BEAM_RAD, _LENS_M = 7e-3, 3e-3, 0.02
"""Nearer, a beam lies beside the receiver's field but for stray light; farther off, its blurred
disc is larger than the field. docs/dataset.md."""


def loudest(weather: Weather, spec: LidarSpec, range_m: F64) -> F64:
    """Return the strongest echo of the air at ranges: reflectance over squared range.

    It is the sum of what droplets send back, by Koschmieder's visibility, and of the largest
    drop and flake that may be right in the middle of the beam, whose intensity there is twice
    the mean: drops by Marshall and Palmer's sizes, flakes by Gunn and Marshall's and by the
    extinction of dry snow in ITU-R P.1814.

    Parameters
    ----------
    weather : Weather
    spec : LidarSpec
    range_m : ndarray
    """
    reach = np.maximum(range_m, spec.near_m)
    blurred = np.minimum((_FIELD_RAD / (_BEAM_RAD + _LENS_M / reach)) ** 2, 1)
    seen = np.where(reach < _BLIND_M, _STRAY, blurred) / reach**2
    micron = 1e6 * spec.wavelength_m
    least = (micron / 0.55) ** -_FINE
    seen *= np.exp(-2 * least * 3 / weather.visibility_m * reach)
    haze = 3 / weather.visibility_m
    if weather.visibility_m > 1000 * _CLEAR_KM:
        haze *= (micron / 0.55) ** -_COARSE
    strongest = np.full_like(reach, haze / _WATER_SR * _PULSE_M)
    lit = 0.25 * np.pi * (reach * spec.divergence_rad + _APERTURE_M) ** 2
    if weather.rain_mmph > 0:
        slope = 4100 * weather.rain_mmph**-0.21
        widest = min(_RARE / slope, _WIDEST_DROP_M)
        strongest += 2 * _BRIGHTEST_DROP * (0.5 * widest) ** 2 / lit
    if weather.snow_mmph > 0:
        rate = weather.snow_mmph
        number = 3800 * rate**-0.87 / (2.55 * rate**-0.48)
        taken = (5.42e-2 * micron + 5.4958776) * rate**1.38 / 4343
        strongest += 2 * taken / _ICE_SR / number * _RARE**3 / math.factorial(3) / lit
    return np.asarray(np.pi * strongest * seen)
