"""The colours under a lens: pinhole pictures that cover its field, looked up along its rays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera, KannalaBrandt, Lens
from scenegen.records.base import F64

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]

_BORDER_PX = 4
_SIDES = tuple(
    np.array(rows, dtype=np.float64)
    for rows in (
        ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        ((0, 0, 1), (0, 1, 0), (-1, 0, 0)),
        ((0, 0, -1), (0, 1, 0), (1, 0, 0)),
        ((1, 0, 0), (0, 0, 1), (0, -1, 0)),
        ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
    )
)
"""Rotations from a side of a cube to the camera: ahead, right, left, down, up.

The columns are the side's axes in the camera frame.
"""


@dataclass(frozen=True)
class Face:
    """A pinhole picture that holds the colours of some pixels.

    Attributes
    ----------
    camera : Camera
        As large as these pixels need.
    camera_from_face : ndarray, shape (4, 4)
    rows, columns : ndarray, shape (N,)
        The pixels.
    x, y : ndarray, shape (1, N), float32
        Where this picture has their rays, counted from the middle of its first pixel.
    """

    camera: Camera
    camera_from_face: F64
    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    x: F32
    y: F32


def through_lens(camera: Camera, draw: Callable[[Camera, F64], U8]) -> U8:
    """Return the picture (H, W, 3) that a camera with a lens takes; black outside of its field.

    Parameters
    ----------
    camera : Camera
    draw : callable
        From a pinhole camera and its pose camera_from_pinhole (4, 4) to its picture.
    """
    assert camera.lens is not None
    picture = np.zeros((camera.height, camera.width, 3), dtype=np.uint8)
    size, focal = (camera.width, camera.height), (camera.fx, camera.fy)
    for face in faces(camera.lens, size, focal, (camera.cx, camera.cy)):
        clipped = replace(face.camera, near_m=camera.near_m, far_m=camera.far_m)
        looked_up(picture, face, draw(clipped, face.camera_from_face))
    return picture


def looked_up(picture: U8, face: Face, drawn: U8) -> None:
    """Take the colours of a face's pixels from its picture; writes to the whole picture."""
    for start in range(0, len(face.rows), _MOST_AT_ONCE):
        part = slice(start, start + _MOST_AT_ONCE)
        x, y = face.x[:, part], face.y[:, part]
        found = cv2.remap(drawn, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        picture[face.rows[part], face.columns[part]] = found[0]


_MOST_AT_ONCE = 16_384
"""OpenCV takes pictures of fewer than 32,768 columns."""


@lru_cache(maxsize=8)
def faces(
    lens: Lens, size: tuple[int, int], focal: tuple[float, float], middle: tuple[float, float]
) -> tuple[Face, ...]:
    """Return pinhole pictures that together hold every ray of a picture.

    One is enough under `BrownConrady`; a fisheye takes up to five sides of a cube. Their
    pixels are as large as those in the middle of the lens's picture.
    """
    camera = Camera(*size, *focal, *middle, np.eye(4), lens=lens)
    return tuple(_faces(camera, camera.pixel_rays(), 1))


def faces_along(camera: Camera, rays: F64) -> list[Face]:
    """Return pinhole pictures that together hold rays (h, W, 3) in a camera's frame.

    Their pixels are as large as those in the middle of the camera's own picture. They have one
    of few sizes, for pictures of a size are kept. NaN is no ray.
    """
    return [
        replace(face, camera=replace(face.camera, near_m=camera.near_m, far_m=camera.far_m))
        for face in _faces(camera, rays, _SIZES_PX)
    ]


_SIZES_PX = 32


def _faces(camera: Camera, rays: F64, step: int) -> list[Face]:
    """Return pictures whose sizes are multiples of a step."""
    focal = (camera.fx, camera.fy)
    seen = np.isfinite(rays[..., 0])
    rays = np.where(seen[..., None], rays, 0.0)
    sides = _SIDES if isinstance(camera.lens, KannalaBrandt) else _SIDES[:1]
    nearest = np.argmax(np.stack([rays @ side[:, 2] for side in sides]), axis=0)
    found = []
    for index, side in enumerate(sides):
        rows, columns = np.nonzero(seen & (nearest == index))
        if rows.size:
            found.append(_face(side, rays[rows, columns], focal, (rows, columns), step))
    return found


def _face(
    side: F64,
    rays: F64,
    focal: tuple[float, float],
    pixels: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    step: int,
) -> Face:
    local = rays @ side
    at = local[:, :2] / local[:, 2:] * focal
    low, high = np.floor(at.min(axis=0)) - _BORDER_PX, np.ceil(at.max(axis=0)) + _BORDER_PX
    width, height = (step * np.ceil((high - low) / step)).astype(int).tolist()
    x, y = (at - low - 0.5).T.astype(np.float32)
    pose = np.eye(4)
    pose[:3, :3] = side
    camera = Camera(width, height, *focal, -float(low[0]), -float(low[1]), np.eye(4))
    return Face(camera, pose, *pixels, x[None], y[None])
