"""Where the shadow map looks: two cascades that stand still while the camera moves."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scenegen.geometry import Camera, apply, inverse
from scenegen.records.base import F64

_SPLITS_M = (0.3, 14.0, 65.0)
_DEPTH_M = 250.0
"""How far towards the light something may stand and still throw its shadow."""
_BORDER = 0.5
"""Step of a cascade's middle as a share of its radius."""


@dataclass(frozen=True)
class Cascade:
    """An orthographic view from the light.

    Attributes
    ----------
    clip_from_camera : ndarray, shape (4, 4)
        From the camera frame to the light's clip space; x and y in [-1, 1] inside.
    texel_m : float
    clip_from_world : ndarray, shape (4, 4)
    key : tuple of float
        Equal for views whose `clip_from_world` is equal.
    """

    clip_from_camera: F64
    texel_m: float
    clip_from_world: F64
    key: tuple[float, ...]


def cascades(
    camera: Camera, world_from_camera: F64, towards_light: F64, texels: int
) -> tuple[Cascade, ...]:
    """Fit the cascades to what a camera sees.

    Each covers the bounding sphere of a slice of the view, so its size doesn't depend on
    where the camera points, and a border by whose width its middle moves at once: shadow
    edges don't crawl, and the map of what stands still serves many frames.

    Parameters
    ----------
    camera : Camera
    world_from_camera : ndarray, shape (4, 4)
    towards_light : ndarray, shape (3,)
        Unit, world.
    texels : int
        Along each side of a cascade's map.
    """
    # A camera high above the road sees further than one in a car.
    scale = float(np.clip(world_from_camera[2, 3] / 8.0, 1.0, 8.0))
    spread = max(camera.cx, camera.width - camera.cx) / camera.fx
    rise = max(camera.cy, camera.height - camera.cy) / camera.fy
    slope2 = spread * spread + rise * rise
    world_from_light = _light_axes(towards_light)
    light_from_world = inverse(world_from_light)
    result = []
    for near, far in pairwise(_SPLITS_M):
        middle, radius = _sphere(near * scale, far * scale, slope2)
        step = float(np.ceil(radius * _BORDER))
        radius += 0.5 * step
        texel = 2.0 * radius / texels
        center = apply(light_from_world, apply(world_from_camera, np.array([[0.0, 0.0, middle]])))[
            0
        ]
        center = (np.floor(center / step) + 0.5) * step
        clip_from_light = np.diag([1 / radius, 1 / radius, -1 / (_DEPTH_M + radius), 1.0])
        clip_from_light[:3, 3] = -clip_from_light.diagonal()[:3] * center
        clip_from_world = clip_from_light @ light_from_world
        key = (radius, *center.tolist())
        result.append(Cascade(clip_from_world @ world_from_camera, texel, clip_from_world, key))
    return tuple(result)


def depth_span_m(cascade: Cascade) -> float:
    """Metres along the light that one unit of clip depth stands for."""
    return float(1.0 / np.linalg.norm(cascade.clip_from_camera[2, :3]))


def _sphere(near: float, far: float, slope2: float) -> tuple[float, float]:
    """Middle (along z) and radius of the smallest sphere around a slice of the view."""
    middle = min(far, 0.5 * (near + far) * (1.0 + slope2))
    radius = float(np.sqrt((far - middle) ** 2 + slope2 * far * far))
    # Whole centimetres keep the texel size the same from frame to frame.
    return middle, float(np.ceil(radius * 100.0) / 100.0)


def _light_axes(towards_light: F64) -> F64:
    """World pose of the light's frame: z towards the light."""
    z = towards_light / np.linalg.norm(towards_light)
    helper = np.array([0.0, 0.0, 1.0]) if abs(z[2]) < 0.95 else np.array([1.0, 0.0, 0.0])
    x = np.cross(helper, z)
    x /= np.linalg.norm(x)
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = x, np.cross(z, x), z
    return matrix
