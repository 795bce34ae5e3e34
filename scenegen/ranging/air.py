"""What the air does to a LiDAR's light, from the same weather that the cameras see.

Sources: extinction from visibility by Koschmieder at a contrast of 5 %; its change with
wavelength by Kim, McArthur and Korevaar (2001); extinction by rain and snow from their rate
by ITU-R P.1814 (Carbonneau for rain, dry snow); sizes of drops by Marshall and Palmer
(1948), of flakes by Gunn and Marshall (1958); backscatter of water by its lidar ratio,
18.8 sr at 905 nm (O'Connor, Illingworth and Hogan 2004), of ice crystals about 25 sr.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scenegen.records import Weather

_GREEN_UM = 0.55
_DB_PER_KM = math.log(10) / 10 / 1000
"""Turns dB/km into 1/m."""
_WATER_SR, _ICE_SR = 18.8, 25.0
_FELT_MM = 1.0
"""Drops and flakes (melted) at least as wide as this give echoes of their own."""


@dataclass(frozen=True)
class Scatterers:
    """One kind of particle in the air.

    Attributes
    ----------
    extinction_per_m : float
    backscatter_per_m_sr : float
    density_per_m3 : float
        Particles that give echoes of their own; ``inf`` for droplets that blur into one.
    """

    extinction_per_m: float
    backscatter_per_m_sr: float
    density_per_m3: float


@dataclass(frozen=True)
class Air:
    """All that is in the air."""

    kinds: tuple[Scatterers, ...]

    @property
    def extinction_per_m(self) -> float:
        """Share of the light that a metre takes away."""
        return sum(kind.extinction_per_m for kind in self.kinds)


def air_of(weather: Weather, wavelength_m: float) -> Air:
    """Return the air of a weather at a wavelength.

    Visibility is that of everything in the air: what rain and snow take is a part of it, and the
    rest is fog and haze.
    """
    wavelength_um = 1e6 * wavelength_m
    rain, snow = _rain(weather.rain_mmph), _snow(weather.snow_mmph, wavelength_um)
    falling = rain.extinction_per_m + snow.extinction_per_m
    kinds = (_fog(max(3.0 / weather.visibility_m - falling, 0.0), wavelength_um), rain, snow)
    return Air(tuple(kind for kind in kinds if kind.extinction_per_m > 0))


def _fog(visible_per_m: float, wavelength_um: float) -> Scatterers:
    """Return droplets that take so much of green light, at the sensor's wavelength."""
    km = math.inf if visible_per_m == 0 else 3e-3 / visible_per_m
    exponent = (
        1.6 if km > 50 else 1.3 if km > 6 else 0.16 * km + 0.34 if km > 1 else max(km - 0.5, 0.0)
    )
    extinction = visible_per_m * (wavelength_um / _GREEN_UM) ** -exponent
    return Scatterers(extinction, extinction / _WATER_SR, math.inf)


def _rain(mmph: float) -> Scatterers:
    if mmph <= 0:
        return Scatterers(0.0, 0.0, 0.0)
    extinction = 1.076 * mmph**0.67 * _DB_PER_KM
    slope = 4.1 * mmph**-0.21
    density = 8000.0 / slope * math.exp(-slope * _FELT_MM)
    return Scatterers(extinction, extinction / _WATER_SR, density)


def _snow(mmph: float, wavelength_um: float) -> Scatterers:
    if mmph <= 0:
        return Scatterers(0.0, 0.0, 0.0)
    extinction = (5.42e-5 * 1000 * wavelength_um + 5.4958776) * mmph**1.38 * _DB_PER_KM
    slope = 2.55 * mmph**-0.48
    density = 3800.0 * mmph**-0.87 / slope * math.exp(-slope * _FELT_MM)
    return Scatterers(extinction, extinction / _ICE_SR, density)
