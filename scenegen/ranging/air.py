"""What the air does to a LiDAR's light, from the same weather that the cameras see.

Sources: extinction from visibility by Koschmieder at a contrast of 5 %; its change with
wavelength by Kim, McArthur and Korevaar (2001); extinction by rain and snow from their rate
by ITU-R P.1814 (Carbonneau for rain, dry snow); sizes of drops by Marshall and Palmer
(1948), of flakes by Gunn and Marshall (1958), whose density falls with their width (Holroyd
1971); backscatter of droplets by their lidar ratio, 18.8 sr at 905 nm (O'Connor, Illingworth
and Hogan 2004), of ice crystals about 25 sr; of raindrops by geometrical optics, as Roy and
Bissonnette (2001) have it, and the rings of the glory around it: Mie's theory gives spheres that
send back c / angle more at some mrad, the angle between a laser and its receiver. Large drops are
no spheres to a wavelength; yet rain as it was measured asks for as much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scenegen.ranging.reflectance import WATER_PER_M
from scenegen.records import Weather

_GREEN_UM = 0.55
_DB_PER_KM = math.log(10) / 10 / 1000
"""Turns dB/km into 1/m."""
_WATER_SR = 18.8
_ICE_SR = {905: 25.0, 1550: 50.0}
"""By wavelength in nm: at 1550 nm ice takes half on 0.15 mm through crystals (own estimate)."""
_INDEX = 1.33
_GLINT_M = 2e-3
"""Width of the drops that are noticed: what they absorb stands for all."""
_GLORY_RAD = 3.5e-4
"""Cross-section of a drop's rings over its squared radius, times the angle beside straight back."""


@dataclass(frozen=True)
class Scatterers:
    """One kind of particle in the air.

    Attributes
    ----------
    extinction_per_m : float
    backscatter_per_m_sr : float
    density_per_m3 : float
        Particles in a volume; ``inf`` for droplets so many that they blur into one.
    power : float
        Widths are distributed exponentially, and echoes go with this power of them.
    glory_rad : float
        At an angle beside straight back, echoes are louder by this over that angle.
    """

    extinction_per_m: float
    backscatter_per_m_sr: float
    density_per_m3: float
    power: float = 0.0
    glory_rad: float = 0.0


@dataclass(frozen=True)
class Air:
    """All that is in the air."""

    kinds: tuple[Scatterers, ...]

    @property
    def extinction_per_m(self) -> float:
        """Share of the light that a metre takes away."""
        return sum(kind.extinction_per_m for kind in self.kinds)

    @property
    def under_roof(self) -> Air:
        """What of it is in a tunnel, too: fog and haze, which drift in."""
        return Air(tuple(kind for kind in self.kinds if math.isinf(kind.density_per_m3)))


def air_of(weather: Weather, wavelength_m: float) -> Air:
    """Return the air of a weather at a wavelength.

    Visibility is that of everything in the air: what rain and snow take is a part of it, and the
    rest is fog and haze.
    """
    wavelength_um = 1e6 * wavelength_m
    rain, snow = _rain(weather.rain_mmph, wavelength_um), _snow(weather.snow_mmph, wavelength_um)
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


def _rain(mmph: float, wavelength_um: float) -> Scatterers:
    if mmph <= 0:
        return Scatterers(0.0, 0.0, 0.0)
    extinction = 1.076 * mmph**0.67 * _DB_PER_KM
    slope = 4.1 * mmph**-0.21
    density = 8000.0 / slope
    mean_square_m2 = 2e-6 / slope**2
    mirrors, rings = glint(round(1000 * wavelength_um))
    backscatter = density * mean_square_m2 / 4 * mirrors
    return Scatterers(extinction, backscatter, density, power=2, glory_rad=rings / mirrors)


def glint(nm: int) -> tuple[float, float]:
    """Return the cross-section of a drop for light sent back, over its squared radius.

    The first is that of its two mirrors, the second that of its rings times the angle (rad) beside
    straight back.

    Two rays come back along the axis: from the front, whose mirror bends it to a quarter of
    the squared radius, and from the rear, which the drop's own lens gathers. They don't interfere:
    a laser diode's light keeps its phase over a tenth of a millimetre.
    """
    mirror = ((_INDEX - 1) / (_INDEX + 1)) ** 2
    passes = (1 - mirror) ** 2 * math.exp(-2 * WATER_PER_M[nm] * _GLINT_M)
    rear = (_INDEX / (2 * (2 - _INDEX))) ** 2
    return mirror * (0.25 + passes * rear), _GLORY_RAD * passes


def _snow(mmph: float, wavelength_um: float) -> Scatterers:
    if mmph <= 0:
        return Scatterers(0.0, 0.0, 0.0)
    extinction = (5.42e-5 * 1000 * wavelength_um + 5.4958776) * mmph**1.38 * _DB_PER_KM
    density = 3800.0 * mmph**-0.87 / (2.55 * mmph**-0.48)
    backscatter = extinction / _ICE_SR[round(1000 * wavelength_um)]
    # Density falls as 1 / width, so a flake's area goes with its mass: the melted width cubed.
    return Scatterers(extinction, backscatter, density, power=3)
