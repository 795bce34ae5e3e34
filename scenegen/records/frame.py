"""What a renderer returns for one camera at one step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera
from scenegen.records.base import F64, Record, read_only


class Silhouette(Record):
    """An actor drawn alone, with nothing in front of it: its amodal extent.

    It is counted at pixel centres on the picture's own grid, continued beyond the
    borders by the margin of `render` (one picture size on each side).

    Attributes
    ----------
    box : (4,) px xyxy
        By pixel corners; may lie outside the picture.
    area_px : int
        Pixels covered, in and outside of the picture.
    inside_px : int
        Those within the picture.
    """

    box: tuple[float, float, float, float]
    area_px: int
    inside_px: int


@dataclass(frozen=True)
class Pieces:
    """Which rigid piece of which thing every pixel shows.

    Attributes
    ----------
    picture : ndarray, shape (H, W), uint32
        Row of the table; the last row is no surface.
    instance : ndarray, shape (S,), uint16
        Instance id of the actor; 0 is none.
    part : ndarray, shape (S,), int32
        Which part of the asset; 0 for the road.
    prop : ndarray, shape (S,), int32
        Which of the scenario's props; -1 for what is none.
    """

    picture: npt.NDArray[np.uint32]
    instance: npt.NDArray[np.uint16]
    part: npt.NDArray[np.int32]
    prop: npt.NDArray[np.int32]

    def __post_init__(self) -> None:
        for array in (self.picture, self.instance, self.part, self.prop):
            read_only(array)


@dataclass(frozen=True)
class Frame:
    """One picture with its exact truth. Truth is sampled at pixel centres, never blended.

    Attributes
    ----------
    step : int
        Row of the trajectory.
    camera : Camera
    world_from_camera, next_world_from_camera : ndarray, shape (4, 4)
        Pose at this frame and at the next one, which the flow points to.
    rgb : ndarray, shape (H, W, 3), uint8
        sRGB.
    depth_m : ndarray, shape (H, W), float32
        Along the camera's z; ``inf`` where there is no surface.
    instance : ndarray, shape (H, W), uint16
        Instance id of the actor; 0 is none.
    semantic : ndarray, shape (H, W), uint8
        `taxonomy.CLASSES` ids; sky where there is no surface.
    normal : ndarray, shape (H, W, 3), float32, or None
        Unit, camera frame, facing the camera; zero where there is no surface.
    flow_px : ndarray, shape (H, W, 2), float32, or None
        Motion of the surface point from this frame to the next, right and down.
    flow_valid : ndarray, shape (H, W), bool, or None
        Surface present, and its next position in front of the camera.
    silhouettes : dict
        By instance id, for every actor with at least one visible pixel. Empty for a
        backend that doesn't draw them.
    pieces : Pieces or None
        None for a backend that doesn't tell them.
    """

    step: int
    camera: Camera
    world_from_camera: F64
    next_world_from_camera: F64
    rgb: npt.NDArray[np.uint8]
    depth_m: npt.NDArray[np.float32]
    instance: npt.NDArray[np.uint16]
    semantic: npt.NDArray[np.uint8]
    normal: npt.NDArray[np.float32] | None
    flow_px: npt.NDArray[np.float32] | None
    flow_valid: npt.NDArray[np.bool_] | None
    silhouettes: dict[int, Silhouette]
    pieces: Pieces | None = None

    def __post_init__(self) -> None:
        for array in (self.rgb, self.depth_m, self.instance, self.semantic):
            read_only(array)
        for optional in (self.normal, self.flow_px, self.flow_valid):
            if optional is not None:
                read_only(optional)
