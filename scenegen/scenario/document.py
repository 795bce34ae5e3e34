"""The structure of a scenario YAML: its sections and their keys."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator, model_validator
from pydantic_core import PydanticCustomError

from scenegen.errors import nearest
from scenegen.records import SEASONS, Rates, RoadSpec
from scenegen.scenario.syntax import TEXT
from scenegen.scenario.values import (
    Angle,
    Count,
    Duration,
    Expects,
    Flag,
    Length,
    Number,
    Precipitation,
    Speed,
    Text,
    Value,
)

COMMAS = "an expression with commas or brackets inside {…} goes in quotes"
"""What YAML itself cuts at commas."""


class Section(BaseModel):
    """A mapping with known keys; an unknown one is refused with the nearest.

    Attributes
    ----------
    is_one_statement : bool
        Whether it says one thing with all of its keys, so that one that a later layer of a
        scenario gives replaces it whole.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    is_one_statement: ClassVar[bool] = False

    @classmethod
    def known_keys(cls) -> frozenset[str]:
        """Return the keys that the mapping may have, as users write them."""
        return frozenset(info.alias or name for name, info in cls.model_fields.items())

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            known = cls.known_keys()
            for key in data:
                if key not in known:
                    told = f"unknown key {key!r}{unknown_key_hint(str(key), data, known)}"
                    raise PydanticCustomError(
                        "unknown_key", "{problem}", {"problem": told, "key": key}
                    )
        return data


_OF_OTHERS = {
    "mixin": "a mix-in is no scenario: name it under 'with' in one, or write SCENARIO+MIXIN",
    "plan": "a plan is no scenario: 'scenegen generate plan=FILE' takes it",
    "cameras": "only mix-ins have it; write the camera under 'sensors'",
}
"""Keys of other documents."""


def unknown_key_hint(key: str, data: dict[str, Any], known: frozenset[str]) -> str:
    """Return what would be right instead of a key that a mapping can't have.

    Parameters
    ----------
    key : str
    data : dict
        The mapping that it stands in.
    known : frozenset of str
        Keys that the mapping can have.
    """
    if set(key) & set("()<>"):
        return f"; {COMMAS}"
    word, colon, _ = key.partition(":")
    if colon and word in known:
        return f"; a blank goes between '{word}:' and its value"
    if key in _OF_OTHERS and key not in known:
        return f"; {_OF_OTHERS[key]}"
    empty = [name for name, value in data.items() if value is None and name in known]
    if empty and key not in known:
        return f"{nearest(key, known)}; if it belongs to {empty[-1]!r}, indent it farther"
    return nearest(key, known)


class SignalsEntry(Section):
    """The signals of a crossing; see `records.SignalPlan`."""

    mode: (
        Annotated[
            Value, Expects(TEXT, choices=("normal", "flashing", "dark", "conflicting", "closed"))
        ]
        | None
    ) = None
    green: Duration | None = None
    amber: Duration | None = None
    red_amber: Duration | None = None
    all_red: Duration | None = None
    offset: Duration | None = None


ROAD_KINDS: tuple[str, ...] = get_args(RoadSpec.model_fields["kind"].annotation)


class RoadEntry(Section):
    """A procedural road; see `records.RoadSpec`."""

    kind: Annotated[Value, Expects(TEXT, choices=ROAD_KINDS)]
    length: Length | None = None
    lanes_forward: Count | None = None
    lanes_backward: Count | None = None
    lane_width: Length | None = None
    shoulder: Length | None = None
    parking: Length | None = None
    sidewalk: Length | None = None
    verge: Length | None = None
    radius: Length | None = None
    arc: Angle | None = None
    crest: Length | None = None
    crest_length: Length | None = None
    speed_limit: Speed | None = None
    surroundings: (
        Annotated[
            Value, Expects(TEXT, choices=("urban", "suburban", "rural", "forest", "motorway"))
        ]
        | None
    ) = None
    signals: SignalsEntry | None = None
    zebra: Flag | None = None
    kerb_lines: Annotated[Value, Expects(TEXT, choices=("none", "single", "double"))] | None = None
    bays: Flag | None = None
    cycle_symbols: Flag | None = None
    side: Annotated[Value, Expects(TEXT, choices=("right", "left"))] | None = None
    side_lanes: Count | None = None
    arm_length: Length | None = None
    arm_angle: Angle | None = None
    corner_radius: Length | None = None
    arms: Count | None = None
    inscribed_diameter: Length | None = None
    bends: Count | None = None
    layout: Count | None = None
    ramps: Annotated[Value, Expects(TEXT, choices=("exit", "entry", "both"))] | None = None
    ramp_lane: Length | None = None
    closed_lanes: Count | None = None
    works: Length | None = None
    works_lane: Length | None = None
    bay_angle: Angle | None = None
    tracks: Count | None = None
    tunnel: Length | None = None
    headroom: Length | None = None
    level: Annotated[Value, Expects(TEXT, choices=("over", "under"))] | None = None
    barriers: (
        Annotated[Value, Expects(TEXT, choices=("none", "automatic", "open", "closed"))] | None
    ) = None
    priority: Annotated[Value, Expects(TEXT, choices=("none", "give_way", "stop"))] | None = None
    file: str | None = Field(
        None, description="an OpenDRIVE file, for roads of kind opendrive; relative to this one"
    )


