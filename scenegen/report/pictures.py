"""The pictures of the page: layers of a frame, film strips and plans, as data URIs."""

from __future__ import annotations

import base64

import cv2
import numpy as np

from scenegen.dataset import FrameReader, SceneReader
from scenegen.records.labels import FrameLabels
from scenegen.report.birds_eye import birds_eye
from scenegen.report.colors import Image, color_depth, color_flow, color_normal
from scenegen.report.layer_views import layer_views
from scenegen.report.overlay import annotated, draw_boxes, draw_masks, highlight
from scenegen.report.sensed import scan_view, sweep_view
from scenegen.roads import build_network

LAYER_NAMES = {
    "rgb": "Picture",
    "boxes": "Boxes",
    "masks": "Masks",
    "depth": "Depth",
    "normals": "Normals",
    "flow": "Flow",
    "flow_back": "Flow back",
    "scene_flow": "Scene flow",
    "nocs": "Object coordinates",
    "lanes": "Lane lines",
    "drivable": "Drivable",
    "joints": "Joints",
    "signs": "Signs",
    "plan": "Plan",
    "lidar": "LiDAR",
    "radar": "Radar",
}
_WIDTH = 512
_THUMBNAIL = 168
_QUALITY = 72


def frame_layers(scene: SceneReader, frame: FrameReader) -> dict[str, str]:
    """Return the data URI of every layer that a frame has, in the order of `LAYER_NAMES`."""
    labels = frame.labels
    rgb, scale = _fitted(frame.rgb, _WIDTH)
    size = (rgb.shape[1], rgb.shape[0])
    instance = cv2.resize(frame.instance, size, interpolation=cv2.INTER_NEAREST)
    layers: dict[str, Image] = {
        "rgb": rgb,
        "boxes": annotated(rgb, labels, scale),
        "masks": draw_masks(rgb, instance),
        "depth": _fitted(color_depth(frame.depth_m), _WIDTH)[0],
    }
    if "normal" in frame.entry.layers:
        layers["normals"] = _fitted(color_normal(frame.normal), _WIDTH)[0]
    if "flow" in frame.entry.layers:
        layers["flow"] = _fitted(color_flow(*frame.flow), _WIDTH)[0]
    layers |= {name: _fitted(view, _WIDTH)[0] for name, view in layer_views(frame).items()}
    network = build_network(scene.scenario.road)
    row = int(np.searchsorted(scene.trajectory.step, labels.step))
    layers["plan"] = birds_eye(
        scene.scenario, scene.trajectory, network, width=size[0], height=size[1], row=row
    )
    for name, view in (("lidar", sweep_view), ("radar", scan_view)):
        seen = view(scene, labels.time_s, *size)
        if seen is not None:
            layers[name] = seen
    return {name: data_uri(image) for name, image in layers.items()}


def film_strip(scene: SceneReader, sensor: str, count: int = 6) -> list[tuple[str, str]]:
    """Return (caption, data URI) of frames evenly spaced over a scene, with boxes."""
    frames = scene.frames(sensor)
    picked = np.unique(np.linspace(0, len(frames) - 1, count).round().astype(int))
    strip = []
    for i in picked.tolist():
        labels = frames[i].labels
        small, scale = _fitted(frames[i].rgb, _THUMBNAIL)
        boxes = draw_boxes(small, labels.objects, scale, captions=False)
        strip.append((f"{labels.time_s:.1f} s", data_uri(boxes, 66)))
    return strip


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
