"""A concrete scenario: one scene with every value fixed and no randomness left.

Written as ``scenario.json``, it is enough to re-create the scene bit for bit. All
positions are world coordinates; whatever the YAML said about lanes, gaps and
probabilities has been worked out by then.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from pydantic import Field

from scenegen.records.base import Quaternion, Record, Vec3
from scenegen.records.behaviour import Action, Interrupt, Manoeuvre
from scenegen.records.camera_spec import CameraSpec
from scenegen.records.conditions import Light, Weather
from scenegen.records.disturbance import Disturbance
from scenegen.records.lidar_spec import LidarSpec
from scenegen.records.monitor import Monitor
from scenegen.records.radar_spec import RadarSpec
from scenegen.records.roadspec import RoadSpec
from scenegen.records.sensors import SensorSpec

Value = float | str | bool


class Rates(Record):
    """Steps a second. Each rate divides the one before it, or parsing fails."""

    physics_hz: int = 240
    control_hz: int = 20
    camera_hz: int = 10


class Actor(Record):
    """Something that has an identity, a body and a behaviour.

    Attributes
    ----------
    instance_id : int
        Given once, in 1..65535, never renumbered; the value in instance pictures.
    name : str
        The name in the YAML; the ego is called ``ego``.
    asset_id, variant
        What it looks like: ``catalogue.get(asset_id, variant)``.
    category : str
        A semantic class that has things (`taxonomy.CLASSES`).
    size_m : (3,) length, width, height
        The asset's bounds over every pose of its joints.
    position_m, quaternion_wxyz, velocity_mps : at the start, world
        Position is the body origin: on the ground below the middle of the box.
    mass_kg : float
    attached_to : int or None
        Instance id of what carries it at the start: a rider's bicycle, a load's lorry.
    lights : bool
        Whether it burns its lights where the scene's traffic does.
    beacon : bool
        Whether its beacons flash, all the time.
    behaviour : tuple of Manoeuvre
    interrupts : tuple of Interrupt
        What takes over from the behaviour; the first whose condition is met goes first.
    detail_m : float
        What is drawn and scanned of it has no smaller pieces; 0 for all there is.
    """

    instance_id: int = Field(ge=1, le=65535)
    name: str
    asset_id: str
    variant: int = Field(0, ge=0)
    category: str
    size_m: Vec3
    position_m: Vec3
    quaternion_wxyz: Quaternion
    velocity_mps: Vec3 = (0.0, 0.0, 0.0)
    mass_kg: float = Field(gt=0)
    attached_to: int | None = None
    lights: bool = True
    beacon: bool = False
    behaviour: tuple[Manoeuvre, ...] = ()
    interrupts: tuple[Interrupt, ...] = ()
    detail_m: float = Field(0.0, ge=0)

    @property
    def manoeuvres(self) -> tuple[Manoeuvre, ...]:
        """The behaviour, then what each interrupt does: what `Trajectory.manoeuvre` counts."""
        return self.behaviour + tuple(m for i in self.interrupts for m in i.manoeuvres)

    @property
    def actions(self) -> tuple[Action, ...]:
        """Everything it may do, alongside or not."""
        return tuple(
            action
            for m in self.manoeuvres
            for action in (m.action, *(beside.action for beside in m.alongside))
        )


class Prop(Record):
    """Scenery: drawn and collided with, but without identity or behaviour.

    Attributes
    ----------
    size_m : (3,) or None
        Length, width and height for assets that can be built to measure (buildings).
    lamps : int
        `taxonomy.Lamp` bits that are lit all the time.
    detail_m : float
        What is drawn and scanned of it has no smaller pieces; 0 for all there is.
    """

    asset_id: str
    variant: int = Field(0, ge=0)
    position_m: Vec3
    quaternion_wxyz: Quaternion = (1.0, 0.0, 0.0, 0.0)
    size_m: Vec3 | None = None
    lamps: int = 0
    detail_m: float = Field(0.0, ge=0)


class ConcreteScenario(Record):
    """One scene, fixed to the last digit.

    Attributes
    ----------
    name : str
        The logical scenario's name.
    scenario_digest, seed, index
        The parts of the `SceneKey`.
    parameters : dict
        Flat: every value drawn, by its name in the YAML.
    log_weight : float
        ln of the nominal over the proposal density of `parameters`.
    duration_s : float
        Frames are taken at 0, 1/camera_hz, … < duration_s; the trajectory runs to
        duration_s, so that every frame has a next pose.
    actors : tuple of Actor
        In the order of instance ids; the ego first.
    monitors : dict of str to Monitor
        What the run is held against.
    disturbances : tuple of Disturbance
        What differs from step to step.
    """

    name: str
    scenario_digest: str
    seed: int
    index: int
    parameters: dict[str, Value]
    log_weight: float
    duration_s: float = Field(gt=0, le=120)
    rates: Rates = Rates()
    road: RoadSpec
    weather: Weather
    light: Light
    actors: tuple[Actor, ...] = Field(min_length=1)
    props: tuple[Prop, ...] = ()
    sensors: dict[str, SensorSpec]
    odd: tuple[str, ...] = ()
    monitors: dict[str, Monitor] = Field(default_factory=dict)
    disturbances: tuple[Disturbance, ...] = Field((), exclude_if=lambda them: not them)

    @property
    def scene_id(self) -> str:
        """Name of the scene's folder."""
        return f"{self.name}-{self.index:06d}"

    @property
    def ego(self) -> Actor:
        """The actor that carries the sensors."""
        return self.actors[0]

    @property
    def cameras(self) -> dict[str, CameraSpec]:
        """The sensors that take pictures, by name."""
        return {n: spec for n, spec in self.sensors.items() if isinstance(spec, CameraSpec)}

    @property
    def lidars(self) -> dict[str, LidarSpec]:
        """The sensors that sweep, by name."""
        return {n: spec for n, spec in self.sensors.items() if isinstance(spec, LidarSpec)}

    @property
    def radars(self) -> dict[str, RadarSpec]:
        """The sensors that return detections, by name."""
        return {n: spec for n, spec in self.sensors.items() if isinstance(spec, RadarSpec)}

    @property
    def frame_count(self) -> int:
        """Number of camera frames."""
        return round(self.duration_s * self.rates.camera_hz)

    @property
    def frame_rows(self) -> npt.NDArray[np.int64]:
        """Trajectory rows (frame_count + 1,) of every frame and of the pose after the last."""
        stride = self.rates.control_hz // self.rates.camera_hz
        return np.arange(self.frame_count + 1, dtype=np.int64) * stride
