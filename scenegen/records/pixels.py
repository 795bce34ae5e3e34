"""Truth per pixel that is written on request, beside what every frame has."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

from scenegen.records.base import read_only

OptionalLayer = Literal["flow_back", "scene_flow", "nocs", "lanes", "drivable"]
OPTIONAL_LAYERS: tuple[OptionalLayer, ...] = (
    "flow_back",
    "scene_flow",
    "nocs",
    "lanes",
    "drivable",
)


class Drivable(IntEnum):
    """Values of the `drivable` layer.

    `NONE` is whatever is no road, and what hides it. `EGO` is the lane that the ego is in with
    those that it goes on into by turning least; `SAME`, `ONCOMING` and `CROSSING` are driving
    lanes whose traffic goes within 45 degrees of the ego's lane beside them, against it by more
    than 135 degrees, or in between; `OTHER` is road outside of driving lanes: shoulders, parking
    strips, the middles of junctions.
    """

    NONE = 0
    EGO = 1
    SAME = 2
    ONCOMING = 3
    CROSSING = 4
    OTHER = 5


@dataclass(frozen=True)
class PixelTruth:
    """The optional layers of a frame; None for those that nobody asked for.

    Attributes
    ----------
    flow_back_px : ndarray, shape (H, W, 2), float32
        Where the surface point was in the frame before, less where it is: right and down, px.
    flow_back_valid : ndarray, shape (H, W), bool
    scene_flow_m : ndarray, shape (H, W, 3), float32
        The surface point in the next frame's camera, less in this one's, m.
    scene_flow_valid : ndarray, shape (H, W), bool
    nocs : ndarray, shape (H, W, 3), float32
        Place in the box of the actor's track: 0 to 1 from its back to its front, from its right
        to its left, from its bottom to its top.
    nocs_valid : ndarray, shape (H, W), bool
        Where an actor shows.
    lanes : ndarray, shape (H, W), uint16
        `LaneLabel.number` of the painted line; 0 for none.
    drivable : ndarray, shape (H, W), uint8
        `Drivable`.
    """

    flow_back_px: npt.NDArray[np.float32] | None = None
    flow_back_valid: npt.NDArray[np.bool_] | None = None
    scene_flow_m: npt.NDArray[np.float32] | None = None
    scene_flow_valid: npt.NDArray[np.bool_] | None = None
    nocs: npt.NDArray[np.float32] | None = None
    nocs_valid: npt.NDArray[np.bool_] | None = None
    lanes: npt.NDArray[np.uint16] | None = None
    drivable: npt.NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            array = getattr(self, field.name)
            if array is not None:
                read_only(array)
