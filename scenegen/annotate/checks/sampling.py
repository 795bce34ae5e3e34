"""Evenly spread pixels: one in each square of a window."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64


def scatter(count: int) -> F64:
    """Return points (N, 2) in the unit square, evenly spread (Roberts 2018, R2 sequence)."""
    golden = 1.32471795724474602596
    steps = np.array([1 / golden, 1 / golden**2])
    return np.asarray((0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0)


def one_in_each_square(
    left: int, top: int, right: int, bottom: int, stride: int
) -> npt.NDArray[np.int64]:
    """Return one pixel (N, 2) as column and row of each square that a window divides into.

    Squares at the window's end may be cut; those whose pixel falls outside have none.
    """
    corners = squares(left, top, right, bottom, stride).reshape(-1, 2)
    chosen = corners + np.floor(scatter(len(corners)) * stride).astype(np.int64)
    return np.asarray(chosen[(chosen < (right, bottom)).all(axis=1)])


def squares(left: int, top: int, right: int, bottom: int, stride: int) -> npt.NDArray[np.int64]:
    """Return the first pixel (R, C, 2) of each square that a window divides into."""
    columns, rows = np.meshgrid(
        np.arange(left, right, stride), np.arange(top, bottom, stride), indexing="xy"
    )
    return np.stack([columns, rows], axis=-1)
