"""The part of a scene's and a frame's files that statistics need: the rest is never built.

A scenario lists thousands of plants and posts, and labels every lane line's points; reading ten
thousand frames is several times as fast without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from scenegen.records import Light, Weather
from scenegen.records.base import Vec3
from scenegen.records.concrete import Rates
from scenegen.records.labels import Box
from scenegen.records.looks import PersonLook


class Body(Protocol):
    """What counts of an actor when bodies meet."""

    @property
    def instance_id(self) -> int: ...
    @property
    def asset_id(self) -> str: ...
    @property
    def variant(self) -> int: ...


class Bodies(Protocol):
    """A scene's actors, the ego first."""

    @property
    def actors(self) -> Sequence[Body]: ...
    @property
    def rates(self) -> Rates: ...
    @property
    def duration_s(self) -> float: ...


class _Glance(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class ActorGlance(_Glance):
    """See `records.Actor`."""

    instance_id: int
    asset_id: str
    variant: int = 0


class SceneGlance(_Glance):
    """See `records.ConcreteScenario`."""

    name: str
    parameters: dict[str, float | str | bool]
    log_weight: float = 0.0
    duration_s: float
    rates: Rates = Rates()
    weather: Weather
    light: Light
    odd: tuple[str, ...] = ()
    actors: tuple[ActorGlance, ...]


class ObjectGlance(_Glance):
    """See `records.ObjectLabel`."""

    instance_id: int
    name: str
    category: str
    box2d_visible: Box
    position_world_m: Vec3
    velocity_world_mps: Vec3
    visible_px: int
    occlusion: float
    truncation: float
    distance_m: float
    look: PersonLook | None = None


class _CameraGlance(_Glance):
    world_from_camera: list[list[float]]


class _EgoGlance(_Glance):
    velocity_mps: Vec3


class LabelsGlance(_Glance):
    """See `records.FrameLabels`."""

    scene: str
    sensor: str
    frame: int
    time_s: float
    camera: _CameraGlance
    ego: _EgoGlance
    objects: tuple[ObjectGlance, ...]
