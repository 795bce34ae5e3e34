"""Labels drawn over a picture, as a person wants to check them.

Every function takes an sRGB picture (H, W, 3) uint8 and returns a new one. The labels
may be those of a picture of another size: `scale` is px drawn per px labelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera, box_corners, pose
from scenegen.records.labels import FrameLabels, LaneLabel, ObjectLabel, SignalLabel
from scenegen.records.taxonomy import BONES
from scenegen.report.colors import Image, Rgb, category_colour

F64 = npt.NDArray[np.float64]

_CAPTION_PX = 13  # lower boxes go without one
_SHIFT = 4  # cv2 draws at 1/16 px
_EDGES = tuple((a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b).bit_count() == 1)
_FRONT = ((4, 7), (5, 6))  # a cross on the side that looks along the body's +x
BOX_EDGES = (*_EDGES, *_FRONT)
"""Pairs of a box's corners that it is drawn between: its edges, and a cross on its front."""
SIGNAL_COLOURS: dict[str, Rgb] = {
    "red": (255, 70, 70),
    "red_amber": (255, 130, 60),
    "amber": (255, 190, 60),
    "green": (80, 230, 120),
    "flashing_amber_on": (255, 190, 60),
}


def annotated(
    image: Image,
    labels: FrameLabels,
    scale: float = 1.0,
    names: Mapping[int, str] = MappingProxyType({}),
) -> Image:
    """Return the picture with lanes, 3D boxes, visible boxes, skeletons and signals.

    Parameters
    ----------
    names : mapping of int to str
        What objects are called, by instance id; others by category and id.
    """
    image = draw_lanes(image, labels.lanes, scale)
    image = draw_boxes_3d(image, labels, scale)
    image = draw_skeletons(image, labels, scale)
    image = draw_signals(image, labels.signals, scale)
    return draw_boxes(image, labels.objects, scale, names=names)


def draw_boxes(
    image: Image,
    objects: Iterable[ObjectLabel],
    scale: float = 1.0,
    amodal: bool = False,
    captions: bool = True,
    names: Mapping[int, str] = MappingProxyType({}),
) -> Image:
    """Draw the visible (or amodal) 2D boxes with name, or category and id, and distance.

    Boxes follow pixel corners, so the line runs around the outermost pixels.
    """
    result = image.copy()
    # Far boxes first, so that captions of near ones stay readable.
    for label in sorted(objects, key=lambda o: -o.distance_m):
        box = np.asarray(label.box2d_amodal if amodal else label.box2d_visible) * scale
        colour = category_colour(label.category)
        low, high = (_fixed(point) for point in (box[:2] - 0.5, box[2:] - 0.5))
        cv2.rectangle(result, low, high, colour, 1, cv2.LINE_AA, _SHIFT)
        if captions and box[3] - box[1] > _CAPTION_PX:
            name = names.get(label.instance_id, f"{label.category} {label.instance_id}")
            _caption(result, f"{name}  {label.distance_m:.0f} m", (box[0], box[1]), colour)
    return result


def draw_boxes_3d(image: Image, labels: FrameLabels, scale: float = 1.0) -> Image:
    """Draw the edges of the 3D boxes, cut at the near plane, with a cross on the front."""
    result = image.copy()
    camera = labels.camera.camera()
    for label in labels.objects:
        box = label.box3d
        corners = box_corners(pose(box.center_m, box.quaternion_wxyz), box.size_m)
        colour = _dimmed(category_colour(label.category))
        for a, b in BOX_EDGES:
            _segment(result, camera, corners[[a, b]], colour, scale)
    return result


def draw_skeletons(image: Image, labels: FrameLabels, scale: float = 1.0) -> Image:
    """Draw the joints of pedestrians and riders, and the bones between them."""
    result = image.copy()
    camera = labels.camera.camera()
    for label in labels.objects:
        joints = label.skeleton or {}
        for a, b in BONES:
            if a in joints and b in joints:
                _segment(result, camera, (joints[a], joints[b]), (255, 255, 255), scale)
        tall = label.box2d_visible[3] - label.box2d_visible[1] > 60 / max(scale, 1e-6)
        for joint in joints.values() if tall else ():
            point = camera.project(joint) * scale
            if np.isfinite(point).all():
                radius = round(1.5 * 2**_SHIFT)
                cv2.circle(
                    result, _fixed(point - 0.5), radius, (255, 80, 80), -1, cv2.LINE_AA, _SHIFT
                )
    return result


def draw_lanes(image: Image, lanes: Iterable[LaneLabel], scale: float = 1.0) -> Image:
    """Draw the lane lines: white or yellow, thick where visible, thin and dim where hidden."""
    result = image.copy()
    for lane in lanes:
        colour: Rgb = (255, 214, 0) if lane.color == "yellow" else (120, 255, 214)
        points = [None if p is None else np.asarray(p) * scale - 0.5 for p in lane.points_px]
        for (a, seen), (b, seen_too) in pairwise(zip(points, lane.points_visible, strict=True)):
            if a is not None and b is not None and _near_picture(a, b, image):
                # A segment that leaves the picture has one end that can't be seen.
                visible = seen or seen_too
                thickness = 2 if visible and scale > 0.75 else 1
                shade = colour if visible else _dimmed(colour)
                cv2.line(result, _fixed(a), _fixed(b), shade, thickness, cv2.LINE_AA, _SHIFT)
    return result


