"""From cross-sections to signal over noise, and from that to how well a cell is measured."""

from __future__ import annotations

import math

import numpy as np

from scenegen.records import RadarSpec
from scenegen.records.base import F64
from scenegen.records.radar_spec import WAVELENGTH_M

_BOLTZMANN = 1.380649e-23
_ROOM_K = 290.0
_TONE = math.sqrt(6) / (2 * math.pi)
"""Least deviation of a tone's frequency, in cells, at a signal over noise of 1 after
integration: the Cramér-Rao bound of Rife and Boorstyn (1974)."""
_FINEST = 0.03
"""No estimate is finer than this share of a cell: calibration, windows, interpolation."""


def pattern_db(spec: RadarSpec, azimuth_rad: F64, elevation_rad: F64) -> F64:
    """Return what the antennas lose beside their axis, there and back (a parabola in dB)."""
    across, above = azimuth_rad / spec.hfov_rad, elevation_rad / spec.vfov_rad
    return np.asarray(24 * (across**2 + above**2))


def constant_db(spec: RadarSpec) -> float:
    """Return the signal over noise of 1 m² at 1 m on the axis in clear air, dB.

    The radar equation ``P G² λ² σ T / ((4π)³ r⁴ k T₀ F L)``: chirps add up coherently
    over the dwell T, so noise has the bandwidth 1 / T.
    """
    watt = spec.power_dbm - 30
    spread = 20 * math.log10(WAVELENGTH_M) - 30 * math.log10(4 * math.pi)
    noise = 10 * math.log10(_BOLTZMANN * _ROOM_K / spec.dwell_s) + spec.noise_figure_db
    return watt + 2 * spec.gain_db + spread - spec.losses_db - noise


def mean_snr(
    spec: RadarSpec, rcs_m2: F64, range_m: F64, azimuth_rad: F64, elevation_rad: F64, air_db: F64
) -> F64:
    """Return the mean signal over noise of echoes (N,), a ratio of powers.

    Parameters
    ----------
    spec : RadarSpec
    rcs_m2, range_m, azimuth_rad, elevation_rad : ndarray, shape (N,)
        Mean cross-section, and place in the sensor's frame.
    air_db : ndarray, shape (N,)
        What weather takes there and back.
    """
    db = constant_db(spec) - pattern_db(spec, azimuth_rad, elevation_rad) - air_db
    return np.asarray(rcs_m2 * 10 ** (0.1 * db) / range_m**4)


def reported_rcs_db(spec: RadarSpec, points: F64) -> F64:
    """Return the cross-sections (N,) that a radar works out from what it measured, dBsm.

    It knows its antennas and the range, and nothing of the weather.

    Parameters
    ----------
    points : ndarray, shape (N, 6)
        `records.scan.SCAN_COLUMNS`; that of the cross-section isn't read.
    """
    distance, azimuth, elevation = points[:, 0], points[:, 1], points[:, 2]
    gone = 40 * np.log10(distance) + pattern_db(spec, azimuth, elevation)
    return np.asarray(points[:, 5] - constant_db(spec) + gone)


def threshold(spec: RadarSpec) -> float:
    """Return the power over the mean noise that noise alone exceeds as rarely as it should.

    Its power is exponentially distributed. An echo of mean signal over noise S that
    fluctuates from scan to scan (Swerling I) exceeds it with ``rate ** (1 / (1 + S))``.
    """
    return -math.log(spec.false_alarm_rate)


def deviation(resolution: F64 | float, snr: F64) -> F64:
    """Return the standard deviation of what is measured in cells so wide, at a ratio of powers."""
    return np.asarray(resolution * np.hypot(_TONE / np.sqrt(snr), _FINEST))
