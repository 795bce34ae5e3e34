"""One vertex for each place: shadows and silhouettes ask for nothing but places.

Where faces meet at an edge or materials change, vertices stand side by side that differ in their
normals or colours alone; about half are left, and each is moved only once.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_ODD = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93],
    dtype=np.uint64,
)
"""Any odd numbers whose bits are well mixed."""


def welded(
    vertices: npt.NDArray[np.float32], part: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Find vertices of one part at exactly the same place.

    Parameters
    ----------
    vertices : ndarray, shape (V, 3), float32
    part : ndarray, shape (V,)

    Returns
    -------
    kept : ndarray, shape (W,)
        The first vertex at each place, in ascending order.
    number : ndarray, shape (V,), int32
        Which of the kept ones stands for each vertex.
    """
    bits = np.ascontiguousarray(vertices).view(np.uint32).astype(np.uint64)
    key = part.astype(np.uint64) * _ODD[3]
    for axis in range(3):  # products wrap around, as is meant
        key = (key ^ (key >> np.uint64(29))) * _ODD[0] + bits[:, axis] * _ODD[axis]
    order = np.argsort(key)
    starts = np.flatnonzero(np.diff(key[order], prepend=key[order[:1]] + np.uint64(1)))
    sizes = np.diff(np.append(starts, len(order)))
    first = np.empty(len(order), dtype=np.int64)
    first[order] = np.repeat(np.minimum.reduceat(order, starts), sizes)
    # Should two places ever have one key, their vertices stay apart.
    same = (vertices[first] == vertices).all(axis=1) & (part[first] == part)
    first = np.where(same, first, np.arange(len(first)))
    is_kept = np.zeros(len(first), dtype=np.bool_)
    is_kept[first] = True
    number = (np.cumsum(is_kept) - 1)[first]
    return np.flatnonzero(is_kept), number.astype(np.int32)
