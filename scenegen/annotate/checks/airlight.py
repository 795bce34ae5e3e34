"""The strongest echo that the air of a weather may give: bounds of our own, by literature."""

from __future__ import annotations

import math

import numpy as np

from scenegen.records import LidarSpec, Weather
from scenegen.records.base import F64

_RARE = 35.0
"""Speckle makes exp(-35) of all echoes so many times as strong as their mean."""
_PULSE_M = 0.6
_APERTURE_M, _OVERLAP_M = 0.01, 6.0
"""A beam's width at the sensor, and from where on its receiver sees all of it; docs/dataset.md."""
_WATER_SR, _ICE_SR = 18.8, 25.0
_CLEAR_KM = 6.0
_FINE, _COARSE = 1.6, 1.3
"""Powers of the wavelength that the finest haze, and that of more than 6 km, takes light by (Kim
et al. 2001)."""


def loudest(weather: Weather, spec: LidarSpec, range_m: F64) -> F64:
    """Return the strongest echo of the air at ranges: reflectance over squared range.

    It is that of the lidar equation for what is densest there, many times over for speckle:
    droplets as Koschmieder's visibility has them; drops as Carbonneau's extinction and
    Marshall and Palmer's sizes, flakes as dry snow in ITU-R P.1814 and Gunn and Marshall's
    sizes. Where a beam holds less than one drop on average, that one gives all of the echo.

    Parameters
    ----------
    weather : Weather
    spec : LidarSpec
    range_m : ndarray
    """
    reach = np.maximum(range_m, spec.near_m)
    seen = np.minimum(reach / _OVERLAP_M, 1) ** 2 / reach**2
    micron = 1e6 * spec.wavelength_m
    least = (micron / 0.55) ** -_FINE
    seen *= np.exp(-2 * least * 3 / weather.visibility_m * reach)
    volume = 0.25 * np.pi * (reach * spec.divergence_rad + _APERTURE_M) ** 2 * _PULSE_M
    haze = 3 / weather.visibility_m
    if weather.visibility_m > 1000 * _CLEAR_KM:
        haze *= (micron / 0.55) ** -_COARSE
    backscatter = np.full_like(reach, haze / _WATER_SR)
    if weather.rain_mmph > 0:
        rate = weather.rain_mmph
        slope = 4.1 * rate**-0.21
        number = 8000 / slope * math.exp(-slope) * volume
        taken = 1.076 * rate**0.67 / 4343
        backscatter = np.maximum(backscatter, taken / _WATER_SR / -np.expm1(-number))
    if weather.snow_mmph > 0:
        rate = weather.snow_mmph
        slope = 2.55 * rate**-0.48
        number = 3800 * rate**-0.87 / slope * math.exp(-slope) * volume
        taken = (5.42e-2 * micron + 5.4958776) * rate**1.38 / 4343
        backscatter = np.maximum(backscatter, taken / _ICE_SR / -np.expm1(-number))
    return np.asarray(_RARE * np.pi * backscatter * _PULSE_M * seen)
