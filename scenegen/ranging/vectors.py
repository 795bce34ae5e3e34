"""Arrays of single precision."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.uint16]
Ints = npt.NDArray[np.int64]


def scaled(vectors: F32, factors: F32) -> F32:
    """Return vectors (..., 3) times numbers (...)."""
    result = np.empty_like(vectors)
    for axis in range(3):
        np.multiply(vectors[..., axis], factors, out=result[..., axis])
    return result


def dots(a: F32, b: F32) -> F32:
    """Return the scalar products (...) of vectors (..., 3): by columns, not row by row."""
    return np.asarray(a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2])
