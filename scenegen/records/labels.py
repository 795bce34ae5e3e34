"""The ground truth of one frame as it is written to ``labels/NNNNNN.json``."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from pydantic import Field

from scenegen.geometry import Camera, MovingCamera
from scenegen.records.base import Quaternion, Record, Vec3
from scenegen.records.lens_spec import lens_of
from scenegen.records.looks import PersonLook
from scenegen.records.motion_labels import (
    ContactLabel,
    EgoControls,
    Intention,
    LanePlace,
    PairLabel,
    RightOfWay,
)

Box = tuple[float, float, float, float]


class Box3d(Record):
    """A box in the camera frame: middle, size (l, w, h), rotation of body axes."""

    center_m: Vec3
    size_m: Vec3
    quaternion_wxyz: Quaternion


class ObjectLabel(Record):
    """One actor that has at least one visible pixel.

    Attributes
    ----------
    box2d_visible : (4,) px xyxy
        Extent of its pixels in the instance picture, by pixel corners.
    box2d_amodal : (4,) px xyxy
        Extent of the whole actor as if nothing stood in front of it; not clipped to
        the picture (but to its margin, see `Silhouette`).
    occlusion : float
        1 - visible / amodal pixels within the picture.
    truncation : float
        Share of the amodal pixels that lie outside the picture.
    velocity_world_mps : (3,)
    distance_m : float
        From the camera to the middle of the box.
    lamps : list of str, vehicles only
    intent : str, pedestrians, riders and animals only
    skeleton : dict, pedestrians and riders only
        Joint name to ``[x_m, y_m, z_m]`` in the camera frame.
    skeleton_px : dict, pedestrians and riders only
        Joint name to its image (u, v) px, or None where there is none. Under a rolling shutter
        a joint is where its row sees it.
    skeleton_visible : dict, pedestrians and riders only
        Joint name to 0, not in the picture; 1, hidden; 2, visible (the numbers of COCO).
    acceleration_world_mps2 : (3,)
        Of the body origin: the difference of its velocities a control step later and a control
        step before, over the time between; at the run's ends over one step. A blow in between
        is part of it.
    angular_velocity_world_radps : (3,)
    lane : LanePlace or None
        None off the driving lanes.
    lamps_on : list of str, vehicles only
        What is switched on, whether or not it is in the lit half of its flashing; ``hazard``
        stands for both indicators.
    right_of_way : str, vehicles only
        Where its way and the ego's meet: ``has`` if it goes before the ego, ``yields`` if after
        it, else ``none``.
    intention : Intention, pedestrians, riders and animals only
    look : PersonLook, pedestrians and riders only
        Skin and clothes; None for imported figures in one piece.
    """

    instance_id: int
    name: str
    category: str
    attributes: dict[str, Any]
    box2d_visible: Box
    box2d_amodal: Box
    box3d: Box3d
    position_world_m: Vec3
    velocity_world_mps: Vec3
    visible_px: int
    occlusion: float
    truncation: float
    distance_m: float
    lamps: list[str] | None = None
    intent: str | None = None
    skeleton: dict[str, Vec3] | None = None
    skeleton_px: dict[str, tuple[float, float] | None] | None = None
    skeleton_visible: dict[str, int] | None = None
    acceleration_world_mps2: Vec3 | None = None
    angular_velocity_world_radps: Vec3 | None = None
    lane: LanePlace | None = None
    lamps_on: list[str] | None = None
    right_of_way: RightOfWay | None = None
    intention: Intention | None = None
    look: PersonLook | None = None


class LaneLabel(Record):
    """A lane line: world points on the road, their image (None behind the camera), and which show.

    Attributes
    ----------
    visible : bool
        Whether any point shows: in the picture, with nothing in front of it.
    number : int
        Its value in the layer `lanes`, from 1: one for each line of the road, in all frames of a
        scene; pieces of one line have the same.
    width_m : float
    ego_index : int or None
        Which line beside the ego it is: 1 the next on its left, 2 the one beyond, -1 the next on
        its right, …; None for lines that don't pass the ego, stop lines and crossings.
    """

    id: str
    type: str
    color: str
    points_world_m: list[Vec3]
    points_px: list[tuple[float, float] | None]
    points_visible: list[bool]
    visible: bool
    number: int | None = None
    width_m: float | None = None
    ego_index: int | None = None


class SignalLabel(Record):
    """A signal head: who reads it, its state, where it hangs, whether the ego's lane obeys it.

    `countdown_s` is the time until it shows `next_state`; both are None where it never changes.
    """

    id: str
    kind: Literal["vehicle", "walk", "level_crossing"] = "vehicle"
    state: str
    position_world_m: Vec3
    position_px: tuple[float, float] | None
    relevant_to_ego: bool
    countdown_s: float | None = None
    next_state: str | None = None


class SignLabel(Record):
    """A traffic sign of which at least one pixel of a plate shows.

    Attributes
    ----------
    id : str
        ``sign_N`` of the scene's prop N: the same in all frames.
    code : str
        Letter and number in the Vienna Convention and what it says, ``C14_maximum_speed_50``.
    position_world_m : (3,)
        Middle of its plates.
    facing_rad : float
        Heading in which its face looks, world.
    box2d_visible : (4,) px xyxy
    visible_px : int
        Pixels of its plates, not of its post.
    front_visible : bool
        Whether the camera is on the side of its face.
    lane : str or None
        The driving lane whose traffic meets it: the nearest of those that run towards its face,
        if within 15 m.
    relevant_to_ego : bool
        Whether it is ahead of the ego, and `lane` goes the same way as the ego's own beside it.
    """

    id: str
    code: str
    position_world_m: Vec3
    facing_rad: float
    box2d_visible: Box
    visible_px: int
    front_visible: bool
    lane: str | None = None
    relevant_to_ego: bool = False


class CameraPose(Record):
    """Where a camera was at a moment of the scene."""

    time_s: float
    world_from_camera: list[list[float]]


class CameraLabel(Record):
    """Calibration and pose of the camera at this frame.

    Attributes
    ----------
    K : 3 x 3 px
        Corner-based: take 0.5 from cx and cy for OpenCV, whose first pixel's centre is 0.
    distortion : list of float
        In OpenCV's order: k1, k2, p1, p2, k3, or k1 to k4 of a fisheye.
    model : str
        ``pinhole``, ``brown_conrady`` or ``kannala_brandt``.
    depth : str
        What depth means: ``z``, along the axis, or ``range``, from the camera.
    field_rad : float or None
        Full angle around the axis within which there is a picture; None for a pinhole.
    world_from_camera, next_world_from_camera : 4 x 4
        At the frame's ``time_s``, when the picture's middle is taken, and at the next frame's.
    readout_s : float
        Rolling shutter: the height v px is taken at ``time_s + readout_s * (v / height - 0.5)``;
        0 where all rows are taken at once.
    poses : list of CameraPose
        Under a rolling shutter: at the first row, at every control step within, and at the last
        row; between them the camera goes straight and turns evenly.
    """

    K: list[list[float]]
    distortion: list[float]
    width: int
    height: int
    world_from_camera: list[list[float]]
    next_world_from_camera: list[list[float]]
    near_m: float
    far_m: float
    model: str = "pinhole"
    depth: str = "z"
    field_rad: float | None = None
    readout_s: float = 0.0
    poses: list[CameraPose] = Field(default_factory=list)

    def camera(self) -> Camera:
        """Return the camera; its mounting pose isn't in the labels and is left at the origin."""
        (fx, _, cx), (_, fy, cy), _ = self.K
        lens = lens_of(self.model, self.distortion, self.field_rad or 0.0)
        near, far = self.near_m, self.far_m
        size = (self.width, self.height)
        return Camera(*size, fx, fy, cx, cy, np.eye(4), near, far, lens, self.readout_s)


