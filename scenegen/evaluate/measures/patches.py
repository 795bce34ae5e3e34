"""Parts of pictures, 64 px square, in a form in which copies are found whatever their light."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import F64, I64, U8
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.study import Tick, silent

F32 = npt.NDArray[np.float32]
HEIGHT = 360
"""Pictures are brought to this height, so that patches show alike parts of a scene."""
PATCH = 64
_CELL = 4
_SIDE = PATCH // _CELL
_PLAIN = 8.0
"""Standard deviation of a patch in 8-bit steps below which it shows nothing in particular."""
_ROWS = 256


@dataclass(frozen=True)
class Patches:
    """Patches of a set.

    Attributes
    ----------
    descriptor : (P, 256) float32
        16x16 mean brightnesses, mean removed, length one: products are correlations.
    picture : (P,) int64
        Position in the set.
    corner : (P, 2) int64
        Left and top in px of the picture at `HEIGHT`.
    """

    descriptor: F32
    picture: I64
    corner: I64

    def __len__(self) -> int:
        return len(self.picture)


def patches_of(mapped: MappedSet, chosen: I64, stride: int, tick: Tick = silent) -> Patches:
    """Return the patches of the chosen pictures (n,), plain ones left out.

    Parameters
    ----------
    stride : int
        px from one patch to the next, a multiple of 4.
    """
    found = []
    for number, index in enumerate(chosen.tolist()):
        tick(number / len(chosen), f"{mapped.name}: patches of {number} of {len(chosen)} pictures")
        descriptor, corner = picture_patches(mapped.image(index), stride)
        found.append((descriptor, np.full(len(corner), index, np.int64), corner))
    empty = (np.zeros((0, _SIDE**2), np.float32), np.zeros(0, np.int64), np.zeros((0, 2), np.int64))
    return Patches(*(np.concatenate(columns) for columns in zip(empty, *found, strict=True)))


def picture_patches(picture: U8, stride: int) -> tuple[F32, I64]:
    """Return descriptors (n, 256) and corners (n, 2) of one picture's patches."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    width = max(PATCH, round(HEIGHT * grey.shape[1] / grey.shape[0])) // _CELL
    cells = cv2.resize(grey, (width, HEIGHT // _CELL), interpolation=cv2.INTER_AREA)
    windows = np.lib.stride_tricks.sliding_window_view(cells, (_SIDE, _SIDE))
    step = stride // _CELL
    flat = windows[::step, ::step].reshape(-1, _SIDE**2).astype(np.float32)
    rows, columns = (range(0, extent, step) for extent in windows.shape[:2])
    corner = np.array([(x * _CELL, y * _CELL) for y in rows for x in columns], np.int64)
    flat -= flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1)
    keep = length >= _PLAIN * _SIDE
    return flat[keep] / length[keep, None], corner[keep]


def best_match(queries: F32, reference: F32) -> tuple[F64, I64]:
    """Return the highest correlation (Q,) of each query with a reference, and where it is."""
    best, at = np.full(len(queries), -1.0), np.zeros(len(queries), np.int64)
    if not len(reference):
        return best, at
    for start in range(0, len(queries), _ROWS):
        rows = slice(start, start + _ROWS)
        correlation = queries[rows] @ reference.T
        at[rows] = correlation.argmax(axis=1)
        best[rows] = correlation[np.arange(len(correlation)), at[rows]]
    return best, at
