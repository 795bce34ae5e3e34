"""What a scene is seen in: the state of the air and the road, and where the light is from."""

from __future__ import annotations

from pydantic import Field

from scenegen.records.base import Record


class Weather(Record):
    """State of the air and the road.

    Attributes
    ----------
    rain_mmph : float
        Rain rate in mm/h.
    wetness : float
        0 is a dry road, 1 a road under a film of water. Lowers tyre friction and
        darkens and polishes the asphalt.
    visibility_m : float
        Meteorological visibility: contrast falls to 5 % at this distance (Koschmieder),
        so the extinction coefficient is 3.0 / visibility.
    cloud_cover : float
        0 clear to 1 overcast.
    """

    rain_mmph: float = Field(0.0, ge=0, le=200)
    wetness: float = Field(0.0, ge=0, le=1)
    visibility_m: float = Field(50_000.0, ge=10)
    cloud_cover: float = Field(0.2, ge=0, le=1)


class Light(Record):
    """Where the light comes from.

    Attributes
    ----------
    sun_azimuth_rad : float
        Direction *towards* the sun seen from above, 0 along +x, counter-clockwise.
    sun_elevation_rad : float
        Above the horizon; negative after sunset, and below -6 deg the moon takes over.
    moon : float
        0 new moon to 1 full moon; matters at night only.
    street_lights : bool
        Whether street lamps burn (where the surroundings have any).
    headlights : bool
        Whether moving vehicles burn low beam and tail lamps.
    """

    sun_azimuth_rad: float = 0.8
    sun_elevation_rad: float = Field(0.7, ge=-1.5708, le=1.5708)
    moon: float = Field(0.5, ge=0, le=1)
    street_lights: bool = False
    headlights: bool = False