class EgoLabel(Record):
    """The ego's state; velocity and acceleration in world axes.

    `acceleration_world_mps2` is as of an object. `lane` is the driving lane within 45 degrees of
    its heading whose middle is nearest; `controls` are None where it is no vehicle.
    """

    world_from_body: list[list[float]]
    velocity_mps: Vec3
    angular_velocity_radps: Vec3
    acceleration_world_mps2: Vec3 | None = None
    lane: str | None = None
    controls: EgoControls | None = None


class FrameLabels(Record):
    """Everything that is known about one frame besides its pictures.

    Attributes
    ----------
    pairs : list of PairLabel
        The ego with every other actor it doesn't carry; then those of which one is a vehicle,
        one moves, and whose origins are within 30 m.
    contacts : list of ContactLabel
        What has touched since the frame before; in the first frame at its moment.
    log_weight : float
        ln of the nominal over the proposal density of `parameters`.
    """

    scene: str
    sensor: str
    frame: int
    step: int
    time_s: float
    camera: CameraLabel
    ego: EgoLabel
    objects: list[ObjectLabel]
    lanes: list[LaneLabel]
    signals: list[SignalLabel]
    signs: list[SignLabel] = Field(default_factory=list)
    weather: dict[str, float | str]
    light: dict[str, float | bool]
    parameters: dict[str, float | str | bool]
    pairs: list[PairLabel] | None = None
    contacts: list[ContactLabel] | None = None
    log_weight: float | None = None

    @property
    def pairs_with_ego(self) -> dict[int, PairLabel]:
        """What the ego is to each other actor, by its id; its own pairs come first."""
        pairs = self.pairs or []
        return {pair.b: pair for pair in pairs if pair.a == pairs[0].a}

    def moving_camera(self) -> MovingCamera:
        """Return the camera while its rows are read: from px to the world and back."""
        label, camera = self.camera, self.camera.camera()
        if camera.readout_s == 0.0:
            pose = np.array(label.world_from_camera)
            times = np.array([self.time_s, self.time_s + 1.0])
            return MovingCamera(camera, self.time_s, times, np.stack([pose, pose]))
        times = np.array([knot.time_s for knot in label.poses])
        knots = np.array([knot.world_from_camera for knot in label.poses])
        return MovingCamera(camera, self.time_s, times, knots)
