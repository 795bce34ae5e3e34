"""Where the sun stands over a place at a time.

Low-precision theory of Meeus, "Astronomical Algorithms" (1998), chapters 12, 13 and 25, good
to 0.01 deg between 1900 and 2100; refraction of Saemundsson (1986), chapter 16.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import asin, atan2, cos, degrees, radians, sin, tan

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_CENTURY_DAYS = 36_525.0
_LEAST_REFRACTED_DEG = -1.0


def sun_position(time: datetime, latitude_rad: float, longitude_rad: float) -> tuple[float, float]:
    """Return where the sun's middle is seen.

    Parameters
    ----------
    time : datetime
        With a time zone.
    latitude_rad, longitude_rad : float
        North and east are positive.

    Returns
    -------
    azimuth_rad : float
        From north over east, 0 to 2 pi.
    elevation_rad : float
        Above the horizon, with the refraction of standard air.
    """
    days = (time - _J2000).total_seconds() / 86_400.0
    ascension, declination = _equatorial(days / _CENTURY_DAYS)
    # Angle that the Earth has turned since the sun stood in the place's meridian.
    turned = radians((280.46061837 + 360.98564736629 * days) % 360.0) + longitude_rad - ascension
    east = -cos(declination) * sin(turned)
    north = sin(declination) * cos(latitude_rad)
    north -= cos(declination) * sin(latitude_rad) * cos(turned)
    up = sin(latitude_rad) * sin(declination)
    up += cos(latitude_rad) * cos(declination) * cos(turned)
    elevation = asin(min(max(up, -1.0), 1.0))
    return radians(degrees(atan2(east, north)) % 360.0), elevation + _refraction(elevation)


def _equatorial(centuries: float) -> tuple[float, float]:
    """Return right ascension and declination of the sun as seen, in rad."""
    t = centuries
    mean_longitude = 280.46646 + t * (36_000.76983 + t * 0.0003032)
    anomaly = radians(357.52911 + t * (35_999.05029 - t * 0.0001537))
    center = (
        (1.914602 - t * (0.004817 + t * 0.000014)) * sin(anomaly)
        + (0.019993 - t * 0.000101) * sin(2.0 * anomaly)
        + 0.000289 * sin(3.0 * anomaly)
    )
    node = radians(125.04 - 1_934.136 * t)
    longitude = radians(mean_longitude + center - 0.00569 - 0.00478 * sin(node))
    tilt = radians(23.439291 - t * 0.0130042 + 0.00256 * cos(node))
    ascension = atan2(cos(tilt) * sin(longitude), cos(longitude))
    return ascension, asin(sin(tilt) * sin(longitude))


def _refraction(elevation_rad: float) -> float:
    """Return by how much air of 10 °C and 1010 hPa lifts the sun, in rad."""
    seen = degrees(elevation_rad)
    if seen < _LEAST_REFRACTED_DEG:
        return 0.0
    return radians(1.02 / tan(radians(seen + 10.3 / (seen + 5.11))) / 60.0)
