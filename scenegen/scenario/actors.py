"""Actors and the whole document."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator, model_validator

from scenegen.scenario.behaviours import AnyEntry, spelled_out
from scenegen.scenario.cameras import CameraEntry
from scenegen.scenario.designs import DesignEntry
from scenegen.scenario.disturbances import DisturbanceEntry
from scenegen.scenario.document import (
    CorrelationEntry,
    DocumentRates,
    HeldEntry,
    LightEntry,
    RoadEntry,
    SceneryEntry,
    Section,
    WeatherEntry,
    problem,
)
from scenegen.scenario.places import PlaceEntry
from scenegen.scenario.requirements import AnyRequirement
from scenegen.scenario.sensors import SensorEntry
from scenegen.scenario.values import Count, Duration, Flag, Length, Speed, Text

IDENTIFIER = r"^[A-Za-z][A-Za-z0-9_]*$"
MAX_NAME = 100
"""Characters of a scenario's name; folders of scenes begin with it."""


class ActorEntry(Section):
    """Something with a body, a place and a behaviour.

    Attributes
    ----------
    asset : Text
        An asset id, a list of ids of which one is drawn, or a distribution of ids.
    variant : Count
        Which of the asset's looks; drawn if not given.
    place : PlaceEntry
    speed : Speed
        At the start, the way it faces.
    lights : Flag
        Whether it burns its lights where ``light.headlights`` has traffic do so; yes if not given.
    beacon : Flag
        Whether its beacons flash: blue on a police car, amber on a refuse lorry.
    count, spacing
        Makes a row of so many along the lane, with so much free distance between bodies.
    scatter : Length
        How far, at most, each body of a row stands to the side of it; along the lane, no
        farther than leaves the distance between them half.
    behaviour : list
        In order; each entry runs until the next one's trigger fires.
    """

    asset: Text
    variant: Count | None = None
    place: PlaceEntry
    speed: Speed | None = None
    lights: Flag | None = None
    beacon: Flag | None = None
    count: Count | None = None
    spacing: Length | None = None
    scatter: Length | None = None
    behaviour: tuple[AnyEntry, ...] = Field((), max_length=100)

    @field_validator("behaviour", mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return spelled_out(data)

    @model_validator(mode="after")
    def _row(self) -> ActorEntry:
        for name in ("spacing", "scatter"):
            if getattr(self, name) is not None and self.count is None:
                raise problem(f"{name!r} goes with 'count'")
        if self.count is not None and self.place.attached_to is not None:
            raise problem("a load has no 'count'; name each load")
        return self


def _one_camera() -> dict[str, SensorEntry]:
    return {"front": CameraEntry()}


class Document(Section):
    """A scenario YAML."""

    scenario: str = Field(pattern=IDENTIFIER, max_length=MAX_NAME)
    extends: str | None = None
    with_: tuple[str, ...] = Field((), alias="with")
    description: str = Field(min_length=1, max_length=2000)
    source: str = Field("", max_length=1000)
    odd: tuple[str, ...] = Field((), max_length=100)
    duration: Duration
    rates: DocumentRates = DocumentRates()
    parameters: dict[str, Any] = Field(default_factory=dict, max_length=500)
    correlations: tuple[CorrelationEntry, ...] = ()
    design: DesignEntry | None = None
    held: HeldEntry | None = None
    road: RoadEntry
    weather: WeatherEntry = WeatherEntry()
    scenery: SceneryEntry = SceneryEntry()
    light: LightEntry = LightEntry()
    sensors: dict[str, SensorEntry] = Field(default_factory=_one_camera, max_length=64)
    ego: ActorEntry
    actors: dict[str, ActorEntry] = Field(default_factory=dict, max_length=200)
    require: tuple[AnyRequirement, ...] = Field((), max_length=200)
    disturbances: dict[str, DisturbanceEntry] = Field(default_factory=dict, max_length=20)
    monitors: dict[str, str] = Field(
        default_factory=dict,
        max_length=200,
        description="conditions over the run: always(…), eventually(…)",
    )
