"""Triangles under a picture, split until each is about of one colour."""

from __future__ import annotations

import numpy as np
from scipy.cluster.vq import kmeans2

from scenegen.assets.packs.source_mesh import picture_pixels
from scenegen.assets.triangles import I64
from scenegen.records.base import F64
from scenegen.seeds import named_generator

_ROUNDS = 12
_CHANGE = 0.15
"""Of sRGB or opacity between two ends of an edge: beyond this it crosses a border."""


def split_by_picture(corners: F64, picture: F64, longest: float, finest: float) -> F64:
    """Return smaller triangles: none longer than a length, and fine where the picture changes.

    Whether an edge is halved follows from its two ends alone, so neighbours that share it agree
    and no gaps open.

    Parameters
    ----------
    corners : ndarray, shape (F, 3, 5)
        Of each triangle: x, y, z and the place in the picture.
    picture : ndarray, shape (H, W, 4)
        See `source_mesh.picture_colors`.
    longest, finest : float
        Longest edge within one colour, and across a change of colours.
    """
    done: list[F64] = []
    for _ in range(_ROUNDS):
        ahead = np.roll(corners, -1, axis=1)
        length = np.linalg.norm((ahead - corners)[..., :3], axis=2)
        seen = picture_pixels(picture, corners[..., 3:])
        change = np.abs(np.roll(seen, -1, axis=1) - seen).max(axis=2)
        long = (length > longest) | ((length > finest) & (change > _CHANGE))
        count = long.sum(axis=1)
        done.append(corners[count == 0])
        made = [_halved(corners[count == k], long[count == k], k) for k in (1, 2, 3)]
        corners = np.concatenate(made)
        if not len(corners):
            break
    return np.concatenate([*done, corners])


def _halved(corners: F64, long: np.ndarray, count: int) -> F64:
    """Return what becomes of triangles of which so many edges are halved."""
    if not len(corners):
        return corners
    # The first edge is the one that is halved, or the one after that which is not.
    first = np.argmax(long, axis=1) if count != 2 else (np.argmin(long, axis=1) + 1) % 3
    order = (first[:, None] + np.arange(3)) % 3
    a, b, c = np.take_along_axis(corners, order[..., None], axis=1).swapaxes(0, 1)
    ab, bc, ca = 0.5 * (a + b), 0.5 * (b + c), 0.5 * (c + a)
    if count == 1:
        rows = [(a, ab, c), (ab, b, c)]
    elif count == 2:
        rows = [(a, ab, c), (ab, b, bc), (ab, bc, c)]
    else:
        rows = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    return np.concatenate([np.stack(row, axis=1) for row in rows])


def few_colors(color: F64, most: int) -> tuple[F64, I64]:
    """Return a few colours (K, 3), and which of them (F,) stands for each of many.

    Parameters
    ----------
    color : ndarray, shape (F, 3)
        Linear.
    most : int
    """
    distinct, label = np.unique(np.rint(color * 255.0), axis=0, return_inverse=True)
    if len(distinct) <= most:
        return distinct / 255.0, label.reshape(-1)
    rng = named_generator("pack pictures", len(color))
    # The eye's steps are about those of the square root.
    means, label = kmeans2(np.sqrt(color), most, minit="++", rng=rng)
    return means**2, label.astype(np.int64)
