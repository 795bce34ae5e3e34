"""The poses of many things at every row of a trajectory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.geometry.interpolation import blend_poses
from scenegen.records.base import F64

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Poses:
    """Where things are, held once for each that never moves.

    Attributes
    ----------
    still : ndarray, shape (N, 4, 4)
        Of what never moves; the identity for the others.
    moving : ndarray, shape (M,), int64
        What has a pose for every row.
    by_row : ndarray, shape (R, M, 4, 4)
    """

    still: F64
    moving: npt.NDArray[np.int64]
    by_row: F64

    def at(self, row: int, later: float = 0.0) -> F64:
        """Return all poses (N, 4, 4) at a row, or some of a row later; earlier if negative.

        Between rows things go straight and turn evenly; beyond the ends the last motion goes on.
        """
        poses = self.still.copy()
        if later == 0.0 or len(self.by_row) == 1:
            poses[self.moving] = self.by_row[min(row, len(self.by_row) - 1)]
        elif len(self.moving):
            first = min(max(int(np.floor(row + later)), 0), len(self.by_row) - 2)
            share = row + later - first
            poses[self.moving] = blend_poses(self.by_row[first], self.by_row[first + 1], share)
        return poses


def stacked(poses: Sequence[F64], rows: int) -> Poses:
    """Gather poses, (R or 1, 4, 4) of each thing."""
    moving = [index for index, own in enumerate(poses) if len(own) > 1]
    still = np.stack([own[0] if len(own) == 1 else np.eye(4) for own in poses])
    by_row = np.zeros((rows, len(moving), 4, 4))
    for slot, index in enumerate(moving):
        by_row[:, slot] = poses[index]
    return Poses(still, np.array(moving, dtype=np.int64), by_row)
