"""Daylight, moonlight and exposure in physical units, from the state of light and weather."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records.base import F64
from scenegen.records.conditions import Light, Weather

EXTINCTION = 3.0
"""Koschmieder: contrast falls to 5 %, about exp(-3), at the meteorological visibility."""

_TWILIGHT_DEG = np.array([-18.0, -12.0, -9.0, -6.0, -3.0, -0.8, 2.0])
_TWILIGHT_LUX = np.array([6e-4, 8e-3, 0.14, 3.4, 55.0, 330.0, 1500.0])
"""Horizontal illuminance of a clear twilight (Seidelmann 1992, Explanatory Supplement)."""

_FULL_MOON_LUX = 0.25
_NIGHT_SKY_LUX = 0.002
_TOWN_GLOW_LUX = 0.12
_SUN_LUX = 127_500.0
_STREET_LUX = 9.0
"""Illuminance of a lit street: about class P2 of EN 13201-2, 10 lx."""
_STREET_COLOR = np.array([1.0, 0.70, 0.36])
_HEADLAMP_COLOR = np.array([1.0, 0.92, 0.79])
_SKYLINE = 0.16
"""Sine of the height up to which houses hide the sky of a town."""
GROUND_ALBEDO = 0.14
_SNOW_ALBEDO = 0.65
"""Of a landscape under snow, of which trees and walls stay dark."""
_UPRIGHT_SHARE = 0.25
"""Of what a camera meters."""
_DUSK_CUT = ((-10.0, -6.0, -1.0, 5.0), (0.0, 0.35, 0.35, 0.0))
"""By the sun's height in deg."""
_SHUTTER_LXS = 25.0
_SHUTTER_S = (1.0 / 2000.0, 1.0 / 50.0)
"""Exposure times of a car's camera: at 10 klx it is 2.5 ms."""
_EXTINCTION_OF_AIR = 0.21
_DARKER = ((0.3, 0.7, 1.2, 2.0, 2.8, 4.0), (0.45, 0.56, 0.64, 0.8, 1.0, 1.1))
"""By the logarithm of lux: how bright grey comes out, as a share of 0.18."""


@dataclass(frozen=True)
class LightState:
    """All that lights the scene from afar, and how the camera answers.

    Attributes
    ----------
    direction : ndarray, shape (3,)
        Towards the sun or the moon, world.
    direct_lux : ndarray, shape (3,)
        Illuminance on a surface facing it, linear RGB.
    sky_lux : float
        Illuminance of the sky alone on the horizontal.
    zenith, horizon, dusk, clouds : ndarray, shape (3,)
        Sky luminances, cd/m²; `dusk` is the horizon below the sun.
    aureole : ndarray, shape (3,)
        Added luminance next to the sun.
    sunward : ndarray, shape (3,)
        By how much the sky that a surface sees is brighter, cd/m², when it faces the horizon
        below the sun than when it faces upward or away from it by as much.
    lamps_lux : float
        Illuminance of the ground under street lamps, which it throws back onto walls.
    lamps_color : ndarray, shape (3,)
        Illuminance by street lamps and headlights, as the camera meters it, linear RGB.
    skyline : float
        Sine of the height below which things on the ground hide the sky.
    cloud_cover : float
    fog_per_m : float
        Extinction coefficient.
    fog : ndarray, shape (3,)
        Luminance of infinitely deep air, cd/m².
    exposure : float
        Scene-linear value of 1 cd/m².
    noise : float
        Relative gain of the sensor, 0 by day to 1 in the dark.
    exposure_s : float
        So long the shutter is open.
    ground_albedo : float
        Of the land around.
    """

    direction: F64
    direct_lux: F64
    sky_lux: float
    zenith: F64
    horizon: F64
    dusk: F64
    clouds: F64
    aureole: F64
    sunward: F64
    lamps_lux: float
    lamps_color: F64
    skyline: float
    cloud_cover: float
    fog_per_m: float
    fog: F64
    exposure: float
    noise: float
    exposure_s: float
    ground_albedo: float


def sun_lux(elevation_rad: float) -> float:
    """Illuminance of the sun on a surface facing it under a clear sky.

    IES daylight model, E = 127.5 klx exp(-0.21 m), with the air mass m of Kasten and
    Young (1989).
    """
    degrees = np.degrees(elevation_rad)
    if degrees <= -0.8:
        return 0.0
    high = max(degrees, 0.0)
    mass = 1.0 / (np.sin(np.radians(high)) + 0.50572 * (high + 6.07995) ** -1.6364)
    rising = min(1.0, (degrees + 0.8) / 1.6)
    return float(_SUN_LUX * np.exp(-_EXTINCTION_OF_AIR * mass) * rising)


