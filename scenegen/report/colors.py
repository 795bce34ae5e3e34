"""Arrays of truth as colours that a person can read."""

from __future__ import annotations

import colorsys

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.records.taxonomy import CLASSES

Image = npt.NDArray[np.uint8]
Rgb = tuple[int, int, int]

NEAR_M, FAR_M = 2.0, 120.0
_NOTHING: Rgb = (24, 26, 32)

CATEGORY_COLOURS: dict[str, Rgb] = {
    "person": (255, 77, 109),
    "rider": (255, 138, 61),
    "car": (64, 156, 255),
    "truck": (122, 110, 255),
    "bus": (0, 201, 183),
    "train": (64, 156, 255),
    "motorcycle": (196, 113, 237),
    "bicycle": (255, 205, 60),
    "debris": (255, 150, 66),
    "animal": (176, 214, 66),
    "cone": (255, 112, 67),
}
"""Colours of boxes: brighter than Cityscapes', which vanish on a dark picture."""


def category_colour(category: str) -> Rgb:
    """Return the colour of a category's boxes; grey for one without."""
    return CATEGORY_COLOURS.get(category, (200, 200, 200))


def instance_colour(instance_id: int) -> Rgb:
    """Return a colour that differs well from those of neighbouring ids.

    Hues step by the golden ratio, which spreads any number of them.
    """
    hue = (0.13 + instance_id * 0.6180339887498949) % 1.0
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.75, 1.0)
    return (round(red * 255), round(green * 255), round(blue * 255))


def color_instance(instance: npt.NDArray[np.uint16]) -> Image:
    """Return ids (H, W) as an sRGB picture, background black."""
    ids, inverse = np.unique(instance, return_inverse=True)
    table = np.array([instance_colour(int(i)) if i else (0, 0, 0) for i in ids], np.uint8)
    return np.asarray(table[inverse.reshape(instance.shape)])


def color_semantic(semantic: npt.NDArray[np.uint8]) -> Image:
    """Return class ids (H, W) in the colours of the class table; unknown ids are black."""
    table = np.zeros((256, 3), np.uint8)
    for entry in CLASSES:
        table[entry.id] = entry.color
    return np.asarray(table[semantic])


def color_panoptic(semantic: npt.NDArray[np.uint8], instance: npt.NDArray[np.uint16]) -> Image:
    """Return each thing in a colour of its own, and all else in that of its class (H, W, 3)."""
    things = (instance > 0)[..., None]
    return np.where(things, color_instance(instance), color_semantic(semantic))


def color_depth(depth_m: npt.NDArray[np.float32]) -> Image:
    """Return depths (H, W) in m as colours from near (bright) to far (dark blue).

    The scale is that of 1 / depth, so that a metre counts for more where it is near;
    what has no surface is grey.
    """
    held = np.isfinite(depth_m) & (depth_m > 0)
    inverse = 1.0 / np.clip(np.where(held, depth_m, FAR_M), NEAR_M, FAR_M)
    share = np.sqrt((inverse - 1 / FAR_M) / (1 / NEAR_M - 1 / FAR_M))
    mapped = cv2.applyColorMap(np.rint(share * 255).astype(np.uint8), cv2.COLORMAP_TURBO)
    picture = np.ascontiguousarray(mapped[..., ::-1])
    picture[~held] = _NOTHING
    return np.asarray(picture, dtype=np.uint8)


def color_normal(normal: npt.NDArray[np.float32]) -> Image:
    """Return camera-frame normals (H, W, 3) as colours, with y up and z towards the viewer."""
    turned = normal * np.array([1, -1, -1], np.float32)
    picture = np.rint((turned + 1) * 127.5).astype(np.uint8)
    picture[~normal.any(axis=-1)] = _NOTHING
    return np.asarray(picture)


def color_flow(
    flow_px: npt.NDArray[np.float32],
    valid: npt.NDArray[np.bool_],
    full_px: float | None = None,
) -> Image:
    """Return flow (H, W, 2) in px on the colour wheel: hue is direction, chroma length.

    Parameters
    ----------
    flow_px, valid
        As in `Frame`.
    full_px : float, optional
        Length drawn in full colour; by default the 98th percentile of the picture,
        at least 1 px.
    """
    length = np.hypot(flow_px[..., 0], flow_px[..., 1])
    if full_px is None:
        full_px = max(1.0, float(np.percentile(length[valid], 98))) if valid.any() else 1.0
    hsv = np.zeros((*length.shape, 3), np.float32)
    direction = np.degrees(np.arctan2(flow_px[..., 1], flow_px[..., 0]))
    hsv[..., 0] = np.mod(direction, 360)
    hsv[..., 1] = np.sqrt(np.clip(length / full_px, 0, 1))
    hsv[..., 2] = 1.0
    rgb = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    picture = np.rint(rgb * 255).astype(np.uint8)
    picture[~valid] = _NOTHING
    return np.asarray(picture, dtype=np.uint8)
