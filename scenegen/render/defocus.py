"""Depth of field: a thin lens's circles of confusion, laid over each other from far to near."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera
from scenegen.records import ImagerSpec

F32 = npt.NDArray[np.float32]

_LEAST_PX = 0.35
"""Radii below this are sharp."""
_MOST_PX = 24.0
_LAYER_PX = 1.0


def radius_px(depth_m: F32, camera: Camera, spec: ImagerSpec) -> F32:
    """Return radii (H, W) px of the circles that points blur to; negative before the focus.

    A thin lens of aperture A = f / N, focused at s, makes circles of diameter
    A f |d - s| / (d (s - f)) of points at d; and a pixel is f / fx wide.
    """
    assert spec.f_number is not None
    aperture = spec.focal_length_m / spec.f_number
    most = 0.5 * aperture * camera.fx / max(spec.focus_m - spec.focal_length_m, 1e-3)
    radius = most * (1 - spec.focus_m / depth_m.astype(np.float64))
    return np.clip(radius, -_MOST_PX, _MOST_PX).astype(np.float32)


def defocused(light: F32, depth_m: F32, camera: Camera, spec: ImagerSpec) -> F32:
    """Return light (H, W, 3) blurred by depth (H, W).

    Pixels are parted into layers of like blur. Each layer is blurred by its disc along with
    its coverage, and nearer ones are laid over those behind.
    """
    radius = radius_px(depth_m, camera, spec)
    if np.abs(radius).max() < _LEAST_PX:
        return light
    layer = np.rint(radius / _LAYER_PX).astype(np.int64)
    blurred, coverage = np.zeros_like(light), np.zeros(light.shape[:2], dtype=np.float32)
    for number in np.unique(layer)[::-1]:
        mask = (layer == number).astype(np.float32)
        disc = _disc(abs(float(radius[layer == number].mean())))
        color = cv2.filter2D(light * mask[..., None], -1, disc, borderType=cv2.BORDER_REPLICATE)
        share = cv2.filter2D(mask, -1, disc, borderType=cv2.BORDER_REPLICATE)
        blurred = blurred * (1 - share)[..., None] + color
        coverage = coverage * (1 - share) + share
    return np.asarray(blurred / np.maximum(coverage, 1e-6)[..., None])


def _disc(radius: float) -> F32:
    """Return a disc's kernel of sum 1; pixels at its rim count in part."""
    reach = int(np.ceil(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0.0, 1.0).astype(np.float32)
    return np.asarray(kernel / kernel.sum())
