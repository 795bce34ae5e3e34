"""Points that go with a body, or that it passes, each at a moment of its own."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from scenegen.geometry.interpolation import Array, place_in, turns_between

Some = npt.NDArray[np.intp] | slice


class Path:
    """The way of a body between known poses, as `poses_at` has it.

    For many points that is cheaper than a matrix for each: between two poses all turn about
    one axis.

    Parameters
    ----------
    times : ndarray, shape (K,)
        Rising; at least two.
    poses : ndarray, shape (K, 4, 4)
        ``world_from_body``.
    """

    def __init__(self, times: Array, poses: Array) -> None:
        self._times, self._poses = times, poses
        self._turns: dict[int, Array] = {}

    def to_world(self, points: Array, moments: Array) -> Array:
        """Return where points (N, 3) of the body are in the world at moments (N,) s."""
        result = np.empty_like(points)
        for row, mine, share in self._legs(moments):
            pose, turn, way = self._leg(row)
            turned = _turned(points[mine], turn, share)
            result[mine] = turned @ pose[:3, :3].T + pose[:3, 3] + share[:, None] * way
        return result

    def to_body(self, points: Array, moments: Array) -> Array:
        """Return where the body has points (N, 3) of the world at moments (N,) s."""
        result = np.empty_like(points)
        for row, mine, share in self._legs(moments):
            pose, turn, way = self._leg(row)
            local = (points[mine] - pose[:3, 3]) @ pose[:3, :3]
            local -= share[:, None] * (way @ pose[:3, :3])
            result[mine] = _turned(local, turn, -share)
        return result

    def _legs(self, moments: Array) -> Iterator[tuple[int, Some, Array]]:
        """Return each known pose that moments (N,) follow, which they are, and their shares."""
        rows, share = place_in(self._times, moments)
        first, last = (int(rows.min()), int(rows.max())) if len(rows) else (0, -1)
        if first == last:
            yield first, slice(None), share
            return
        for row in range(first, last + 1):
            mine = np.flatnonzero(rows == row)
            yield row, mine, share[mine]

    def _leg(self, row: int) -> tuple[Array, Array, Array]:
        """Return a known pose, and the turn (3,) and the way (3,) from it to the next."""
        pose, after = self._poses[row], self._poses[row + 1]
        if row not in self._turns:
            self._turns[row] = turns_between(pose, after)
        return pose, self._turns[row], after[:3, 3] - pose[:3, 3]


def _turned(vectors: Array, turn: Array, share: Array) -> Array:
    """Turn vectors (N, 3) by shares (N,) of a rotation vector (3,); Rodrigues' formula."""
    angle = float(np.linalg.norm(turn))
    if angle == 0.0:
        return vectors
    x, y, z = axis = turn / angle
    crossed = vectors @ np.array([[0.0, z, -y], [-z, 0.0, x], [y, -x, 0.0]])
    along = (vectors @ axis)[:, None] * axis
    s, c = np.sin(angle * share)[:, None], np.cos(angle * share)[:, None]
    return np.asarray(c * vectors + s * crossed + (1.0 - c) * along)
