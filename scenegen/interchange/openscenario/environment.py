"""Weather, light and the road's state as OpenSCENARIO's environment."""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

from scenegen.records import Light, Weather
from scenegen.roads.opendrive.xml import add, number

_OKTAS = (
    *("zeroOktas", "oneOktas", "twoOktas", "threeOktas", "fourOktas"),
    *("fiveOktas", "sixOktas", "sevenOktas", "eightOktas"),
)
_PUDDLES = 0.5
"""Wetness above which puddles stand; see `records.Weather`."""


def add_environment(
    actions: ET.Element, weather: Weather, light: Light, friction_scale: float, sun_lux: float
) -> None:
    """Add the environment to the actions of Init.

    Parameters
    ----------
    friction_scale : float
        Friction of the road over that of a dry one.
    sun_lux : float
        Of the sun on what faces it, without clouds.
    """
    action = add(add(actions, "GlobalAction"), "EnvironmentAction")
    environment = add(action, "Environment", name="scene")
    if light.moment is not None:
        add(environment, "TimeOfDay", animation="false", dateTime=light.moment)
    _weather(environment, weather, light, sun_lux)
    _road(environment, weather, friction_scale)


def _weather(environment: ET.Element, weather: Weather, light: Light, sun_lux: float) -> None:
    sky = add(environment, "Weather", fractionalCloudCover=_OKTAS[round(8 * weather.cloud_cover)])
    # OpenSCENARIO counts from north to the east; ours from +x, which is east, to the left.
    azimuth = (0.5 * math.pi - light.sun_azimuth_rad) % (2 * math.pi)
    add(
        sky,
        "Sun",
        azimuth=number(azimuth),
        elevation=number(light.sun_elevation_rad),
        illuminance=number(sun_lux),
    )
    add(sky, "Fog", visualRange=number(weather.visibility_m))
    kind, rate = "dry", 0.0
    if weather.snow_mmph > weather.rain_mmph:
        kind, rate = "snow", weather.snow_mmph
    elif weather.rain_mmph > 0:
        kind, rate = "rain", weather.rain_mmph
    add(sky, "Precipitation", precipitationType=kind, precipitationIntensity=number(rate))


def _road(environment: ET.Element, weather: Weather, friction_scale: float) -> None:
    wetness = "dry"
    if weather.wetness > 0:
        wetness = "wetWithPuddles" if weather.wetness > _PUDDLES else "moist"
    road = add(
        environment, "RoadCondition", frictionScaleFactor=number(friction_scale), wetness=wetness
    )
    properties = add(road, "Properties")
    for name in ("wetness", "ice", "road_snow", "snow_depth_m"):
        value = number(float(getattr(weather, name)))
        add(properties, "Property", name=f"scenegen.{name}", value=value)