def sky_lux(elevation_rad: float, cloud_cover: float) -> float:
    """Illuminance of the sky without sun or moon on the horizontal.

    IES daylight model for clear, partly cloudy and overcast skies while the sun is up;
    measured twilight below, where clouds take up to two thirds.
    """
    sine = max(float(np.sin(elevation_rad)), 0.0)
    clear, partly, overcast = 800 + 15_500 * sine**0.5, 300 + 45_000 * sine, 300 + 21_000 * sine
    day = float(np.interp(cloud_cover, [0.0, 0.5, 1.0], [clear, partly, overcast]))
    degrees = float(np.degrees(elevation_rad))
    twilight = float(np.exp(np.interp(degrees, _TWILIGHT_DEG, np.log(_TWILIGHT_LUX))))
    twilight *= 1.0 - 0.65 * cloud_cover
    blend = float(np.clip((degrees + 0.8) / 4.0, 0.0, 1.0))
    return twilight * (1.0 - blend) + day * blend


def light_state(light: Light, weather: Weather, *, town: bool) -> LightState:
    """Work out the light of a scene.

    Parameters
    ----------
    light : Light
    weather : Weather
    town : bool
        Whether houses hide the low sky, and their lamps light it at night.
    """
    elevation = light.sun_elevation_rad
    cover = weather.cloud_cover
    clear = 1.0 - smooth(0.45, 0.95, cover)
    night = elevation < np.radians(-6.0)
    direction = _towards(light.sun_azimuth_rad, elevation)
    if night:
        # The moon of a night scene stands where the sun's azimuth says, half-way up.
        direction = _towards(light.sun_azimuth_rad, np.radians(40.0))
        direct = _FULL_MOON_LUX * light.moon**1.5 * clear * np.array([0.92, 0.97, 1.0])
    else:
        direct = sun_lux(elevation) * clear * _sun_color(elevation)
    moon_sky = 0.25 * _FULL_MOON_LUX * light.moon**1.5 if night else 0.0
    glow = _TOWN_GLOW_LUX * (1.0 + cover) if town and elevation < 0 else 0.0
    sky = sky_lux(elevation, cover) + moon_sky + glow + _NIGHT_SKY_LUX
    sky *= float(np.clip(1.0 - 0.004 * weather.rain_mmph, 0.7, 1.0))
    albedo = ground_albedo(weather)
    # Light goes to and fro between the ground and the sky, more so under clouds.
    back = 0.08 + 0.45 * cover
    sky *= (1.0 - GROUND_ALBEDO * back) / (1.0 - albedo * back)
    zenith, horizon, dusk, clouds = _sky_colors(elevation, cover, sky, glow / sky)
    flat = float(direct.mean()) * max(float(direction[2]), 0.0)
    air = np.array([0.95, 0.98, 1.0]) if flat > 1.0 else horizon / horizon.max()
    street = _STREET_LUX * light.street_lights
    lamps = street + 5.0 * light.headlights
    # A low sun lights what stands upright more than the ground.
    upright = _UPRIGHT_SHARE * float(direct.mean()) * (1.0 - max(float(direction[2]), 0.0))
    lux = flat + upright + sky + lamps
    exposure, noise = _expose(lux)
    # A camera meters what comes back, so snow turns out less bright than it is.
    exposure *= (GROUND_ALBEDO / albedo) ** 0.3
    # Between houses more of what it sees lies in shade.
    exposure *= 1.0 + 0.2 * town * flat / lux
    # Nor does it let the sky of dusk, which is far brighter than the ground, burn out.
    exposure *= 1.0 - float(np.interp(np.degrees(elevation), *_DUSK_CUT)) * sky / (sky + lamps)
    return LightState(
        direction=direction,
        direct_lux=direct,
        sky_lux=sky,
        zenith=zenith,
        horizon=horizon,
        dusk=dusk,
        clouds=clouds,
        aureole=direct / 6.0 * (1.0 - smooth(0.3, 0.9, cover)),
        sunward=np.zeros(3),
        lamps_lux=street,
        lamps_color=street * _STREET_COLOR + 5.0 * light.headlights * _HEADLAMP_COLOR,
        skyline=_SKYLINE if town else 0.0,
        cloud_cover=cover,
        fog_per_m=EXTINCTION / weather.visibility_m,
        fog=(sky + 0.5 * flat + 0.12 * lamps) / np.pi * air,
        exposure=exposure,
        noise=noise,
        exposure_s=float(np.clip(_SHUTTER_LXS / lux, *_SHUTTER_S)),
        ground_albedo=albedo,
    )


