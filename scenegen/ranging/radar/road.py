"""The road as a mirror: an echo comes by two ways, whose waves strengthen or cancel each other.

Sources: two rays over a plane, and Ament's (1953) share of what a rough surface mirrors; Fresnel
for waves polarised upright; permittivity of asphalt by Li and Sarabandi (1999), of dry snow of
0.3 g/cm³ by Tiuri et al. (1984). Roughness within a Fresnel zone is our own estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.ranging.radar.equation import pattern_db
from scenegen.ranging.radar.propagation import water_permittivity
from scenegen.records import RadarSpec, Weather
from scenegen.records.base import F64
from scenegen.records.radar_spec import WAVELENGTH_M

_WAVES_PER_M = 2 * np.pi / WAVELENGTH_M
_ASPHALT, _ASPHALT_M = 3.2 - 0.1j, 4e-4
_FILM_M = 1.5e-4
_SNOW, _SNOW_M = 1.55 - 0.001j, 5e-3
"""Permittivities, and standard deviations of heights: of asphalt, of a film of water on it, of
trodden snow."""


def mirrored(permittivity: complex, sine: F64) -> npt.NDArray[np.complex128]:
    """Return Fresnel's reflection (N,) of waves polarised upright at grazing angles (sines)."""
    refracted = np.sqrt(permittivity - 1 + sine**2 + 0j)
    along = permittivity * sine
    return np.asarray((along - refracted) / (along + refracted))


@dataclass(frozen=True)
class Mirror:
    """A road in a weather: shares of its surface, which mirror each in its own way.

    Attributes
    ----------
    kinds : tuple of (float, complex, float)
        Share, permittivity, standard deviation of heights (m).
    """

    kinds: tuple[tuple[float, complex, float], ...]

    @staticmethod
    def of(weather: Weather) -> Mirror:
        """Return the road of a weather: asphalt, water on it, snow on both."""
        snow, wet = weather.road_snow, weather.wetness
        return Mirror(
            (
                ((1 - snow) * (1 - wet), _ASPHALT, _ASPHALT_M),
                ((1 - snow) * wet, water_permittivity(), _FILM_M),
                (snow, _SNOW, _SNOW_M),
            )
        )

    def reflection(self, sine: F64) -> npt.NDArray[np.complex128]:
        """Return what part (N,) of a wave is mirrored at grazing angles, given by their sines."""
        total = np.zeros(len(sine), dtype=np.complex128)
        for share, permittivity, rough_m in self.kinds:
            smooth = np.exp(-2 * (_WAVES_PER_M * rough_m * sine) ** 2)
            total += share * smooth * mirrored(permittivity, sine)
        return total

    def gain(self, spec: RadarSpec, flat_m: F64, eye_m: float, height_m: F64) -> F64:
        """Return by how much the road changes the power of echoes (N,): up to 16 times.

        Both ways lead there and back, so it is the fourth power of the sum of two waves.

        Parameters
        ----------
        spec : RadarSpec
        flat_m, height_m : ndarray, shape (N,)
            Of targets: how far off, and how high above the road.
        eye_m : float
            How high the sensor is.
        """
        away, height = np.maximum(flat_m, 1e-3), np.maximum(height_m, 0.0)
        direct = np.hypot(away, height - eye_m)
        # The same without losing the small difference of two long ways.
        detour = 4 * eye_m * height / (direct + np.hypot(away, height + eye_m))
        rises, falls = np.arctan2(height - eye_m, away), np.arctan2(height + eye_m, away)
        level = np.zeros_like(away)
        lost_db = 0.5 * (pattern_db(spec, level, falls) - pattern_db(spec, level, rises))
        bounced = self.reflection(np.sin(falls)) * 10 ** (-lost_db / 20)
        return np.asarray(np.abs(1 + bounced * np.exp(-1j * _WAVES_PER_M * detour)) ** 4)
