"""Small vector algebra for the inner loop, where numpy's general functions cost most."""

from __future__ import annotations

import numpy as np

from scenegen.geometry import cross
from scenegen.records.base import F64
from scenegen.simulate.jit import compiled

__all__ = ["clipped", "cross", "rotation_matrices", "turned"]


def clipped(values: F64, low: F64 | float, high: F64 | float) -> F64:
    """Return `values` between bounds, without `numpy.clip`'s overhead."""
    return np.asarray(np.minimum(np.maximum(values, low), high))


def turned(quaternion_wxyz: F64, rotation: F64) -> F64:
    """Return unit quaternions (n, 4) after a turn by a world rotation vector (n, 3), rad."""
    half = 0.5 * np.sqrt((rotation * rotation).sum(axis=1))
    # sin(half) / (2 half), whose limit at no rotation is 1/2.
    scale = 0.5 * np.sin(half + 1e-12) / (half + 1e-12)
    w1, v1 = np.cos(half), rotation * scale[:, None]
    w2, v2 = quaternion_wxyz[:, 0], quaternion_wxyz[:, 1:]
    out = np.empty_like(quaternion_wxyz)
    out[:, 0] = w1 * w2 - (v1 * v2).sum(axis=1)
    out[:, 1:] = w1[:, None] * v2 + w2[:, None] * v1 + cross(v1, v2)
    return np.asarray(out / np.sqrt((out * out).sum(axis=1))[:, None])


def rotation_matrices(quaternion_wxyz: F64) -> F64:
    """Return rotation matrices (n, 3, 3) of unit quaternions (n, 4)."""
    return _rotations(np.ascontiguousarray(quaternion_wxyz))


@compiled
def _rotations(quaternion_wxyz: F64) -> F64:
    out = np.empty((len(quaternion_wxyz), 3, 3))
    for k in range(len(quaternion_wxyz)):
        w, x = quaternion_wxyz[k, 0], quaternion_wxyz[k, 1]
        y, z = quaternion_wxyz[k, 2], quaternion_wxyz[k, 3]
        x2, y2, z2 = x + x, y + y, z + z
        xx, yy, zz = x * x2, y * y2, z * z2
        xy, xz, yz = x * y2, x * z2, y * z2
        wx, wy, wz = w * x2, w * y2, w * z2
        out[k, 0, 0], out[k, 0, 1], out[k, 0, 2] = 1.0 - (yy + zz), xy - wz, xz + wy
        out[k, 1, 0], out[k, 1, 1], out[k, 1, 2] = xy + wz, 1.0 - (xx + zz), yz - wx
        out[k, 2, 0], out[k, 2, 1], out[k, 2, 2] = xz - wy, yz + wx, 1.0 - (xx + yy)
    return out