def ground_albedo(weather: Weather) -> float:
    """Return the share of light that the land around throws back: bare, or under snow."""
    covered = smooth(0.0, 0.06, weather.snow_depth_m)
    return GROUND_ALBEDO + (_SNOW_ALBEDO - GROUND_ALBEDO) * covered


def _towards(azimuth_rad: float, elevation_rad: float) -> F64:
    flat = np.cos(elevation_rad)
    return np.array([flat * np.cos(azimuth_rad), flat * np.sin(azimuth_rad), np.sin(elevation_rad)])


def smooth(low: float, high: float, value: float) -> float:
    t = float(np.clip((value - low) / (high - low), 0.0, 1.0))
    return t * t * (3.0 - 2.0 * t)


def _sun_color(elevation_rad: float) -> F64:
    """Linear RGB of sunlight, largest 1: Rayleigh scattering takes blue out of long paths."""
    mass = 1.0 / max(float(np.sin(elevation_rad)), 0.06)
    color = np.exp(-np.array([0.02, 0.045, 0.09]) * mass)
    return np.asarray(color / color.max())


def _sky_colors(
    elevation: float, cover: float, sky: float, glow_share: float
) -> tuple[F64, F64, F64, F64]:
    """Luminances (cd/m²) of zenith, horizon, dusk horizon and clouds.

    The clear gradient is scaled so that its cosine-weighted mean times pi is `sky`:
    the mean of mix(h, z, sqrt(mu)) over the hemisphere is 0.2 h + 0.8 z.
    """
    low = 1.0 - smooth(np.radians(-2.0), np.radians(22.0), elevation)
    deep = 1.0 - smooth(np.radians(-12.0), np.radians(-3.0), elevation)
    zenith = _mix([0.42, 0.68, 1.15], [0.40, 0.56, 0.95], low)
    horizon = _mix([1.55, 1.75, 1.95], [1.10, 1.28, 1.60], low)
    dusk = _mix(horizon.tolist(), [2.9, 1.75, 0.95], low * (1.0 - deep))
    zenith, horizon, dusk = (
        _mix(color.tolist(), night, deep)
        for color, night in (
            (zenith, [0.6, 0.75, 1.1]),
            (horizon, [1.1, 1.1, 1.3]),
            (dusk, [1.2, 1.12, 1.25]),
        )
    )
    amber = np.array([1.5, 1.05, 0.62])
    zenith, horizon, dusk = (
        c * (1 - glow_share) + glow_share * amber * s
        for c, s in ((zenith, 0.8), (horizon, 1.7), (dusk, 1.7))
    )
    # CIE overcast sky (Moon and Spencer 1942): the zenith three times the horizon, mean 7/9.
    grey = np.array([0.97, 1.0, 1.04]) if glow_share < 0.3 else amber / amber.mean()
    shut = smooth(0.55, 1.0, cover)
    zenith = zenith * (1 - shut) + shut * grey * 9.0 / 7.0
    horizon = horizon * (1 - shut) + shut * grey * 0.78
    dusk = dusk * (1 - shut) + shut * grey * 0.85
    mean = 0.2 * 0.5 * (horizon + dusk).mean() + 0.8 * zenith.mean()
    unit = sky / np.pi / mean
    clouds = (0.75 * dusk + 0.85 * horizon) * 0.5 * (1.25 - 0.45 * cover)
    return zenith * unit, horizon * unit, dusk * unit, clouds * unit


def _mix(a: list[float], b: list[float], t: float) -> F64:
    return np.array(a) * (1.0 - t) + np.array(b) * t


def _expose(lux: float) -> tuple[float, float]:
    """Exposure of a camera that meters the scene's illuminance, and its relative gain.

    Grey of 18 % comes out at 0.18 by day. A camera has no light to give away at night:
    the gain stops at 2 lx, and below 300 lx it leaves the picture darker, as an eye or
    a car's camera does, down to a third.
    """
    gain_limited = max(lux, 2.0)
    darker = float(np.interp(np.log10(gain_limited), *_DARKER))
    noise = float(np.clip((3.5 - np.log10(gain_limited)) / 3.2, 0.0, 1.0))
    return darker * np.pi / gain_limited, noise
