"""What a scene is seen in: the state of the air and the road, and where the light is from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenegen.records.base import Record

Season = Literal["summer", "autumn", "winter", "spring"]
SEASONS: tuple[Season, ...] = ("summer", "autumn", "winter", "spring")

ANALYTIC_SKY = "analytic"


class Weather(Record):
    """State of the air, the ground and the lenses: one for all sensors and for the tyres.

    Attributes
    ----------
    rain_mmph : float
        Rain rate in mm/h.
    snow_mmph : float
        Snowfall in mm/h of melted water; 1 mm/h is about 1 cm/h of fresh snow.
    wetness : float
        0 is a dry road, 1 a road under a film of water; above one half puddles stand.
        Lowers tyre friction and darkens and polishes the asphalt.
    ice : float
        0 is a road without ice, 1 one that is iced over. Lowers tyre friction.
    snow_depth_m : float
        Snow that lies on what nobody drives on or clears: verges, fields, roofs.
    road_snow : float
        0 is a cleared road, 1 one under trodden snow in which traffic has left its tracks.
        Lowers tyre friction; needs no `snow_depth_m`.
    visibility_m : float
        Meteorological visibility: contrast falls to 5 % at this distance (Koschmieder),
        so the extinction coefficient is 3.0 / visibility. What falls is part of it.
    cloud_cover : float
        0 clear to 1 overcast.
    lens_drops : float
        0 is a lens without drops of water on it, 1 one full of them.
    lens_dirt : float
        0 is a clean lens, 1 one of which a third is covered.
    season : str
        What leaves look like: one of `SEASONS`.
    sky : str
        Where surfaces take light and reflections of the sky from: `ANALYTIC_SKY`, or an
        imported panorama. What is seen of the sky is always the analytic one.
    """

    rain_mmph: float = Field(0.0, ge=0, le=200)
    snow_mmph: float = Field(0.0, ge=0, le=20)
    wetness: float = Field(0.0, ge=0, le=1)
    ice: float = Field(0.0, ge=0, le=1)
    snow_depth_m: float = Field(0.0, ge=0, le=1)
    road_snow: float = Field(0.0, ge=0, le=1)
    visibility_m: float = Field(50_000.0, ge=10)
    cloud_cover: float = Field(0.2, ge=0, le=1)
    lens_drops: float = Field(0.0, ge=0, le=1)
    lens_dirt: float = Field(0.0, ge=0, le=1)
    season: Season = "summer"
    sky: str = ANALYTIC_SKY


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
    moment : str or None
        Date and universal time that the sun's place comes from, where it does:
        ``2026-03-20T07:30:00``.
    """

    sun_azimuth_rad: float = 0.8
    sun_elevation_rad: float = Field(0.7, ge=-1.5708, le=1.5708)
    moon: float = Field(0.5, ge=0, le=1)
    street_lights: bool = False
    headlights: bool = False
    moment: str | None = None

    @property
    def numbers(self) -> dict[str, float | bool]:
        """What labels say of the light: all but where it comes from."""
        return self.model_dump(exclude={"moment"})
