"""The optional layers and labels of a frame as pictures that a person can check."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.dataset import FrameReader
from scenegen.records import Drivable, FrameLabels
from scenegen.records.levels import occlusion_level, truncation_level
from scenegen.report.colors import Image, Rgb, color_flow, color_panoptic, instance_colour
from scenegen.report.overlay import put_text

_NOTHING = (24, 26, 32)
_CAPTION_PX = 8  # lower signs go without one
_FULL_M = 3.0
"""Ways along an axis that are drawn in full colour."""
_DRIVABLE: dict[int, Rgb] = {
    Drivable.EGO: (80, 220, 120),
    Drivable.SAME: (70, 160, 255),
    Drivable.ONCOMING: (255, 90, 90),
    Drivable.CROSSING: (230, 170, 60),
    Drivable.OTHER: (170, 120, 220),
}
_LEVELS: tuple[Rgb, ...] = ((90, 255, 120), (255, 225, 70), (255, 150, 50), (255, 80, 80))
_JOINTS: dict[int, Rgb] = {1: (255, 80, 80), 2: (90, 255, 120)}


def color_scene_flow(flow_m: npt.NDArray[np.float32], valid: npt.NDArray[np.bool_]) -> Image:
    """Return ways (H, W, 3) in m as colours: x, y, z as red, green, blue, grey for none."""
    shares = np.clip(flow_m / _FULL_M, -1, 1)
    picture = np.rint((np.sign(shares) * np.sqrt(np.abs(shares)) + 1) * 127.5).astype(np.uint8)
    picture[~valid] = _NOTHING
    return np.asarray(picture)


def color_nocs(nocs: npt.NDArray[np.float32], valid: npt.NDArray[np.bool_]) -> Image:
    """Return object coordinates (H, W, 3) as colours: forward, left and up are red, green, blue."""
    picture = np.rint(nocs * 255).astype(np.uint8)
    picture[~valid] = _NOTHING
    return np.asarray(picture)


def draw_line_ids(image: Image, lanes: npt.NDArray[np.uint16], labels: FrameLabels) -> Image:
    """Colour each lane line's pixels by its number and write its `ego_index` beside it."""
    result = _dim(image)
    for number in np.unique(lanes[lanes > 0]).tolist():
        result[lanes == number] = instance_colour(number)
    for lane in labels.lanes:
        rows, columns = np.nonzero(lanes == lane.number)
        if lane.ego_index is not None and rows.size:
            lowest = int(np.argmax(rows))
            at = (float(columns[lowest]) + 6.0, float(rows[lowest]) - 4.0)
            put_text(result, f"{lane.ego_index:+d}", at, (255, 255, 255), 0.5)
    return result


def draw_drivable(image: Image, drivable: npt.NDArray[np.uint8]) -> Image:
    """Tint where one may drive, by whose lane it is."""
    result = image.copy()
    for value, colour in _DRIVABLE.items():
        mask = drivable == value
        result[mask] = np.rint(result[mask] * 0.5 + np.array(colour) * 0.5).astype(np.uint8)
    return result


def draw_joints(image: Image, labels: FrameLabels) -> Image:
    """Dot every joint in the picture: green where it shows, red where it is hidden."""
    result = _dim(image)
    for label in labels.objects:
        for joint, visible in (label.skeleton_visible or {}).items():
            place = (label.skeleton_px or {}).get(joint)
            if place is not None and visible in _JOINTS:
                middle = (round(place[0] - 0.5), round(place[1] - 0.5))
                cv2.circle(result, middle, 1, _JOINTS[visible], -1, cv2.LINE_AA)
    return result


def draw_signs(image: Image, labels: FrameLabels) -> Image:
    """Box every traffic sign, with what it says; thick where it concerns the ego."""
    result = image.copy()
    for sign in labels.signs:
        x1, y1, x2, y2 = (round(value) for value in sign.box2d_visible)
        colour: Rgb = (255, 220, 60) if sign.front_visible else (150, 150, 150)
        thickness = 2 if sign.relevant_to_ego else 1
        cv2.rectangle(result, (x1 - 2, y1 - 2), (x2 + 1, y2 + 1), colour, thickness)
        if sign.front_visible and y2 - y1 >= _CAPTION_PX:
            put_text(result, sign.code, (max(x1 - 40, 2), max(y1 - 6, 10)), colour, 0.34)
    return result


def draw_levels(image: Image, labels: FrameLabels) -> Image:
    """Box every object in the colour of its level of occlusion, with its shares in per cent.

    Green, yellow, orange and red are levels 0 to 3; what is outside of the picture follows the
    share that is hidden.
    """
    result = _dim(image)
    for label in sorted(labels.objects, key=lambda o: -o.distance_m):
        x1, y1, x2, y2 = (round(value) for value in label.box2d_visible)
        colour = _LEVELS[occlusion_level(label.occlusion)]
        cv2.rectangle(result, (x1, y1), (x2 - 1, y2 - 1), colour, 1)
        if y2 - y1 >= _CAPTION_PX:
            words = f"{100 * label.occlusion:.0f}"
            if truncation_level(label.truncation):
                words += f" + {100 * label.truncation:.0f}"
            put_text(result, words, (max(x1, 2), max(y1 - 3, 10)), colour, 0.34)
    return result


LAYER_VIEWS: dict[str, Callable[[FrameReader], Image]] = {
    "flow_back": lambda frame: color_flow(*frame.flow_back),
    "scene_flow": lambda frame: color_scene_flow(*frame.scene_flow),
    "nocs": lambda frame: color_nocs(*frame.nocs),
    "lanes": lambda frame: draw_line_ids(frame.rgb, frame.lanes, frame.labels),
    "drivable": lambda frame: draw_drivable(frame.rgb, frame.drivable),
}
"""How each optional layer is looked at."""


def layer_views(frame: FrameReader) -> dict[str, Image]:
    """Return a picture of each optional layer that a frame has, and of what follows from several.

    These are panoptic truth, joints, signs, and how much of each object is hidden.
    """
    labels, rgb = frame.labels, frame.rgb
    views = {name: view(frame) for name, view in LAYER_VIEWS.items() if name in frame.entry.layers}
    if {"semantic", "instance"} <= set(frame.entry.layers):
        views["panoptic"] = color_panoptic(frame.semantic, frame.instance)
    if labels.objects:
        views["levels"] = draw_levels(rgb, labels)
    if any(label.skeleton_visible for label in labels.objects):
        views["joints"] = draw_joints(rgb, labels)
    if labels.signs:
        views["signs"] = draw_signs(rgb, labels)
    return views


def _dim(image: Image) -> Image:
    return np.asarray(image // 2, dtype=np.uint8)
