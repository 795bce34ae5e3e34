"""Lines of KITTI's label files: one object in one picture."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenegen.dataset.layout import read_content
from scenegen.exports.things import Thing
from scenegen.geometry import apply, clip_box, inverse, wrap_angle
from scenegen.records import ObjectLabel
from scenegen.records.base import F64, Vec3
from scenegen.records.labels import Box, CameraLabel

PARTLY, LARGELY = 0.1, 0.5
"""From which share on an object is partly, and largely, hidden or cut off."""
_VANS = frozenset({"vehicle.van", "vehicle.ambulance"})
_SITTING = frozenset({"person.wheelchair_user"})
_TYPES = {"car": "Car", "truck": "Truck", "train": "Tram", "person": "Pedestrian"}


DONT_CARE = "DontCare"


@dataclass(frozen=True)
class KittiObject:
    """A line of a label file.

    Attributes
    ----------
    type : str
        ``Car``, ``Van``, ``Truck``, ``Pedestrian``, ``Person_sitting``, ``Cyclist``, ``Tram``,
        ``Misc``, or ``DontCare`` of what is too small to count, of which only the box is told.
    truncated : float
        Share of the object that is outside of the picture.
    occluded : int
        0 fully visible, 1 partly, 2 largely hidden.
    alpha : float
        Heading as seen from the camera, rad in -pi to pi.
    bbox : (4,) px
        First and last column and row of the whole object within the picture, counted from 0.
    dimensions : (3,) m
        Height, width, length.
    location : (3,) m
        Middle of the bottom, camera frame.
    rotation_y : float
        Heading around the camera's y, rad in -pi to pi; 0 faces along x.
    """

    type: str
    truncated: float
    occluded: int
    alpha: float
    bbox: Box
    dimensions: Vec3
    location: Vec3
    rotation_y: float

    @property
    def line(self) -> str:
        """The line of the object benchmark."""
        return f"{self.type} {self.truncated:.4f} {self.occluded} {self._rest}"

    @property
    def tracking_line(self) -> str:
        """The line of the tracking benchmark after frame and track.

        Truncation is a level there, as occlusion is, and ``Person_sitting`` is ``Person``.
        """
        name = "Person" if self.type == "Person_sitting" else self.type
        level = -1 if self.type == DONT_CARE else _level(self.truncated)
        return f"{name} {level} {self.occluded} {self._rest}"

    @property
    def _rest(self) -> str:
        numbers = (self.alpha, *self.bbox, *self.dimensions, *self.location, self.rotation_y)
        return " ".join(f"{number + 0.0:.4f}" for number in numbers)


def kitti_object(thing: Thing, seen: list[ObjectLabel], camera: CameraLabel) -> KittiObject:
    """Return the line of a box that a picture shows.

    Parameters
    ----------
    thing : Thing
        At the picture's time.
    seen : list of ObjectLabel
        The picture's labels of who is in the box, at least one.
    camera : CameraLabel
    """
    bbox = _in_picture([label.box2d_amodal for label in seen], camera)
    if bbox[2] - bbox[0] < 1 or bbox[3] - bbox[1] < 1:  # of no area, as KITTI counts
        nothing, nowhere = (-1.0, -1.0, -1.0), (-1000.0, -1000.0, -1000.0)
        return KittiObject(DONT_CARE, -1.0, -1, -10.0, bbox, nothing, nowhere, -10.0)
    center, size, rotation_y = _upright(thing, inverse(np.array(camera.world_from_camera)))
    length, width, height = size
    visible = sum(label.visible_px for label in seen)
    inside = sum(label.visible_px / (1 - label.occlusion) for label in seen)
    whole = sum(label.visible_px / (1 - label.occlusion) / (1 - label.truncation) for label in seen)
    return KittiObject(
        kitti_type(thing),
        round(1 - inside / whole, 4),
        _level(1 - visible / inside),
        float(wrap_angle(rotation_y - math.atan2(center[0], center[2]))),
        bbox,
        (height, width, length),
        (center[0], center[1] + height / 2, center[2]),
        rotation_y,
    )


def kitti_type(thing: Thing) -> str:
    """Return KITTI's type of what is in a box; ``Misc`` is whatever has none of its own."""
    first = thing.actors[0]
    if first.category == "bicycle" and len(thing.actors) > 1:
        return "Cyclist"
    if first.asset_id in _VANS:
        return "Van"
    if first.asset_id.startswith("trailer."):
        return "Misc"
    if first.category == "rider":  # on no bicycle: thrown off, or in a wheelchair
        return "Person_sitting" if first.asset_id in _SITTING else "Pedestrian"
    return _TYPES.get(first.category, "Misc")


def _level(share: float) -> int:
    return int(share >= PARTLY) + int(share >= LARGELY)


def _in_picture(boxes: list[Box], camera: CameraLabel) -> Box:
    """Return the first and last columns and rows of what holds boxes by pixel corners."""
    corners = np.array(boxes)
    around = np.concatenate([corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)])
    left, top, right, bottom = clip_box(around, camera.width, camera.height).tolist()
    return left, top, right - 1, bottom - 1


def _upright(thing: Thing, camera_from_world: F64) -> tuple[list[float], list[float], float]:
    """Return middle, size and heading of a box that stands on the camera's xz plane.

    Who lies has the box around them, along the axis that is most level.
    """
    camera_from_box = camera_from_world @ thing.world_from_box
    axis = camera_from_box[:3, 2] if thing.lies else camera_from_box[:3, 0]
    heading = float(wrap_angle(math.atan2(-axis[2], axis[0])))
    center = camera_from_box[:3, 3]
    if not thing.lies:
        return center.tolist(), thing.size_m.tolist(), heading
    along = np.array([math.cos(heading), 0.0, -math.sin(heading)])
    across = np.array([math.sin(heading), 0.0, math.cos(heading)])
    axes = np.stack([along, across, [0.0, -1.0, 0.0]])
    corners = apply(camera_from_world, thing.corners_world) @ axes.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    return ((low + high) / 2 @ axes).tolist(), (high - low).tolist(), heading


def read_objects(path: Path) -> list[KittiObject]:
    """Return the objects of a label file of the object benchmark; DatasetError if damaged."""
    return read_content(path, lambda data: [_parsed(line) for line in _lines(data)])


def read_tracks(path: Path) -> list[tuple[int, int, KittiObject]]:
    """Return frame, track and object of each line of the tracking benchmark's labels."""
    return read_content(path, lambda data: [_tracked(line) for line in _lines(data)])


def _lines(data: bytes) -> Iterable[str]:
    return (line for line in data.decode().splitlines() if line.strip())


def _tracked(line: str) -> tuple[int, int, KittiObject]:
    frame, track, rest = line.split(" ", 2)
    return int(frame), int(track), _parsed(rest)


def _parsed(line: str) -> KittiObject:
    name, truncated, occluded, *rest = line.split()
    alpha, x1, y1, x2, y2, height, width, length, x, y, z, turned = (float(word) for word in rest)
    return KittiObject(
        name,
        float(truncated),
        int(occluded),
        alpha,
        (x1, y1, x2, y2),
        (height, width, length),
        (x, y, z),
        turned,
    )
