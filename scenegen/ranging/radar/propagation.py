"""What the weather takes from a radar's waves, from the state that the cameras see.

Sources: rain by ITU-R P.838-3; droplets of fog by ITU-R P.840 (Rayleigh, with the
double-Debye permittivity of water) and their mass by visibility (Eldridge 1966, as
0.024 g/m³ at 1 km); dry snow by Gunn and East (1954); clear air at sea level by ITU-R
P.676, about 0.4 dB/km between its lines at 60 and 119 GHz. Film of water on a cover: laminar
flow down a plate (Nusselt), and its loss as that of a plane layer at normal incidence.
"""

from __future__ import annotations

import cmath
import math

from scenegen.records import Weather
from scenegen.records.radar_spec import FREQUENCY_HZ, WAVELENGTH_M

_CLEAR_DB_PER_KM = 0.4
_WATER_K = 283.15
_VISCOSITY_M2PS = 1.3e-6
"""Kinematic, of water at 10 °C."""
_FALL_MPS = 6.0
"""How fast drops fall that bring most of the water."""

Terms = tuple[tuple[float, float, float], ...]
_K_LEVEL: Terms = (
    (-5.33980, -0.10008, 1.13098),
    (-0.35351, 1.26970, 0.45400),
    (-0.23789, 0.86036, 0.15354),
    (-0.94158, 0.64552, 0.16817),
)
_K_UPRIGHT: Terms = (
    (-3.80595, 0.56934, 0.81061),
    (-3.44965, -0.22911, 0.51059),
    (-0.39902, 0.73042, 0.11899),
    (0.50167, 1.07319, 0.27195),
)
_ALPHA_LEVEL: Terms = (
    (-0.14318, 1.82442, -0.55187),
    (0.29591, 0.77564, 0.19822),
    (0.32177, 0.63773, 0.13164),
    (-5.37610, -0.96230, 1.47828),
    (16.1721, -3.29980, 3.43990),
)
_ALPHA_UPRIGHT: Terms = (
    (-0.07771, 2.33840, -0.76284),
    (0.56727, 0.95545, 0.54039),
    (-0.20238, 1.14520, 0.26809),
    (-48.2991, 0.791669, 0.116226),
    (48.5833, 0.791459, 0.116479),
)


def rain_coefficients(frequency_ghz: float, upright: bool) -> tuple[float, float]:
    """Return k and α of ITU-R P.838-3: rain takes ``k * R**α`` dB/km at R mm/h.

    Parameters
    ----------
    frequency_ghz : float
        1 to 1000.
    upright : bool
        Vertical polarisation; else horizontal.
    """
    log = math.log10(frequency_ghz)

    def fitted(terms: Terms, slope: float, constant: float) -> float:
        return (
            slope * log
            + constant
            + sum(a * math.exp(-(((log - b) / c) ** 2.0)) for a, b, c in terms)
        )

    if upright:
        return (
            10 ** fitted(_K_UPRIGHT, -0.16398, 0.63297),
            fitted(_ALPHA_UPRIGHT, -0.053739, 0.83433),
        )
    return 10 ** fitted(_K_LEVEL, -0.18961, 0.71147), fitted(_ALPHA_LEVEL, 0.67849, -1.95537)


def loss_db_per_m(weather: Weather) -> float:
    """Return what a metre of air takes, one way, of a wave polarised upright, dB."""
    rain, snow = _rain(weather.rain_mmph), _snow(weather.snow_mmph)
    return (_CLEAR_DB_PER_KM + rain + snow + _fog(weather)) / 1000


def falling_loss_db_per_m(weather: Weather) -> float:
    """Return what of that is due to rain and snow, dB."""
    return (_rain(weather.rain_mmph) + _snow(weather.snow_mmph)) / 1000


def _rain(mmph: float) -> float:
    """Return the dB/km of rain."""
    k, alpha = rain_coefficients(FREQUENCY_HZ / 1e9, upright=True)
    return k * math.pow(mmph, alpha) if mmph > 0 else 0.0


def _snow(mmph: float) -> float:
    """Return the dB/km of dry snow at 0 °C; wet flakes take more."""
    wave_cm = 100 * WAVELENGTH_M
    return 0.00349 * math.pow(mmph, 1.6) / wave_cm**4 + 0.00224 * mmph / wave_cm


def _fog(weather: Weather) -> float:
    """Return the dB/km of droplets, if visibility is that of a fog."""
    if weather.visibility_m >= 1000 or weather.rain_mmph > 0 or weather.snow_mmph > 0:
        return 0.0
    grams_per_m3 = 0.024 * math.pow(weather.visibility_m / 1000, -1.54)
    permittivity = water_permittivity()
    eta = (2 + permittivity.real) / -permittivity.imag
    return grams_per_m3 * 0.819 * FREQUENCY_HZ / 1e9 / (-permittivity.imag * (1 + eta**2))


def water_permittivity() -> complex:
    """Return the relative permittivity of water at 10 °C, by P.840's double-Debye model."""
    ghz, theta = FREQUENCY_HZ / 1e9, 300 / _WATER_K - 1
    still = 77.66 + 103.3 * theta
    middle, fast = 0.0671 * still, 3.52
    first = 20.20 - 146 * theta + 316 * theta**2
    second = 39.8 * first
    return (
        fast + (still - middle) / (1 + 1j * ghz / first) + (middle - fast) / (1 + 1j * ghz / second)
    )


def film_m(rain_mmph: float, speed_mps: float, height_m: float) -> float:
    """Return the thickness of the water that runs down an upright cover in the rain.

    Parameters
    ----------
    rain_mmph, speed_mps : float
        How much falls, and how fast the cover drives into it.
    height_m : float
        Of the cover; the film is that at its foot.
    """
    caught = rain_mmph / 3.6e6 * speed_mps / _FALL_MPS
    return math.cbrt(3 * _VISCOSITY_M2PS * caught * height_m / 9.81)


def film_loss_db(thickness_m: float) -> float:
    """Return what a film of water takes on one way through, reflection included."""
    index = cmath.sqrt(water_permittivity())
    phase = 2 * math.pi * thickness_m / WAVELENGTH_M * index
    passed = 1 / (cmath.cos(phase) + 0.5j * (index + 1 / index) * cmath.sin(phase))
    return -20 * math.log10(abs(passed))