def draw_signals(image: Image, signals: Iterable[SignalLabel], scale: float = 1.0) -> Image:
    """Ring every signal head in the colour of its state; a square if the ego obeys it."""
    result = image.copy()
    for signal in signals:
        if signal.position_px is None:
            continue
        point = np.asarray(signal.position_px) * scale - 0.5
        if not _near_picture(point, point, image):
            continue
        colour = SIGNAL_COLOURS.get(signal.state.lower(), (170, 170, 170))
        if signal.relevant_to_ego:
            cv2.rectangle(
                result, _fixed(point - 7), _fixed(point + 7), colour, 2, cv2.LINE_AA, _SHIFT
            )
        else:
            cv2.circle(result, _fixed(point), 6 << _SHIFT, colour, 1, cv2.LINE_AA, _SHIFT)
    return result


def highlight(image: Image, box_xyxy: Sequence[float], scale: float = 1.0) -> Image:
    """Ring one object and darken the rest a little, so that the eye finds it."""
    height, width = image.shape[:2]
    x1, y1, x2, y2 = (v * scale for v in box_xyxy)
    pad = max(6.0, 0.35 * max(x2 - x1, y2 - y1))
    centre = np.array([(x1 + x2) / 2, (y1 + y2) / 2])
    radius = float(np.hypot(x2 - x1, y2 - y1) / 2 + pad)
    shade = np.full((height, width), 150, np.uint8)
    cv2.circle(shade, _fixed(centre), round(radius * 2**_SHIFT), 255, -1, cv2.LINE_AA, _SHIFT)
    result = (image.astype(np.uint16) * shade[..., None] // 255).astype(np.uint8)
    ring = round(radius * 2**_SHIFT)
    cv2.circle(result, _fixed(centre), ring, (255, 210, 70), 2, cv2.LINE_AA, _SHIFT)
    return result


def put_text(image: Image, text: str, at: tuple[float, float], colour: Rgb, size: float) -> None:
    """Write one line into a picture in place; `at` is the left end of the base line."""
    origin = (round(at[0]), round(at[1]))
    cv2.putText(image, text, origin, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)


def _caption(image: Image, text: str, corner: tuple[float, float], colour: Rgb) -> None:
    """Write a caption on a plate above a box, or inside the picture if there is no room."""
    size = 0.34
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1)
    x = int(np.clip(round(corner[0]), 0, max(0, image.shape[1] - width - 4)))
    y = int(np.clip(round(corner[1]) - height - 5, 0, max(0, image.shape[0] - height - 5)))
    plate = image[y : y + height + 5, x : x + width + 4]
    plate[:] = (plate * 0.25 + np.array(colour) * 0.18).astype(np.uint8)
    put_text(image, text, (x + 2, y + height + 2), _lightened(colour), size)


_PIECES = 16
"""A straight edge, curved by a lens, is drawn in so many pieces."""


def segment_pixels(camera: Camera, ends_m: npt.ArrayLike) -> list[tuple[F64, F64]]:
    """Return the image of a camera-frame segment (2, 3), cut at the near plane.

    It is a list of straight pieces, each two points (2,) in px counted from the corner: one
    without a lens, several with one, none where it is behind the camera.
    """
    a, b = np.asarray(ends_m, np.float64)
    if camera.lens is not None:
        share = np.linspace(0.0, 1.0, _PIECES + 1)[:, None]
        points = a * (1 - share) + b * share
        pixels = camera.project(points)
        pixels[camera.depth_of(points) < camera.near_m] = np.nan
        return [(p, q) for p, q in pairwise(pixels) if np.isfinite([p, q]).all()]
    if a[2] > b[2]:
        a, b = b, a
    if b[2] <= camera.near_m:
        return []
    if a[2] < camera.near_m:
        a = a + (camera.near_m - a[2]) / (b[2] - a[2]) * (b - a)
    p, q = camera.project(np.stack([a, b]))
    return [(p, q)]


def _segment(
    image: Image, camera: Camera, ends_m: npt.ArrayLike, colour: Rgb, scale: float
) -> None:
    """Draw a camera-frame segment (2, 3), cut at the near plane."""
    for ends in segment_pixels(camera, ends_m):
        p, q = (end * scale - 0.5 for end in ends)
        if _near_picture(p, q, image):
            cv2.line(image, _fixed(p), _fixed(q), colour, 1, cv2.LINE_AA, _SHIFT)


def _near_picture(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64], image: Image) -> bool:
    """Whether both ends lie near enough to the picture for cv2's 32-bit coordinates."""
    limit = 16.0 * max(image.shape[:2])
    return bool(np.abs(a).max() < limit and np.abs(b).max() < limit)


def _fixed(point: npt.ArrayLike) -> tuple[int, int]:
    """Return px as cv2's fixed-point integers."""
    x, y = np.rint(np.asarray(point, np.float64) * 2**_SHIFT).astype(int).tolist()
    return (x, y)


def _dimmed(colour: Rgb) -> Rgb:
    red, green, blue = (round(0.65 * v) for v in colour)
    return (red, green, blue)


def _lightened(colour: Rgb) -> Rgb:
    red, green, blue = (round(255 - 0.45 * (255 - v)) for v in colour)
    return (red, green, blue)
