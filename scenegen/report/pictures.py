"""The pictures of the page: layers of a frame, film strips and plans, as data URIs."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from scenegen.dataset import FrameReader, SceneReader
from scenegen.records.labels import FrameLabels
from scenegen.report.birds_eye import birds_eye
from scenegen.report.colors import (
    Image,
    color_depth,
    color_flow,
    color_instance,
    color_normal,
    color_semantic,
)
from scenegen.report.layer_views import layer_views
from scenegen.report.motion_overlay import draw_motion
from scenegen.report.overlay import draw_boxes, highlight
from scenegen.report.sensed import scan_view, sweep_view
from scenegen.roads import build_network

LAYER_NAMES = {
    "rgb": "Picture",
    "semantic": "Classes",
    "instance": "Instances",
    "panoptic": "Panoptic",
    "depth": "Depth",
    "normal": "Normals",
    "flow": "Flow",
    "flow_back": "Flow back",
    "scene_flow": "Scene flow",
    "nocs": "Object coordinates",
    "lanes": "Lane pixels",
    "drivable": "Drivable area",
    "levels": "Hidden shares",
    "joints": "Joints",
    "signs": "Signs",
    "motion": "Motion and behaviour",
}
"""Layers that lie on the picture, with what they are called."""
VIEW_NAMES = {"plan": "Plan", "lidar": "LiDAR", "radar": "Radar"}
"""Views of the scene that take the picture's place."""
_WIDTH = 512
_THUMBNAIL = 168
_QUALITY = 72


def frame_layers(scene: SceneReader, frame: FrameReader) -> dict[str, str]:
    """Return the data URI of every layer that a frame has, the picture first, then of views."""
    labels = frame.labels
    layers = {"rgb": data_uri(_fitted(frame.rgb, _WIDTH)[0])}
    views = {n: colour(frame.layer(n)) for n, colour in COLOURED.items() if n in frame.entry.layers}
    for name, picture in (views | layer_views(frame)).items():
        layers[name] = data_uri(_fitted(picture, _WIDTH)[0])
    if labels.pairs is not None:
        large, scale = _fitted(frame.rgb, _WIDTH)
        layers["motion"] = data_uri(draw_motion(large, labels, scale))
    size = (_WIDTH, max(1, round(labels.camera.height * _WIDTH / labels.camera.width)))
    layers["plan"] = data_uri(plan_at(scene, labels.step, size))
    for name, view in (("lidar", sweep_view), ("radar", scan_view)):
        seen = view(scene, labels.time_s, *size)
        if seen is not None:
            layers[name] = data_uri(seen)
    return layers


def plan_at(scene: SceneReader, step: int, size: tuple[int, int]) -> Image:
    """Return the scene from above at a physics step, of a width and height."""
    network = build_network(scene.scenario.road)
    steps = scene.trajectory.step
    row = min(int(np.searchsorted(steps, step)), len(steps) - 1)
    return birds_eye(
        scene.scenario, scene.trajectory, network, width=size[0], height=size[1], row=row
    )


COLOURED: dict[str, Callable[[Any], Image]] = {
    "semantic": color_semantic,
    "instance": color_instance,
    "depth": color_depth,
    "normal": color_normal,
    "flow": lambda content: color_flow(*content),
}
"""How each layer that is always asked for is looked at; for the others see `layer_views`."""


def film_strip(
    scene: SceneReader, sensor: str, count: int = 6
) -> list[tuple[FrameReader, str, str]]:
    """Return frame, caption and data URI of frames evenly spaced over a scene, with boxes."""
    frames = scene.frames(sensor)
    picked = np.unique(np.linspace(0, len(frames) - 1, count).round().astype(int))
    return [
        (frames[i], f"{frames[i].entry.time_s:.1f} s", thumbnail(frames[i]))
        for i in picked.tolist()
    ]


def thumbnail(frame: FrameReader) -> str:
    """Return the data URI of a frame, small, with boxes."""
    small, scale = _fitted(frame.rgb, _THUMBNAIL)
    return data_uri(draw_boxes(small, frame.labels.objects, scale, captions=False), 66)


def highlight_picture(frame: FrameReader, instance_id: int | None) -> str:
    """Return the data URI of a frame with one object ringed, or as it is."""
    labels: FrameLabels = frame.labels
    picture, scale = _fitted(frame.rgb, _WIDTH)
    for label in labels.objects:
        if label.instance_id == instance_id:
            ringed = highlight(picture, label.box2d_visible, scale)
            boxed = draw_boxes(ringed, [label], scale, captions=False)
            return data_uri(_with_inset(boxed, frame.rgb, label.box2d_visible))
    return data_uri(picture)


def _with_inset(picture: Image, rgb: Image, box: tuple[float, float, float, float]) -> Image:
    """Put an enlarged view with more contrast of a small object into the corner farther from it."""
    side = 2.2 * max(box[2] - box[0], box[3] - box[1], 12.0)
    if side > 0.3 * rgb.shape[1]:
        return picture
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    patch = cv2.getRectSubPix(rgb, (round(side), round(side)), middle)
    inset = round(0.42 * picture.shape[0])
    patch = cv2.resize(patch, (inset, inset), interpolation=cv2.INTER_CUBIC)
    low, high = np.percentile(patch, (1, 99))
    gain = float(np.clip(235.0 / max(high - low, 1.0), 1.0, 6.0))
    patch = np.clip((patch - 0.5 * (low + high)) * gain + 128, 0, 255).astype(np.uint8)
    cv2.rectangle(patch, (0, 0), (inset - 1, inset - 1), (255, 210, 70), 2)
    result = picture.copy()
    left = middle[0] > rgb.shape[1] / 2
    x = 8 if left else picture.shape[1] - inset - 8
    y = picture.shape[0] - inset - 8
    result[y : y + inset, x : x + inset] = patch
    return result


def data_uri(image: Image, quality: int = _QUALITY) -> str:
    """Return an sRGB picture as a JPEG data URI."""
    done, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"no JPEG of shape {image.shape}")
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode()


def _fitted(image: Image, width: int) -> tuple[Image, float]:
    """Return the picture scaled to a width, and px drawn per px given."""
    scale = width / image.shape[1]
    size = (width, max(1, round(image.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=way), dtype=np.uint8), scale
