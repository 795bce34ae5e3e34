"""Rain and snow that a radar sees: they fill the air, and what is as fast must outshine them.

A radar's threshold follows what lies evenly around a cell, so drops make no detections of their
own: in the cells of their speed they are more noise. They fall across the line of sight, so
that speed is what stands there has. Flakes send back a tenth of what drops of as much water do.

Sources: backscatter of Marshall and Palmer's drops by Mie's theory at 76.5 GHz, fitted from 1 to
100 mm/h; Currie, Dyer and Hayes (1975) measured as much at 70 GHz. Of dry snow, an equivalent
reflectivity of 14 S^0.9 mm^6/m³, between 56 S^1.2 at 35 GHz and 10 S^0.8 at 94 GHz (Matrosov 2007);
others found up to twice as much there (Kulie and Bennartz 2009). Volume of a cell between
half-power points by Probert-Jones (1962). Speeds differ by 1 m/s in turbulent air (Nathanson 1969).
"""

from __future__ import annotations

import math

import numpy as np

from scenegen.ranging.radar.equation import mean_snr
from scenegen.records import RadarSpec, Weather
from scenegen.records.base import F64
from scenegen.records.radar_spec import WAVELENGTH_M

_TURBULENCE_MPS = 1.0
_PER_Z = math.pi**5 * 0.7 * 1e-18 / WAVELENGTH_M**4
"""Cross-section in a volume for an equivalent reflectivity of 1 mm^6/m³: that of small drops."""


def reflectivity_per_m(weather: Weather) -> float:
    """Return the cross-section of the drops and flakes in a volume, m²/m³."""
    rain = 1.18e-4 * math.pow(weather.rain_mmph, 0.694) if weather.rain_mmph > 0 else 0.0
    snow = _PER_Z * 14.0 * math.pow(weather.snow_mmph, 0.9) if weather.snow_mmph > 0 else 0.0
    return rain + snow


def over_noise(
    spec: RadarSpec,
    weather: Weather,
    range_m: F64,
    azimuth_rad: F64,
    elevation_rad: F64,
    ground_speed_mps: F64,
    air_db: F64,
) -> F64:
    """Return the power of rain and snow over that of noise in the cells of echoes (N,).

    Parameters
    ----------
    spec : RadarSpec
    weather : Weather
    range_m, azimuth_rad, elevation_rad : ndarray, shape (N,)
        In the sensor's frame.
    ground_speed_mps : ndarray, shape (N,)
        Away from the sensor, less that of what stands there.
    air_db : ndarray, shape (N,)
        What weather takes there and back.
    """
    wide = spec.azimuth_resolution_rad / np.maximum(np.cos(azimuth_rad), 0.1)
    high = spec.elevation_resolution_rad or spec.vfov_rad
    volume = math.pi / (8 * math.log(2)) * range_m**2 * wide * high * spec.range_resolution_m
    off = spec.folded_speed(ground_speed_mps) / _TURBULENCE_MPS
    density = np.exp(-0.5 * off**2) / (math.sqrt(2 * math.pi) * _TURBULENCE_MPS)
    share = np.minimum(density * spec.speed_resolution_mps, 1)
    rcs = np.asarray(reflectivity_per_m(weather) * volume * share)
    # Where elevation isn't measured, the whole beam is filled, whatever the echo's place in it.
    above = elevation_rad if spec.elevation_resolution_rad else np.zeros_like(elevation_rad)
    return mean_snr(spec, rcs, range_m, azimuth_rad, above, air_db)
