"""What the ``sensors`` section may hold, told apart by ``kind``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from scenegen.scenario.cameras import CameraEntry
from scenegen.scenario.document import Section
from scenegen.scenario.syntax import TEXT
from scenegen.scenario.units import FREQUENCY
from scenegen.scenario.values import Angle, Count, Expects, Length, Number, Speed, Value

Frequency = Annotated[Value, Expects(FREQUENCY)]
Pattern = Annotated[Value, Expects(TEXT, choices=("spinning", "raster", "rosette"))]


class LidarEntry(Section):
    """A LiDAR on the ego; see `records.LidarSpec`."""

    kind: Literal["lidar"]
    pattern: Pattern | None = None
    channels: Count | None = None
    columns: Count | None = None
    elevation: tuple[Angle, Angle] | None = None
    hfov: Angle | None = None
    rate: Frequency | None = None
    position: tuple[Length, Length, Length] | None = None
    yaw: Angle | None = None
    pitch: Angle | None = None
    near: Length | None = None
    far: Length | None = None
    reach: Length | None = None
    noise: Length | None = None
    divergence: Angle | None = None
    dropout: Number | None = None
    wavelength: Length | None = None


class RadarEntry(Section):
    """A radar on the ego; see `records.RadarSpec`."""

    kind: Literal["radar"]
    hfov: Angle | None = None
    vfov: Angle | None = None
    rate: Frequency | None = None
    position: tuple[Length, Length, Length] | None = None
    yaw: Angle | None = None
    pitch: Angle | None = None
    near: Length | None = None
    far: Length | None = None
    max_speed: Speed | None = None
    range_resolution: Length | None = None
    azimuth_resolution: Angle | None = None
    elevation_resolution: Angle | None = None
    speed_resolution: Speed | None = None
    power: Number | None = None
    gain: Number | None = None
    noise_figure: Number | None = None
    losses: Number | None = None
    false_alarm_rate: Number | None = None
    radome: Length | None = None


def _kind_of(entry: Any) -> str:
    if isinstance(entry, Section):
        return getattr(entry, "kind", None) or "camera"
    return str(entry.get("kind", "camera")) if isinstance(entry, dict) else "camera"


SensorEntry = Annotated[
    Annotated[CameraEntry, Tag("camera")]
    | Annotated[LidarEntry, Tag("lidar")]
    | Annotated[RadarEntry, Tag("radar")],
    Discriminator(_kind_of),
]