class WeatherEntry(Section):
    """Air and road; see `records.Weather`."""

    rain: Precipitation | None = Field(None, description="rain rate")
    snow: Precipitation | None = Field(None, description="snowfall as melted water")
    wetness: Number | None = None
    ice: Number | None = None
    snow_depth: Length | None = None
    road_snow: Number | None = None
    visibility: Length | None = None
    cloud_cover: Number | None = None
    lens_drops: Number | None = None
    lens_dirt: Number | None = None
    season: Annotated[Value, Expects(TEXT, choices=SEASONS)] | None = None
    sky: Text | None = Field(
        None, description="light of the sky: 'analytic', or an imported 'skies.park'"
    )


class SceneryEntry(Section):
    """What stands for kinds of street furniture, an asset each; the catalogue's own if absent."""

    bench: Text | None = Field(None, description="such as 'standard.painted_bench'")
    bin: Text | None = None
    hydrant: Text | None = None
    post_box: Text | None = None
    cabinet: Text | None = None
    rubbish: Text | None = None


class LightEntry(Section):
    """Sun, moon and lamps; see `records.Light`.

    The sun stands where `sun_azimuth` and `sun_elevation` say, or where it is seen from a
    place on the Earth at a time.

    Attributes
    ----------
    date : Text
        Such as ``2026-03-20``.
    time : Duration
        Since midnight, universal time (UTC).
    latitude, longitude : Angle
        North and east are positive.
    north : Angle
        Direction of north in the world frame, where roads start along 0; 90 deg if not given.
    """

    sun_azimuth: Angle | None = None
    sun_elevation: Angle | None = None
    date: Text | None = None
    time: Duration | None = None
    latitude: Angle | None = None
    longitude: Angle | None = None
    north: Angle | None = None
    moon: Number | None = None
    street_lights: Flag | None = None
    headlights: Flag | None = None

    @model_validator(mode="after")
    def _one_sun(self) -> LightEntry:
        angles = _given(self, ("sun_azimuth", "sun_elevation"))
        moment = _given(self, MOMENT)
        if angles and (moment or self.north is not None):
            found = (moment or ["north"])[0]
            raise problem(
                f"the sun follows from {angles[0]!r} or from {found!r}, not from both: give "
                "sun_azimuth and sun_elevation, or date, time, latitude and longitude"
            )
        missing = [name for name in MOMENT if name not in moment]
        if missing and (moment or self.north is not None):
            raise problem(f"where the sun stands needs {', '.join(missing)} as well")
        return self


MOMENT = ("date", "time", "latitude", "longitude")
"""Keys that say together where the sun stands."""


def _given(section: Section, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if getattr(section, name) is not None]


def problem(text: str) -> PydanticCustomError:
    return PydanticCustomError("scenario", "{problem}", {"problem": text})


class CorrelationEntry(Section):
    """Parameters that go together.

    Attributes
    ----------
    of : list of str
        Their names; inline distributions by their path.
    rank
        Spearman's rank correlation: a number for two, a matrix for more.
    nominal
        That of the real world: ``same``, ``independent``, a number or a matrix.
    """

    of: tuple[str, ...]
    rank: Any = Field(
        description="a number between -1 and 1 for two, a matrix for more",
        json_schema_extra={"type": ["number", "array"]},
    )
    nominal: Any = Field(
        "same",
        description="a number, a matrix, 'same' or 'independent'",
        json_schema_extra={"type": ["number", "array", "string"]},
    )


_STREAMS = "^[0-9a-f]{64}$"


class HeldEntry(Section):
    """A draw that is held: each scene has its values, and its streams.

    Attributes
    ----------
    streams : str
        Names the random streams of looks, scenery and behaviours.
    values : dict
        Values of parameters; inline ones by the path of their field.
    disturbances : dict
        Values of disturbances, in SI units.
    """

    streams: str = Field(description="64 hex digits", json_schema_extra={"pattern": _STREAMS})
    values: dict[str, Any] = Field(
        default_factory=dict, max_length=500, description="what parameters are, by name"
    )
    disturbances: dict[str, tuple[float, ...]] = Field(
        default_factory=dict,
        max_length=20,
        description="what disturbances are, by name, from step to step",
    )

    @field_validator("streams", mode="after")
    @classmethod
    def _hex(cls, text: str) -> str:
        if not re.fullmatch(_STREAMS, text):
            raise problem("streams are 64 hex digits, as a scenario's digest has them")
        return text


class DocumentRates(Section):
    """Steps a second, each dividing the one before it."""

    physics: StrictInt = Rates().physics_hz
    control: StrictInt = Rates().control_hz
    camera: StrictInt = Rates().camera_hz

    @field_validator("*", mode="before")
    @classmethod
    def _without_unit(cls, value: Any) -> Any:
        number = str(value).removesuffix("Hz").strip()
        if isinstance(value, str) and number.isdigit():
            raise problem(f"a rate is a whole number of Hz without the unit: write {number}")
        return value

    @model_validator(mode="after")
    def _divide(self) -> DocumentRates:
        if min(self.physics, self.control, self.camera) < 1 or self.physics > 2000:
            raise problem("rates are whole numbers of Hz from 1 to 2000")
        if self.physics % self.control:
            raise problem(
                f"control ({self.control} Hz) must divide physics ({self.physics} Hz), "
                f"such as {_divisor(self.physics, self.control)}"
            )
        if self.control % self.camera:
            raise problem(
                f"camera ({self.camera} Hz) must divide control ({self.control} Hz), "
                f"such as {_divisor(self.control, self.camera)}"
            )
        return self


def _divisor(number: int, near: int) -> int:
    """Return the divisor of a number that is nearest to what was asked for."""
    return min((d for d in range(1, number + 1) if number % d == 0), key=lambda d: abs(d - near))
