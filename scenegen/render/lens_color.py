"""The colours under a lens: pinhole pictures that cover its field, looked up along its rays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera, KannalaBrandt, Lens
from scenegen.records.base import F64

F32 = npt.NDArray[np.float32]

_BORDER_PX = 4
_SHARED_BORDER_PX = 24
"""Where faces meet, so much around a pixel may say how open it is to the light from around."""
_SIZES_PX = 32
_ASIDE_PX = 64
"""A picture holds no more than this beyond the camera's own rays: what comes so near is a blur."""
_CUBE = tuple(
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
class Side:
    """A side of a cube around a camera that has some of its rays.

    Attributes
    ----------
    rotation : ndarray, shape (3, 3)
        From the side's axes to the camera's.
    least, most : ndarray, shape (2, 1)
        Between which the camera's rays meet the side, px from its middle.
    """

    rotation: F64
    least: F64
    most: F64


@dataclass(frozen=True)
class Face:
    """A pinhole picture that holds the colours of some pixels.

    Attributes
    ----------
    camera : Camera
        As large as these pixels need.
    camera_from_face : ndarray, shape (4, 4)
    place : ndarray, shape (H, W, 2), float32
        Where it has the rays of pixels, px; negative for those of other faces.
    field : Camera
        The pinhole that all pixels need that the camera has on this side.
    """

    camera: Camera
    camera_from_face: F64
    place: F32
    field: Camera


def faces_of(camera: Camera) -> list[Face]:
    """Return pinhole pictures that together hold every ray of a camera with a lens.

    One is enough under `BrownConrady`; a fisheye takes up to five sides of a cube. Their
    pixels are as large as those in the middle of the lens's picture.
    """
    return _clipped(camera, _known_faces(*_optics(camera)))


def faces_along(camera: Camera, rays: F64) -> list[Face]:
    """Return pinhole pictures that together hold rays (H, W, 3) in a camera's frame.

    Their pixels are as large as those in the middle of the camera's own picture. They have one
    of few sizes, for pictures of a size are kept. NaN is no ray, and one that lies far from
    all of the camera's own has its place at the border.
    """
    return _clipped(camera, _faces(camera, rays, _SIZES_PX))


_Size = tuple[int, int]
_Pair = tuple[float, float]


def _optics(camera: Camera) -> tuple[Lens | None, _Size, _Pair, _Pair]:
    """Return what says where a camera's rays go."""
    size, focal = (camera.width, camera.height), (camera.fx, camera.fy)
    return camera.lens, size, focal, (camera.cx, camera.cy)


@lru_cache(maxsize=8)
def _known_faces(lens: Lens | None, size: _Size, focal: _Pair, middle: _Pair) -> tuple[Face, ...]:
    camera = Camera(*size, *focal, *middle, np.eye(4), lens=lens)
    return tuple(_faces(camera, camera.pixel_rays(), 1))


@lru_cache(maxsize=8)
def _sides(lens: Lens | None, size: _Size, focal: _Pair, middle: _Pair) -> tuple[Side, ...]:
    """Return the sides that have rays of a camera."""
    camera = Camera(*size, *focal, *middle, np.eye(4), lens=lens)
    rays = camera.pixel_rays()
    rotations = _CUBE if isinstance(lens, KannalaBrandt) else _CUBE[:1]
    found = []
    for rotation, mine in zip(rotations, _parted(rays, rotations), strict=True):
        if mine.any():
            at = _on_plane(rotation.T @ rays[mine].T, focal)
            reach = at.min(axis=1, keepdims=True), at.max(axis=1, keepdims=True)
            found.append(Side(rotation, *reach))
    return tuple(found)


def _parted(rays: F64, rotations: Sequence[F64]) -> list[npt.NDArray[np.bool_]]:
    """Return which rays (H, W, 3) each side of a cube has, by the middle that is nearest."""
    seen = np.isfinite(rays[..., 0])
    if len(rotations) == 1:
        return [seen]
    ahead = np.where(seen[..., None], rays, 0.0)
    nearest = np.argmax(np.stack([ahead @ turned[:, 2] for turned in rotations]), axis=0)
    return [seen & (nearest == index) for index in range(len(rotations))]


def _clipped(camera: Camera, faces: Iterable[Face]) -> list[Face]:
    return [
        replace(face, camera=replace(face.camera, near_m=camera.near_m, far_m=camera.far_m))
        for face in faces
    ]


def _faces(camera: Camera, rays: F64, step: int) -> list[Face]:
    """Return pictures whose sizes are multiples of a step."""
    sides = _sides(*_optics(camera))
    border = _BORDER_PX if len(sides) == 1 else _SHARED_BORDER_PX
    return [
        _face(camera, side, rays, mine, (border, step))
        for side, mine in zip(sides, _parted(rays, [s.rotation for s in sides]), strict=True)
        if mine.any()
    ]


def _face(
    camera: Camera,
    side: Side,
    rays: F64,
    mine: npt.NDArray[np.bool_],
    border_step: tuple[int, int],
) -> Face:
    focal = (camera.fx, camera.fy)
    at = _on_plane(side.rotation.T @ rays[mine].T, focal)
    at = np.clip(at, side.least - _ASIDE_PX, side.most + _ASIDE_PX)
    pinhole, low = _pinhole(at.min(axis=1), at.max(axis=1), focal, *border_step)
    place = np.full((*mine.shape, 2), -1.0, dtype=np.float32)
    place[mine] = (at - low[:, None]).T
    pose = np.eye(4)
    pose[:3, :3] = side.rotation
    field, _ = _pinhole(side.least[:, 0], side.most[:, 0], focal, 0, 1)
    return Face(pinhole, pose, place, field)


def _pinhole(
    least: F64, most: F64, focal: tuple[float, float], border: int, step: int
) -> tuple[Camera, F64]:
    """Return a pinhole that reaches from one place of a plane to another, and its corner there."""
    low, high = np.floor(least) - border, np.ceil(most) + border
    width, height = (step * np.ceil((high - low) / step)).astype(int).tolist()
    return Camera(width, height, *focal, -float(low[0]), -float(low[1]), np.eye(4)), low


def _on_plane(rays: F64, focal: tuple[float, float]) -> F64:
    """Return where rays (3, N) meet the plane (2, N) of a picture, px; far aside if behind."""
    return np.asarray(rays[:2] / np.maximum(rays[2], 1e-6) * np.array(focal)[:, None])
