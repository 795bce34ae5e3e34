"""What a camera sees of a solid box: its hull in the picture, cut at the picture's edges."""

from __future__ import annotations

import numpy as np

from scenegen.evaluate.images import F64

NEAR_M = 0.1
"""Depth from which things have an image."""

# Corner 4x + 2y + z of `scenegen.geometry.boxes.box_corners`; each face goes round.
_FACES = (
    *((0, 1, 3, 2), (4, 5, 7, 6)),
    *((0, 1, 5, 4), (2, 3, 7, 6)),
    *((0, 2, 6, 4), (1, 3, 7, 5)),
)


def seen_box(corners: F64, K: F64, width: int, height: int) -> F64 | None:
    """Return what bounds the part of a solid box that lies in the picture.

    The faces are cut with the camera's pyramid before they are projected, so that neither
    a corner behind the camera nor one far outside widens the box. It is the box of the
    solid's hull: at least as large as one drawn around the thing that fills the solid.

    Parameters
    ----------
    corners : (8, 3) float64 m
        As `box_corners` gives them, in the camera's frame with z forwards.
    K : (3, 3) float64 px
    width, height : int
        Picture size px.

    Returns
    -------
    (4,) float64 px or None
        Left, top, right, bottom; None if no face lies in the picture.
    """
    x, y, one = np.asarray(K, np.float64)
    # Inside is where plane @ (x, y, z) >= offset: before the camera, and by the sides.
    planes = np.stack([one, x, width * one - x, y, height * one - y])
    offsets = np.array([NEAR_M, 0.0, 0.0, 0.0, 0.0])
    beyond = corners @ planes.T < offsets
    if beyond.all(axis=0).any():
        return None
    points = corners if not beyond.any() else _cut_faces(corners, planes, offsets)
    if not len(points):
        return None
    homogeneous = points @ np.asarray(K, np.float64).T
    pixels = homogeneous[:, :2] / homogeneous[:, 2:]
    found = np.concatenate((pixels.min(axis=0), pixels.max(axis=0)))
    return found.clip(0, [width, height, width, height])


def _cut_faces(corners: F64, planes: F64, offsets: F64) -> F64:
    parts = []
    for face in _FACES:
        polygon = corners[list(face)]
        for plane, offset in zip(planes, offsets, strict=True):
            polygon = _cut(polygon, polygon @ plane - offset)
        parts.append(polygon)
    return np.concatenate(parts)


def _cut(polygon: F64, inside: F64) -> F64:
    """Return the part of a convex polygon (N, 3) where `inside` (N,) is not negative.

    After Sutherland and Hodgman (1974): of each edge its start if that is inside, then
    where it crosses.
    """
    keep = inside >= 0
    if keep.all():
        return polygon
    crosses = keep != np.roll(keep, -1)
    step = np.where(crosses, inside - np.roll(inside, -1), 1.0)
    at = np.where(crosses, inside / step, 0.0)[:, None]
    crossings = polygon + at * (np.roll(polygon, -1, axis=0) - polygon)
    both = np.stack([polygon, crossings], axis=1).reshape(-1, 3)
    kept: F64 = both[np.stack([keep, crosses], axis=1).reshape(-1)]
    return kept
