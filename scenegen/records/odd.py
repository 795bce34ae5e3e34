"""Conditions of the operational design domain, named from a scene's weather and light.

The attributes are those of ISO 34503 (environmental conditions, illumination, road surface).
Thresholds: rain of 2.5 and 7.6 mm/h (American Meteorological Society, Glossary), visibility of
1 km for fog and 5 km for mist (WMO-No. 8), the sun 6 degrees below the horizon for the end of
civil twilight.
"""

from __future__ import annotations

import math

from scenegen.records.conditions import Light, Weather

CONDITIONS: dict[str, tuple[str, ...]] = {
    "illumination": ("day", "low sun", "twilight", "night"),
    "rain": ("none", "light", "moderate", "heavy"),
    "snow": ("none", "light", "moderate", "heavy"),
    "visibility": ("clear", "mist", "fog"),
    "road surface": ("dry", "wet", "snow", "ice"),
}
"""Every condition, and what it can be."""
LOW_SUN_DEG = 10.0
TWILIGHT_DEG = -6.0


def conditions(weather: Weather, light: Light) -> dict[str, str]:
    """Return what each of `CONDITIONS` is."""
    return {
        "illumination": _illumination(math.degrees(light.sun_elevation_rad)),
        "rain": _graded(weather.rain_mmph, (0.0, 2.5, 7.6)),
        # Melted water: snowfall is heavy from 2.5 mm/h.
        "snow": _graded(weather.snow_mmph, (0.0, 1.0, 2.5)),
        "visibility": _visibility(weather.visibility_m),
        "road surface": _surface(weather),
    }


def _illumination(elevation_deg: float) -> str:
    if elevation_deg < TWILIGHT_DEG:
        return "night"
    if elevation_deg < 0.0:
        return "twilight"
    return "low sun" if elevation_deg < LOW_SUN_DEG else "day"


def _graded(rate_mmph: float, bounds: tuple[float, float, float]) -> str:
    words = CONDITIONS["rain"]
    return words[sum(rate_mmph > bound for bound in bounds)]


def _visibility(metres: float) -> str:
    if metres < 1000.0:
        return "fog"
    return "mist" if metres < 5000.0 else "clear"


def _surface(weather: Weather) -> str:
    if weather.ice >= 0.3:
        return "ice"
    if weather.road_snow >= 0.3:
        return "snow"
    return "wet" if weather.wetness >= 0.3 else "dry"
