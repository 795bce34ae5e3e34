"""A concrete scenario: one scene with every value fixed and no randomness left.

Written as ``scenario.json``, it is enough to re-create the scene bit for bit. All
positions are world coordinates; whatever the YAML said about lanes, gaps and
probabilities has been worked out by then.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from scenegen.geometry import Camera, matrix_from_quaternion, quaternion_from_rpy
from scenegen.geometry.camera import CAMERA_FROM_BODY_AXES
from scenegen.records.base import Quaternion, Record, Vec2, Vec3

Value = float | str | bool


class Rates(Record):
    """Steps a second. Each rate divides the one before it, or parsing fails."""

    physics_hz: int = 240
    control_hz: int = 20
    camera_hz: int = 10


class SignalPlan(Record):
    """How the signals of a crossing behave.

    Attributes
    ----------
    mode : str
        ``normal`` cycles; ``flashing`` shows flashing amber to the minor road and the
        major road alike; ``dark`` is out of order; ``conflicting`` fails so that all
        approaches show green while the major road is green.
    green_s, amber_s, red_amber_s, all_red_s : float
        Lengths of the phases; the two roads alternate.
    offset_s : float
        Time into the cycle at the start of the scene; 0 is the start of green on the
        road that the ego drives on (group "major").
    """

    mode: Literal["normal", "flashing", "dark", "conflicting"] = "normal"
    green_s: float = Field(12.0, gt=0)
    amber_s: float = Field(3.0, gt=0)
    red_amber_s: float = Field(1.0, ge=0)
    all_red_s: float = Field(2.0, ge=0)
    offset_s: float = 0.0


class RoadSpec(Record):
    """A procedural road: plan, profile, cross-section and surroundings.

    The road starts at the world origin and runs towards +x; traffic drives on the
    right, so forward lanes lie at y < 0 and backward lanes at y > 0 of the reference
    line. `kind` says which of the geometric fields apply.

    Attributes
    ----------
    kind : str
        ``straight``; ``curve``: a straight, a left (radius > 0) or right (radius < 0)
        arc of `arc_rad`, a straight; ``hill``: a crest of `crest_m` height over
        `crest_length_m` at mid-length; ``crossing``: a second road of the same
        cross-section crosses at a right angle at mid-length.
    length_m : float
        Length of the reference line.
    lanes_forward, lanes_backward : int
        Driving lanes by direction. `lanes_backward` is 0 on a motorway carriageway.
    lane_width_m, shoulder_m, parking_m, sidewalk_m, verge_m : float
        Widths; a width of 0 leaves the strip out. From the outer driving lane outward:
        shoulder, parking, (kerb and) sidewalk, verge.
    speed_limit_mps : float
    surroundings : str
        What stands beside the road: ``urban``, ``suburban``, ``rural``, ``forest`` or
        ``motorway``.
    signals : SignalPlan or None
        For crossings; None is an unsignalised crossing.
    zebra : bool
        Marked pedestrian crossings at the arms of a crossing, or at mid-length of a straight.
    """

    kind: Literal["straight", "curve", "hill", "crossing"]
    length_m: float = Field(300.0, ge=50, le=3000)
    lanes_forward: int = Field(1, ge=1, le=4)
    lanes_backward: int = Field(1, ge=0, le=4)
    lane_width_m: float = Field(3.25, ge=2.5, le=4.5)
    shoulder_m: float = Field(0.0, ge=0, le=4)
    parking_m: float = Field(0.0, ge=0, le=3)
    sidewalk_m: float = Field(0.0, ge=0, le=8)
    verge_m: float = Field(2.0, ge=0, le=20)
    radius_m: float = 150.0
    arc_rad: float = Field(0.8, gt=0, le=1.6)
    crest_m: float = Field(4.0, ge=0, le=15)
    crest_length_m: float = Field(160.0, ge=40)
    speed_limit_mps: float = Field(13.9, gt=0)
    surroundings: Literal["urban", "suburban", "rural", "forest", "motorway"] = "urban"
    signals: SignalPlan | None = None
    zebra: bool = False


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


class Trigger(Record):
    """The condition that starts a manoeuvre.

    Attributes
    ----------
    kind : str
        ``start``: at once, after the manoeuvre before it; ``time``: at `value` s;
        ``distance``: when this actor and `actor` are at most `value` m apart
        (bounding-box middles, in the plane); ``ttc``: when the time to collision with
        `actor` along their relative velocity is at most `value` s; ``gap_s``: when
        `actor`, at its present speed along its own heading, will be abreast of this
        actor in at most `value` s.
    value : float
    actor : int or None
        Instance id of the other actor, for ``distance``, ``ttc`` and ``gap_s``.
    """

    kind: Literal["start", "time", "distance", "ttc", "gap_s"] = "start"
    value: float = 0.0
    actor: int | None = None


class Drive(Record):
    """Follow a path on wheels (pure pursuit) and hold a speed.

    Attributes
    ----------
    path : tuple of (x, y)
        World polyline in m that the vehicle's reference point shall follow.
    speed_mps : float
        Speed wanted; with `follow` no faster than the gap to the vehicle ahead allows (IDM).
    acceleration_mps2, deceleration_mps2 : float
        Comfortable limits while doing so.
    follow : bool
        Whether the driver reacts to what is ahead on the path.
    obey_signals : bool
        Whether the driver stops at red.
    indicator : str
        ``left``, ``right`` or ``none``: lit while this manoeuvre runs.
    """

    kind: Literal["drive"] = "drive"
    path: tuple[Vec2, ...] = Field(min_length=2)
    speed_mps: float = Field(ge=0)
    acceleration_mps2: float = Field(2.0, gt=0)
    deceleration_mps2: float = Field(3.0, gt=0)
    follow: bool = True
    obey_signals: bool = True
    indicator: Literal["left", "right", "none"] = "none"


class Brake(Record):
    """Brake on wheels towards a speed, as hard as asked or as the road allows."""

    kind: Literal["brake"] = "brake"
    deceleration_mps2: float = Field(gt=0)
    speed_mps: float = Field(0.0, ge=0)


class Walk(Record):
    """Walk or run on legs along a world polyline, then stand."""

    kind: Literal["walk"] = "walk"
    path: tuple[Vec2, ...] = Field(min_length=2)
    speed_mps: float = Field(gt=0)
    acceleration_mps2: float = Field(2.5, gt=0)
    crossing: bool = True


class Stand(Record):
    """Stay: a parked vehicle (brakes on), a person who waits, debris at rest."""

    kind: Literal["stand"] = "stand"
    hazard_lights: bool = False


class Release(Record):
    """Break what holds a load to the actor it is attached to; physics does the rest."""

    kind: Literal["release"] = "release"


Action = Annotated[Drive | Brake | Walk | Stand | Release, Field(discriminator="kind")]


class Manoeuvre(Record):
    """An action and the trigger that starts it; it runs until the next one starts."""

    trigger: Trigger = Trigger()
    action: Action


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
    behaviour : tuple of Manoeuvre
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
    behaviour: tuple[Manoeuvre, ...] = ()


class Prop(Record):
    """Scenery: drawn and collided with, but without identity or behaviour.

    Attributes
    ----------
    size_m : (3,) or None
        Length, width and height for assets that can be built to measure (buildings).
    lamps : int
        `taxonomy.Lamp` bits that are lit all the time.
    """

    asset_id: str
    variant: int = Field(0, ge=0)
    position_m: Vec3
    quaternion_wxyz: Quaternion = (1.0, 0.0, 0.0, 0.0)
    size_m: Vec3 | None = None
    lamps: int = 0


class CameraSpec(Record):
    """A camera on the ego.

    Attributes
    ----------
    position_m : (3,)
        In the ego's body frame (x forward from the middle of the box, z from the ground).
    yaw_rad, pitch_rad : float
        Yaw to the left; pitch down, as ISO 8855.
    hfov_rad : float
        Horizontal field of view.
    """

    kind: Literal["camera"] = "camera"
    width: int = Field(640, ge=16, le=4096)
    height: int = Field(384, ge=16, le=4096)
    hfov_rad: float = Field(1.2217, gt=0.05, lt=2.8)
    position_m: Vec3 = (0.4, 0.0, 1.35)
    yaw_rad: float = 0.0
    pitch_rad: float = 0.0
    near_m: float = Field(0.3, gt=0)
    far_m: float = Field(400.0, gt=1)

    def camera(self) -> Camera:
        """Return the pinhole camera with square pixels and a centred principal point."""
        body_from_camera = np.eye(4)
        turned = matrix_from_quaternion(quaternion_from_rpy(0.0, self.pitch_rad, self.yaw_rad))
        body_from_camera[:3, :3] = turned @ CAMERA_FROM_BODY_AXES.T
        body_from_camera[:3, 3] = self.position_m
        focal = 0.5 * self.width / float(np.tan(0.5 * self.hfov_rad))
        return Camera(
            self.width,
            self.height,
            focal,
            focal,
            0.5 * self.width,
            0.5 * self.height,
            body_from_camera,
            self.near_m,
            self.far_m,
        )


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
    sensors: dict[str, CameraSpec]
    odd: tuple[str, ...] = ()

    @property
    def scene_id(self) -> str:
        """Name of the scene's folder."""
        return f"{self.name}-{self.index:06d}"

    @property
    def ego(self) -> Actor:
        """The actor that carries the sensors."""
        return self.actors[0]

    @property
    def frame_count(self) -> int:
        """Number of camera frames."""
        return round(self.duration_s * self.rates.camera_hz)

    @property
    def frame_rows(self) -> npt.NDArray[np.int64]:
        """Trajectory rows (frame_count + 1,) of every frame and of the pose after the last."""
        stride = self.rates.control_hz // self.rates.camera_hz
        return np.arange(self.frame_count + 1, dtype=np.int64) * stride
